"""Where the files of a site are laid out before any of them is published: only those that differ from what stands."""

import os
from collections.abc import Set
from pathlib import Path

from catalogue.building.state import Output
from catalogue.sources import digest_of


class Tray:
    """Takes the bytes of files by their path from the root of the site. `wrong` are those that the site has lost, or
    that somebody else has changed there."""

    def __init__(self, folder: Path, site: Path, wrong: Set[str] = frozenset()) -> None:
        self.folder, self.site, self.wrong = folder, site, wrong

    def put(self, name: str, data: bytes, known: Output | None) -> Output:
        """Lays out a file, unless it is `known` to stand in the site just so."""
        output = Output(len(data), digest_of(data))
        if known is not None and known.digest == output.digest and name not in self.wrong:
            return known
        if known is None and self.stands(name, data):
            return output
        self.write(name, data)
        return output

    def stands(self, name: str, data: bytes) -> bool:
        """The site has a file with these bytes, whatever is known of it."""
        file = self.site / name
        try:
            return file.stat().st_size == len(data) and file.read_bytes() == data
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return False

    def stands_long(self, name: str, size: int) -> bool:
        """The site has a file of this length in bytes."""
        try:
            return os.stat(f"{self.site}/{name}").st_size == size
        except (FileNotFoundError, NotADirectoryError):
            return False

    def append(self, name: str, data: bytes) -> bool:
        """Adds to a file that was laid out; says whether there is one."""
        try:
            handle = os.open(f"{self.folder}/{name}", os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError:
            return False
        _pour(handle, data)
        return True

    def write(self, name: str, data: bytes) -> None:
        """Lays out a file, whatever stands."""
        path = f"{self.folder}/{name}"
        try:
            _write(path, data)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            _write(path, data)


def _write(path: str, data: bytes) -> None:
    """Without a buffer and the questions that come with one: a large archive has files by the hundred thousand."""
    _pour(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666), data)


def _pour(handle: int, data: bytes) -> None:
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)
