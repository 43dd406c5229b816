"""What the index needs of one page, made once when its content changes: its text in blocks, and its terms in places.

A page is a row of units: title, speakers, topics, place and summary first, then the turns. An entry is lines of text:
how many blocks, the blocks, then all terms parted by tabs, and on the last line, parted likewise, where each of them
stands, in the bytes of `places`. A pair of frequent words, unless it is of the commonest, says in which block of the
text it stands, any other term in which unit.
"""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from catalogue.interview import Interview
from catalogue.search.frequent import FREQUENT, KINDS, is_common, kind_of, mark_of
from catalogue.search.places import FACET, FIRST, MARK, NEXT, PAIR
from catalogue.search.texts import UNITS_IN_BLOCK, Page, blocks_of, page_of
from catalogue.search.words import chunk_of, grouped_numbers

_MOST_KEPT = 200_000


class _Word(NamedTuple):
    """A word met before: its text and its kind, the marks of a place it stands before, by the kind of what stands
    after that place, and how a pair begins with it: nothing unless it is frequent, None when it is only one of the
    others that a chunk is found by, whose mark `row` is."""

    text: str
    kind: int
    row: Sequence[str]
    pair: str | None


class _Chunks(dict[str, tuple[_Word, ...]]):
    """What each chunk says, read when it is first met: what it says never changes, and most chunks come again."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang
        self.ranks = {word: rank for rank, word in enumerate(FREQUENT[lang])}
        self.words: dict[str, _Word] = {}
        pairs = (f"{PAIR}{one}{PAIR}{other}" for one in self.ranks for other in self.ranks)
        self.common = frozenset(pair for pair in pairs if is_common(pair, self.ranks))

    def __missing__(self, text: str) -> tuple[_Word, ...]:
        if len(self) >= _MOST_KEPT:
            self.clear()
            self.words.clear()
        chunk = chunk_of(text, self.lang)
        words = self[text] = (*map(self._word, chunk.words), *map(self.other, chunk.others))
        return words

    def _word(self, text: str) -> _Word:
        word = self.words.get(text)
        if word is None:
            kind = kind_of(text, self.ranks)
            pair = f"{PAIR}{text}{PAIR}" if text in self.ranks else ""
            word = self.words[text] = _Word(text, kind, _ROWS[kind], pair)
        return word

    def other(self, text: str) -> _Word:
        """What a unit is found by beside its words."""
        return _Word(text, 0, _PLAIN if text in self.ranks else _NO_WORD, None)


_ROWS = [[chr(MARK + mark_of(before, after)) for after in range(KINDS)] for before in range(KINDS)]
_BEGIN: Sequence[str] = _ROWS[0]
_NO_WORD, _PLAIN = _ROWS[0][:1], [""]
_END = (_Word("", 0, _ROWS[0], ""),)
_chunks = {lang: _Chunks(lang) for lang in FREQUENT}


def entry_bytes(interview: Interview, topics: Sequence[str]) -> bytes:
    """The entry of a page that stands; `topics` are the words under which its language lists it."""
    return entry_of(page_of(interview, topics))


def entry_of(page: Page) -> bytes:
    """The entry of a page, from nothing but what its blocks of text hold: an entry can be made again from them."""
    blocks = blocks_of(page)
    terms = _terms(page)
    said = "\t".join(map("".join, terms.values())).encode("latin-1")
    return b"\n".join(["\n".join([str(len(blocks)), *blocks, "\t".join(terms)]).encode(), said])


class Parts(NamedTuple):
    """An entry taken apart: its blocks of text, its terms, and for each of them its places."""

    blocks: list[bytes]
    terms: list[bytes]
    places: list[bytes]


def parts_of(entry: bytes) -> Parts:
    """What `entry_of` put together."""
    count, rest = entry.split(b"\n", 1)
    *blocks, terms, places = rest.split(b"\n", int(count) + 1)
    return Parts(blocks, terms.split(b"\t"), places.split(b"\t"))


def _terms(page: Page) -> dict[str, list[str]]:
    """Each term with its places. Written for speed, in one walk over the words: this is most of what a page costs."""
    known = _chunks[page.lang]
    common = known.common
    found: dict[str, list[str]] = {}
    last: dict[str, int] = {}
    for unit, text in enumerate(page.units):
        first, block = FIRST[unit], unit // UNITS_IN_BLOCK
        before = row = _BEGIN
        held = pair = ""
        others = list(map(known.other, grouped_numbers(text)))
        for word, kind, next_row, begins in chain(chain.from_iterable(map(known.__getitem__, text.split())), _END):
            if begins is None:
                others.append(_Word(word, kind, next_row, begins))
                continue
            if held:
                # Placed only when the word after it is known.
                if held in last:
                    found[held] += NEXT[unit - last[held]], before[kind]
                else:
                    found[held] = [first, before[kind]]
                last[held] = unit
            before, row = row, next_row
            if not begins:
                held, pair = word, ""
                continue
            # Once a unit, with no more than that it stands there.
            at = last.get(word)
            if at != unit:
                if at is None:
                    found[word] = [first]
                else:
                    found[word].append(NEXT[unit - at - 1])
                last[word] = unit
            if pair:
                both = pair + word
                place = unit if both in common else block
                at = last.get(both)
                if at is None:
                    found[both] = [FIRST[place]]
                    last[both] = place
                elif at != place:
                    found[both].append(NEXT[place - at - 1])
                    last[both] = place
            held, pair = "", begins
        for word, _, (mark,), _ in others:
            at = last.get(word)
            if at is None:
                found[word] = [first + mark]
            elif at != unit:
                found[word].append((NEXT[unit - at] if mark else NEXT[unit - at - 1]) + mark)
            last[word] = unit
    found.update((FACET + facet, []) for facet in page.facets())
    return found
