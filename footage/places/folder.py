"""Things kept in a folder under names with slashes: each appears by one rename, so what is there is whole."""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from ..errors import FootageError, StorageAway

_MAKING = ".making-"


class Kept(msgspec.Struct, frozen=True):
    """Something that stands in a place: its size in bytes and when it was last read, in milliseconds since 1970."""

    name: str
    size: int
    read_ms: int


class Folder:
    """A place in a folder. `bucket.Bucket` does the same in a bucket."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return str(self.path)

    def find(self, name: str) -> Path | None:
        """What is kept under a name, to be opened; None when nothing is."""
        path = self.path / name
        return path if path.is_file() else None

    def read(self, name: str) -> bytes:
        """The bytes kept under a name. OSError when there are none."""
        return (self.path / name).read_bytes()

    def right_in(self, name: str, beginning: str) -> list[Path]:
        """What is kept right under a name and begins so, in the order of the alphabet."""
        folder = self.path / name
        try:
            # A plain listing: this is asked before every part of a download, and glob takes five times as long.
            found = sorted(each for each in os.listdir(folder) if each.startswith(beginning))
        except OSError:
            return []
        return [path for each in found if (path := folder / each).is_file()]

    def write(self, name: str, data: bytes) -> None:
        """Keeps bytes under a name: it holds them whole, or what it held before."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)

    @contextmanager
    def making(self, name: str, of: str) -> Iterator[Path]:
        """The folder in which something is made `of` a file, whose name says that it is still the same file.

        One at a time for each name. What a run that was stopped left of the same file is there again, of another it is
        removed. It is gone when the file is refused, or what was made was `keep`t; not when a bucket is waited for.
        """
        home = self.path / name
        home.mkdir(parents=True, exist_ok=True)
        with (home / ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            folder = self.left(name, of)
            for left in home.glob(f"{_MAKING}*"):
                if left != folder:
                    shutil.rmtree(left)
            folder.mkdir(mode=0o700, exist_ok=True)
            try:
                yield folder
            except StorageAway:
                raise
            except (FootageError, OSError):
                shutil.rmtree(folder, ignore_errors=True)
                raise
            shutil.rmtree(folder, ignore_errors=True)

    def left(self, name: str, of: str) -> Path:
        """Where something is made `of` a file; it may not be there."""
        return self.path / name / f"{_MAKING}{of}"

    def bring(self, file: Path, to: Path) -> None:
        """Puts a film into a folder that is being made: linked when it lies on the same disk, else copied."""
        to.unlink(missing_ok=True)
        try:
            os.link(file.resolve(), to)
        except OSError:
            shutil.copyfile(file, to)

    def keep(self, made: Path, name: str, last: str) -> None:
        """Keeps a folder made whole, with the file named `last` in it, under a name. Names that begin with a dot are
        not kept."""
        assert (made / last).is_file()
        for path in made.glob(".*"):
            path.unlink()
        for path in made.rglob("*"):
            if path.is_file():
                settle(path)
        made.chmod(0o755)
        made.replace(self.path / name)

    @contextmanager
    def bench(self) -> Iterator[Path]:
        """Where files are made that are then `take`n: here, since each gets its name by a rename."""
        self.path.mkdir(parents=True, exist_ok=True)
        yield self.path

    def take(self, bench: Path) -> None:
        """Keeps what was made on the bench: it is in its place already."""

    def kept(self) -> Iterator[Kept]:
        """Every file right in the folder."""
        for path in self.path.glob("[!.]*"):
            with suppress(OSError):
                facts = path.stat()
                yield Kept(path.name, facts.st_size, max(facts.st_atime_ns, facts.st_mtime_ns) // 1_000_000)

    def note(self, source: object) -> None:
        """Marks a file as just read: its time of access alone, since the time of change is told to who asks for it."""
        if isinstance(source, Path):
            with suppress(OSError):
                os.utime(source, ns=(time.time_ns(), source.stat().st_mtime_ns))

    def remove(self, name: str) -> None:
        """Removes what is kept under a name, if anything is."""
        (self.path / name).unlink(missing_ok=True)

    def sweep(self, before_ms: int) -> None:
        """Removes what was left half-made and has not been written to since then."""
        for part in self.path.glob(".*.part*"):
            with suppress(OSError):  # its own encoder may have renamed it meanwhile
                if part.stat().st_mtime < before_ms / 1000:
                    part.unlink()

    def answers(self) -> bool:
        """Whether it is there."""
        return self.path.is_dir()


def settle(file: Path) -> None:
    """Waits until a file's bytes are on the disk: what then gets its name is whole after a power cut too."""
    with file.open("rb") as handle:
        os.fsync(handle.fileno())


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file so that it is either as before or whole, after a power cut too."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    settle(part)
    part.replace(path)
