"""What a download sends: a file, or a whole that is put together from several. Opened before anything is said of it, so
that one which is replaced or taken away meanwhile is still sent as it was."""

import os
import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread

from .parts import Parts

_PIECE = 256 * 1024
# How often the reading of a file is noted on it, so that nobody takes it for forgotten.
_NOTED_S = 60.0


@dataclass(frozen=True)
class _Span:
    """Bytes of the whole from `start` on: held here, or those of an open file from `begins` on."""

    start: int
    size: int
    data: bytes = b""
    file: BinaryIO | None = None
    begins: int = 0


@dataclass(frozen=True)
class Body:
    """Something open for reading: its size in bytes, and when it was last changed, in nanoseconds since 1970.

    `noted` has its reading marked on its files.
    """

    spans: tuple[_Span, ...]
    size: int
    modified_ns: int
    noted: bool = False

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes of [start, end), in pieces that a thread reads; closes everything at its end.

        A file that ends too early breaks the transfer (OSError), so that the asker sees it.
        """
        try:
            noted = 0.0
            first = bisect_right(self.spans, start, key=lambda span: span.start) - 1
            for span in self.spans[max(0, first) :]:
                at, last = max(start, span.start), min(end, span.start + span.size)
                while at < last:
                    if span.file is None:
                        piece = span.data[at - span.start : last - span.start]
                    else:
                        if self.noted and time.monotonic() > noted + _NOTED_S:
                            noted = time.monotonic()
                            await to_thread.run_sync(self._note)
                        most, place = min(_PIECE, last - at), span.begins + at - span.start
                        piece = await to_thread.run_sync(os.pread, span.file.fileno(), most, place)
                        if not piece:
                            raise OSError(f"the file ended at {at}, {last - at} bytes short")
                    at += len(piece)
                    yield piece
        finally:
            self.close()

    def pieces(self, most: int) -> Iterator[bytes]:
        """All bytes, in pieces of at most so many, for a thread of one's own. OSError when a file ends too early."""
        for span in self.spans:
            if span.file is None:
                yield span.data
                continue
            at = 0
            while at < span.size:
                piece = os.pread(span.file.fileno(), min(most, span.size - at), span.begins + at)
                if not piece:
                    raise OSError(f"the file ended {span.size - at} bytes short")
                at += len(piece)
                yield piece

    def close(self) -> None:
        """Lets go of the files."""
        for file in self._files:
            file.close()

    @property
    def _files(self) -> list[BinaryIO]:
        return list({id(span.file): span.file for span in self.spans if span.file is not None}.values())

    def _note(self) -> None:
        for file in self._files:
            with suppress(OSError):
                os.utime(file.fileno(), ns=(time.time_ns(), os.fstat(file.fileno()).st_mtime_ns))


def held(data: bytes, modified_ns: int) -> Body:
    """Bytes that are in memory already."""
    return Body((_Span(0, len(data), data),), len(data), modified_ns)


def open_file(path: Path) -> Body:
    """A file as it stands. OSError when it cannot be opened."""
    file = path.open("rb")
    facts = os.fstat(file.fileno())
    return Body((_Span(0, facts.st_size, file=file),), facts.st_size, facts.st_mtime_ns)


def open_parts(parts: Parts, modified_ns: int) -> Body:
    """A whole made of parts, each file opened once. OSError when one is gone or too short."""
    opened: dict[str, Body] = {}
    spans: list[_Span] = []
    at = 0
    try:
        for part in parts.parts:
            if not part.path:
                spans.append(_Span(at, part.size, data=part.data))
            else:
                if part.path not in opened:
                    opened[part.path] = open_file(Path(part.path))
                there = opened[part.path]
                if there.size < part.start + part.size:
                    raise OSError(f"{part.path} holds {there.size} bytes, and {part.start + part.size} were laid out")
                spans.append(_Span(at, part.size, file=there.spans[0].file, begins=part.start))
            at += part.size
    except OSError:
        for body in opened.values():
            body.close()
        raise
    return Body(tuple(spans), at, modified_ns, noted=True)


def note(path: Path) -> None:
    """Marks a file as just read: its time of access alone, since the time of change is told to who asks for it."""
    with suppress(OSError):
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
