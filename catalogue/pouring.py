"""Every file of the site as bytes: MkDocs's pages taken over, interviews and lists poured into its shell."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from catalogue.building import HERE, Build
from catalogue.captions import srt_text, vtt_text
from catalogue.cues import cues_of
from catalogue.escaping import escape
from catalogue.exports import plain_text, transcript_json
from catalogue.feeds import feed_bytes
from catalogue.interview import LANGUAGES, Interview, other_language
from catalogue.listings import Listing, home_page, listings
from catalogue.manifest import Manifest, manifest_bytes
from catalogue.markup import context_html
from catalogue.metadata import FEED, head_of, interview_head
from catalogue.page import entry_of, interview_view
from catalogue.parsing import read_other
from catalogue.shelf import Shelf
from catalogue.sitemap import robots_text, sitemap_bytes
from catalogue.staging import NOT_FOUND, SHELL, address_of, pages_of
from catalogue.wording import date_text

_MARK = re.compile(r"(@@(?:title|kind|path|other|other_class)@@|<!--@@(?:head|main)@@-->)")
# Pages for members: nobody looks for them in a search engine.
_UNLISTED = ("account/", "newsletter/", "basket/", "design/")


def site_files(build: Build) -> dict[str, bytes]:
    """Every file of the site by its path from the root. What is embargoed was never read into `build.archive`."""
    shelves = {lang: Shelf(build.archive, lang, build.words[lang]) for lang in LANGUAGES}
    files = dict(build.assets.files)
    addresses: dict[str, str | None] = {}
    for lang in LANGUAGES:
        pouring = Pouring(build, shelves[lang], shelves[other_language(lang)])
        files |= pouring.files()
        addresses |= pouring.addresses
    files["sitemap.xml"] = sitemap_bytes(addresses, build.origin)
    files["robots.txt"] = robots_text(build.origin).encode()
    standing = [one for one in build.archive.interviews if not one.withdrawn]
    files["catalogue.json"] = manifest_bytes(
        Manifest(interviews=tuple(entry_of(one, shelves[one.lang]) for one in standing))
    )
    return files


class Pouring:
    """One language of one build. `addresses` gathers the pages worth finding, each with its translation's path."""

    def __init__(self, build: Build, shelf: Shelf, other: Shelf) -> None:
        self.build, self.shelf, self.other = build, shelf, other
        self.lang, self.words, self.root = shelf.lang, shelf.words, shelf.root
        self.addresses: dict[str, str | None] = {}
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        named = {"lang": self.lang, "root": self.root, "words": self.words, "assets": build.assets.addresses}
        self.templates.globals.update(named, origin=build.origin)

    def files(self) -> dict[str, bytes]:
        """Every page and file of this language."""
        files = dict(self._editorial())
        for listing in [*listings(self.shelf, self.other), self._home()]:
            files[_file(listing.url)] = self._listing(listing)
            self.addresses[listing.url] = listing.twin
        for interview in self.shelf.pages.values():
            if interview.lang == self.lang:
                files |= self._interview(interview)
        files[self.root.lstrip("/") + FEED] = feed_bytes(self.shelf, self.build.origin)
        return files

    def _editorial(self) -> Iterator[tuple[str, bytes]]:
        """What MkDocs rendered of the editors' own pages, and the files they put beside them."""
        docs = self.build.root / "docs"
        for file in pages_of(docs / self.lang):
            path = PurePath(file.relative_to(docs / self.lang))
            if path.suffix != ".md":
                yield self.root.lstrip("/") + path.as_posix(), file.read_bytes()
                continue
            address = address_of(path)
            yield _file(self.root + address), self._rendered(address)
            if not address.startswith(_UNLISTED):
                has_twin = (docs / other_language(self.lang) / path).exists()
                self.addresses[self.root + address] = self.other.root + address if has_twin else None
        yield self.root.lstrip("/") + NOT_FOUND.replace(".md", ".html"), self._rendered(address_of(PurePath(NOT_FOUND)))

    def _rendered(self, address: str) -> bytes:
        return (self.build.rendered / _file(self.root + address)).read_bytes()

    def _home(self) -> Listing:
        file = self.build.root / "docs" / self.lang / "index.md"
        intro = context_html(read_other(file.read_bytes())[0], top=1) if file.exists() else ""
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", intro, re.DOTALL)
        title = re.sub(r"<[^>]+>", "", heading[1]) if heading else self.words["site"]["tagline"]
        return home_page(self.shelf, self.other, intro_html=intro, title=title)

    def _listing(self, listing: Listing) -> bytes:
        head = head_of(
            self.shelf,
            self.build.origin,
            url=listing.url,
            title=listing.title,
            description=listing.description,
            twin=listing.twin,
        )
        return self._poured(
            listing.template, listing.values, head, url=listing.url, kind=listing.kind, twin=listing.twin
        )

    def _interview(self, interview: Interview) -> dict[str, bytes]:
        """The page and what stands beside it; of a withdrawn interview, the page that says so and nothing else."""
        twin = self.shelf.pages.get((interview.slug, other_language(self.lang)))
        head = interview_head(interview, self.shelf, self.build.origin, twin)
        view = {"interview": interview_view(interview, self.shelf, self.build.origin)}
        folder = interview.url.lstrip("/")
        twin_url = twin.url if twin else None
        page = self._poured("interview.html", view, head, url=interview.url, kind="interview", twin=twin_url)
        if interview.withdrawn:
            return {_file(interview.url): page}
        self.addresses[interview.url] = twin_url if twin and not twin.withdrawn else None
        cues = cues_of(interview.turns)
        shown = [date_text(interview.date, self.lang), interview.place, self.words["spoken_in"][interview.spoken]]
        heading = [" · ".join(part for part in shown if part), interview.summary]
        return {
            _file(interview.url): page,
            f"{folder}captions.vtt": vtt_text(cues).encode(),
            f"{folder}captions.srt": srt_text(cues).encode(),
            f"{folder}transcript.txt": plain_text(interview, heading, self.words["interview"]["question"]).encode(),
            f"{folder}transcript.json": transcript_json(interview.turns),
        }

    @cached_property
    def _pieces(self) -> list[str]:
        """The shell, split at its marks once: what is poured in is never searched for marks, whatever it says."""
        return _MARK.split(self._rendered(address_of(PurePath(SHELL))).decode())

    def _poured(
        self, template: str, values: dict[str, Any], head: dict[str, Any], *, url: str, kind: str, twin: str | None
    ) -> bytes:
        poured = {
            "@@title@@": escape(f"{head['title']} – {self.words['site']['name']}"),
            "@@kind@@": kind,
            "@@path@@": quote(url),
            # Without a translation the switch leads to the other language's list, and says so.
            "@@other@@": twin or f"{self.other.root}interviews/",
            "@@other_class@@": "" if twin else "missing",
            "<!--@@head@@-->": self.templates.get_template("head.html").render(head),
            "<!--@@main@@-->": self.templates.get_template(template).render(values),
        }
        return "".join(poured.get(piece, piece) for piece in self._pieces).encode()


def _file(url: str) -> str:
    return f"{url.lstrip('/')}index.html"
