"""When, within a turn, its letters are heard: from moments that a timing tells, shared by letters between them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from catalogue.interview import Moment, Turn

_TOKEN = re.compile(r"[^\W_]+")
# Beyond so many comparisons two texts are not compared where they differ: it would take seconds.
_MOST_COMPARED = 4_000_000
Spoken = tuple[int, int, str]


class Clock:
    """When the letters of a turn are heard, for a turn that has a beginning, an end, and moments."""

    def __init__(self, turn: Turn) -> None:
        start, end = turn.start_ms or 0, turn.end_ms or 0
        points = [(0, start)]
        for moment in turn.moments:
            points += [(moment.first, moment.start_ms), (moment.last, moment.end_ms)]
        points.append((max(letters_in(" ".join(turn.paragraphs)), points[-1][0]), end))
        self.letters = [letters for letters, _ in points]
        self.ms = [min(max(ms, start), end) for _, ms in points]

    def begins(self, letters: int) -> int:
        """When the letter after so many others begins to be heard."""
        at = bisect_right(self.letters, letters) - 1
        return self.ms[at] if self.letters[at] == letters else self._between(at, letters)

    def ends(self, letters: int) -> int:
        """When so many letters have been heard."""
        at = bisect_left(self.letters, letters)
        return self.ms[at] if self.letters[at] == letters else self._between(at - 1, letters)

    def _between(self, at: int, letters: int) -> int:
        (first, last), (start, end) = self.letters[at : at + 2], self.ms[at : at + 2]
        return start + (end - start) * (letters - first) // (last - first)


def letters_in(text: str) -> int:
    """How many letters and digits a text has: what is counted, whatever stands between them."""
    return sum(map(len, _TOKEN.findall(text)))


def moments_of(turn: Turn, words: Sequence[Spoken]) -> Iterator[Moment]:
    """Where in the turn's letters each word stands, given as its start and end in milliseconds and its text. A word
    that is not found there, or begins outside the turn, has no moment."""
    here = _TOKEN.findall(" ".join(turn.paragraphs))
    there: list[str] = []
    spans: list[tuple[int, int]] = []
    for _, _, text in words:
        tokens = _TOKEN.findall(text)
        spans.append((len(there), len(there) + len(tokens)))
        there += tokens
    places = _matched([token.casefold() for token in there], [token.casefold() for token in here])
    before = [0]
    for token in here:
        before.append(before[-1] + len(token))
    for (start_ms, end_ms, _), (first, last) in zip(words, spans, strict=True):
        at, until = (places[first], places[last - 1]) if first < last else (None, None)
        if at is not None and until is not None and is_within(turn, start_ms):
            yield Moment(before[at], before[until + 1], start_ms, end_ms)


def _matched(there: Sequence[str], here: Sequence[str]) -> list[int | None]:
    """For each of some words its place among others: what both begin and end with, and what else agrees between."""
    shorter = min(len(there), len(here))
    head = next((at for at in range(shorter) if there[at] != here[at]), shorter)
    tail = next((at for at in range(shorter - head) if there[-1 - at] != here[-1 - at]), shorter - head)
    places: list[int | None] = [*range(head), *[None] * (len(there) - head)]
    shift = len(here) - len(there)
    for at in range(len(there) - tail, len(there)):
        places[at] = at + shift
    middle, other = there[head : len(there) - tail], here[head : len(here) - tail]
    if 0 < len(middle) * len(other) <= _MOST_COMPARED:
        for block in SequenceMatcher(None, middle, other, autojunk=False).get_matching_blocks():
            for step in range(block.size):
                places[head + block.a + step] = head + block.b + step
    return places


def is_within(turn: Turn, ms: int) -> bool:
    """A media time lies in the turn."""
    return (turn.start_ms or 0) <= ms and (turn.end_ms is None or ms < turn.end_ms)
