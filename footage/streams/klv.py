"""Where the samples of an MXF master lie: inside its triplets of key, length and value (SMPTE ST 336)."""

from typing import BinaryIO

_KEY, _PREFIX = 16, b"\x06\x0e\x2b\x34"
_LONG, _MOST = 0x80, 8


def value_at(file: BinaryIO, position: int | None, sample: bytes) -> int:
    """The place in a file of a sample that libavformat found in the triplet at `position`; -1 unless it lies there byte
    for byte, which sound in AES3 or a value in parts does not."""
    if position is None or position < 0:
        return -1
    file.seek(position)
    head = file.read(_KEY + 1 + _MOST)
    start = position
    if head.startswith(_PREFIX) and len(head) > _KEY and not sample.startswith(_PREFIX):
        length = head[_KEY]
        more = length & ~_LONG if length & _LONG else 0
        start += _KEY + 1 + more
        if (int.from_bytes(head[_KEY + 1 : _KEY + 1 + more]) if more else length) < len(sample):
            return -1
    file.seek(start)
    return start if file.read(len(sample)) == sample else -1
