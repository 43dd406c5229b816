"""Files of the site that are made of many interviews: lists, feeds, maps. Those that change together are a branch."""

from collections.abc import Callable, Iterable

import msgspec

from catalogue.interview import Record
from catalogue.sources import digest_of


class Leaf(msgspec.Struct, frozen=True):
    """One file. `name` is its path from the root of the site, `key` the hash of all it is made of, `make` what makes
    its bytes."""

    name: str
    key: bytes
    make: Callable[[], bytes]


class Place(msgspec.Struct, frozen=True):
    """A page to be found: its path, that of its translation or None, and its interview when it has a film to show."""

    path: str
    twin: str | None
    interview: Record | None = None


class Branch(msgspec.Struct, frozen=True):
    """A list with all its pages and feeds, or other leaves that go together. `key` is the hash of all that any of them
    is made of: while it stays, none is looked at. `places` are its pages that are to be found. One that is `long` in
    the making is begun before the next is looked at."""

    name: str
    key: bytes
    leaves: Callable[[], Iterable[Leaf]]
    places: tuple[Place, ...] = ()
    long: bool = False


def branch_of(name: str, leaves: Iterable[Leaf], places: Iterable[Place] = (), *, long: bool = False) -> Branch:
    """A branch of leaves that are known already."""
    grown = tuple(leaves)
    parts = (part for leaf in grown for part in (leaf.name.encode(), leaf.key))
    return Branch(name, digest_of(*parts), lambda: grown, tuple(places), long)


def marks_of(interviews: Iterable[Record]) -> bytes:
    """What a list of interviews is made of."""
    return b"".join([one.mark for one in interviews])


def file_at(url: str) -> str:
    """The file that a web server shows at an address."""
    return f"{url.lstrip('/')}index.html"
