"""The search index of each language, brought up to the interviews that stand, beside whatever else is being made."""

from collections.abc import Mapping
from functools import partial

import msgspec

from catalogue.building.state import Output, State
from catalogue.building.tray import Tray
from catalogue.interview import LANGUAGES
from catalogue.pages.plan import Plan
from catalogue.pages.shelf import Shelf
from catalogue.search.index import index_files
from catalogue.search.numbering import Document
from catalogue.sources import digest_of
from catalogue.workers import Hand

Index = dict[str, Output]


class _Order(msgspec.Struct, frozen=True, array_like=True):
    """An index to be brought up to its documents. `known` are its files that stand, `wrong` those that the site has
    lost; `anew` when nothing of what stands is to be relied on."""

    documents: tuple[Document, ...]
    known: Index
    wrong: frozenset[str]
    anew: bool


class _Made(msgspec.Struct, frozen=True, array_like=True):
    """The files of an index that were made, and those that are gone: None when nothing of what stood is part of it."""

    changed: Index
    gone: frozenset[str] | None


_order, _made = msgspec.msgpack.Decoder(_Order), msgspec.msgpack.Decoder(_Made)


class Searching:
    """A process for each language. It is forked before a build remembers anything: one that shared the memory of a
    large archive would cost more than what it does for an edited page."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.keys, self.known, self.begun = plan, dict[str, bytes](), dict[str, Index](), set[str]()
        self.hands = dict[str, Hand[bytes, bytes]]()
        for lang in LANGUAGES:
            self.hands[lang] = Hand(partial(_brought_up, plan, lang), [hand.line for hand in self.hands.values()])

    def begin(self, shelves: Mapping[str, Shelf], old: State, new: State, tray: Tray) -> None:
        """Begins every index that must change; only files that change are laid out."""
        self.known = old.search
        entries = {
            (unit.slug, page.record.lang): page.entry
            for unit in new.units.values()
            for page in unit.pages
            if page.record is not None
        }
        for lang, shelf in shelves.items():
            found = [(one, entries[one.slug, lang]) for one in shelf.interviews if one.lang == lang]
            self.keys[lang] = digest_of(self.plan.program, b"".join([one.mark + entry for one, entry in found]))
            wrong = frozenset(name for name in tray.wrong if name.startswith(f"search/{lang}/"))
            if self.keys[lang] != old.search_key.get(lang) or wrong:
                documents = tuple(
                    Document(slug=one.slug, date=one.date.isoformat(), digest=entry.hex())
                    for one, entry in found
                    if entry
                )
                order = _Order(documents, old.search.get(lang, {}), wrong, bool(wrong))
                self.hands[lang].give(msgspec.msgpack.encode(order))
                self.begun.add(lang)

    def result(self) -> dict[str, Index]:
        """The files of each language's index. OSError, WorkerDied."""
        return {lang: self._index(lang) for lang in self.keys}

    def _index(self, lang: str) -> Index:
        known = self.known.get(lang, {})
        if lang not in self.begun:
            return known
        made = _made.decode(self.hands[lang].result())
        if made.gone is None:
            return made.changed
        return {path: output for path, output in known.items() if path not in made.gone} | made.changed

    def end(self) -> None:
        """Ends the processes, whatever they are doing."""
        for hand in self.hands.values():
            hand.end()


def _brought_up(plan: Plan, lang: str, packed: bytes) -> bytes:
    order = _order.decode(packed)
    tray = Tray(plan.next / "site", plan.site, order.wrong)

    def read_entry(slug: str) -> bytes:
        fresh = plan.next / "entries" / lang / slug
        return (fresh if fresh.exists() else plan.entries / lang / slug).read_bytes()

    def standing(path: str) -> bytes | None:
        return (plan.site / path).read_bytes() if path in order.known and not order.anew else None

    files = index_files(lang, order.documents, read_entry, standing)
    changed = {path: tray.put(path, data, order.known.get(path)) for path, data in files.changed}
    return msgspec.msgpack.encode(_Made(changed, files.gone))
