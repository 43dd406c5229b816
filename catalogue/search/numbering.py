"""The numbers of documents: later documents have higher ones, and a number stays what it is when others come or go.

A year has room for a third more documents than it holds, rounded up; a document stands where its day lies in the year,
or on the next free place. So a new page moves none but its neighbours, and numbers lie nearly as close as counting
would put them.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache

import msgspec

_DAYS = 366


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A page to be found: its slug, its day as `YYYY-MM-DD`, and a hash of its entry. Withdrawn pages and those under
    embargo are none."""

    slug: str
    date: str
    digest: str


class Numbering(msgspec.Struct, frozen=True):
    """Documents with their numbers, newest first; and for each year, oldest first, its first number and its room."""

    documents: tuple[tuple[int, Document], ...]
    years: tuple[tuple[int, int, int], ...]


def numbered(documents: Sequence[Document]) -> Numbering:
    """The numbers of documents, whatever order they come in."""
    by_year = defaultdict[int, list[Document]](list)
    for one in sorted(documents, key=lambda one: (one.date, one.slug)):
        by_year[int(one.date[:4])].append(one)
    years: list[tuple[int, int, int]] = []
    found: list[tuple[int, Document]] = []
    base = 0
    for year, ones in sorted(by_year.items()):
        room = room_for(len(ones))
        years.append((year, base, room))
        found += zip((base + place for place in _places(ones, room)), ones, strict=True)
        base += room
    return Numbering(tuple(reversed(found)), tuple(years))


def room_for(count: int) -> int:
    """At least a third more than `count`: four, five, six, seven, eight, ten, twelve, fourteen, sixteen and so on."""
    quarter, room = 1, 4
    while room * 3 < count * 4:
        room += quarter
        quarter *= 2 if room == 8 * quarter else 1
    return room


def _places(ones: Sequence[Document], room: int) -> list[int]:
    places: list[int] = []
    for one in ones:
        wish = _day_of_year(one.date) * room // _DAYS
        places.append(max(wish, places[-1] + 1) if places else wish)
    # A year that is crowded at its end: the last ones make room by moving forward.
    for at in range(len(places)):
        most = room - len(places) + at
        places[at] = min(places[at], most)
    return places


@cache
def _day_of_year(day: str) -> int:
    """Counted from 0. Many documents share a day, and every build asks again."""
    return date.fromisoformat(day).timetuple().tm_yday - 1
