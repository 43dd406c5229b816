"""What can be watched and downloaded today: the catalogue that the build wrote, words beside its pages, films."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from catalogue.exports.excerpt import turns_within
from catalogue.exports.transcripts import turns_in
from catalogue.interview import LANGUAGES, Turn
from catalogue.manifest import Entry, Manifest
from catalogue.reading.transcript import end_turns
from footage.errors import UnknownMaster
from footage.places.folder import Folder
from footage.places.place import Source
from footage.reading.index import Index
from footage.store import SMALLER, Store

from .papers import Edition

# An index of an hour is some megabytes; a handful of films are asked for at any time.
_KEPT = 8
# Of a passage's words, as many letters as remind somebody of it.
_REMINDER = 240


class Passage(msgspec.Struct, frozen=True):
    """A part of a film in one version, told by one language's page: from `in_ms` to `out_ms`, in milliseconds."""

    interview: str
    lang: str
    master: str
    version: str
    in_ms: int
    out_ms: int


class Glimpse(msgspec.Struct, frozen=True, omit_defaults=True):
    """What reminds a member of a passage: the address of its film's poster, and the words heard in it. Empty when the
    catalogue shows that film no more, or another version of it."""

    poster: str = ""
    words: str = ""


class Library:
    """`manifest` gives the catalogue as it was at the last look and may raise OSError; `media` names the store's
    folder or bucket, `site` is the built site's folder."""

    def __init__(self, manifest: Callable[[], Manifest], media: str | Path, site: Path) -> None:
        self._manifest = manifest
        self._site = site
        self.store = Store(media)
        self._indexes: OrderedDict[tuple[str, str], Index] = OrderedDict()

    def entry(self, slug: str, lang: str) -> Entry | None:
        """The page of an interview in a language; None when there is none, or no catalogue."""
        catalogue = self._catalogue()
        return None if catalogue is None else catalogue.find(slug, lang)

    async def editions(self, slug: str, master: str) -> dict[str, Edition]:
        """What each language tells of an interview on a film; a language without such a page is absent."""
        return await asyncio.to_thread(self._editions, slug, master)

    async def public(self, master: str, version: str, name: str) -> Source | None:
        """A public file of a film that some page shows in this version; None for everything else."""
        catalogue = self._catalogue()
        if catalogue is None or catalogue.masters.get(master) != version:
            return None
        if isinstance(self.store.place, Folder):
            return self.store.public(master, version, name)
        return await asyncio.to_thread(self.store.public, master, version, name)

    async def index(self, master: str, version: str) -> Index:
        """The table of a film's frames, read in a thread and kept. UnknownMaster when there is none."""
        key = (master, version)
        if key not in self._indexes:
            self._indexes[key] = await asyncio.to_thread(self.store.index, master, version)
            if len(self._indexes) > _KEPT:
                self._indexes.popitem(last=False)
        self._indexes.move_to_end(key)
        return self._indexes[key]

    async def glimpses(self, passages: Iterable[Passage]) -> list[Glimpse]:
        """What reminds of each of these passages."""
        return await asyncio.to_thread(lambda: list(self._glimpses(passages)))

    def _glimpses(self, passages: Iterable[Passage]) -> Iterator[Glimpse]:
        # Somebody who takes many passages takes them of few interviews.
        told: dict[str, tuple[Turn, ...]] = {}
        for passage in passages:
            entry = self.entry(passage.interview, passage.lang)
            if entry is None or (entry.master, entry.version) != (passage.master, passage.version):
                yield Glimpse()
                continue
            if entry.url not in told:
                told[entry.url] = self._turns(entry)
            heard = turns_within(told[entry.url], passage.in_ms, passage.out_ms)
            words = " ".join(paragraph for turn in heard for paragraph in turn.paragraphs)
            poster = f"/media/{passage.master}/{passage.version}/{SMALLER[360]}"
            yield Glimpse(poster, words if len(words) <= _REMINDER else f"{words[:_REMINDER].rsplit(' ', 1)[0]}…")

    def _editions(self, slug: str, master: str) -> dict[str, Edition]:
        found = {}
        for lang in LANGUAGES:
            entry = self.entry(slug, lang)
            if entry is not None and entry.master == master:
                found[lang] = Edition(entry, self._turns(entry))
        return found

    def _turns(self, entry: Entry) -> tuple[Turn, ...]:
        """The turns that stand beside a page; none when they cannot be read."""
        try:
            data = (self._site / entry.url.strip("/") / "transcript.json").read_bytes()
            turns = turns_in(data)
        except (OSError, msgspec.MsgspecError):
            return ()
        return end_turns(turns, entry.duration_ms)

    def _catalogue(self) -> Manifest | None:
        try:
            return self._manifest()
        except (OSError, msgspec.MsgspecError):
            return None


def standing(library: Library, master: str, version: str, profile: str) -> Source:
    """The master itself, or its proxy. UnknownMaster when it is gone."""
    if profile != "proxy":
        return library.store.master(master, version)
    path = library.store.public(master, version, "proxy.mp4")
    if path is None:
        raise UnknownMaster(master, "has no proxy", f"duplex ingest FILE --id {master}")
    return path
