"""A clip that is never written: its own few bytes are kept, the rest is read where it lies in the master.

What is kept is one file: a line of JSON (its size, and the pieces in their order), then the clip's own bytes, that is
its table of contents and its edges. A clip written out is the same pieces one behind the other, byte for byte.
"""

import errno
import io
import os
import shutil
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import accumulate
from typing import Any, BinaryIO, NamedTuple

import msgspec

from ..errors import DamagedFile
from ..places.place import Source

_BLOCK = 1 << 20


class Piece(NamedTuple):
    """Bytes [start, stop) of the master, or of what was made for the clip."""

    made: bool
    start: int
    stop: int


class Contents(msgspec.Struct, frozen=True):
    """The first line of a kept clip: its size in bytes, its pieces."""

    size: int
    pieces: tuple[Piece, ...]


class KeptFile(io.RawIOBase):
    """A kept clip as a file open for reading, for programs that read one whole. OSError when a source is too short."""

    # Until both are open, there is nothing to let go of.
    _files: tuple[BinaryIO, ...] = ()

    def __init__(self, kept: Source, master: Source) -> None:
        """DamagedFile when `kept` is not what `write_kept` wrote."""
        self._begins, contents = kept_contents(kept)
        self._pieces, self._size = contents.pieces, contents.size
        self._ends = list(accumulate(piece.stop - piece.start for piece in self._pieces))
        with ExitStack() as opened:
            own = opened.enter_context(kept.open("rb"))
            self._files = opened.enter_context(master.open("rb")), own
            opened.pop_all()
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


def write_kept(target: BinaryIO, head: bytes, made: io.BufferedIOBase, pieces: Sequence[Piece]) -> None:
    """Writes what is kept of a clip: `head` comes first in it, then the pieces, whose own bytes lie in `made`."""
    shifted = [Piece(True, 0, len(head))]
    shifted += [Piece(own, start + len(head) * own, stop + len(head) * own) for own, start, stop in pieces]
    size = sum(stop - start for _, start, stop in shifted)
    target.write(msgspec.json.encode(Contents(size, tuple(shifted))) + b"\n" + head)
    made.seek(0)
    shutil.copyfileobj(made, target, _BLOCK)


def write_out(target: BinaryIO, head: bytes, made: io.BufferedIOBase, master: Source, pieces: Sequence[Piece]) -> None:
    """Writes the same clip as a file of its own. DamagedFile when the master is shorter than it was."""
    _reserve(target, len(head) + sum(stop - start for _, start, stop in pieces))
    target.write(head)
    block = memoryview(bytearray(_BLOCK))
    with master.open("rb") as film:
        for own, start, stop in pieces:
            source = made if own else film
            source.seek(start)
            while start < stop:
                count = source.readinto(block[: stop - start])
                if not count:
                    raise DamagedFile(str(master), "is shorter than when it was ingested", "ingest it again")
                target.write(block[:count])
                start += count


def _reserve(target: BinaryIO, size: int) -> None:
    """Asks the disk for all the room at once: writing takes a third less, and a full disk says so before it is full."""
    try:
        os.posix_fallocate(target.fileno(), 0, size)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        # A file system that does not know how is written to all the same.
