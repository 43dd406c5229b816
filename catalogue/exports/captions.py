"""Caption files: WebVTT and SRT written from cues, and either of them read back.

The reader follows the W3C WebVTT parser algorithm step by step (W3C WebVTT, section 6), so that it reads a broken file
as a browser does. SRT, which nobody specified, is read as its players do.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import NamedTuple

from catalogue.escaping import escape
from catalogue.exports.cues import Cue
from catalogue.exports.cuesettings import Region, read_region, settings_of
from catalogue.timecode import format_clock

_SPACE = " \t\n\f\r"
_SRT_TIMES = re.compile(r"\s*(\d+):(\d{1,2}):(\d{1,2})[,.](\d{1,3})\s*-->\s*(\d+):(\d{1,2}):(\d{1,2})[,.](\d{1,3})(.*)")


class NotCaptions(ValueError):
    """The file is neither WebVTT nor SRT."""


class Captions(NamedTuple):
    """The same cues in two kinds of file."""

    vtt: str
    srt: str


def captions_of(cues: Iterable[Cue], note: Sequence[str] = ()) -> Captions:
    """The cues as WebVTT, with the speaker as voice, and as SubRip: numbers, commas, and no voices, since players would
    show them as words. Both in one walk: to write times is most of what they cost.

    The lines of a `note` are a comment of the WebVTT, shown by no player; SubRip has none.
    """
    blocks, numbered = ["WEBVTT\n", *_comment(note)], []
    voices = {"": ""}
    ms, clock = -1, ""
    for number, cue in enumerate(cues, 1):
        # Most begin where the one before ended.
        start = clock if cue.start_ms == ms else format_clock(cue.start_ms)
        ms, clock = cue.end_ms, format_clock(cue.end_ms)
        times = f"{start} --> {clock}"
        if cue.voice not in voices:
            voices[cue.voice] = f"<v {escape(' '.join(cue.voice.split()))}>"
        settings = "".join(f" {name}:{value}" for name, value in cue.settings.items()) if cue.settings else ""
        blocks.append(f"{cue.id}\n{times}{settings}\n{voices[cue.voice]}{escape(cue.text)}\n")
        numbered.append(f"{number}\n{times.replace('.', ',')}\n{cue.text}\n")
    return Captions("\n".join(blocks), "\n".join(numbered))


def _comment(lines: Sequence[str]) -> list[str]:
    """A comment block (4.1): no line of it is empty, and none holds an arrow."""
    said = [re.sub(r"[\r\n]+", " ", line.replace("-->", "→")) for line in lines if line.strip()]
    return ["\n".join(["NOTE", *said, ""])] if said else []


def read_captions(data: bytes, name: str = "") -> tuple[Cue, ...]:
    """The cues of a caption file. NotCaptions, with the cure, when it is neither kind."""
    # The algorithm decodes as UTF-8 with replacement, and puts U+FFFD for U+0000.
    text = data.decode("utf-8", errors="replace").removeprefix("\ufeff").replace("\0", "\ufffd")
    if re.match(r"WEBVTT(?:[ \t\r\n]|$)", text):
        return read_vtt(text)
    if PurePath(name).suffix.lower() == ".vtt":
        raise NotCaptions("a WebVTT file begins with the line WEBVTT. Write it, and an empty line after it")
    srt = read_srt(_any_encoding(data))
    if not srt:
        raise NotCaptions(
            "no cue was found. Give a WebVTT file, or SRT with times such as 00:00:01,000 --> 00:00:02,000"
        )
    return srt


def read_vtt(text: str) -> tuple[Cue, ...]:
    """The cues of a WebVTT text whose signature has been seen (section 6.1)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if text.endswith(("\n", "\r")):
        lines.pop()
    cues: list[Cue] = []
    regions: dict[str, Region] = {}
    position = 1
    if position < len(lines) and lines[position]:
        # Lines glued to the signature are the header: a block that may hold no cue (step 12, "in header").
        position = _collect_block(lines, position, cues, regions, in_header=True)
    while position < len(lines):
        if not lines[position]:
            position += 1
            continue
        position = _collect_block(lines, position, cues, regions, in_header=False)
    return tuple(cues)


