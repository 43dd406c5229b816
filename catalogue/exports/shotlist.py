"""A shotlist: who is heard from when to when in the master's own timecode, and the words; as a table and as text."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from catalogue.exports.reel import Mark, Reel, frame_near
from catalogue.interview import Turn
from catalogue.timecode import first_frame_at, format_clock


class Shot(msgspec.Struct, frozen=True, kw_only=True):
    """One turn in the passage: source timecodes, media times in milliseconds of the passage, speaker and words."""

    number: int
    first: str
    last: str
    start_ms: int
    end_ms: int
    speaker: str
    function: str
    words: str


def shots(turns: Iterable[Turn], reel: Reel, first: int, names: Mapping[str, tuple[str, str]]) -> tuple[Shot, ...]:
    """The shots of a passage that begins at frame `first` of a reel; `turns` count from there.

    `names` gives name and function of a speaker's key.
    """
    made = []
    for number, turn in enumerate((turn for turn in turns if turn.start_ms is not None), 1):
        name, function = names.get(turn.key, (turn.name, ""))
        start, end = turn.start_ms or 0, turn.end_ms or turn.start_ms or 0
        made.append(
            Shot(
                number=number,
                first=_timecode(reel, first, start),
                last=_timecode(reel, first, end),
                start_ms=start,
                end_ms=end,
                speaker=name,
                function=function,
                words=" ".join(turn.paragraphs),
            )
        )
    return tuple(made)


def marks(turns: Iterable[Turn], reel: Reel, first: int, names: Mapping[str, tuple[str, str]]) -> tuple[Mark, ...]:
    """A mark where each turn begins, with its speaker's name, for edit lists."""
    return tuple(
        Mark(frame=first + frame_near(reel, turn.start_ms), text=names.get(turn.key, (turn.name, ""))[0])
        for turn in turns
        if turn.start_ms is not None
    )


def shotlist_csv(shown: Sequence[Shot], headings: Sequence[str], mark: str = ",") -> str:
    """The shots as a table (RFC 4180) under these headings: number, in, out, at, length, speaker, function, words.
    Spreadsheets in French part cells by semicolons. A byte order mark tells them that it is UTF-8."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=mark, lineterminator="\r\n")
    table.writerow(headings)
    for shot in shown:
        length = format_clock(shot.end_ms - shot.start_ms)
        at = format_clock(shot.start_ms)
        table.writerow(
            [shot.number, shot.first, shot.last, at, length, shot.speaker, shot.function, _inert(shot.words)]
        )
    return "\ufeff" + out.getvalue()


def shotlist_text(shown: Sequence[Shot]) -> str:
    """The shots as text: timecodes, then who speaks, then the words."""
    blocks = []
    for shot in shown:
        who = ", ".join(part for part in (shot.speaker, shot.function) if part)
        blocks.append(f"{shot.number}.  {shot.first} – {shot.last}  {who}\n{shot.words}\n")
    return "\n".join(blocks)


def _timecode(reel: Reel, first: int, ms: int) -> str:
    return reel.timecode(first + first_frame_at(ms, reel.rate))


def _inert(words: str) -> str:
    """Words that no spreadsheet takes for a formula."""
    return f" {words}" if words[:1] in "=+-@" and words else words
