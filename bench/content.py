"""The made-up pages as other builders are given them: parsed beforehand, with what their templates need ready made.

Whatever is prepared here is outside the measured time, so it can only favour the others.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from bench.archive import interview, sheet
from catalogue.exports.cues import cues_of
from catalogue.interview import Interview
from catalogue.pages.clips import clips_of
from catalogue.pages.technical import facts_text
from catalogue.reading.parsing import read_page
from catalogue.reading.records import quote_of
from catalogue.reading.sentences import sentences_of
from catalogue.reading.transcript import end_turns
from catalogue.timecode import format_clock, format_short
from catalogue.wording import duration_text, iso_duration, slug_of


def read_interview(archive: Path, number: int, lang: str) -> Interview:
    """One page of the archive, with its film and the ends of its turns."""
    one = interview(number)
    path = f"docs/{lang}/interviews/{one.slug}.md"
    read = read_page((archive / path).read_bytes(), path=path, slug=one.slug, lang=lang).interview
    if read is None:
        raise ValueError(f"{path} is no page of an interview")
    film = sheet(one) if one.film else None
    turns = end_turns(read.turns, film.duration_ms if film else one.starts[-1])
    return msgspec.structs.replace(read, sheet=film, turns=turns)


def read_interviews(archive: Path, interviews: int) -> Iterator[Interview]:
    """Every page, language by language of each interview."""
    for number in range(interviews):
        for lang in interview(number).languages:
            yield read_interview(archive, number, lang)


def plain_page(one: Interview, words: dict[str, Any]) -> dict[str, Any]:
    """A page as plain values: its front matter, its people, its film, its cues, its turns."""
    asking = {speaker.key for speaker in one.speakers if speaker.role == "interviewer"}
    film = None
    if one.sheet is not None:
        film = {
            "id": one.sheet.id,
            "version": one.sheet.version,
            "bytes": one.sheet.bytes,
            "duration_ms": one.sheet.duration_ms,
            "duration_text": duration_text(one.sheet.duration_ms),
            "short": format_short(one.sheet.duration_ms),
            "iso": iso_duration(one.sheet.duration_ms),
            "frame_rate": one.sheet.video.frame_rate,
            "start_timecode": one.sheet.start_timecode,
            "width": one.sheet.video.width,
            "height": one.sheet.video.height,
            "facts": facts_text(one.sheet, one.lang, words),
        }
    return {
        "title": one.title,
        "date": one.date.isoformat(),
        "summary": one.summary,
        "place": one.place,
        "places": [one.place],
        "spoken": one.spoken,
        "topics": list(one.topics),
        "speakers": [speaker.name for speaker in one.speakers if speaker.role != "interviewer"],
        "people": [{**msgspec.structs.asdict(speaker), "slug": slug_of(speaker.name)} for speaker in one.speakers],
        "reference": one.reference,
        "credit": one.credit,
        "terms": one.terms,
        "quote": quote_of(one),
        "film": film,
        "clips": [
            {"name": clip.name, "start": clip.start_ms / 1000, "end": clip.end_ms / 1000} for clip in clips_of(one)
        ],
        "cues": [
            {
                "id": cue.id,
                "from": format_clock(cue.start_ms),
                "to": format_clock(cue.end_ms),
                "voice": cue.voice,
                "text": cue.text,
            }
            for cue in cues_of(one.turns)
        ],
        "turns": [
            {
                "ms": turn.start_ms,
                "end": turn.end_ms,
                "start": format_short(turn.start_ms or 0),
                "clock": format_clock(turn.start_ms or 0),
                "until": format_short(turn.end_ms or 0),
                "key": turn.key,
                "name": turn.name,
                "asks": turn.key in asking,
                "text": list(turn.paragraphs),
                "said": [
                    [{"at": sentence.start_ms, "text": sentence.text} for sentence in paragraph]
                    for paragraph in sentences_of(turn)
                ],
            }
            for turn in one.turns
        ],
    }
