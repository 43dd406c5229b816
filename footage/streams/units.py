"""The units (NAL units) of an H.264 stream: how samples hold them, and what a sample is for a splice.

ITU-T H.264, 7.3.1 and annex B; ISO/IEC 14496-15, 5.3.4.2: in MP4 and MOV each unit stands behind its length.
"""

from collections.abc import Iterator

SLICE, IDR, SEI, SPS, PPS, DELIMITER, FILLER = 1, 5, 6, 7, 8, 9, 12
_UNDERSTOOD = frozenset((SLICE, IDR, SEI, SPS, PPS, DELIMITER, FILLER))
_LENGTH = 4


def units_of(sample: bytes) -> Iterator[bytes]:
    """The units of a sample, each behind its length. EOFError when the lengths do not add up to the sample."""
    at = 0
    while at < len(sample):
        size = int.from_bytes(sample[at : at + _LENGTH])
        at += _LENGTH + size
        if not size or at > len(sample):
            raise EOFError
        yield sample[at - size : at]


def units_of_stream(data: bytes) -> list[bytes]:
    """The units of a byte stream (annex B), as encoders give them: start codes and zeros between are taken away."""
    return [unit for unit in (part.rstrip(b"\0") for part in data.split(b"\0\0\1")) if unit]


def pictures_only(data: bytes) -> bytes:
    """A byte stream as a sample that holds its slices alone: its parameter sets stand in the configuration."""
    slices = [unit for unit in units_of_stream(data) if unit[0] & 31 in (SLICE, IDR)]
    return b"".join(len(unit).to_bytes(_LENGTH) + unit for unit in slices)


def kind_of(sample: bytes, known: frozenset[bytes]) -> int | None:
    """IDR or SLICE for a sample that is one plain picture; None for anything not understood, such as a parameter set
    that is not among the `known`, or slices of two pictures."""
    kinds = set()
    pictures = 0
    try:
        for unit in units_of(sample):
            kind = unit[0] & 31
            if kind not in _UNDERSTOOD or (kind in (SPS, PPS) and unit not in known):
                return None
            if kind in (SLICE, IDR):
                kinds.add(kind)
                pictures += _starts_picture(unit)
    except (EOFError, IndexError):
        return None
    return kinds.pop() if len(kinds) == pictures == 1 else None


def _starts_picture(unit: bytes) -> bool:
    """Whether a slice is the first of its picture: first_mb_in_slice (7.3.3) is 0, one bit set."""
    return bool(unit[1] & 0x80)
