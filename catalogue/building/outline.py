"""A memory read for nothing but where the files of the site stand. The rest is passed over, which takes a third of the
time. The structures are those of `state`, as far as they are needed."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import msgspec

from catalogue.building.state import Grown, State, folder_of

_NAMES = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])


class _Page(msgspec.Struct, frozen=True, array_like=True):
    path: str
    record: msgspec.Raw
    problems: msgspec.Raw
    count: int


class _Unit(msgspec.Struct, frozen=True, array_like=True):
    slug: msgspec.Raw
    key: msgspec.Raw
    sources: msgspec.Raw
    pages: tuple[_Page, ...]


class Outline(msgspec.Struct, kw_only=True):
    """`looked_ns` is when every file of the site was last asked about, in nanoseconds since 1970."""

    shape: int
    site: str
    units: dict[str, _Unit]
    branches: dict[str, Grown]
    search: dict[str, dict[str, msgspec.Raw]]
    looked_ns: int

    def count(self) -> int:
        """How many files should stand in the site, without twins."""
        pages = sum(page.count for page in self._pages())
        return sum(branch.count for branch in self.branches.values()) + sum(map(len, self.search.values())) + pages

    def places(self) -> set[str]:
        """Every folder that should stand in the site: `""` and paths with a slash at their end."""
        found = {folder_of(page.path) for page in self._pages() if page.count}
        leaves = chain.from_iterable(_NAMES.decode(branch.packed) for branch in self.branches.values())
        found.update(name[: name.rfind("/") + 1] for name in chain(leaves, *self.search.values()))
        places = {""}
        while found:
            places |= found
            found = {below[: below.rfind("/", 0, -1) + 1] for below in found} - places
        return places

    def _pages(self) -> Iterator[_Page]:
        return (page for unit in self.units.values() for page in unit.pages)


def load_outline(file: Path, site: Path) -> Outline:
    """The outline of the memory that `load_state` would give."""
    empty = State(site=str(site))
    nothing = Outline(shape=empty.shape, site=empty.site, units={}, branches={}, search={}, looked_ns=0)
    try:
        outline = msgspec.msgpack.decode(file.read_bytes(), type=Outline)
    except (FileNotFoundError, msgspec.MsgspecError):
        return nothing
    return outline if (outline.shape, outline.site) == (empty.shape, empty.site) else nothing
