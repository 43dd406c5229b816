"""HEVC as far as a splice needs it: the units of a sample, and the configuration record that holds parameter sets.

ITU-T H.265 (ISO/IEC 23008-2), 7.3.1.2 and 7.4.2.2, says what units are, ISO/IEC 14496-15, 8.3.3.1, how the record is.
A group that opens with a CRA picture stands alone when that picture is called a broken link (BLA) instead and the
pictures that lead it are left out: nothing else changes (H.265, 3.15 and 8.1.3).
"""

from collections.abc import Iterable

from .units import units_of, units_of_stream

VPS, SPS, PPS = 32, 33, 34
_PICTURES, _LEADING_AT_MOST = range(22), 9
_IDR, _OPENED = (19, 20), (16, 17, 18, 21)
_BROKEN_LINK = 18
_BESIDE = frozenset((VPS, SPS, PPS, 35, 38, 39, 40))
_ARRAYS_AT, _LENGTHS_OF_FOUR = 22, 3


def kind(unit: bytes) -> int:
    """nal_unit_type."""
    return unit[0] >> 1 & 63


def sets_of(record: bytes) -> tuple[bytes, ...] | None:
    """The parameter sets of a configuration record; None unless it is whole and counts lengths in four bytes."""
    try:
        if record[0] != 1 or record[21] & 3 != _LENGTHS_OF_FOUR:
            return None
        sets, at = [], _ARRAYS_AT + 1
        for _ in range(record[_ARRAYS_AT]):
            count, at = int.from_bytes(record[at + 1 : at + 3]), at + 3
            for _ in range(count):
                size = int.from_bytes(record[at : at + 2])
                sets.append(record[at + 2 : at + 2 + size])
                at += 2 + size
    except IndexError:
        return None
    named = {kind(each) for each in sets if each}
    return tuple(sets) if at == len(record) and {VPS, SPS, PPS} <= named else None


def entry_of(sample: bytes, known: frozenset[bytes]) -> str | None:
    """“idr” or “opened” for a picture with which a group begins, “” for another; None for a sample that is not one
    plain picture, or brings a parameter set that is not among the `known`."""
    kinds, pictures = set(), 0
    try:
        for unit in units_of(sample):
            if len(unit) < 3 or unit[0] & 1 or unit[1] >> 3:
                return None  # of another layer
            if kind(unit) in _PICTURES:
                kinds.add(kind(unit))
                pictures += unit[2] >> 7
            elif kind(unit) not in _BESIDE or (kind(unit) in (VPS, SPS, PPS) and unit not in known):
                return None
    except EOFError:
        return None
    if len(kinds) != 1 or pictures != 1:
        return None
    only = kinds.pop()
    return "idr" if only in _IDR else "opened" if only in _OPENED else ""


def _sample(units: Iterable[bytes]) -> bytes:
    return b"".join(len(unit).to_bytes(4) + unit for unit in units)


def standing_alone(sample: bytes, sets: Iterable[bytes], *, opened: bool) -> bytes:
    """The first sample of a copied group with the parameter sets in front, its picture a broken link when `opened`."""
    pictures = [unit for unit in units_of(sample) if kind(unit) in _PICTURES]
    if opened:
        pictures = [bytes((_BROKEN_LINK << 1, unit[1])) + unit[2:] for unit in pictures]
    return _sample((*sets, *pictures))


def encoded(data: bytes) -> bytes:
    """What an encoder gave, a byte stream, as a sample: parameter sets and pictures, nothing else."""
    return _sample(unit for unit in units_of_stream(data) if kind(unit) in (*_PICTURES, VPS, SPS, PPS))
