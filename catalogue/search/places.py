"""How a list is held while an index is made: a byte for each thing it says, every kind of byte of its own range.

A document begins with the gap from the one before, then come its places: each the step from the unit before and, when
the term has such, the mark of its neighbours. Of some terms a document tells no place at all. Lists are added up, cut
and changed in this form; `packing` writes them as bits. No byte is a tab or the end of a line, which part them in an
entry.
"""

import re

PAIR, FACET = "_", "@"
MARK, MARKS = 0x10, 30
# Steps: so many further and still going on; and the same in a place that is not a document's first.
FAR, FAR_AGAIN = 0x30, 0x31
STEP, AGAIN, STEPS = 0x40, 0x80, 64
# Gaps: so many documents further and still going on, then two digits.
LEAGUE, LEAGUES = 0x32, 1024
HIGH, LOW, DIGIT = 0xC0, 0xE0, 32
NO_GAP = bytes([HIGH, LOW])
ITEM = re.compile(rb"(2*[\xc0-\xdf][\xe0-\xff])([^2\xc0-\xff]*)")
_NO_LOW = bytes(range(LOW))
_MOST_KEPT = 6000


class _Steps(dict[int, str]):
    """Steps as Latin-1, written when they are first asked for."""

    def __init__(self, far: int, far_again: int, step: int) -> None:
        super().__init__()
        self.far, self.far_again, self.step = chr(far), chr(far_again), step

    def __missing__(self, number: int) -> str:
        times, rest = divmod(number, STEPS)
        text = self.far + self.far_again * (times - 1) + chr(STEP + rest) if times else chr(self.step + rest)
        if number < _MOST_KEPT:
            self[number] = text
        return text


# From the beginning to a document's first place, and from one place to the next. Where a unit is told once only, the
# next place is at least one further: that one is left out.
FIRST, NEXT = _Steps(FAR, FAR, STEP), _Steps(FAR_AGAIN, FAR, AGAIN)


def leap(gap: int) -> bytes:
    """The gap with which a document begins."""
    if gap < LEAGUES:
        return LEAPS[gap]
    return bytes([LEAGUE]) * (gap // LEAGUES) + LEAPS[gap % LEAGUES]


def gap_of(text: bytes) -> int:
    """What `leap` wrote."""
    return (len(text) - 2) * LEAGUES + (text[-2] - HIGH) * DIGIT + text[-1] - LOW


def length_of_leap(text: bytes, at: int) -> int:
    """How long the gap is that begins at a place of a row."""
    start = at
    while text[at] == LEAGUE:
        at += 1
    return at + len(NO_GAP) - start


def documents_in(row: bytes) -> int:
    """How many documents a row has: each has one last digit of a gap."""
    return len(row.translate(None, _NO_LOW))


# What nearly every gap is: looked up, never counted.
LEAPS = tuple(bytes([HIGH + gap // DIGIT, LOW + gap % DIGIT]) for gap in range(LEAGUES))
