"""The lists of the archive, and their feeds: each page with its address, what it is made of, and how it is made."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from catalogue.facets import FACETS, Facet
from catalogue.feeds import ATOM, MOST, RSS, atom_feed, rss_feed
from catalogue.interview import Record
from catalogue.leaf import Leaf, Marks, file_at
from catalogue.metadata import head_of
from catalogue.paging import SIZE, Part, numbered, parts_of, path_of
from catalogue.pouring import Pourer
from catalogue.shelf import Group, Shelf
from catalogue.sources import digest_of
from catalogue.wording import count_text, counts_text, date_text, number_text, slug_of

# Above so many names an index has a page for each letter.
_MOST_NAMES = 300
Crumb = dict[str, str | None]


class Listings:
    """The lists of one language. `marks` are the hashes of what each interview's card shows, by slug and language;
    `base` is the hash of what is the same for every page."""

    def __init__(self, shelf: Shelf, other: Shelf, pourer: Pourer, base: bytes, marks: Marks) -> None:
        self.shelf, self.other, self.pourer, self.words = shelf, other, pourer, shelf.words
        self.origin, self.base, self.marks = pourer.origin, digest_of(base, shelf.lang.encode()), marks

    def leaves(self) -> Iterator[Leaf]:
        """Every list of the language, and its feeds."""
        words = self.words["listing"]
        everything = Group("", words["interviews_title"], self.shelf.interviews)
        twin = ("interviews/", len(self.other.interviews))
        yield from self._group("interviews", "interviews/", everything, twin, words["interviews_intro"], [])
        yield from self._feeds("", self.words["feed"]["title"], self.shelf.interviews)
        for facet in FACETS:
            yield from self._facet(facet)

    def _facet(self, facet: Facet) -> Iterator[Leaf]:
        groups, others = facet.groups(self.shelf), facet.groups(self.other)
        yield from self._index(facet, list(groups.values()))
        home: Crumb = {"text": self.words["listing"][f"{facet.path}_title"], "url": f"{self.shelf.root}{facet.path}/"}
        for group in groups.values():
            path = f"{facet.path}/{group.slug}/"
            paired = facet.twin(self.shelf, self.other, group)
            twin = (f"{facet.path}/{paired}/", len(others[paired].interviews)) if paired else ("", 0)
            name = self._name(facet, group)
            intro = function_of(group, self.shelf.lang) if facet.path == "speakers" else ""
            yield from self._group(facet.path, path, group, twin, intro, [home, {"text": name, "url": None}], name)
            if facet.feeds:
                yield from self._feeds(path, f"{self.words['feed']['title']} – {name}", group.interviews)

    def _group(
        self,
        tab: str,
        path: str,
        group: Group,
        twin: tuple[str, int],
        intro: str,
        crumbs: list[Crumb],
        name: str = "",
    ) -> Iterator[Leaf]:
        """The pages of one list. `twin` is the path of the same list in the other language, and its length."""
        feeds = tab in ("interviews", *(facet.path for facet in FACETS if facet.feeds))
        for part in parts_of(group.interviews):
            url = f"{self.shelf.root}{path}{part.path}"
            translated = twin[0] and (part.number is None or part.number <= numbered(twin[1]))
            other = f"{self.other.root}{twin[0]}{part.path}" if translated else None
            values = {
                "heading": name or group.name,
                "intro": intro if part.number is None else "",
                "crumbs": crumbs,
                "tab": tab,
                "url": url,
                "list": self.shelf.root + path,
                "newer": None if part.newer is None else self.shelf.root + path + part.newer,
                "older": None if part.older is None else self.shelf.root + path + part.older,
                "feeds": (path if crumbs else "") if feeds else None,
            }
            extra = self._summary(group.interviews, self.shelf.root + path) if part.number is None else {}
            yield Leaf(
                name=file_at(url),
                key=digest_of(self.base, repr((values, extra, other)).encode(), self._marks(part.interviews)),
                make=partial(self._page, part, values, extra, other),
                address=url,
                twin=other,
            )

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
            "tabs": self._tabs(values["tab"]),
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

    def _index(self, facet: Facet, groups: list[Group]) -> Iterator[Leaf]:
        """The names of a facet: on one page, or on one for each letter when they are many."""
        path = f"{facet.path}/"
        if len(groups) <= _MOST_NAMES:
            yield self._names(facet, path, groups, [])
            return
        letters: dict[str, list[Group]] = {}
        for group in groups:
            letters.setdefault(letter_of(facet, group), []).append(group)
        yield self._names(facet, path, [], [(letter, len(some)) for letter, some in letters.items()])
        for letter, some in letters.items():
            yield self._names(facet, f"{path}letters/{letter}/", some, [], letter)

    def _names(
        self, facet: Facet, path: str, groups: list[Group], letters: list[tuple[str, int]], letter: str = ""
    ) -> Leaf:
        words, root = self.words["listing"], self.shelf.root
        items = [
            {
                "text": self._name(facet, group),
                "url": f"{root}{facet.path}/{group.slug}/",
                "count_text": count_text(len(group.interviews), self.words),
                "note": function_of(group, self.shelf.lang) if facet.path == "speakers" else "",
            }
            for group in groups
        ]
        values = {
            "heading": words[f"{facet.path}_title"] + (f" – {letter.upper()}" if letter else ""),
            "intro": "" if letter else words[f"{facet.path}_intro"],
            "items": items,
            "letters": [
                {
                    "text": each.upper(),
                    "url": f"{root}{facet.path}/letters/{each}/",
                    "count_text": number_text(count, self.words),
                }
                for each, count in letters
            ],
        }
        url = root + path
        # The two languages may not have the same letters.
        twin = None if letter else self.other.root + path
        return Leaf(
            name=file_at(url),
            key=digest_of(self.base, repr((values, url, twin)).encode()),
            make=partial(self._names_page, facet, values, url, twin),
            address=url,
            twin=twin,
        )

    def _names_page(self, facet: Facet, values: dict[str, Any], url: str, twin: str | None) -> bytes:
        title, description = values["heading"], values["intro"] or self.words["site"]["description"]
        head = head_of(
            self.shelf.lang, self.words, self.origin, url=url, title=title, description=description, twin=twin
        )
        shown = {**values, "tabs": self._tabs(facet.path)}
        return self.pourer.page("index_of.html", shown, head, url=url, kind="listing")

    def _feeds(self, path: str, title: str, interviews: Sequence[Record]) -> Iterator[Leaf]:
        """Both feeds of a list: the newest interviews that exist in this language."""
        own = [one for one in interviews[: 4 * MOST] if one.lang == self.shelf.lang][:MOST]
        url = self.shelf.root + path
        key = digest_of(self.base, title.encode(), url.encode(), self._marks(own))
        for name, make in ((ATOM, atom_feed), (RSS, rss_feed)):
            yield Leaf(
                name=(url + name).lstrip("/"),
                key=digest_of(key, name.encode()),
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

    def _name(self, facet: Facet, group: Group) -> str:
        return str(self.words["listing"]["in_language"][group.slug]) if facet.path == "languages" else group.name

    def _marks(self, interviews: Sequence[Record]) -> bytes:
        return b"".join([self.marks[one.slug, one.lang] for one in interviews])

    def _tabs(self, current: str) -> list[dict[str, Any]]:
        return [
            {
                "text": self.words["listing"][f"by_{path}"],
                "url": f"{self.shelf.root}{path}/",
                "current": path == current,
            }
            for path in ("interviews", *(facet.path for facet in FACETS))
        ]


def letter_of(facet: Facet, group: Group) -> str:
    """The letter under which an index shows a name."""
    return facet.order(group.name)[0]


def function_of(group: Group, lang: str) -> str:
    """What somebody does, from the newest page; a page in the other language says it in the wrong words."""
    for one in group.interviews:
        for speaker in one.speakers:
            if one.lang == lang and speaker.function and slug_of(speaker.name) == group.slug:
                return speaker.function
    return ""
