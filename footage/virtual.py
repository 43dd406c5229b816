"""A clip that is never written: its own few bytes are kept, the rest is read where it lies in the master.

What is kept is one file: a line of JSON (size, etag, and the pieces in their order), then the clip's own bytes, that is
its table of contents and its edges. A clip written out is the same pieces one behind the other, byte for byte.
"""

import asyncio
import io
import os
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterator, Sequence
from hashlib import sha256
from itertools import accumulate
from typing import Any, BinaryIO, NamedTuple

import msgspec

from .errors import DamagedFile
from .places import Source
from .stored import StoredFile

_BLOCK = 1 << 20

Reader = Callable[[int, int], Awaitable[bytes]]
"""Reads bytes [start, stop) of a file or of an object in a bucket; fewer where it ends."""


class Piece(NamedTuple):
    """Bytes [start, stop) of the master, or of what was made for the clip."""

    made: bool
    start: int
    stop: int


class Contents(msgspec.Struct, frozen=True):
    """The first line of a kept clip: its size, its strong validator, its pieces."""

    size: int
    etag: str
    pieces: tuple[Piece, ...]


class VirtualClip:
    """A clip to be served by ranges. `pieces` follow each other; their bytes are the file."""

    def __init__(self, kept: Source, master: Reader) -> None:
        """DamagedFile when `kept` is not what `write_kept` wrote."""
        self._begins, contents = kept_contents(kept)
        self.pieces: Sequence[Piece] = contents.pieces
        self.size, self.etag = contents.size, contents.etag
        self._ends = list(accumulate(piece.stop - piece.start for piece in self.pieces))
        self._own, self._master = file_reader(kept), master

    async def read(self, start: int, stop: int) -> bytes:
        """Bytes [start, stop) of the clip; fewer where it ends. DamagedFile when the master is shorter than it was."""
        parts = []
        for made, first, last in self._parts(max(0, start), min(stop, self.size)):
            shift = self._begins if made else 0
            data = await (self._own if made else self._master)(first + shift, last + shift)
            if len(data) != last - first:
                raise DamagedFile("the master", "is shorter than when the clip was made", "ingest it again")
            parts.append(data)
        return b"".join(parts)

    def _parts(self, start: int, stop: int) -> Iterator[Piece]:
        """The pieces of a range; those of the master that all but touch are not joined, so nothing else is read."""
        number = bisect_right(self._ends, start)
        while start < stop:
            made, first, last = self.pieces[number]
            begins = self._ends[number] - (last - first)
            end = min(stop, self._ends[number])
            yield Piece(made, first + start - begins, first + end - begins)
            start, number = end, number + 1


class KeptFile(io.RawIOBase):
    """A kept clip as a file open for reading, for programs that read one whole. OSError when a source is too short."""

    def __init__(self, kept: Source, master: Source) -> None:
        """DamagedFile when `kept` is not what `write_kept` wrote."""
        self._begins, contents = kept_contents(kept)
        self._pieces, self._size = contents.pieces, contents.size
        self._ends = list(accumulate(piece.stop - piece.start for piece in self._pieces))
        self._files = master.open("rb"), kept.open("rb")
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Goes to a place in the clip."""
        self._at = (0, self._at, self._size)[whence] + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Reads from the piece at this place, and no further than its end."""
        number = bisect_right(self._ends, self._at)
        if number == len(self._pieces):
            return 0
        made, _, stop = self._pieces[number]
        file = self._files[made]
        file.seek(stop - (self._ends[number] - self._at) + (self._begins if made else 0))
        data = file.read(min(len(buffer), self._ends[number] - self._at))
        if not data:
            raise OSError("the master is shorter than when the clip was made")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Lets go of both files."""
        for file in self._files:
            file.close()
        super().close()


def kept_contents(kept: Source) -> tuple[int, Contents]:
    """Where a kept clip's own bytes begin, and its contents. DamagedFile when `kept` is not what `write_kept` wrote."""
    with kept.open("rb") as file:
        line = file.readline()
        begins = file.tell()
    try:
        return begins, msgspec.json.decode(line, type=Contents)
    except msgspec.MsgspecError as error:
        raise DamagedFile(str(kept), "is no clip that was kept", "make it again") from error


def file_reader(path: Source) -> Reader:
    """Reads a film, without keeping it open."""
    if isinstance(path, StoredFile):
        return path.read

    def read(start: int, stop: int) -> bytes:
        with path.open("rb") as file:
            return os.pread(file.fileno(), stop - start, start)

    async def read_aside(start: int, stop: int) -> bytes:
        return await asyncio.to_thread(read, start, stop)

    return read_aside


def write_kept(target: BinaryIO, head: bytes, made: BinaryIO, pieces: Sequence[Piece]) -> None:
    """Writes what is kept of a clip: `head` comes first in it, then the pieces, whose own bytes lie in `made`."""
    shifted = [Piece(True, 0, len(head))]
    shifted += [Piece(own, start + len(head) * own, stop + len(head) * own) for own, start, stop in pieces]
    size = sum(stop - start for _, start, stop in shifted)
    digest = sha256(msgspec.json.encode(shifted) + head)
    for block in _blocks(made):
        digest.update(block)
    contents = Contents(size, f'"{digest.hexdigest()[:40]}"', tuple(shifted))
    target.write(msgspec.json.encode(contents) + b"\n" + head)
    for block in _blocks(made):
        target.write(block)


def write_out(target: BinaryIO, head: bytes, made: BinaryIO, master: Source, pieces: Sequence[Piece]) -> None:
    """Writes the same clip as a file of its own. DamagedFile when the master is shorter than it was."""
    target.write(head)
    with master.open("rb") as film:
        for own, start, stop in pieces:
            source = made if own else film
            source.seek(start)
            while start < stop:
                block = source.read(min(_BLOCK, stop - start))
                if not block:
                    raise DamagedFile(str(master), "is shorter than when it was ingested", "ingest it again")
                target.write(block)
                start += len(block)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(_BLOCK):
        yield block
