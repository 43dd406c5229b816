"""Things kept in an S3-compatible bucket under names with slashes: a put is seen whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import BadTarget, StorageAway
from .folder import Folder, Kept
from .stored import StoredFile, client, found, heard

if TYPE_CHECKING:
    from obstore.store import S3Store

_PART = 5 << 20
_PARTS_AT_MOST = 9_000
_AT_ONCE = 4
# How often the reading of an object is noted beside it, so that nobody takes it for forgotten.
_NOTED_S = 60.0
_READ = ".read/"
_BENCH, _DESK = "duplex-bench-", "duplex-desk-"


class Bucket:
    """A place in a bucket, or under a prefix of it. Everything that asks it raises StorageAway when it does not answer
    or refuses."""

    def __init__(self, address: str) -> None:
        """`address` is s3://BUCKET/PREFIX?endpoint=…&region=…&timeout=…, each of the options to be left out; nothing is
        asked yet."""
        if find_spec("obstore") is None:
            raise StorageAway("s3://", "is read by a package that is not installed", "scripts/install s3")
        parts = urlsplit(address)
        self.bucket, self.prefix, self.query = parts.netloc, parts.path.strip("/"), parts.query
        self._noted: dict[str, float] = {}

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    @cached_property
    def client(self) -> S3Store:
        """What speaks to the bucket. StorageAway when it cannot be set up."""
        return client(self.bucket, self.query)

    def key(self, name: str) -> str:
        """The name with the prefix in front."""
        return f"{self.prefix}/{name}".strip("/")

    def find(self, name: str) -> StoredFile | None:
        """What is kept under a name, to be read; None when nothing is."""
        import obstore

        try:
            with heard(self.bucket):
                return found(self.bucket, self.query, obstore.head(self.client, self.key(name)))
        except FileNotFoundError:
            return None

    def read(self, name: str) -> bytes:
        """The bytes kept under a name. OSError when there are none."""
        import obstore

        with heard(self.bucket):
            return bytes(obstore.get(self.client, self.key(name)).bytes())

    def right_in(self, name: str, beginning: str) -> list[StoredFile]:
        """What is kept right under a name and begins so, in the order of the alphabet."""
        import obstore

        with heard(self.bucket):
            told = obstore.list_with_delimiter(self.client, self.key(name))["objects"]
        # Some servers list the prefix itself, as if it were a folder.
        files = [found(self.bucket, self.query, each) for each in told if each["path"] != self.key(name)]
        return sorted((file for file in files if file.name.startswith(beginning)), key=lambda file: file.key)

    def write(self, name: str, data: bytes) -> None:
        """Keeps bytes under a name: it holds them whole, or what it held before."""
        import obstore

        with heard(self.bucket):
            obstore.put(self.client, self.key(name), data)

    @contextmanager
    def making(self, name: str, of: str) -> Iterator[Path]:
        """A folder of this machine in which something is made `of` a file, as `Folder.making` has it. What a run left
        that was stopped, or that the bucket did not answer, is there again."""
        with self._desk().making(name, of) as folder:
            yield folder

    def left(self, name: str, of: str) -> Path:
        """Where something is made `of` a file; it may not be there."""
        return self._desk().left(name, of)

    def _desk(self) -> Folder:
        """Where things for this bucket are made on this machine, closed to its other users. BadTarget when one of them
        stands in the way."""
        from hashlib import sha256

        desk = Path(tempfile.gettempdir()) / f"{_DESK}{os.getuid()}"
        desk.mkdir(mode=0o700, exist_ok=True)
        state = desk.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid():
            raise BadTarget(str(desk), "belongs to somebody else", "remove it, or name another folder in TMPDIR")
        return Folder(desk / sha256(str(self).encode()).hexdigest()[:12])

    def bring(self, file: Path, to: Path) -> None:
        """Puts a film into a folder that is being made: by a link, for it is read once more, to be sent."""
        to.unlink(missing_ok=True)
        to.symlink_to(file.resolve())

    def keep(self, made: Path, name: str, last: str) -> None:
        """Keeps a folder made whole under a name; the file named `last` follows the others: it says that all are. Names
        that begin with a dot are not kept, and what a stopped run has sent is not sent again."""
        files = sorted(path for path in made.rglob("[!.]*") if path.is_file())
        for path in sorted(files, key=lambda path: path == made / last):
            target = f"{name}/{path.relative_to(made).as_posix()}"
            if not self._sent(path, target):
                self._send(path, target)

    def _sent(self, path: Path, name: str) -> bool:
        """Whether an object is this file: as large, and sent since it was last written to."""
        there, here = self.find(name), path.stat()
        return there is not None and there.size == here.st_size and there.modified_ns > here.st_mtime_ns

    @contextmanager
    def bench(self) -> Iterator[Path]:
        """Where files are made that are then `take`n: a folder of this machine, gone afterwards."""
        with tempfile.TemporaryDirectory(prefix=_BENCH) as folder:
            yield Path(folder)

    def take(self, bench: Path) -> None:
        """Keeps what was made on the bench, each file under its name."""
        for path in sorted(bench.glob("[!.]*")):
            self._send(path, path.name)

    def kept(self) -> Iterator[Kept]:
        """Every object right under the prefix; beside each stands when it was last read."""
        read = {file.name: file.modified_ns for file in self.right_in(_READ.strip("/"), "")}
        for file in self.right_in("", ""):
            yield Kept(file.name, file.size, max(file.modified_ns, read.get(file.name, 0)) // 1_000_000)

    def note(self, source: object) -> None:
        """Marks an object of this place as just read, once a minute at most: an empty one beside it has that time."""
        if not isinstance(source, StoredFile) or (source.bucket, source.key) != (self.bucket, self.key(source.name)):
            return
        now = time.monotonic()
        if now > self._noted.get(source.name, -_NOTED_S) + _NOTED_S:
            self._noted = {name: at for name, at in self._noted.items() if now <= at + _NOTED_S} | {source.name: now}
            with suppress(OSError):
                self.write(_READ + source.name, b"")

    def remove(self, name: str) -> None:
        """Removes what is kept under a name, if anything is."""
        import obstore

        with heard(self.bucket), suppress(FileNotFoundError):
            obstore.delete(self.client, [self.key(name), self.key(_READ + name)])

    def sweep(self, before_ms: int) -> None:
        """Removes benches that a killed process left on this machine and that were not written to since then. Uploads
        that were broken off are ended by a rule of the bucket."""
        for bench in Path(tempfile.gettempdir()).glob(f"{_BENCH}*"):
            with suppress(OSError):  # its process may take it away meanwhile
                state = bench.lstat()
                written = max(path.lstat().st_mtime for path in (bench, *bench.iterdir()))
                if state.st_uid == os.getuid() and written < before_ms / 1000:
                    shutil.rmtree(bench, ignore_errors=True)

    def answers(self) -> bool:
        """Whether it can be read now."""
        try:
            self.right_in(".answers", "")
        except (StorageAway, FileNotFoundError):  # the second for a bucket that is not there
            return False
        return True

    def _send(self, path: Path, name: str) -> None:
        import obstore

        part = max(_PART, path.stat().st_size // _PARTS_AT_MOST + 1)
        patient = client(self.bucket, self.query, sending=True)
        with heard(self.bucket):
            obstore.put(patient, self.key(name), path, chunk_size=part, max_concurrency=_AT_ONCE)
