"""The names of a way through the archive: all topics, all speakers, each leading to its list.

They stand on one page, or, when they are many, on one for each letter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from catalogue.pages.facets import Facet, name_of, tabs_of
from catalogue.pages.leaf import Branch, Leaf, Place, file_at
from catalogue.pages.metadata import head_of
from catalogue.pages.pouring import Pourer
from catalogue.pages.shelf import Group, Shelf
from catalogue.sources import digest_of
from catalogue.wording import count_text, number_text, slug_of

# Above so many names an index has a page for each letter.
_MOST_NAMES = 300
Crumb = dict[str, str | None]


class NameIndex:
    """The index of one facet in one language. `base` is the hash of what is the same for every page of the language,
    `notes` says of each group, by its slug, what stands beside its name."""

    def __init__(self, facet: Facet, shelf: Shelf, other: Shelf, pourer: Pourer, base: bytes) -> None:
        self.facet, self.shelf, self.other, self.pourer, self.base = facet, shelf, other, pourer, base
        self.words, self.groups = shelf.words, facet.groups(shelf)
        told = facet.path == "speakers"
        self.notes = {slug: _function_of(one, shelf.lang) if told else "" for slug, one in self.groups.items()}

    def branch(self) -> Branch:
        """The pages of the index."""
        letters = _by_letter(self.facet, self.groups.values())
        shared = _by_letter(self.facet, self.facet.groups(self.other).values())
        said = [
            (name_of(self.facet, one, self.words), slug, len(one.interviews), self.notes[slug])
            for slug, one in self.groups.items()
        ]
        places = [self._place(letter, letter in shared) for letter in ("", *letters)]
        return Branch(
            name=f"{self.shelf.root}{self.facet.path}/",
            key=digest_of(self.base, repr((list(letters), list(shared), said)).encode()),
            leaves=partial(self._leaves, letters, places),
            places=tuple(places),
        )

    def _place(self, letter: str, shared: bool) -> Place:
        """The index itself, or the page of a letter; the two languages may not have the same letters."""
        path = f"{self.facet.path}/" + (f"letters/{letter}/" if letter else "")
        return Place(self.shelf.root + path, self.other.root + path if shared or not letter else None)

    def _leaves(self, letters: Mapping[str, Sequence[Group]], places: Sequence[Place]) -> Iterator[Leaf]:
        index, *pages = places
        ways: list[Crumb] = [
            {"text": letter.upper(), "url": page.path, "count_text": number_text(len(letters[letter]), self.words)}
            for letter, page in zip(letters, pages, strict=True)
        ]
        yield self._leaf(index, () if letters else self.groups.values(), letters=ways)
        # A letter's page does not say how many the others have: it would change with each of them.
        alphabet: list[Crumb] = [{"text": way["text"], "url": way["url"]} for way in ways]
        for (letter, some), page in zip(letters.items(), pages, strict=True):
            yield self._leaf(page, some, letter=letter, alphabet=alphabet)

    def _leaf(
        self,
        place: Place,
        groups: Iterable[Group],
        *,
        letter: str = "",
        letters: Sequence[Crumb] = (),
        alphabet: Sequence[Crumb] = (),
    ) -> Leaf:
        words, root = self.words["listing"], self.shelf.root
        items = [
            {
                "text": name_of(self.facet, group, self.words),
                "url": f"{root}{self.facet.path}/{group.slug}/",
                "count_text": count_text(len(group.interviews), self.words),
                "note": self.notes[group.slug],
            }
            for group in groups
        ]
        values = {
            "heading": words[f"{self.facet.path}_title"] + (f" – {letter.upper()}" if letter else ""),
            "intro": "" if letter else words[f"{self.facet.path}_intro"],
            "items": items,
            "letters": letters,
            "alphabet": alphabet,
            "here": place.path,
        }
        return Leaf(
            name=file_at(place.path),
            key=digest_of(self.base, repr((values, place.twin)).encode()),
            make=partial(self._page, values, place.path, place.twin),
        )

    def _page(self, values: dict[str, Any], url: str, twin: str | None) -> bytes:
        title, description = values["heading"], values["intro"] or self.words["site"]["description"]
        head = head_of(
            self.shelf.lang, self.words, self.pourer.origin, url=url, title=title, description=description, twin=twin
        )
        shown = {**values, "tabs": tabs_of(self.shelf, self.facet.path)}
        return self.pourer.page("index_of.html", shown, head, url=url, kind="listing")


def _by_letter(facet: Facet, groups: Collection[Group]) -> dict[str, list[Group]]:
    """The groups by the letter under which an index shows them; empty when they all stand on one page."""
    letters: dict[str, list[Group]] = {}
    if len(groups) > _MOST_NAMES:
        for group in groups:
            letters.setdefault(_letter_of(facet, group), []).append(group)
    return letters


def _letter_of(facet: Facet, group: Group) -> str:
    """The letter under which an index shows a name."""
    return facet.order(group.name)[0]


def _function_of(group: Group, lang: str) -> str:
    """What somebody does, from the newest page; a page in the other language says it in the wrong words."""
    for one in group.interviews:
        for speaker in one.speakers:
            if one.lang == lang and speaker.function and slug_of(speaker.name) == group.slug:
                return speaker.function
    return ""
