"""The ways through the archive: by date, topic, speaker, place and language heard. Each is a list of groups."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from catalogue.pages.shelf import Group, Shelf, family_name
from catalogue.wording import slug_of


class Facet(msgspec.Struct, frozen=True):
    """One way. `path` is its first word in addresses and in the words of the theme, `order` what its names are put in
    order by; `twin` gives the slug of the same group in the other language."""

    path: str
    groups: Callable[[Shelf], dict[str, Group]]
    twin: Callable[[Shelf, Shelf, Group], str | None]
    order: Callable[[str], str] = slug_of
    feeds: bool = False


def _same(shelf: Shelf, other: Shelf, group: Group) -> str | None:
    return group.slug if group.slug in other.speakers else None


def _paired_topic(shelf: Shelf, other: Shelf, group: Group) -> str | None:
    paired = shelf.pairs[shelf.lang].get(group.name)
    return slug_of(paired) if paired is not None and slug_of(paired) in other.topics else None


def _paired_place(shelf: Shelf, other: Shelf, group: Group) -> str | None:
    """The place as the other language writes it, when both lead to each other."""
    paired = slug_of(shelf.place_pairs.get(group.slug, group.name))
    found = other.places.get(paired)
    if found is None:
        return None
    back = slug_of(other.place_pairs.get(paired, found.name))
    return paired if back == group.slug else None


def _same_language(shelf: Shelf, other: Shelf, group: Group) -> str | None:
    return group.slug if group.slug in other.spoken else None


FACETS = (
    Facet("topics", lambda shelf: shelf.topics, _paired_topic, feeds=True),
    Facet("speakers", lambda shelf: shelf.speakers, _same, family_name, feeds=True),
    Facet("places", lambda shelf: shelf.places, _paired_place),
    Facet("languages", lambda shelf: shelf.spoken, _same_language),
)


def name_of(facet: Facet, group: Group, words: Mapping[str, Any]) -> str:
    """A group as its lists are headed."""
    return str(words["listing"]["in_language"][group.slug]) if facet.path == "languages" else group.name


def tabs_of(shelf: Shelf, current: str) -> list[dict[str, Any]]:
    """The ways through the archive as a page of lists shows them, the one it belongs to marked."""
    return [
        {
            "text": shelf.words["listing"][f"by_{path}"],
            "url": f"{shelf.root}{path}/",
            "current": path == current,
        }
        for path in ("interviews", *(facet.path for facet in FACETS))
    ]
