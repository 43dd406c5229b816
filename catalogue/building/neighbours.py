"""Which pages show something of others that changed: the only ones to be ended anew."""

from collections.abc import Mapping, Set

from catalogue.building.state import Unit
from catalogue.pages.shelf import Shelf, around


def neighbours(
    made: Set[str], old: Mapping[str, Unit], new: Mapping[str, Unit], shelves: Mapping[str, Shelf]
) -> dict[str, set[str]]:
    """The slugs of each language to be ended, from the interviews that were made: these, the pages that showed one of
    them or of those gone, and the pages around each in all its groups, where it was and where it is."""
    near = {lang: set(made) for lang in shelves}
    changed = made | (old.keys() - new.keys())
    for slug, unit in new.items():
        for page in unit.pages:
            if page.record and not changed.isdisjoint(page.related):
                near[page.record.lang].add(slug)
    for slug in changed:
        units = (old.get(slug), new.get(slug))
        records = [page.record for unit in units if unit for page in unit.pages if page.record]
        for lang, shelf in shelves.items():
            for one in records:
                for group in (shelf.interviews, *shelf.groups_of(one)):
                    near[lang].update(other.slug for other in around(group, one))
    return near
