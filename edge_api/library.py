"""What can be watched and downloaded today: the catalogue that the build wrote, words beside its pages, films."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import msgspec

from catalogue.exports import Transcript
from catalogue.interview import LANGUAGES, Turn
from catalogue.manifest import Entry, Manifest
from catalogue.transcript import end_turns
from footage.index import Index
from footage.store import Store

from .papers import Edition

# An index of an hour is some megabytes; a handful of films are asked for at any time.
_KEPT = 8


class Library:
    """`manifest` gives the catalogue as the last build left it and may raise OSError; `media` is the store's folder,
    `site` the built site's."""

    def __init__(self, manifest: Callable[[], Manifest], media: Path, site: Path) -> None:
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

    def public(self, master: str, version: str, name: str) -> Path | None:
        """A public file of a film that some page shows in this version; None for everything else."""
        catalogue = self._catalogue()
        if catalogue is None or catalogue.masters.get(master) != version:
            return None
        return self.store.public(master, version, name)

    async def index(self, master: str, version: str) -> Index:
        """The table of a film's frames, read in a thread and kept. UnknownMaster when there is none."""
        key = (master, version)
        if key not in self._indexes:
            self._indexes[key] = await asyncio.to_thread(self.store.index, master, version)
            if len(self._indexes) > _KEPT:
                self._indexes.popitem(last=False)
        self._indexes.move_to_end(key)
        return self._indexes[key]

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
            told = msgspec.json.decode(data, type=Transcript).turns
        except (OSError, msgspec.MsgspecError):
            return ()
        turns = [
            Turn(
                id=turn.id,
                key=turn.key,
                name=turn.name,
                start_ms=turn.start_ms,
                paragraphs=turn.paragraphs,
                moments=turn.moments,
            )
            for turn in told
        ]
        return end_turns(turns, entry.duration_ms)

    def _catalogue(self) -> Manifest | None:
        try:
            return self._manifest()
        except (OSError, msgspec.MsgspecError):
            return None
