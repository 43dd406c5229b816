"""The lists of the archive, and their feeds: each page with its address, what it is made of, and how it is made."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from catalogue.interview import Record
from catalogue.pages.facets import FACETS, Facet, name_of, tabs_of
from catalogue.pages.feeds import ATOM, MOST, RSS, atom_feed, rss_feed
from catalogue.pages.leaf import Branch, Leaf, Place, file_at, marks_of
from catalogue.pages.metadata import head_of
from catalogue.pages.names import Crumb, NameIndex
from catalogue.pages.paging import SIZE, Part, numbered, parts_of, path_of
from catalogue.pages.pouring import Pourer
from catalogue.pages.shelf import Shelf
from catalogue.sources import digest_of
from catalogue.wording import counts_text, date_text


class _List(msgspec.Struct, frozen=True):
    """One list. `tab` is the way through the archive that leads to it, `path` its address below the language's home,
    `heading` its name, empty on the list of everything; `twin` is the path of the same list in the other language,
    empty where there is none, and `twin_pages` how many numbered pages that one has."""

    tab: str
    path: str
    heading: str
    interviews: Sequence[Record]
    twin: str
    twin_pages: int
    intro: str
    feeds: bool


class Listings:
    """The lists of one language. `base` is the hash of what is the same for every page."""

    def __init__(self, shelf: Shelf, other: Shelf, pourer: Pourer, base: bytes) -> None:
        self.shelf, self.other, self.pourer, self.words = shelf, other, pourer, shelf.words
        self.origin, self.base = pourer.origin, digest_of(base, shelf.lang.encode())

    def branches(self) -> Iterator[Branch]:
        """Every list of the language with its feeds, and the indexes of their names."""
        path, intro = "interviews/", self.words["listing"]["interviews_intro"]
        pages = numbered(len(self.other.interviews))
        yield self._branch(_List("interviews", path, "", self.shelf.interviews, path, pages, intro, feeds=True))
        for facet in FACETS:
            yield from self._facet(facet)

    def _facet(self, facet: Facet) -> Iterator[Branch]:
        groups, others = facet.groups(self.shelf), facet.groups(self.other)
        index = NameIndex(facet, self.shelf, self.other, self.pourer, self.base)
        yield index.branch()
        for group in groups.values():
            paired = facet.twin(self.shelf, self.other, group)
            twin = f"{facet.path}/{paired}/" if paired else ""
            pages = numbered(len(others[paired].interviews)) if paired else 0
            path, name = f"{facet.path}/{group.slug}/", name_of(facet, group, self.words)
            yield self._branch(
                _List(facet.path, path, name, group.interviews, twin, pages, index.notes[group.slug], facet.feeds)
            )

    def _branch(self, one: _List) -> Branch:
        said = (one.tab, one.path, one.heading, one.twin, one.twin_pages, one.intro)
        numbers = (None, *range(numbered(len(one.interviews)), 0, -1))
        return Branch(
            name=self.shelf.root + one.path,
            key=digest_of(self.base, repr(said).encode(), marks_of(one.interviews)),
            leaves=partial(self._leaves, one),
            places=tuple(self._place(one, number) for number in numbers),
        )

    def _place(self, one: _List, number: int | None) -> Place:
        """A page of a list, and the same page of its twin."""
        translated = one.twin and (number or 0) <= one.twin_pages
        path = path_of(number)
        twin = f"{self.other.root}{one.twin}{path}" if translated else None
        return Place(f"{self.shelf.root}{one.path}{path}", twin)

    def _leaves(self, one: _List) -> Iterator[Leaf]:
        """The pages of a list, and its feeds."""
        words, root = self.words["listing"], self.shelf.root
        home: Crumb = {"text": words[f"{one.tab}_title"], "url": f"{root}{one.tab}/"}
        crumbs: list[Crumb] = [home, {"text": one.heading, "url": None}] if one.heading else []
        url = root + one.path
        # The feeds of the list of everything are those of the language.
        feeds = one.path if one.heading else ""
        for part in parts_of(one.interviews):
            place = self._place(one, part.number)
            values = {
                "heading": one.heading or words["interviews_title"],
                "intro": one.intro if part.number is None else "",
                "crumbs": crumbs,
                "tab": one.tab,
                "url": place.path,
                "list": url,
                "newer": None if part.newer is None else url + part.newer,
                "older": None if part.older is None else url + part.older,
                "feeds": feeds if one.feeds else None,
            }
            extra = self._summary(one.interviews, url) if part.number is None else {}
            yield Leaf(
                name=file_at(place.path),
                key=digest_of(self.base, repr((values, extra, place.twin)).encode(), marks_of(part.interviews)),
                make=partial(self._page, part, values, extra, place.twin),
            )
        if one.feeds:
            yield from self._feeds(feeds, one.heading, one.interviews)

    def _page(self, part: Part, values: dict[str, Any], extra: dict[str, Any], twin: str | None) -> bytes:
        title = values["heading"]
        if part.number is not None:
            title = f"{title} – {self.words['listing']['page'].replace('{n}', str(part.number))}"
        days = (
            [date_text(one.date, self.shelf.lang) for one in (part.interviews[-1], part.interviews[0])]
            if part.interviews
            else []
        )
        head = head_of(
            self.shelf.lang,
            self.words,
            self.origin,
            url=values["url"],
            title=title,
            description=values["intro"] or self.words["site"]["description"],
            twin=twin,
            feeds=self._feed_links(values["feeds"], values["heading"]),
            around=(values["newer"], values["older"]),
        )
        shown = {
            **values,
            "number": part.number,
            "interviews": part.interviews,
            "span": " – ".join(dict.fromkeys(days)) if part.number is not None else "",
            "counts": "",
            "years": [],
            "tabs": tabs_of(self.shelf, values["tab"]),
            **extra,
        }
        return self.pourer.page("listing.html", shown, head, url=values["url"], kind="listing")

    def _summary(self, interviews: Sequence[Record], url: str) -> dict[str, Any]:
        """What only the first page of a list says, since it changes with every interview: how many there are, how long
        the films are together, and where each year begins."""
        films = [one.film.duration_ms for one in interviews if one.film]
        counts = counts_text(len(interviews), len(films), sum(films), self.words)
        last = numbered(len(interviews))
        years: list[Crumb] = []
        if last:
            front = len(interviews) - last * SIZE
            for place, one in enumerate(interviews):
                if not years or years[-1]["text"] != str(one.date.year):
                    number = None if place < front else last - (place - front) // SIZE
                    years.append({"text": str(one.date.year), "url": f"{url}{path_of(number)}"})
        return {"counts": counts, "years": years}

    def _feeds(self, path: str, name: str, interviews: Sequence[Record]) -> Iterator[Leaf]:
        """Both feeds of a list: the newest interviews that exist in this language."""
        title = self.words["feed"]["title"] + (f" – {name}" if path else "")
        own = [one for one in interviews[: 4 * MOST] if one.lang == self.shelf.lang][:MOST]
        url = self.shelf.root + path
        key = digest_of(self.base, title.encode(), url.encode(), marks_of(own))
        for file, make in ((ATOM, atom_feed), (RSS, rss_feed)):
            yield Leaf(
                name=(url + file).lstrip("/"),
                key=digest_of(key, file.encode()),
                make=partial(make, own, self.shelf.lang, self.words, self.origin, title, url),
            )

    def _feed_links(self, path: str | None, name: str) -> list[dict[str, str]]:
        title = self.words["feed"]["title"] + (f" – {name}" if path else "")
        kinds = ((ATOM, "application/atom+xml"), (RSS, "application/rss+xml"))
        return (
            []
            if path is None
            else [{"href": self.shelf.root + path + file, "type": kind, "title": title} for file, kind in kinds]
        )
