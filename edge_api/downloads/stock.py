"""What was made and stands: its names in the place it is kept in, its bytes, and how it goes.

A file that stands under the name of its content is whole, because it got that name by a rename.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from footage.errors import FootageError, StorageAway
from footage.places.place import Place, Source, place_of

from .bodies import Body, open_parts
from .clip_order import ClipOrder
from .eviction import QUIET_MS, evicted
from .library import Library, standing
from .parts import Parts, kept_clip, named, read_parts, whole_file

LAYOUT, KEPT = ".parts", ".kept"
_ABANDONED_S = 60 * 60


@dataclass(frozen=True)
class _Standing:
    """What was made and is whole: its parts, the files they lie in, and which of these is its own."""

    parts: Parts
    sources: Mapping[str, Source]
    made: Source


class Stock:
    """What was made of orders, in a place: a folder or a bucket. `library` knows the films that are taken as they are.

    Where it `keeps`, a clip that can be read out of its master is not written: what is its own lies in the place.
    """

    def __init__(self, place: str | Path, library: Library, *, keeps: bool = True) -> None:
        self.place: Place = place_of(place)
        self.keeps = keeps
        self._library = library

    def name(self, order: ClipOrder) -> str:
        """The name of what is made for an order: the file, or the layout of a package."""
        return f"{order.key}{LAYOUT if order.package else order.suffix}"

    def parts(self, order: ClipOrder) -> Parts | None:
        """What a member gets, piece by piece; None while it is not made, or no longer whole. StorageAway when nobody
        says."""
        found = self._standing(order)
        return None if found is None else found.parts

    def size(self, order: ClipOrder) -> int | None:
        """How many bytes a member gets; None while it is not made, or no longer whole. StorageAway likewise."""
        parts = self.parts(order)
        return None if parts is None else parts.size

    def open(self, order: ClipOrder) -> Body:
        """What a member gets, open for reading. OSError when it does not stand."""
        found = self._standing(order)
        if found is None:
            raise FileNotFoundError(self.name(order))
        sources = {id(source): source for source in (found.made, *found.sources.values())}.values()

        def note() -> None:
            for source in sources:
                self.place.note(source)

        self.place.note(found.made)
        return open_parts(found.parts, found.made.stat().st_mtime_ns, found.sources, note)

    def sendable(self, order: ClipOrder) -> Source | None:
        """The file that another program may send as it is; None for what is put together."""
        return None if order.package else self.place.find(self.name(order))

    def _standing(self, order: ClipOrder) -> _Standing | None:
        try:
            found = self._whole(order)
            return None if found is None else _Standing(found[1], found[1].sources(found[2]), found[0])
        except StorageAway:
            raise
        except (OSError, FootageError):
            return None

    def _whole(self, order: ClipOrder) -> tuple[Source, Parts, dict[str, Source]] | None:
        """What was made for an order, the parts of the whole, and the files that are known to be there."""
        if order.as_is and not order.papers:
            master = self.standing(order)
            return master, whole_file(master), {named(master): master}
        names = [self.name(order)]
        if not order.papers:
            names.insert(0 if self.keeps else 1, self.kept_name(order))
        made = next((found for name in names if (found := self.place.find(name)) is not None), None)
        if made is None:
            return None
        if order.package:
            with made.open("rb") as file:
                parts = read_parts(file.read())
            return None if parts is None else (made, parts, {})
        if KEPT not in made.name:
            return made, whole_file(made), {named(made): made}
        master = self.standing(order)
        return made, kept_clip(made, master), {named(made): made, named(master): master}

    def kept_name(self, order: ClipOrder) -> str:
        """The name of what is kept of a clip that is read out of its master."""
        return f"{order.key}{KEPT}{order.suffix}"

    def made(self, order: ClipOrder) -> tuple[Source, Source | None]:
        """What was made of a clip, and the master when that is not all of it. FileNotFoundError when nothing was."""
        found = self._whole(order)
        if found is None:
            raise FileNotFoundError(self.name(order))
        return found[0], self.standing(order) if KEPT in found[0].name else None

    def standing(self, order: ClipOrder) -> Source:
        """The file of the store that an order takes as it is. UnknownMaster when it is gone."""
        return standing(self._library, order.master, order.version, order.profile)

    def evict(self, now_ms: int, most_bytes: int, most_age_ms: int, quiet_ms: int = QUIET_MS) -> list[str]:
        """Removes files that are old or too many, as `eviction` decides; the keys of what is gone."""
        kept = list(self.place.kept())
        gone = evicted(kept, now_ms, most_bytes=most_bytes, most_age_ms=most_age_ms, quiet_ms=quiet_ms)
        for each in gone:
            self.place.remove(each.name)
        # A package lives no longer than its media.
        left = {each.name for each in kept if each.name.endswith(LAYOUT)} - {each.name for each in gone}
        hollow = [name for name in sorted(left) if gone and not self._laid(name)]
        for name in hollow:
            self.place.remove(name)
        return [name.partition(".")[0] for name in (*(each.name for each in gone), *hollow)]

    def _laid(self, name: str) -> bool:
        """Whether everything that a layout names is there."""
        try:
            parts = read_parts(self.place.read(name))
            return parts is not None and bool(parts.sources())
        except StorageAway:
            raise
        except OSError:
            return False

    def sweep(self, now_ms: int) -> None:
        """Removes what encoders of a killed service left half-made, once it is too old to be still written to."""
        self.place.sweep(now_ms - _ABANDONED_S * 1000)
