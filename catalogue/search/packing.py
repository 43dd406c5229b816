"""Lists as bits, six to a printable character (RFC 4648, without padding): what nobody can guess compresses no further.

Gaps and steps are Rice codes (R. F. Rice, JPL 79-22, 1979), each row with the two scales that suit it: a number is so
many whole scales, in ones and a nought, and the rest in bits. A place that is not its document's first begins with a
gap of nought. The row ends where the text does, in ones that no nought follows.
"""

import sys
from base64 import b64decode, b64encode
from functools import cache, lru_cache
from typing import NamedTuple

from catalogue.search.coding import DIGITS
from catalogue.search.frequent import FREQUENT
from catalogue.search.places import (
    AGAIN,
    DIGIT,
    FACET,
    FAR,
    FAR_AGAIN,
    FIRST,
    HIGH,
    LEAGUE,
    LEAGUES,
    LOW,
    MARK,
    MARKS,
    NEXT,
    NO_GAP,
    PAIR,
    STEP,
    STEPS,
    leap,
)

MARK_BITS = 5
# Scales are powers of two, up to these.
_MOST_GAP, _MOST_STEP = 10, 6
_DIGIT_BITS, _STEP_BITS = 5, 6
_BITS = 6
_ALL = bytes(range(256))
# No longer than one document with one place and its mark.
_SHORT = len(NO_GAP) + 2


class Shape(NamedTuple):
    """Whether a term's documents tell places, and its places marks."""

    placed: bool
    marked: bool


def shape_of(term: str, lang: str) -> Shape:
    """What the places of a term are like."""
    if term[0] in (PAIR, FACET):
        return Shape(term[0] == PAIR, marked=False)
    return Shape(placed=True, marked=term not in FREQUENT[lang])


def packed(row: bytes) -> str:
    """A row that begins with no gap: a character for its two scales, then its bits."""
    return _packed_short(row) if len(row) <= _SHORT else _packed(row)


@lru_cache(maxsize=1 << 13)
def _packed_short(row: bytes) -> str:
    """Half of all words are said once, and once is said in few ways."""
    return _packed(row)


def _packed(row: bytes) -> str:
    gap, step = _scales(row)
    codes = _codes(gap, step)
    odd = len(row) % 2
    twos = memoryview(row)[len(NO_GAP) : len(row) - odd].cast("H")
    bits = "".join(map(codes.__getitem__, twos)) + (codes.single[row[-1]] if odd else "")
    bits += "1" * (-len(bits) % _BITS)
    # Whole bytes in whole characters; what is added for that is cut off again.
    added = -len(bits) % 24
    data = int(f"0{bits}" + "0" * added, 2).to_bytes((len(bits) + added) // 8, "big")
    return DIGITS[gap * (_MOST_STEP + 1) + step] + b64encode(data)[: len(bits) // _BITS].decode()


def unpacked(text: str, shape: Shape) -> bytes:
    """The row that `packed` wrote."""
    gap, step = divmod(DIGITS.index(text[0]), _MOST_STEP + 1)
    bits = _bits_of(text[1:])
    row, at, again = [NO_GAP], 0, False
    while True:
        if shape.placed:
            far, at = _number(bits, at, step)
            row.append((NEXT if again else FIRST)[far].encode("latin-1"))
            if shape.marked:
                row.append(bytes([MARK + int(bits[at : at + MARK_BITS], 2)]))
                at += MARK_BITS
        if bits.find("0", at) < 0:
            return b"".join(row)
        number, at = _number(bits, at, gap)
        again = number == 0
        if not again:
            row.append(leap(number))


def _bits_of(text: str) -> str:
    data = b64decode(text + "A" * (-len(text) % 4), validate=True)
    return f"{int.from_bytes(data, 'big'):0{len(data) * 8}b}"[: len(text) * _BITS] if data else ""


def _number(bits: str, at: int, scale: int) -> tuple[int, int]:
    end = bits.index("0", at) + 1
    rest = int(bits[end : end + scale], 2) if scale else 0
    return (end - 1 - at << scale) + rest, end + scale


def _scales(row: bytes) -> tuple[int, int]:
    """The powers of two just below the mean gap and the mean step."""
    lows, highs, steps = row.translate(*_LOWS), row.translate(*_HIGHS), row.translate(*_STEPS)
    gaps = max(len(lows), len(steps)) - 1
    total = sum(lows) + sum(highs) * DIGIT + row.count(LEAGUE) * LEAGUES
    gap = (total // gaps).bit_length() - 1 if gaps else 0
    far = sum(steps) + (row.count(FAR) + row.count(FAR_AGAIN)) * STEPS
    step = (far // len(steps)).bit_length() - 1 if steps else 0
    return min(max(gap, 0), _MOST_GAP), min(max(step, 0), _MOST_STEP)


def _summing(*ranges: tuple[int, int]) -> tuple[bytes, bytes]:
    """How `bytes.translate` leaves of a row nothing but what digits of some ranges say."""
    table, others = bytearray(256), set(_ALL)
    for first, count in ranges:
        table[first : first + count] = bytes(range(count))
        others -= set(range(first, first + count))
    return bytes(table), bytes(others)


_LOWS, _HIGHS = _summing((LOW, DIGIT)), _summing((HIGH, DIGIT))
_STEPS = _summing((STEP, STEPS), (AGAIN, STEPS))


class _Codes(dict[int, str]):
    """The bits of two bytes, put together when they are first met: most are a gap or a place, and few differ."""

    def __init__(self, single: list[str]) -> None:
        super().__init__()
        self.single = single

    def __missing__(self, two: int) -> str:
        one, other = two.to_bytes(2, sys.byteorder)
        bits = self[two] = self.single[one] + self.single[other]
        return bits


@cache
def _codes(gap: int, step: int) -> _Codes:
    """The bits of each byte."""
    codes = [""] * 256
    for mark in range(MARKS):
        codes[MARK + mark] = _binary(mark, MARK_BITS)
    same = "0" + "0" * gap
    for rest in range(STEPS):
        codes[STEP + rest] = _rice(rest, step)
        codes[AGAIN + rest] = same + codes[STEP + rest]
    codes[FAR] = "1" * (STEPS >> step)
    codes[FAR_AGAIN] = same + codes[FAR]
    codes[LEAGUE] = "1" * (LEAGUES >> gap)
    # The two digits of a gap meet where its scale ends.
    more = max(0, gap - _DIGIT_BITS)
    for digit in range(DIGIT):
        ones = "1" * (digit << _DIGIT_BITS >> gap)
        codes[HIGH + digit] = f"{ones}0{_binary(digit, more)}" if more else ones
        codes[LOW + digit] = _binary(digit, _DIGIT_BITS) if more else _rice(digit, gap)
    return _Codes(codes)


def _rice(number: int, scale: int) -> str:
    return "1" * (number >> scale) + "0" + _binary(number, scale)


def _binary(number: int, bits: int) -> str:
    """The last bits of a number."""
    return f"{number & (1 << bits) - 1:0{bits}b}" if bits else ""
