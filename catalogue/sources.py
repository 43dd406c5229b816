"""What lies in `docs/`, and which of it has changed since a build last looked.

A file that has the size, the times and the number it had then holds what it held then: it is not read again. One that
was touched as the last build looked is read again, since a second change may hide in the same tick of the clock.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from catalogue.interview import Problem
from catalogue.sheet import Sheet

Stamp = tuple[int, int, int, int]
# Clocks of file systems are coarse: some count in seconds, FAT in pairs of them.
_TICK_NS = 2_000_000_000


class Source(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was when it was read: its size, times (of content and of entry, in nanoseconds) and inode, and the
    hash of its bytes. A stamp of zeros means that nobody may rely on it."""

    stamp: Stamp
    digest: bytes


class KnownSheet(msgspec.Struct, frozen=True, array_like=True):
    """An asset sheet: None when it could not be read."""

    source: Source
    sheet: Sheet | None
    problems: tuple[Problem, ...] = ()


def digest_of(*parts: bytes) -> bytes:
    """The hash by which all things of a build are told apart; parts are told from one another."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        if len(parts) > 1:
            found.update(len(part).to_bytes(8))
        found.update(part)
    return found.digest()


def stamp_of(status: os.stat_result) -> Stamp:
    """What tells that a file was not written since."""
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def source_of(stamp: Stamp, data: bytes, began_ns: int) -> Source:
    """What to remember of a file that a build, begun at a moment, has read."""
    fresh = max(stamp[1], stamp[2]) > began_ns - _TICK_NS
    return Source((0, 0, 0, 0) if fresh else stamp, digest_of(data))


def entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """What lies in a folder, by name; nothing when there is no such folder."""
    try:
        with os.scandir(folder) as found:
            yield from sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        return


def unfit(entry: os.DirEntry[str], docs: Path) -> str | None:
    """What keeps something in `docs` from being read or published, None when nothing does. A link out of there would
    publish what nobody committed, a link to a folder may lead round in a circle, a pipe is never at its end."""
    if entry.is_symlink():
        # Not `Path.resolve`, which raises at a link that leads to itself.
        real = Path(os.path.realpath(entry.path))
        if real.is_dir():
            return "a link to a folder. Put the folder itself here"
        if not (real.is_file() and real.is_relative_to(docs.resolve())):
            return "a link that leads out of docs/, or nowhere. Put the file itself here"
    elif not (entry.is_file() or entry.is_dir()):
        return "neither a file nor a folder. Delete it"
    try:
        entry.name.encode()
    except UnicodeEncodeError:
        return "a name that is not UTF-8. Name the file in letters that every system knows"
    return None


def bytes_of(file: Path) -> bytes | Problem:
    """What stands in a file, or what keeps it from being read."""
    try:
        return file.read_bytes()
    except OSError as error:
        return Problem(line=1, message=f"this file cannot be read ({error.strerror}). Check who may read it")


class Reader:
    """Reads files of a project whose hash is asked for again and again, from the disk only when they changed."""

    def __init__(self, root: Path, known: Mapping[str, Source], began_ns: int) -> None:
        self.root, self.known, self.began_ns = root, known, began_ns
        self.seen: dict[str, Source] = {}

    def digest(self, file: Path) -> bytes:
        """The hash of a file's bytes."""
        name = file.relative_to(self.root).as_posix()
        stamp = stamp_of(file.stat())
        source = self.known.get(name)
        if source is None or source.stamp != stamp:
            source = source_of(stamp, file.read_bytes(), self.began_ns)
        self.seen[name] = source
        return source.digest