def _collect_block(
    lines: list[str], position: int, cues: list[Cue], regions: dict[str, Region], *, in_header: bool
) -> int:
    """Reads one block ("collect a WebVTT block"), adds what it holds, and gives the position after it."""
    count, seen_arrow = 0, False
    buffer: list[str] = []
    head: tuple[int, int, dict[str, str]] | None = None
    region_block = False
    while position < len(lines):
        line = lines[position]
        count += 1
        if "-->" in line:
            if in_header or not (count == 1 or (count == 2 and not seen_arrow)):
                # An arrow where no cue can begin belongs to the next block.
                break
            seen_arrow = True
            times = _timings(line, regions)
            if times is not None:
                cue_id = buffer[0] if buffer else ""
                head, buffer = times, []
                position += 1
                break
        elif not line:
            break
        else:
            if not in_header and not cues and count == 2 and buffer and re.fullmatch(r"REGION[ \t]*", buffer[0]):
                region_block, buffer = True, []
            buffer.append(line)
        position += 1
    if head is not None:
        words: list[str] = []
        while position < len(lines) and lines[position] and "-->" not in lines[position]:
            words.append(lines[position])
            position += 1
        start, end, settings = head
        cues.append(Cue(id=cue_id, start_ms=start, end_ms=end, settings=settings, text="\n".join(words)))
    elif region_block:
        region = read_region("\n".join(buffer))
        regions[region.id] = region
    return position


def _timings(line: str, regions: dict[str, Region]) -> tuple[int, int, dict[str, str]] | None:
    """Start, end and settings of a line that holds an arrow; None when it is not one of times (section 6.3)."""
    rest = line.lstrip(_SPACE)
    start = _timestamp(rest)
    if start is None:
        return None
    rest = rest[start[1] :].lstrip(_SPACE)
    if not rest.startswith("-->"):
        return None
    rest = rest[3:].lstrip(_SPACE)
    end = _timestamp(rest)
    return None if end is None else (start[0], end[0], settings_of(rest[end[1] :], regions))


def _timestamp(text: str) -> tuple[int, int] | None:
    """Milliseconds and length of the time that begins a text ("collect a WebVTT timestamp")."""
    match = re.match(r"([0-9]+):([0-9]{2})(?![0-9])(?::([0-9]{2})(?![0-9]))?\.([0-9]{3})(?![0-9])", text)
    if match is None:
        return None
    first, second, third, milliseconds = match.groups()
    if third is None:
        if len(first) != 2 or int(first) > 59:
            return None
        hours, minutes, seconds = 0, int(first), int(second)
    else:
        hours, minutes, seconds = int(first), int(second), int(third)
    if minutes > 59 or seconds > 59:
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(milliseconds), match.end()


def read_srt(text: str) -> tuple[Cue, ...]:
    """The cues of a SubRip text: a line of times, the line before it as id, the lines after it until an empty one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cues = []
    for position, line in enumerate(lines):
        match = _SRT_TIMES.fullmatch(line)
        if match is None:
            continue
        numbers = match.groups()
        words: list[str] = []
        for follower in lines[position + 1 :]:
            if not follower.strip() or _SRT_TIMES.fullmatch(follower):
                break
            words.append(follower.rstrip())
        before = lines[position - 1].strip() if position else ""
        cue_id = before if before.isdigit() else ""
        cues.append(Cue(id=cue_id, start_ms=_srt_ms(numbers[:4]), end_ms=_srt_ms(numbers[4:8]), text="\n".join(words)))
    return tuple(cues)


def _srt_ms(parts: tuple[str, ...]) -> int:
    hours, minutes, seconds = (int(part) for part in parts[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(parts[3].ljust(3, "0"))


def _any_encoding(data: bytes) -> str:
    """SubRip files of French subtitlers are often in Windows-1252."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
