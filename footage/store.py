"""The media store: a folder or a bucket where each master has a place, and each version of it a place inside.

`<id>/<version>/` holds `master.<suffix>`, `index.json`, `sheet.json` and, of a master that has content credentials,
`ingredient.c2pa`, which are private, and `public/`, which readers see. `<id>/current.json` names the version in
force and is written last: what it names is whole. A master that is a link to the file it was taken in from, and so can
be written over there, has `taken.json` beside it: the stamp it had.
"""

from contextlib import AbstractContextManager, suppress
from pathlib import Path

import msgspec

from catalogue.sheet import Sheet

from .errors import StorageAway, UnknownMaster
from .places.folder import write_whole
from .places.place import Place, Source, place_of
from .reading.index import Index, index_bytes, index_from
from .reading.wholeness import Stamp, stamp_of

# The posters that lists show: their widths in pixels, and their names.
SMALLER = {720: "poster-720.jpg", 360: "poster-360.jpg"}
PUBLIC = ("proxy.mp4", "poster.jpg", *SMALLER.values(), "storyboard.jpg", "storyboard.vtt", "peaks.json")
_INDEX, _SHEET, _INGREDIENT, _TAKEN = "index.json", "sheet.json", "ingredient.c2pa", "taken.json"


class Current(msgspec.Struct, frozen=True):
    """Which version of a master is in force."""

    version: str


