"""Boxes, of which MP4 and QuickTime files are made (ISO/IEC 14496-12, 4.2): a length, a four-letter kind, a payload."""

from collections.abc import Iterator
from typing import BinaryIO

from ..errors import DamagedFile
from ..places.place import Source

# A table of contents of 100 hours stays far below this; anything larger is no film.
_MOOV_AT_MOST = 1 << 30


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box with its parts as payload."""
    payload = b"".join(parts)
    return (8 + len(payload)).to_bytes(4) + kind + payload


def full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """A box whose payload begins with a version and flags."""
    return box(kind, bytes((version,)) + flags.to_bytes(3), *parts)


def number(value: int, size: int = 4) -> bytes:
    """A whole number in so many bytes, highest first; two's complement when negative."""
    return value.to_bytes(size, signed=value < 0)


def boxes_in(data: bytes, at: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """Kind and payload of each box that follows another from `at` on. EOFError when one is longer than what is left."""
    while at + 8 <= len(data):
        size, kind, head = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16]), 16
        if size == 0:
            size = len(data) - at
        if size < head or at + size > len(data):
            raise EOFError
        yield kind, data[at + head : at + size]
        at += size


def box_in(data: bytes, *path: bytes) -> bytes | None:
    """The payload of the first box found along a path of kinds, or None."""
    for kind in path:
        found = next((payload for each, payload in boxes_in(data) if each == kind), None)
        if found is None:
            return None
        data = found
    return data


def read_moov(path: Source) -> bytes | None:
    """The payload of a film's table of contents (moov); None when the file is not laid in boxes, or has none."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        at = 0
        while at + 8 <= size:
            kind, start, end = _head(file, at, size)
            if end < start or end > size or not kind.isascii():
                return None
            if kind == b"moov":
                if end - start > _MOOV_AT_MOST:
                    raise DamagedFile(str(path), "has a table of contents of absurd size", "export it again")
                file.seek(start)
                return file.read(end - start)
            at = end
    return None


def box_cut_short(path: Source) -> bool:
    """Whether the last box of a file says that it is longer than what is left of the file."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        at = 0
        while at + 8 <= size:
            _, start, end = _head(file, at, size)
            if end < start or end > size:
                return True
            at = end
    return at < size


def _head(file: BinaryIO, at: int, size: int) -> tuple[bytes, int, int]:
    """Kind of the box at a place, where its payload starts, where it ends."""
    file.seek(at)
    head = file.read(16)
    length, kind, start = int.from_bytes(head[:4]), head[4:8], at + 8
    if length == 1:
        length, start = int.from_bytes(head[8:16]), at + 16
    return kind, start, at + length if length else size
