"""MPEG-2 video (ITU-T H.262) as samples of a film: where a group of pictures begins, and how it begins a stream.

A group is a header, an I picture, and pictures predicted from it and from each other. Those that follow the I picture
in the file and are shown before it (B pictures that lead it) may look back at the group before; when they are left out,
the pictures of the group count from the I picture (`temporal_reference`, 6.3.9) and the group is closed (6.3.8).
"""

from collections.abc import Iterator

_MARK = b"\0\0\1"
_PICTURE, _SEQUENCE, _EXTENSION, _GROUP = 0x00, 0xB3, 0xB5, 0xB8
_SLICES, _UNDERSTOOD = range(0x01, 0xB0), frozenset((0xB2, 0xB7))
_PICTURE_CODING = 8
_I = 1
_TOP, _BOTTOM, _FRAME = 1, 2, 3
_CLOSED, _AT_CLOSED = 0x40, 7


def _starts(sample: bytes) -> Iterator[tuple[int, int]]:
    """Code and place of each start code (its place is that of its first zero)."""
    at = sample.find(_MARK)
    while 0 <= at < len(sample) - _AT_CLOSED:
        yield sample[at + 3], at
        at = sample.find(_MARK, at + 3)


def _head(sample: bytes) -> Iterator[tuple[int, int]]:
    """The start codes before the first slice."""
    for code, at in _starts(sample):
        if code in _SLICES:
            return
        yield code, at


def sequence_of(sample: bytes) -> bytes:
    """The sequence header of a sample with its extensions, up to the group or picture; empty when it has none."""
    begins = None
    for code, at in _head(sample):
        if code == _SEQUENCE:
            begins = at
        elif code in (_GROUP, _PICTURE):
            return b"" if begins is None else sample[begins:at]
    return b""


def entry_of(sample: bytes) -> str | None:
    """“idr” when a closed group begins with a sample, “opened” when an open one does, “” when none does; None for what
    is not one picture, or two fields that make one."""
    structures: list[int] = []
    kinds: list[int] = []
    for code, at in _starts(sample):
        if code == _PICTURE:
            kinds.append(sample[at + 5] >> 3 & 7)
        elif code == _EXTENSION and kinds and sample[at + 4] >> 4 == _PICTURE_CODING:
            structures.append(sample[at + 6] & 3)
        elif code not in (_SEQUENCE, _GROUP, _EXTENSION, *_UNDERSTOOD) and code not in _SLICES:
            return None
    whole = structures == [_FRAME] or sorted(structures) == [_TOP, _BOTTOM]
    if not whole or len(kinds) != len(structures):
        return None
    group = next((at for code, at in _head(sample) if code == _GROUP), None)
    if group is None or kinds[0] != _I or not sequence_of(sample):
        return ""
    return "idr" if sample[group + _AT_CLOSED] & _CLOSED else "opened"


def begins_group(sample: bytes) -> bool:
    """Whether a group of pictures begins with a sample: then its pictures count from it."""
    return any(code == _GROUP for code, _ in _head(sample))


def reference_of(sample: bytes) -> int:
    """The number of a sample's picture in its group, in the order of showing. EOFError when it has no picture."""
    for code, at in _head(sample):
        if code == _PICTURE:
            return sample[at + 4] << 2 | sample[at + 5] >> 6
    raise EOFError


def counted_from(sample: bytes, first: int) -> bytes:
    """The sample as one of a closed group whose first shown picture had the number `first`; slices stay untouched."""
    data = bytearray(sample)
    for code, at in _starts(sample):
        if code == _GROUP:
            data[at + _AT_CLOSED] |= _CLOSED
        elif code == _PICTURE:
            number = (sample[at + 4] << 2 | sample[at + 5] >> 6) - first & 0x3FF
            data[at + 4] = number >> 2
            data[at + 5] = number << 6 & 0xC0 | sample[at + 5] & 0x3F
    return bytes(data)
