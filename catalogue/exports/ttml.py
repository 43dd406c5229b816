"""Captions as EBU-TT-D (EBU Tech 3380, version 1.0.1): the TTML profile of European broadcasters and of HbbTV."""

from collections.abc import Iterable, Sequence

from catalogue.exports.cues import Cue
from catalogue.exports.reel import xml_text
from catalogue.timecode import format_clock

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tt:tt xmlns:tt="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" \
xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" \
xmlns:ebuttm="urn:ebu:tt:metadata" xmlns:ebutts="urn:ebu:tt:style" \
ttp:timeBase="media" ttp:cellResolution="50 30" xml:lang="{lang}">
<tt:head>
<tt:metadata>
<ttm:title>{title}</ttm:title>
{note}<ebuttm:documentMetadata>
<ebuttm:conformsToStandard>urn:ebu:tt:distribution:2018-04</ebuttm:conformsToStandard>
</ebuttm:documentMetadata>
{agents}</tt:metadata>
<tt:styling>
<tt:style xml:id="base" tts:fontFamily="proportionalSansSerif" tts:fontSize="160%" tts:lineHeight="125%" \
tts:textAlign="center" ebutts:linePadding="0.5c"/>
<tt:style xml:id="words" tts:color="#ffffff" tts:backgroundColor="#000000"/>
</tt:styling>
<tt:layout>
<tt:region xml:id="below" tts:origin="10% 10%" tts:extent="80% 80%" tts:displayAlign="after" tts:overflow="visible"/>
</tt:layout>
</tt:head>
<tt:body>
<tt:div style="base">
"""
_FOOT = "</tt:div>\n</tt:body>\n</tt:tt>\n"


def ttml_text(cues: Iterable[Cue], lang: str, title: str, note: Sequence[str] = ()) -> str:
    """The cues as EBU-TT-D, in media time, one region at the foot of the picture; each speaker is an agent, and the
    lines of a `note` describe the document."""
    shown = list(cues)
    voices = {name: f"a{number}" for number, name in enumerate(dict.fromkeys(c.voice for c in shown if c.voice), 1)}
    agents = "".join(
        f'<ttm:agent xml:id="{id}" type="person"><ttm:name type="full">{xml_text(name)}</ttm:name></ttm:agent>\n'
        for name, id in voices.items()
    )
    return (
        _HEAD.format(lang=lang, title=xml_text(title), note=_description(note), agents=agents)
        + "".join(_paragraph(number, cue, voices) for number, cue in enumerate(shown, 1))
        + _FOOT
    )


def _description(lines: Sequence[str]) -> str:
    return f"<ttm:desc>{xml_text(chr(10).join(lines))}</ttm:desc>\n" if lines else ""


def _paragraph(number: int, cue: Cue, voices: dict[str, str]) -> str:
    agent = f' ttm:agent="{voices[cue.voice]}"' if cue.voice else ""
    lines = "<tt:br/>".join(f'<tt:span style="words">{xml_text(line)}</tt:span>' for line in cue.text.split("\n"))
    times = f'begin="{format_clock(cue.start_ms)}" end="{format_clock(cue.end_ms)}"'
    return f'<tt:p xml:id="sub{number}" region="below" {times}{agent}>{lines}</tt:p>\n'
