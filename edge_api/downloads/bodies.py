"""What a download sends: a file, or a whole that is put together from several. Opened before anything is said of it, so
that one which is replaced or taken away meanwhile is still sent as it was, or not to its end."""

import os
import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from anyio import to_thread

from footage.places.place import Source
from footage.places.stored import StoredFile

from .ahead import Ahead
from .parts import Parts

_PIECE = 256 * 1024
# How often the reading of a file is noted, so that nobody takes it for forgotten.
_NOTED_S = 60.0


@dataclass(frozen=True)
class _Span:
    """Bytes of the whole from `start` on: held here, or those of an open file or of an object from `begins` on."""

    start: int
    size: int
    data: bytes = b""
    file: BinaryIO | StoredFile | None = None
    begins: int = 0


@dataclass(frozen=True)
class Body:
    """Something open for reading: its size in bytes, and when it was last changed, in nanoseconds since 1970.

    `note` is called now and then while it is read, in a thread. `remote` says that some of it must be fetched from a
    bucket, which may fail.
    """

    spans: tuple[_Span, ...]
    size: int
    modified_ns: int
    note: Callable[[], object] | None = None
    remote: bool = False

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes of [start, end), in pieces that a thread reads; closes everything at its end.

        A file that ends too early breaks the transfer (OSError), so that the asker sees it.
        """
        try:
            noted = 0.0
            objects = self._ahead(end) if self.remote else {}
            first = bisect_right(self.spans, start, key=lambda span: span.start) - 1
            for span in self.spans[max(0, first) :]:
                at, last = max(start, span.start), min(end, span.start + span.size)
                while at < last:
                    if span.file is None:
                        piece = span.data[at - span.start : last - span.start]
                    else:
                        if self.note is not None and time.monotonic() > noted + _NOTED_S:
                            noted = time.monotonic()
                            await to_thread.run_sync(self.note)
                        most, place = min(_PIECE, last - at), span.begins + at - span.start
                        if isinstance(span.file, StoredFile):
                            piece = await objects[id(span.file)].read(place, last - at)
                        else:
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
                place, much = span.begins + at, min(most, span.size - at)
                if isinstance(span.file, StoredFile):
                    piece = span.file.fetch(place, place + much)
                else:
                    piece = os.pread(span.file.fileno(), much, place)
                if not piece:
                    raise OSError(f"the file ended {span.size - at} bytes short")
                at += len(piece)
                yield piece

    def close(self) -> None:
        """Lets go of the files."""
        opened = {id(span.file): span.file for span in self.spans if span.file is not None}
        for file in opened.values():
            if not isinstance(file, StoredFile):
                file.close()

    def _ahead(self, end: int) -> dict[int, Ahead]:
        """Each object, to be read as far as it is needed before `end`."""
        ends: dict[int, tuple[StoredFile, int]] = {}
        for span in self.spans:
            if isinstance(span.file, StoredFile) and span.start < end:
                last = span.begins + min(span.size, end - span.start)
                ends[id(span.file)] = span.file, max(last, ends.get(id(span.file), (span.file, 0))[1])
        return {key: Ahead(file, last) for key, (file, last) in ends.items()}


def held(data: bytes, modified_ns: int) -> Body:
    """Bytes that are in memory already."""
    return Body((_Span(0, len(data), data),), len(data), modified_ns)


def open_file(path: Source) -> Body:
    """A file as it stands. OSError when it cannot be opened."""
    if isinstance(path, StoredFile):
        return Body((_Span(0, path.size, file=path),), path.size, path.modified_ns, remote=True)
    file = path.open("rb")
    facts = os.fstat(file.fileno())
    return Body((_Span(0, facts.st_size, file=file),), facts.st_size, facts.st_mtime_ns)


def open_parts(
    parts: Parts, modified_ns: int, sources: Mapping[str, Source], note: Callable[[], object] | None = None
) -> Body:
    """A whole made of parts out of their `sources`, each opened once. OSError when one is gone or too short."""
    opened: dict[str, Body] = {}
    spans: list[_Span] = []
    at = 0
    try:
        for part in parts.parts:
            if not part.path:
                spans.append(_Span(at, part.size, data=part.data))
            else:
                if part.path not in opened:
                    opened[part.path] = open_file(sources[part.path])
                there = opened[part.path]
                if there.size < part.start + part.size:
                    raise OSError(f"{part.path} holds {there.size} bytes, and {part.start + part.size} were laid out")
                spans.append(_Span(at, part.size, file=there.spans[0].file, begins=part.start))
            at += part.size
    except OSError:
        for body in opened.values():
            body.close()
        raise
    return Body(tuple(spans), at, modified_ns, note, any(body.remote for body in opened.values()))
