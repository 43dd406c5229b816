"""Sentences of a turn, each with the moment it begins: the handles by which a reader plays and chooses.

A turn is timed as a whole; within it, time is shared by the number of letters, as its captions share it, unless a
timing tells more.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from catalogue.interview import Turn
from catalogue.moments import Clock, letters_in

# It ends at its mark and whatever closes after it, when a space and no small letter follow: « Bien sûr ! » dit-il.
# It begins with the space, because that is what a search for it can leap to.
_END = re.compile(r" (?<=[.!?…»”] ) *(?=[^\sa-zà-öø-ÿœ])")
# Titles and initials carry a full stop that ends nothing: M. Duval, J. Guivarc’h, Dr. Watson, St. Ives.
_ABBREVIATED = re.compile(r"(?:^|[\s(«“\u202f])(?:[A-Z]|MM?|Mr|Mrs|Ms|Dr|Pr|St|Ste|cf|p|art|vol|no)\.$")
# One with what stands before it: nothing longer is looked at.
_LONGEST = 6


class Sentence(msgspec.Struct, frozen=True):
    """A sentence as it stands in its paragraph; `start_ms` is None where the turn carries no time."""

    text: str
    start_ms: int | None


def sentences_of(turn: Turn) -> tuple[tuple[Sentence, ...], ...]:
    """The sentences of each paragraph of a turn, in order. Joined by single spaces they are the paragraph again."""
    paragraphs = [split(paragraph) for paragraph in turn.paragraphs]
    start, end = turn.start_ms, turn.end_ms
    if start is None or end is None or end <= start:
        return tuple(tuple(Sentence(text, None) for text in texts) for texts in paragraphs)
    if turn.moments:
        return tuple(_heard(Clock(turn), paragraphs))
    total = max(1, sum(len(text) for texts in paragraphs for text in texts))
    said, timed = 0, []
    for texts in paragraphs:
        line = []
        for text in texts:
            line.append(Sentence(text, start + (end - start) * said // total))
            said += len(text)
        timed.append(tuple(line))
    return tuple(timed)


def _heard(clock: Clock, paragraphs: Iterable[Sequence[str]]) -> Iterator[tuple[Sentence, ...]]:
    """The sentences, each from its first letter on; the first from the turn's own stamp, which is its address."""
    said = 0
    for texts in paragraphs:
        line = []
        for text in texts:
            line.append(Sentence(text, clock.begins(said) if said else clock.ms[0]))
            said += letters_in(text)
        yield tuple(line)


def split(paragraph: str) -> list[str]:
    """The sentences of a paragraph; at least one, even if it is empty."""
    return list(_joined(_END.split(paragraph)))


def _joined(parts: Iterable[str]) -> Iterable[str]:
    held = ""
    for part in parts:
        held = f"{held} {part}" if held else part
        if not _ABBREVIATED.search(held, len(held) - _LONGEST):
            yield held
            held = ""
    if held:
        yield held
