"""The transcript as files that travel: plain text for reading, JSON for programs."""

from collections.abc import Iterable, Sequence

import msgspec

from catalogue.interview import Interview, Moment, Problem, Turn
from catalogue.timecode import format_clock


class ExportedTurn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A turn in JSON; `start_ms` is null when the turn is not timed. `moments` stands there only when its words are
    timed: each is [first, last, start_ms, end_ms], which letters and digits of the turn are heard when."""

    id: str
    key: str
    name: str
    start_ms: int | None
    paragraphs: tuple[str, ...]
    moments: tuple[Moment, ...] = ()


class ExportedProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem in JSON: where, and what with its cure."""

    line: int
    message: str


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """The shape of `transcript.json` and of what `duplex transcript` prints."""

    turns: tuple[ExportedTurn, ...]
    problems: tuple[ExportedProblem, ...] = ()


def transcript_json(turns: Iterable[Turn], problems: Iterable[Problem] = ()) -> bytes:
    """The turns as JSON, readable by people too."""
    exported = Transcript(
        turns=tuple(
            ExportedTurn(
                id=turn.id,
                key=turn.key,
                name=turn.name,
                start_ms=turn.start_ms,
                paragraphs=turn.paragraphs,
                moments=turn.moments,
            )
            for turn in turns
        ),
        problems=tuple(ExportedProblem(line=problem.line, message=problem.message) for problem in problems),
    )
    return msgspec.json.format(msgspec.json.encode(exported), indent=1) + b"\n"


class _Read(msgspec.Struct):
    """Of a transcript in JSON, what turns are made of."""

    turns: tuple[Turn, ...]


def turns_in(data: bytes) -> tuple[Turn, ...]:
    """The turns that `transcript_json` wrote, without their ends. msgspec.MsgspecError when it did not."""
    return msgspec.json.decode(data, type=_Read).turns


def plain_text(interview: Interview, heading: Sequence[str], question: str) -> str:
    """The transcript as plain text: `heading` lines as the page's language says them, then each turn under its speaker.
    `question` names an interviewer who is not named."""
    blocks = [interview.title, *heading]
    nameless = {speaker.key for speaker in interview.speakers if not speaker.name and speaker.role == "interviewer"}
    for turn in interview.turns:
        name = question if turn.key in nameless else turn.name
        time = "" if turn.start_ms is None else f"[{format_clock(turn.start_ms)}] "
        blocks.append("\n\n".join([f"{time}{name}", *turn.paragraphs]))
    return "\n\n".join(block for block in blocks if block) + "\n"
