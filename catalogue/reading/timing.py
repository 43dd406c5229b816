"""Finer times of a transcript: `<slug>.timing.json` beside a page says when words or sentences of its turns are heard.

A turn's own stamp rules: it is the turn's address. A timing only says where, within the turn, its words are; where it
says nothing, time is shared by letters. Words are found in the page by what they say, so that a corrected comma, an
added word or a removed sentence costs that place its times and no other.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Annotated, Literal

import msgspec

from catalogue.interview import Problem, Turn
from catalogue.moments import is_within, moments_of
from catalogue.reading.parsing import decode
from catalogue.reading.soundness import quoted
from catalogue.timecode import format_clock

_BYTE = re.compile(r"\(byte (\d+)\)")
# A word of JSON takes thirty bytes, and an hour holds ten thousand words.
_LARGEST = 16_000_000
CURE = 'Write {"turns": [{"turn": "t4680", "words": [[4680, 4910, "word"]]}]}, or delete the file'
Milliseconds = Annotated[int, msgspec.Meta(ge=0)]


class Word(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A word, or any stretch of words, and when it is heard: media time in whole milliseconds, the end exclusive."""

    start_ms: Milliseconds
    end_ms: Milliseconds
    text: str


class TurnTiming(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of one turn, which is named by its id: `t4680`."""

    turn: str
    words: tuple[Word, ...] = ()


class Timing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `{}` is one that says nothing."""

    version: Literal[1] = 1
    turns: tuple[TurnTiming, ...] = ()


class _Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same, not yet read further than needed to know on which line each turn stands."""

    version: Literal[1] = 1
    turns: tuple[msgspec.Raw, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """What a file gave: the words of each turn with the line they begin on, and everything to be mended."""

    path: str
    turns: tuple[tuple[TurnTiming, int], ...] = ()
    problems: tuple[Problem, ...] = ()


def timing_schema() -> bytes:
    """The JSON Schema of a timing (draft 2020-12), published for the programs that write one."""
    schema = msgspec.json.schema(Timing)
    return msgspec.json.format(msgspec.json.encode({"title": "timing.json", **schema}), indent=1) + b"\n"


def read_timing(data: bytes, path: str) -> Reading:
    """The timing in a file's bytes. No input raises; what is wrong is told with its line."""
    if len(data) > _LARGEST:
        return _wrong(
            path, 1, f"a timing larger than {_LARGEST // 1_000_000} MB. Keep one entry a word, or delete the file"
        )
    text = decode(data)
    if isinstance(text, Problem):
        return _wrong(path, text.line, text.message)
    raw = text.encode()
    try:
        envelope = msgspec.json.decode(raw, type=_Envelope)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return _wrong(path, _line_of(raw, str(error)), f"this is no timing ({_reason(error)}). {CURE}")
    turns: list[tuple[TurnTiming, int]] = []
    problems: list[Problem] = []
    known: set[str] = set()
    position = 0
    for part in envelope.turns:
        whole = bytes(part)
        position = raw.index(whole, position)
        line = raw.count(b"\n", 0, position) + 1
        position += len(whole)
        try:
            turn = msgspec.json.decode(whole, type=TurnTiming)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            within = _line_of(whole, str(error)) - 1 if _BYTE.search(str(error)) else 0
            problems.append(_at(path, line + within, f"this is no timing of a turn ({_reason(error)}). {CURE}"))
            continue
        if said := _disorder(turn, known):
            problems.append(_at(path, line, said))
            continue
        known.add(turn.turn)
        turns.append((turn, line))
    return Reading(path, tuple(turns), tuple(problems))


def timed(turns: Sequence[Turn], reading: Reading) -> tuple[tuple[Turn, ...], tuple[Problem, ...]]:
    """The turns (with their ends) with the moments of their words, and a warning for each whose times do not fit."""
    by_id = {turn.id: number for number, turn in enumerate(turns)}
    finer = list(turns)
    problems = list[Problem]()
    for timing, line in reading.turns:
        number = by_id.get(timing.turn)
        if number is None or turns[number].start_ms is None:
            message = (
                f"no timed turn “{quoted(timing.turn)}” in the page. A turn is named by its time: write the new name, "
                "or delete this one"
            )
            problems.append(_at(reading.path, line, message, warning=True))
            continue
        turn = turns[number]
        words = [(word.start_ms, word.end_ms, word.text) for word in timing.words]
        moments = tuple(moments_of(turn, words))
        outside = [word for word in timing.words if not is_within(turn, word.start_ms)]
        if 2 * len(moments) < len(timing.words):
            message = (
                f"most words timed for “{turn.id}” are not said there any more. Time the turn again, or delete it here"
            )
            problems.append(_at(reading.path, line, message, warning=True))
        elif outside:
            until = f" to [{format_clock(turn.end_ms)}]" if turn.end_ms is not None else ""
            message = (
                f"“{quoted(outside[0].text)}” at [{format_clock(outside[0].start_ms)}] is outside its turn, "
                f"[{format_clock(turn.start_ms or 0)}]{until}. Mend the time here, or that of the turn"
            )
            problems.append(_at(reading.path, line, message, warning=True))
        finer[number] = msgspec.structs.replace(turn, moments=moments)
    return tuple(finer), tuple(problems)


def _disorder(turn: TurnTiming, known: Iterable[str]) -> str | None:
    """What is wrong with the words of a turn, whatever the page says."""
    if turn.turn in known:
        return f"the turn “{quoted(turn.turn)}” is timed twice. Keep one of the two"
    for word in turn.words:
        if word.end_ms <= word.start_ms:
            return f"“{quoted(word.text)}” ends at {word.end_ms} ms, and begins at {word.start_ms}. Mend one of the two"
    for before, word in pairwise(turn.words):
        if word.start_ms < before.end_ms:
            return (
                f"“{quoted(word.text)}” begins at {word.start_ms} ms, before “{quoted(before.text)}” ends at "
                f"{before.end_ms}. Put the words in order, or mend the time"
            )
    return None


def _reason(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error).partition("\n")[0]


def _line_of(data: bytes, said: str) -> int:
    """The line of the byte that a message names; the last one when the text ends too early."""
    byte = _BYTE.search(said)
    if byte:
        return data.count(b"\n", 0, int(byte[1])) + 1
    return data.rstrip().count(b"\n") + 1 if "truncated" in said else 1


def _at(path: str, line: int, message: str, *, warning: bool = False) -> Problem:
    return Problem(path=path, line=line, message=message, severity="warning" if warning else "error")


def _wrong(path: str, line: int, message: str) -> Reading:
    return Reading(path, (), (_at(path, line, message),))
