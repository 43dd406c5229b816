"""A few documents changed in an index that stands: their terms' lists, those lists' shards, and nothing else.

What a document said before is read from its own blocks of text, which stand in the index: its entry is made again from
them. So the index remembers all that is needed to change it, and the result is the one that all anew would give.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from catalogue.search.changing import Change, changed_list
from catalogue.search.entry import entry_of, parts_of
from catalogue.search.files import (
    TOP,
    Top,
    block_name,
    documents_files,
    documents_path,
    near_name,
    path_of,
    program,
    raw_script,
    read_documents,
    script,
    shard_name,
    text_name,
    top_file,
    unwrapped,
)
from catalogue.search.lines import line_of, lines_of, list_of, shard_text
from catalogue.search.near import is_near, near_text, near_words, weight_of
from catalogue.search.numbering import Document, Numbering
from catalogue.search.packing import packed, shape_of, unpacked
from catalogue.search.shards import begins_shard, front_decoded, order, ordered, shards_of
from catalogue.search.texts import count_of, page_again

ReadEntry = Callable[[str], bytes]
Standing = Callable[[str], bytes | None]
# Beyond so many changes, of so many documents in a hundred, making all anew is quicker.
_FEW, _SHARE = 30, 2


class Unreadable(Exception):
    """What stands is no index, or not a whole one."""


class Edit(NamedTuple):
    """Files to write, and files that go."""

    changed: dict[str, bytes]
    gone: frozenset[str]


def edited(lang: str, numbering: Numbering, read_entry: ReadEntry, standing: Standing) -> Edit | None:
    """What changes in the index that stands; None when it must be made anew. Unreadable."""
    try:
        data = standing(path_of(lang, TOP))
        top = msgspec.json.decode(unwrapped(data), type=Top) if data else None
        if top is None or top.made != program():
            return None
        return _Editing(lang, numbering, top, standing).edit(read_entry)
    except (ValueError, IndexError, KeyError, msgspec.MsgspecError) as error:
        raise Unreadable from error


class _Editing:
    def __init__(self, lang: str, numbering: Numbering, top: Top, standing: Standing) -> None:
        self.lang, self.numbering, self.top, self.standing = lang, numbering, top, standing
        self.new = dict(numbering.documents)
        self.slugs = {number: one.slug for number, one in numbering.documents}
        self.starts = front_decoded(top.starts)
        self.keys = [order(start) for start in self.starts]
        self.written: dict[str, bytes] = {}
        self.gone: set[str] = set()
        self.near: dict[str, int] = {}
        self.letters = set(top.letters)

    def edit(self, read_entry: ReadEntry) -> Edit | None:
        old = dict(self._documents())
        both = old.keys() | self.new.keys()
        numbers = sorted(number for number in both if old.get(number) != self.new.get(number))
        if len(numbers) > _FEW and len(numbers) * 100 > len(self.new) * _SHARE:
            return None
        changes = defaultdict[str, dict[int, bytes | None]](dict)
        for number in numbers:
            before = self._read_again(number) if number in old else {}
            after = self._read_new(number, read_entry(self.new[number].slug)) if number in self.new else {}
            for term in before.keys() | after.keys():
                if before.get(term) != after.get(term):
                    changes[term][number] = after.get(term)
        self._change_shards(changes)
        self._change_near()
        for path, data in [
            *documents_files(self.lang, self.numbering),
            top_file(self.lang, self.numbering, self.starts, self.letters),
        ]:
            self.written[path] = data
        years = {year for year, _, _ in self.top.years} - {year for year, _, _ in self.numbering.years}
        self.gone.update(documents_path(self.lang, year) for year in years)
        changed = {path: data for path, data in self.written.items() if self.standing(path) != data}
        return Edit(changed, frozenset(self.gone - self.written.keys()))

    def _documents(self) -> list[tuple[int, Document]]:
        years = [self._bytes(documents_path(self.lang, year)) for year, _, _ in self.top.years]
        return [one for data in years for one in read_documents(data)]

    def _bytes(self, path: str) -> bytes:
        data = self.standing(path)
        if data is None:
            raise Unreadable
        return data

    def _value(self, name: str) -> bytes:
        return unwrapped(self._bytes(path_of(self.lang, name)))

    def _text(self, name: str) -> str:
        return msgspec.json.decode(self._value(name), type=str)

    def _read_again(self, number: int) -> dict[str, bytes]:
        """What a document said when the index was made; its blocks of text go, unless they are written again."""
        first = self._value(text_name(number, 0))
        blocks = [first, *(self._value(text_name(number, at)) for at in range(1, count_of(first)))]
        self.gone.update(path_of(self.lang, text_name(number, at)) for at in range(len(blocks)))
        return _places(entry_of(page_again(blocks)))

    def _read_new(self, number: int, entry: bytes) -> dict[str, bytes]:
        for at, block in enumerate(parts_of(entry).blocks):
            name = text_name(number, at)
            self.written[path_of(self.lang, name)] = raw_script(self.lang, name, block)
        return _places(entry)

    def _change_shards(self, changes: Mapping[str, dict[int, bytes | None]]) -> None:
        by_shard = defaultdict[int, list[str]](list)
        for term in changes:
            by_shard[max(0, bisect_right(self.keys, order(term)) - 1)].append(term)
        shards: dict[int, dict[str, str]] = {}
        for place, terms in by_shard.items():
            lines = lines_of(self._text(shard_name(self.starts[place]))) if self.starts else {}
            for term in terms:
                line = self._changed_line(term, lines.get(term), changes[term])
                if line is None:
                    del lines[term]
                else:
                    lines[term] = line
            shards[place] = lines
        self._cut_anew(shards)

    def _cut_anew(self, shards: dict[int, dict[str, str]]) -> None:
        """Shards whose lines changed, cut where they now begin. One that no longer begins where it did is part of the
        one before."""
        starts: list[str] = []
        kept: list[str] = []
        for place in reversed(range(max(1, len(self.starts)))):
            if place not in shards:
                kept.append(self.starts[place])
                continue
            lines = shards[place]
            terms = ordered(lines)
            if place and not (terms and begins_shard(terms[0], lines[terms[0]])):
                if place - 1 not in shards:
                    shards[place - 1] = lines_of(self._text(shard_name(self.starts[place - 1])))
                shards[place - 1].update(lines)
                continue
            for first, shard in shards_of((term, lines[term]) for term in terms):
                starts.append(first)
                name = shard_name(first)
                self.written[path_of(self.lang, name)] = script(self.lang, name, shard_text(shard))
        self.gone.update(path_of(self.lang, shard_name(start)) for start in set(self.starts) - set(kept))
        self.starts = sorted([*kept, *starts], key=order)

    def _changed_line(self, term: str, line: str | None, change: Change) -> str | None:
        before, shape = list_of(term, line, self.lang) if line else None, shape_of(term, self.lang)

        def load(first: int) -> bytes:
            return unpacked(self._text(block_name(term, first)), shape)

        after = changed_list(before, change, self.slugs, load)
        if isinstance(before, list):
            self.gone.update(path_of(self.lang, block_name(term, block.first)) for block in before)
        if isinstance(after.list_, list):
            self.gone -= {path_of(self.lang, block_name(term, block.first)) for block in after.list_}
        for row in after.rows.values():
            name = block_name(term, row.first)
            self.written[path_of(self.lang, name)] = script(self.lang, name, packed(row.text))
        if is_near(term):
            self.near[term] = after.documents
        return None if after.list_ is None else line_of(term, after.list_, self.lang)

    def _change_near(self) -> None:
        """The words of a letter, where one came, went, or became much commoner."""
        letters = defaultdict[str, dict[str, int]](dict)
        for term, documents in self.near.items():
            letters[term[0]][term] = documents
        for letter, terms in letters.items():
            path = path_of(self.lang, near_name(letter))
            data = self.standing(path)
            words = near_words(msgspec.json.decode(unwrapped(data), type=str)) if data else {}
            for term, documents in terms.items():
                if documents:
                    words[term] = weight_of(documents)
                else:
                    words.pop(term, None)
            if words:
                self.written[path] = script(self.lang, near_name(letter), near_text(words))
                self.letters.add(letter)
            else:
                self.gone.add(path)
                self.letters.discard(letter)


def _places(entry: bytes) -> dict[str, bytes]:
    """The terms of an entry with their places."""
    parts = parts_of(entry)
    return {term.decode(): places for term, places in zip(parts.terms, parts.places, strict=True)}
