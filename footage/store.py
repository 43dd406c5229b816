"""The media store: a folder or a bucket where each master has a place, and each version of it a place inside.

`<id>/<version>/` holds `master.<suffix>`, `index.json`, `sheet.json` and, of a master that has content credentials,
`ingredient.c2pa`, which are private, and `public/`, which readers see. `<id>/current.json` names the version in
force and is written last: what it names is whole.
"""

from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from catalogue.sheet import Sheet

from .errors import StorageAway, UnknownMaster
from .places.folder import write_whole
from .places.place import Place, Source, place_of
from .reading.index import Index, index_bytes, index_from

# The posters that lists show: their widths in pixels, and their names.
SMALLER = {720: "poster-720.jpg", 360: "poster-360.jpg"}
PUBLIC = ("proxy.mp4", "poster.jpg", *SMALLER.values(), "storyboard.jpg", "storyboard.vtt", "peaks.json")
_INDEX, _SHEET, _INGREDIENT = "index.json", "sheet.json", "ingredient.c2pa"


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
        """The master of a version. UnknownMaster when there is none."""
        found = self.place.right_in(self._version(id, version), "master.")
        if not found:
            raise self._unknown(id)
        return found[0]

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


def plain(name: str) -> bool:
    """Whether a name is letters, digits, `-`, `_`, `.`, with no dot in front: such a name cannot leave its folder."""
    return 0 < len(name) <= 100 and name[0] != "." and name.isascii() and name.translate(_PLAIN).isalnum()


_PLAIN = str.maketrans("-_.", "aaa")
