"""From an interview with all its words to the small record that lists, feeds and neighbours need of it."""

import msgspec

from catalogue.interview import Facts, Film, Interview, Record
from catalogue.sheet import Sheet
from catalogue.sources import digest_of

_QUOTE_LEAST, _QUOTE_MOST = 40, 220
_FACTS = tuple(field.name for field in msgspec.structs.fields(Facts))


def record_of(interview: Interview, languages: tuple[str, ...], reference_line: int = 1) -> Record:
    """The record of an interview; `languages` are those in which it stands, in the order of the house."""
    sheet = interview.sheet
    record = Record(
        **{name: getattr(interview, name) for name in _FACTS},
        film=_film(sheet) if sheet else None,
        quote=quote_of(interview),
        languages=languages,
        turns=len(interview.turns),
        timed_turns=len(interview.timed_turns),
        reference_line=reference_line,
    )
    return msgspec.structs.replace(record, mark=digest_of(msgspec.msgpack.encode(record)))


def _film(sheet: Sheet) -> Film:
    return Film(sheet.id, sheet.version, sheet.duration_ms, sheet.video.width, sheet.video.height)


def quote_of(interview: Interview) -> str:
    """The first sentence or sentences of the first answer, never cut in the middle of one unless it is endless."""
    asking = {speaker.key for speaker in interview.speakers if speaker.role == "interviewer"}
    answers = (turn for turn in interview.turns if turn.key not in asking and turn.paragraphs)
    first = next(answers, None)
    if first is None:
        return ""
    quote = ""
    rest = first.paragraphs[0]
    while rest and len(quote) < _QUOTE_LEAST:
        end = min((at + 1 for mark in ".!?…" if (at := rest.find(f"{mark} ")) >= 0), default=len(rest))
        quote, rest = f"{quote} {rest[:end]}".strip(), rest[end:].strip()
    if len(quote) > _QUOTE_MOST:
        quote = quote[:_QUOTE_MOST].rpartition(" ")[0].rstrip(",;: ") + "…"
    return quote
