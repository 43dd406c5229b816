"""An object of a bucket, read in large ranges although it is asked for in small ones: the first is short, so that
something arrives at once."""

from footage.places.stored import StoredFile

_FIRST, _MOST = 256 * 1024, 4 * 1024 * 1024


class Ahead:
    """Reads one object for one transfer; no byte at or behind `end`."""

    def __init__(self, file: StoredFile, end: int) -> None:
        self._file, self._end = file, end
        self._begins, self._data, self._step = 0, b"", _FIRST

    async def read(self, at: int, most: int) -> bytes:
        """Bytes from a place on: at least one, at most so many. OSError when they cannot be had."""
        begins = at - self._begins
        if not 0 <= begins < len(self._data):
            self._data = await self._file.read(at, min(self._end, at + self._step))
            self._begins, begins, self._step = at, 0, min(_MOST, 4 * self._step)
        return self._data[begins : begins + most]
