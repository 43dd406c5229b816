"""What the index needs of one page, made once when its content changes: its text in blocks, and its terms in places.

A page is a row of units: title, speakers, topics, place and summary first, then the turns. An entry is lines of text:
how many blocks, the blocks, then all terms parted by tabs, and on the last line, parted likewise, where each of them
stands: for each place the gap from the unit before and, unless the word is a frequent one or no word, the character of
its neighbours' classes.
"""

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from catalogue.interview import Interview
from catalogue.search.coding import DIGITS, STEPS
from catalogue.search.frequent import CLASSES, FREQUENT, class_of
from catalogue.search.texts import Page, blocks_of, page_of
from catalogue.search.words import chunk_of, grouped_numbers

PAIR, FACET = "_", "@"
_MOST_KEPT = 200_000


class _Word(NamedTuple):
    """A word met before: its text and its class, the marks of a place it stands before, by the class of what stands
    after that place, and how a pair begins with it: nothing unless it is frequent, None when it is only one of the
    others that a chunk is found by, whose mark `row` is."""

    text: str
    kind: int
    row: str
    pair: str | None


class _Chunks(dict[str, tuple[_Word, ...]]):
    """What each chunk says, read when it is first met: what it says never changes, and most chunks come again."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang
        self.ranks = {word: rank for rank, word in enumerate(FREQUENT[lang])}
        self.words: dict[str, _Word] = {}

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
            kind = class_of(text, self.ranks)
            pair = f"{PAIR}{text}{PAIR}" if text in self.ranks else ""
            word = self.words[text] = _Word(text, kind, _ROWS[kind], pair)
        return word

    def other(self, text: str) -> _Word:
        """What a unit is found by beside its words."""
        return _Word(text, 0, "" if text in self.ranks else _NO_WORD, None)


_ROWS = [DIGITS[kind * CLASSES : (kind + 1) * CLASSES] for kind in range(CLASSES)]
_NO_WORD = _ROWS[0][0]
_END = (_Word("", 0, _ROWS[0], ""),)
_chunks = {lang: _Chunks(lang) for lang in FREQUENT}


def entry_bytes(interview: Interview, topics: Sequence[str]) -> bytes:
    """The entry of a page that stands; `topics` are the words under which its language lists it."""
    return entry_of(page_of(interview, topics))


def entry_of(page: Page) -> bytes:
    """The entry of a page, from nothing but what its blocks of text hold: an entry can be made again from them."""
    blocks = blocks_of(page)
    terms = _terms(page)
    return "\n".join([str(len(blocks)), *blocks, "\t".join(terms), "\t".join(map("".join, terms.values()))]).encode()


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
    found: dict[str, list[str]] = {}
    last: dict[str, int] = {}
    for unit, text in enumerate(page.units):
        first = STEPS[unit]
        before = row = _ROWS[0]
        held = pair = ""
        others = list(map(known.other, grouped_numbers(text)))
        for word, kind, next_row, begins in chain(chain.from_iterable(map(known.__getitem__, text.split())), _END):
            if begins is None:
                others.append(_Word(word, kind, next_row, begins))
                continue
            if held:
                # Placed only when the word after it is known.
                if held in last:
                    found[held] += STEPS[unit - last[held]], before[kind]
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
                    found[word].append(STEPS[unit - at])
                last[word] = unit
            if pair:
                both = pair + word
                at = last.get(both)
                if at is None:
                    found[both] = [first]
                    last[both] = unit
                elif at != unit:
                    found[both].append(STEPS[unit - at])
                    last[both] = unit
            held, pair = "", begins
        for word, _, mark, _ in others:
            at = last.get(word)
            if at != unit:
                found.setdefault(word, []).append(STEPS[unit - (at or 0)] + mark)
                last[word] = unit
    found.update((FACET + facet, []) for facet in page.facets())
    return found
