"""The search index of each language, brought up to the interviews that stand, beside whatever else is being made."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple, Self

from catalogue.building.state import Output, State
from catalogue.building.tray import Tray
from catalogue.interview import Record
from catalogue.pages.plan import Plan
from catalogue.pages.shelf import Shelf
from catalogue.search.index import index_files
from catalogue.search.numbering import Document
from catalogue.sources import digest_of
from catalogue.workers import Hand

Index = dict[str, Output]


class _Made(NamedTuple):
    """The files of an index that were made, and those that are gone: None when nothing of what stood is part of it."""

    changed: Index
    gone: frozenset[str] | None


class Searching:
    """Begins at once, in a process for each language whose index must change; only files that change are laid out."""

    def __init__(self, plan: Plan, shelves: Mapping[str, Shelf], old: State, new: State, tray: Tray) -> None:
        self.plan, self.old, self.tray = plan, old, tray
        self.keys, self.hands = dict[str, bytes](), dict[str, Hand[None, _Made]]()
        entries = {
            (unit.slug, page.record.lang): page.entry
            for unit in new.units.values()
            for page in unit.pages
            if page.record is not None
        }
        for lang, shelf in shelves.items():
            found = [(one, entries[one.slug, lang]) for one in shelf.interviews if one.lang == lang]
            self.keys[lang] = digest_of(plan.program, b"".join([one.mark + entry for one, entry in found]))
            lost = any(name.startswith(f"search/{lang}/") for name in tray.wrong)
            if self.keys[lang] != old.search_key.get(lang) or lost:
                make = partial(self._make, lang, found, lost)
                self.hands[lang] = Hand(make, [hand.line for hand in self.hands.values()])
                self.hands[lang].give(None)

    def _make(self, lang: str, found: Sequence[tuple[Record, bytes]], lost: bool, _: None) -> _Made:
        plan, known = self.plan, self.old.search.get(lang, {})
        documents = [
            Document(slug=one.slug, date=one.date.isoformat(), digest=entry.hex()) for one, entry in found if entry
        ]

        def read_entry(slug: str) -> bytes:
            fresh = plan.next / "entries" / lang / slug
            return (fresh if fresh.exists() else plan.entries / lang / slug).read_bytes()

        def standing(path: str) -> bytes | None:
            return (plan.site / path).read_bytes() if path in known and not lost else None

        files = index_files(lang, documents, read_entry, standing)
        return _Made({path: self.tray.put(path, data, known.get(path)) for path, data in files.changed}, files.gone)

    def result(self) -> dict[str, Index]:
        """The files of each language's index. OSError, WorkerDied."""
        return {lang: self._index(lang) for lang in self.keys}

    def _index(self, lang: str) -> Index:
        known = self.old.search.get(lang, {})
        if lang not in self.hands:
            return known
        changed, gone = self.hands[lang].result()
        if gone is None:
            return changed
        return {path: output for path, output in known.items() if path not in gone} | changed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for hand in self.hands.values():
            hand.end()