class Store:
    """A media store in a place. Ids and versions come from sheets and from people: anything that is no plain name is
    simply unknown. StorageAway from everything when the place is a bucket that does not answer."""

    def __init__(self, root: str | Path) -> None:
        """`root` is a folder, or the address of a bucket."""
        self.place: Place = place_of(root)

    def current(self, id: str) -> str | None:
        """The version in force, or None when the master was never ingested whole."""
        try:
            data = self.place.read(f"{self._home(id)}/current.json")
            version = msgspec.json.decode(data, type=Current).version
        except StorageAway:
            raise
        except (OSError, UnknownMaster, msgspec.MsgspecError):
            return None
        return version if self.whole(id, version) else None

    def master(self, id: str, version: str) -> Source:
        """The master of a version. UnknownMaster when there is none, or it was written over since it was taken in."""
        place = self._version(id, version)
        found = self.place.right_in(place, "master.")
        if not found:
            raise self._unknown(id)
        if isinstance(found[0], Path) and not self._as_taken(place, found[0]):
            what = "was written over where it came from since it was ingested"
            raise UnknownMaster(id, what, f"ingest the film that is there now: duplex ingest FILE --id {id}")
        return found[0]

    def _as_taken(self, place: str, master: Path) -> bool:
        """Whether a master is what it was. One that was copied since, as stores are, has another time and no link."""
        if (links := master.stat().st_nlink) == 1 and self.place.find(f"{place}/{_TAKEN}") is None:
            return True
        try:
            size, time = msgspec.json.decode(self.place.read(f"{place}/{_TAKEN}"), type=Stamp)
        except (OSError, msgspec.MsgspecError):
            return True
        now = stamp_of(master)
        return now[0] == size and (now[1] == time or links == 1)

    def mend_master(self, id: str, version: str, file: Path) -> None:
        """Brings the master of a version that stands again, from a file that holds the same, when it was written over
        or is gone. In a bucket nobody writes over it."""
        place = self._version(id, version)
        index = self.place.find(f"{place}/{_INDEX}")
        with suppress(UnknownMaster):
            self.master(id, version)
            return
        if isinstance(index, Path):
            part = index.with_name(".master.part")
            self.place.bring(file, part)
            for old in index.parent.glob("master.*"):
                old.unlink()
            part.rename(index.with_name(f"master{file.suffix.lower()}"))
            _note_taken(index.parent)

    def index(self, id: str, version: str) -> Index:
        """What was computed of a version at ingest. UnknownMaster when there is none that this program reads."""
        try:
            return index_from(self.place.read(f"{self._version(id, version)}/{_INDEX}"))
        except StorageAway:
            raise
        except (OSError, msgspec.MsgspecError) as error:
            raise self._unknown(id) from error

    def sheet(self, id: str, version: str) -> Sheet | None:
        """The sheet that was written of a version; None when there is none that this program reads."""
        try:
            return msgspec.json.decode(self.place.read(f"{self._version(id, version)}/{_SHEET}"), type=Sheet)
        except StorageAway:
            raise
        except (OSError, msgspec.MsgspecError):
            return None

    def ingredient(self, id: str, version: str) -> bytes:
        """The content credentials that a master brings with it, as `provenance` keeps them; nothing without any."""
        try:
            return self.place.read(f"{self._version(id, version)}/{_INGREDIENT}")
        except StorageAway:
            raise
        except OSError:
            return b""

    def keep_ingredient(self, id: str, version: str, ingredient: bytes) -> None:
        """Adds them to a version that stands, or replaces them."""
        if ingredient and ingredient != self.ingredient(id, version):
            self.place.write(f"{self._version(id, version)}/{_INGREDIENT}", ingredient)

    def public(self, id: str, version: str, name: str) -> Source | None:
        """A file that readers may see, or None."""
        if name not in PUBLIC or not plain(id) or not plain(version):
            return None
        found = self.place.find(f"{id}/{version}/public/{name}")
        if found is None and name in SMALLER.values():
            # A film taken in before there were smaller ones shows the whole poster, until it is ingested again.
            return self.place.find(f"{id}/{version}/public/poster.jpg")
        return found

    def whole(self, id: str, version: str) -> bool:
        """Whether a version stands: its index appears last, or all of it at once."""
        return plain(id) and plain(version) and self.place.find(f"{id}/{version}/{_INDEX}") is not None

    def making(self, id: str, of: str) -> AbstractContextManager[Path]:
        """The folder in which a version is made `of` a file as it is, gone when it was kept or refused: one at a
        time for each master on a machine. What a stopped run left of the same file is there again."""
        return self.place.making(self._home(id), of)

    def left(self, id: str, of: str) -> Index | None:
        """The index that a stopped run left of the same file."""
        try:
            return index_from((self.place.left(self._home(id), of) / _INDEX).read_bytes())
        except (OSError, msgspec.MsgspecError):
            return None

    def write_index(self, made: Path, index: Index) -> None:
        """Writes the index into the folder of a version that is being made."""
        write_whole(made / _INDEX, index_bytes(index))

    def write_parts(self, made: Path, index: Index, sheet: Sheet, ingredient: bytes) -> None:
        """Writes index, sheet and ingredient into the folder of a version that is being made."""
        if ingredient:
            (made / _INGREDIENT).write_bytes(ingredient)
        _note_taken(made)
        self.write_index(made, index)
        (made / _SHEET).write_bytes(msgspec.json.encode(sheet))

    def keep(self, id: str, version: str, made: Path) -> None:
        """Puts a folder made whole in its place."""
        self.place.keep(made, self._version(id, version), _INDEX)

    def keep_index(self, id: str, version: str, index: Index) -> None:
        """Replaces the index of a version that stands, when a newer program understands more of the same master."""
        name, data = f"{self._version(id, version)}/{_INDEX}", index_bytes(index)
        if self.place.read(name) != data:
            self.place.write(name, data)

    def keep_sheet(self, sheet: Sheet) -> None:
        """Replaces the sheet of a version that stands, likewise."""
        self.place.write(f"{self._version(sheet.id, sheet.version)}/{_SHEET}", msgspec.json.encode(sheet))

    def put_in_force(self, id: str, version: str) -> None:
        """Names the version that pages and clips use from now on."""
        if self.current(id) != version:
            self.place.write(f"{self._home(id)}/current.json", msgspec.json.encode(Current(version)) + b"\n")

    def _home(self, id: str) -> str:
        if not plain(id):
            raise self._unknown(id)
        return id

    def _version(self, id: str, version: str) -> str:
        if not plain(version):
            raise self._unknown(id)
        return f"{self._home(id)}/{version}"

    def _unknown(self, id: str) -> UnknownMaster:
        return UnknownMaster(id, "is neither a file nor an ingested master", f"duplex ingest FILE --id {id or 'ID'}")


def _note_taken(folder: Path) -> None:
    """Writes beside a master the stamp that it has, when it is a link."""
    linked = [stamp_of(master) for master in folder.glob("master.*") if master.stat().st_nlink > 1]
    (folder / _TAKEN).unlink(missing_ok=True)
    for stamp in linked:
        write_whole(folder / _TAKEN, msgspec.json.encode(stamp))


def plain(name: str) -> bool:
    """Whether a name is letters, digits, `-`, `_`, `.`, with no dot in front: such a name cannot leave its folder."""
    return 0 < len(name) <= 100 and name[0] != "." and name.isascii() and name.translate(_PLAIN).isalnum()


_PLAIN = str.maketrans("-_.", "aaa")
