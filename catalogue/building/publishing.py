"""The site put in place: everything is made first, beside it; then it is moved in, file by file or folder by folder.

What is to be moved lies in a tree of the same shape as the site. A journal is written before the first move, so that a
build killed at any moment leaves either the site that stood, or a journal by which the next build ends the move.
A reader sees of each file the old one or the new one, never half of either.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

# Every site that was published here has this file, and nothing else is ever cleared away.
SIGN = "catalogue.json"


class NotASite(Exception):
    """The folder to publish into holds something that is no site of ours."""


class HalfMoved(OSError):
    """Something kept what was made from being moved into the site to its end. The journal is there: the next build goes
    on with it."""


class Published(msgspec.Struct, frozen=True):
    """How many files the site has, and how many were written and deleted to get there."""

    files: int
    written: int
    deleted: int

    def told(self, site: str) -> str:
        """The same in a sentence."""
        if not (self.written or self.deleted):
            return f"{site}/ is up to date."
        return f"{self.files} files in {site}/, {self.written} written, {self.deleted} deleted."


class Journal(msgspec.Struct, frozen=True):
    """What is left to do: trees and files to move, in this order, each with where it goes, and `gone`, what to delete
    before the last of them. Paths are absolute."""

    moves: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]


def settle(journal: Journal, file: Path) -> None:
    """Does what a journal says, having written it to a file first. HalfMoved leaves the journal, for the next build;
    any other OSError comes before anything was touched."""
    for source, target in journal.moves:
        _check_room(Path(source), Path(target))
    half = file.with_name(f"{file.name}.half")
    with half.open("wb") as stream:
        stream.write(msgspec.msgpack.encode(journal))
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(half, file)
    resume(file)


def resume(file: Path) -> bool:
    """Ends what a build that was killed had begun to move; says whether there was anything. HalfMoved."""
    try:
        journal = msgspec.msgpack.decode(file.read_bytes(), type=Journal)
    except FileNotFoundError:
        return False
    *before, last = journal.moves
    try:
        for source, target in before:
            _merge(Path(source), Path(target))
        for name in journal.gone:
            _delete(Path(name))
        _merge(Path(last[0]), Path(last[1]))
        file.unlink()
    except OSError as error:
        raise HalfMoved(error.errno, error.strerror, error.filename2 or error.filename) from error
    return True


def _check_room(laid: Path, site: Path) -> None:
    """OSError when the disk of a folder has no room for a tree that is to be moved there. Within one disk a move takes
    none; onto another one, a disk that fills up on the way would leave the site half new."""
    if not (laid.is_dir() and site.is_dir()) or laid.stat().st_dev == site.stat().st_dev:
        return
    disk = os.statvfs(site)
    largest = grown = 0
    for name, entry in standing(laid):
        size = _on_disk(entry.stat(follow_symlinks=False).st_size, disk.f_frsize)
        try:
            stands = _on_disk((site / name).stat().st_size, disk.f_frsize)
        except OSError:
            stands = 0
        # The old one is there until the new one is whole.
        largest, grown = max(largest, size), grown + size - stands
    if grown + largest > disk.f_bavail * disk.f_frsize:
        raise OSError(errno.ENOSPC, f"{os.strerror(errno.ENOSPC)} for {grown // 1_000_000 + 1} MB more", str(site))


def _on_disk(size: int, block: int) -> int:
    return -(-size // block) * block


def check_site(site: Path) -> None:
    """NotASite when a folder holds files, and none of them says that it is a site of ours; OSError when it cannot be
    written."""
    if site.is_dir() and not (site / SIGN).is_file() and any(file.is_file() for file in site.rglob("*")):
        raise NotASite(f"{site} holds files that are no site of Duplex. Empty it, or set DUPLEX_SITE to another folder")
    # Tried before anything is made: a journal for a place that cannot be written would stand in the way for ever.
    site.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=site):
        pass


def _merge(source: Path, target: Path) -> None:
    """Moves a file or a tree to its place. What is not in the tree stays; what has been moved already is no longer
    there, so that this may be done again. Pages come after what they show, the manifest after the pages."""
    try:
        entries = sorted(os.scandir(source), key=_late)
    except FileNotFoundError:
        return
    except NotADirectoryError:
        _move(source, target)
        return
    if not target.is_dir():
        _delete(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        if _renamed(source, target):
            return
        target.mkdir()
    for entry in entries:
        place = target / entry.name
        if entry.is_dir(follow_symlinks=False):
            _merge(Path(entry.path), place)
        else:
            _move(Path(entry.path), place)
    source.rmdir()


def _late(entry: os.DirEntry[str]) -> tuple[int, str]:
    folder = entry.is_dir(follow_symlinks=False)
    # A compressed twin goes with its file.
    name = entry.name.removesuffix(".gz").removesuffix(".br")
    rank = 0 if name == "assets" else 3 if name == SIGN else 2 if name.endswith(".html") else 1
    return (rank if not folder or rank == 0 else 1, entry.name)


def _move(source: Path, target: Path) -> None:
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not _renamed(source, target):
        half = target.with_name(f".{target.name}.half")
        shutil.copyfile(source, half)
        os.replace(half, target)
        source.unlink()


def _renamed(source: Path, target: Path) -> bool:
    """Moves by name alone; False when the two lie on different disks."""
    try:
        os.replace(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True


def _delete(file: Path) -> None:
    """Deletes a file, and the folders that it leaves empty."""
    try:
        file.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return
    _prune(file.parent)


def _prune(folder: Path) -> None:
    """Deletes a folder if it is empty, and those above it."""
    try:
        folder.rmdir()
    except OSError:
        return
    _prune(folder.parent)


def standing(site: Path) -> Iterable[tuple[str, os.DirEntry[str]]]:
    """Every file below a folder: its path from there, and its entry."""
    folders = [""]
    while folders:
        below = folders.pop()
        try:
            with os.scandir(site / below) as found:
                for entry in found:
                    name = f"{below}{entry.name}"
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{name}/")
                    else:
                        yield name, entry
        except FileNotFoundError:
            continue
