"""A file read by ranges from elsewhere as programs read files: a little ahead, and more while one goes straight on."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Fetch = Callable[[int, int], bytes]
"""Bytes [start, stop) of the file, all of them. OSError when they cannot be had."""

_LEAST, _MOST = 64 * 1024, 1024 * 1024
_BUFFER = 32 * 1024


class _Ranges(io.RawIOBase):
    """What was fetched last, and where reading stands."""

    def __init__(self, name: str, fetch: Fetch, size: int) -> None:
        self.name, self._fetch, self._size = name, fetch, size
        self._at, self._begins, self._data, self._step = 0, 0, b"", _LEAST

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begins = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, begins + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), self._size - self._at)
        if wanted <= 0:
            return 0
        if not self._begins <= self._at < self._begins + len(self._data):
            self._look(wanted)
        begins = self._at - self._begins
        given = self._data[begins : begins + wanted]
        view[: len(given)] = given
        self._at += len(given)
        return len(given)

    def _look(self, wanted: int) -> None:
        """Fetches from where reading stands: twice as much as last time when it went straight on."""
        gone = self._at - (self._begins + len(self._data))
        self._step = min(_MOST, 2 * self._step) if self._data and 0 <= gone <= _LEAST else _LEAST
        stop = min(self._size, self._at + max(wanted, self._step))
        self._begins, self._data = self._at, self._fetch(self._at, stop)


def ranged(name: str, fetch: Fetch, size: int) -> io.BufferedReader:
    """The file, open for reading."""
    return io.BufferedReader(_Ranges(name, fetch, size), _BUFFER)
