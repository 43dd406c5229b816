"""The two pages by which a reader comes in: the home of a language, and the page where everything said is searched."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from catalogue.interview import Record
from catalogue.pages.leaf import Branch, Leaf, Place, file_at, marks_of
from catalogue.pages.metadata import head_of
from catalogue.pages.pouring import Pourer
from catalogue.pages.shelf import Shelf
from catalogue.sources import digest_of
from catalogue.wording import counts_text, date_text, number_text

_RECENT = 6
# So many topics the home page names, those most spoken of; their own page has them all.
_MOST_TOPICS = 16
# So many titles the page of search lists; the lists have them all.
_MOST_TITLES = 300


class Doors:
    """The home and the search page of one language; `base` is the hash of what is the same for every page."""

    def __init__(self, shelf: Shelf, other: Shelf, pourer: Pourer, base: bytes) -> None:
        self.shelf, self.other, self.pourer, self.words = shelf, other, pourer, shelf.words
        self.origin, self.base = pourer.origin, digest_of(base, shelf.lang.encode())

    def branch(self, intro_html: str, title: str) -> Branch:
        """Both pages; the editors' words on the home page come as HTML."""
        shelf, root = self.shelf, self.shelf.root
        names = [
            (group.slug, group.name, len(group.interviews))
            for groups in (shelf.speakers, shelf.topics)
            for group in groups.values()
        ]
        said = (intro_html, title, self._counts(), names, self._years())
        return Branch(
            name=f"{root}search/",
            key=digest_of(self.base, repr(said).encode(), marks_of(shelf.interviews[:_MOST_TITLES])),
            leaves=lambda: (self._home(intro_html, title), self._search()),
            places=tuple(Place(root + path, self.other.root + path) for path in ("", "search/")),
        )

    def _years(self) -> list[int]:
        return list(dict.fromkeys(one.date.year for one in self.shelf.interviews))

    def _counts(self) -> str:
        """How many interviews and films there are, and how long the films are together."""
        films = [one.film.duration_ms for one in self.shelf.interviews if one.film]
        return counts_text(len(self.shelf.interviews), len(films), sum(films), self.words)

    def _topics(self) -> list[dict[str, str]]:
        """The topics most spoken of, in the order of their names."""
        groups = self.shelf.topics.values()
        most = {one.slug for one in sorted(groups, key=lambda one: -len(one.interviews))[:_MOST_TOPICS]}
        return [
            {
                "text": one.name,
                "url": f"{self.shelf.root}topics/{one.slug}/",
                "count_text": number_text(len(one.interviews), self.words),
            }
            for one in groups
            if one.slug in most
        ]

    def _home(self, intro_html: str, title: str) -> Leaf:
        """The home of a language: the editors' words, the latest interview, the recent ones, and what is spoken of."""
        newest, counts, topics = self.shelf.interviews[: _RECENT + 1], self._counts(), self._topics()
        said = repr((intro_html, title, counts, topics)).encode()
        return Leaf(
            name=file_at(self.shelf.root),
            key=digest_of(self.base, said, marks_of(newest)),
            make=partial(self._home_page, intro_html, title, newest, counts, topics),
        )

    def _home_page(
        self, intro_html: str, title: str, newest: Sequence[Record], counts: str, topics: list[dict[str, str]]
    ) -> bytes:
        url = self.shelf.root
        head = head_of(
            self.shelf.lang,
            self.words,
            self.origin,
            url=url,
            title=title,
            description=self.words["site"]["description"],
            twin=self.other.root,
        )
        values = {
            "intro_html": intro_html,
            "title": title,
            "latest": newest[0] if newest else None,
            "latest_date": date_text(newest[0].date, self.shelf.lang) if newest else "",
            "recent": newest[1:],
            "counts_text": counts,
            "topics": topics,
        }
        return self.pourer.page("home.html", values, head, url=url, kind="home")

    def _search(self) -> Leaf:
        """The page on which everything said is searched. Without JavaScript it is the way to the lists."""
        root, shelf = self.shelf.root, self.shelf
        names = {
            kind: [
                {
                    "text": group.name,
                    "url": f"{root}{kind}/{group.slug}/",
                    "count": len(group.interviews),
                    "count_text": number_text(len(group.interviews), self.words),
                }
                for group in groups.values()
            ]
            for kind, groups in (("speakers", shelf.speakers), ("topics", shelf.topics))
        }
        years = [{"text": str(year)} for year in self._years()]
        values = {"facets": {**names, "years": years}, "titles": shelf.interviews[:_MOST_TITLES]}
        url, twin = f"{root}search/", f"{self.other.root}search/"
        return Leaf(
            name=file_at(url),
            key=digest_of(self.base, repr(values["facets"]).encode(), marks_of(shelf.interviews[:_MOST_TITLES])),
            make=partial(self._search_page, values, url, twin),
        )

    def _search_page(self, values: dict[str, Any], url: str, twin: str) -> bytes:
        title, description = self.words["search"]["title"], self.words["site"]["description"]
        head = head_of(
            self.shelf.lang, self.words, self.origin, url=url, title=title, description=description, twin=twin
        )
        titles = [
            {"text": one.title, "url": one.url, "date_text": date_text(one.date, self.shelf.lang)}
            for one in values["titles"]
        ]
        return self.pourer.page("search.html", {**values, "titles": titles}, head, url=url, kind="listing")
