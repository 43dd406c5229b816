"""What a download sends: a file, or a whole that is put together from several. Opened before anything is said of it, so
that one which is replaced or taken away meanwhile is still sent as it was."""

import os
import time
from collections.abc import AsyncIterator
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
    """Bytes of the whole from `start` on: held here, or the beginning of an open file."""

    start: int
    size: int
    data: bytes = b""
    file: BinaryIO | None = None


@dataclass(frozen=True)
class Body:
    """Something open for reading: its size in bytes, and when it was last changed, in nanoseconds since 1970."""

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
            for span in self.spans:
                at, last = max(start, span.start), min(end, span.start + span.size)
                while at < last:
                    if span.file is None:
                        piece = span.data[at - span.start : last - span.start]
                    else:
                        if self.noted and time.monotonic() > noted + _NOTED_S:
                            noted = time.monotonic()
                            await to_thread.run_sync(_note, span.file)
                        most = min(_PIECE, last - at)
                        piece = await to_thread.run_sync(os.pread, span.file.fileno(), most, at - span.start)
                        if not piece:
                            raise OSError(f"the file ended at {at}, {last - at} bytes short")
                    at += len(piece)
                    yield piece
        finally:
            self.close()

    def close(self) -> None:
        """Lets go of the files."""
        for span in self.spans:
            if span.file is not None:
                span.file.close()


def held(data: bytes, modified_ns: int) -> Body:
    """Bytes that are in memory already."""
    return Body((_Span(0, len(data), data),), len(data), modified_ns)


def open_file(path: Path, *, noted: bool = False) -> Body:
    """A file as it stands; `noted` has its reading marked on it. OSError when it cannot be opened."""
    file = path.open("rb")
    facts = os.fstat(file.fileno())
    return Body((_Span(0, facts.st_size, file=file),), facts.st_size, facts.st_mtime_ns, noted)


def open_parts(parts: Parts) -> Body:
    """A whole made of parts. OSError when a file of theirs is gone or is not as long as it was."""
    spans: list[_Span] = []
    at, modified = 0, 0
    try:
        for part in parts.parts:
            if not part.path:
                spans.append(_Span(at, part.size, data=part.data))
            else:
                whole = open_file(Path(part.path))
                spans.append(_Span(at, part.size, file=whole.spans[0].file))
                modified = max(modified, whole.modified_ns)
                if whole.size != part.size:
                    raise OSError(f"{part.path} holds {whole.size} bytes, and {part.size} were laid out")
            at += part.size
    except OSError:
        Body(tuple(spans), at, modified).close()
        raise
    return Body(tuple(spans), at, modified, noted=True)


def note(path: Path) -> None:
    """Marks a file as just read: its time of access alone, since the time of change is told to who asks for it."""
    with suppress(OSError):
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))


def _note(file: BinaryIO) -> None:
    with suppress(OSError):
        os.utime(file.fileno(), ns=(time.time_ns(), os.fstat(file.fileno()).st_mtime_ns))
