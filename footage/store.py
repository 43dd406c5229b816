"""The media store: a folder where each master has a place, and each version of it a place inside.

`<id>/<version>/` holds `master.<suffix>` and `index.json`, which are private, and `public/`, which readers see.
`<id>/current.json` names the version in force and is written last, by rename: what it names is whole.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from .errors import UnknownMaster
from .index import Index, index_bytes, index_from

# The posters that lists show: their widths in pixels, and their names.
SMALLER = {720: "poster-720.jpg", 360: "poster-360.jpg"}
PUBLIC = ("proxy.mp4", "poster.jpg", *SMALLER.values(), "storyboard.jpg", "storyboard.vtt", "peaks.json")
_MAKING = ".making-"


class Current(msgspec.Struct, frozen=True):
    """Which version of a master is in force."""

    version: str


class Store:
    """A media store in a folder. Ids and versions come from sheets and from people: anything that is no plain name
    is simply unknown."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self, id: str) -> str | None:
        """The version in force, or None when the master was never ingested whole."""
        try:
            data = (self._folder(id) / "current.json").read_bytes()
            version = msgspec.json.decode(data, type=Current).version
        except (OSError, UnknownMaster, msgspec.MsgspecError):
            return None
        return version if (self._folder(id) / version).is_dir() else None

    def master(self, id: str, version: str) -> Path:
        """The master file of a version. UnknownMaster when there is none."""
        folder = self._version(id, version)
        try:
            # A plain listing: this is asked before every part of a download, and glob takes five times as long.
            return folder / min(name for name in os.listdir(folder) if name.startswith("master."))
        except (OSError, ValueError):
            raise self._unknown(id) from None

    def index(self, id: str, version: str) -> Index:
        """What was computed of a version at ingest. UnknownMaster when there is none that this program reads."""
        try:
            return index_from((self._version(id, version) / "index.json").read_bytes())
        except (OSError, msgspec.MsgspecError) as error:
            raise self._unknown(id) from error

    def public(self, id: str, version: str, name: str) -> Path | None:
        """A file that readers may see, or None."""
        if name not in PUBLIC or not plain(id) or not plain(version):
            return None
        path = self.root / id / version / "public" / name
        if name in SMALLER.values() and not path.is_file():
            # A film taken in before there were smaller ones shows the whole poster, until it is ingested again.
            path = path.with_name("poster.jpg")
        return path if path.is_file() else None

    def whole(self, id: str, version: str) -> bool:
        """Whether a version stands: its folder appears by one rename, with everything inside."""
        return plain(id) and plain(version) and (self.root / id / version / "index.json").is_file()

    @contextmanager
    def making(self, id: str) -> Iterator[Path]:
        """A new folder in which a version is made, gone afterwards unless renamed. One at a time for each master;
        what a killed run left is removed."""
        home = self._folder(id)
        home.mkdir(parents=True, exist_ok=True)
        with (home / ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left in home.glob(f"{_MAKING}*"):
                shutil.rmtree(left)
            folder = Path(tempfile.mkdtemp(prefix=_MAKING, dir=home))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def keep(self, id: str, version: str, made: Path) -> None:
        """Puts a folder made whole in its place."""
        made.chmod(0o755)
        made.replace(self._folder(id) / version)

    def keep_index(self, id: str, version: str, index: Index) -> None:
        """Replaces the index of a version that stands, when a newer program understands more of the same master."""
        path, data = self._version(id, version) / "index.json", index_bytes(index)
        if path.read_bytes() != data:
            write_whole(path, data)

    def put_in_force(self, id: str, version: str) -> None:
        """Names the version that pages and clips use from now on."""
        if self.current(id) != version:
            write_whole(self._folder(id) / "current.json", msgspec.json.encode(Current(version)) + b"\n")

    def _folder(self, id: str) -> Path:
        if not plain(id):
            raise self._unknown(id)
        return self.root / id

    def _version(self, id: str, version: str) -> Path:
        if not plain(version):
            raise self._unknown(id)
        return self._folder(id) / version

    def _unknown(self, id: str) -> UnknownMaster:
        return UnknownMaster(id, "is neither a file nor an ingested master", f"duplex ingest FILE --id {id or 'ID'}")


def plain(name: str) -> bool:
    """Whether a name is letters, digits, `-`, `_`, `.`, with no dot in front: such a name cannot leave its folder."""
    return 0 < len(name) <= 100 and name[0] != "." and name.isascii() and name.translate(_PLAIN).isalnum()


_PLAIN = str.maketrans("-_.", "aaa")


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file so that it is either as before or whole."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    part.replace(path)
