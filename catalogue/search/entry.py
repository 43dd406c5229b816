"""What the index needs of one page, made once when its content changes: its text in blocks, and its terms in places.

A page is a row of units: title, speakers, topics, place and summary first, then the turns. An entry is lines of text:
how many blocks, the blocks, then all terms parted by tabs, and on the last line, parted likewise, where each of them
stands, in the bytes of `places`. A pair of frequent words, unless it is of the commonest, says in which block of the
text it stands, any other term in which unit.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from catalogue.interview import Interview
from catalogue.search.frequent import FREQUENT, KINDS, is_common, kind_of, mark_of
from catalogue.search.places import FACET, FIRST, MARK, NEXT, PAIR
from catalogue.search.texts import UNITS_IN_BLOCK, Page, blocks_of, page_of
from catalogue.search.words import AROUND, PARTICLES, chunk_of, closed_up, grouped_numbers, is_initial, is_plain

_MOST_KEPT = 200_000
# Places are added to a text that is copied each time: one that has become longer is laid aside first.
_LONG = 4096
_DIGIT = re.compile("[0-9]")


class _Word(NamedTuple):
    """A word met before: its text and its kind, the marks of a place that stands after it, by the kind of what comes
    then, and unless it is rarer the pairs it begins, by the frequent word after it: each with whether it is common."""

    text: str
    kind: int
    row: Sequence[str]
    pairs: Mapping[str, tuple[str, bool]] | None


class _Chunks(dict[str, tuple[_Word, ...]]):
    """What each chunk says, read when it is first met: what it says never changes, and most chunks come again. `odd`
    are those with a digit, initials, and those that are also found by other words, each with these and their marks."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang
        self.ranks = {word: rank for rank, word in enumerate(FREQUENT[lang])}
        self.words: dict[str, _Word] = {}
        self.odd: dict[str, list[tuple[str, str]]] = {}
        self.initials: set[str] = set()

    def __missing__(self, text: str) -> tuple[_Word, ...]:
        plain = text.strip(AROUND).lower()
        if is_initial(text):
            self.odd[text] = []
            self.initials.add(text)
        if plain != text and is_plain(plain):
            words = self[plain]
        elif (whole := self._unelided(plain)) is not None:
            words = self[whole]
        else:
            chunk = chunk_of(text, self.lang)
            if chunk.others or _DIGIT.search(text):
                self.odd[text] = list(map(self.other, chunk.others))
            words = tuple(map(self._word, chunk.words))
        self[text] = words
        return words

    def _unelided(self, plain: str) -> str | None:
        """`usine` for `l’usine`: what most chunks are that are not one word of letters."""
        particle, _, rest = plain.replace("’", "'").partition("'")
        return rest if particle in PARTICLES[self.lang] and is_plain(rest) else None

    def _word(self, text: str) -> _Word:
        word = self.words.get(text)
        if word is None:
            kind = kind_of(text, self.ranks)
            word = self.words[text] = _Word(text, kind, _ROWS[kind], self._pairs(text) if text in self.ranks else None)
        return word

    def _pairs(self, text: str) -> dict[str, tuple[str, bool]]:
        pairs = {other: f"{PAIR}{text}{PAIR}{other}" for other in self.ranks}
        return {other: (pair, is_common(pair, self.ranks)) for other, pair in pairs.items()}

    def other(self, text: str) -> tuple[str, str]:
        """What a unit is found by beside its words, with its mark."""
        return text, "" if text in self.ranks else _ROWS[0][0]

    def forget(self) -> None:
        """Makes room once there is too little."""
        if len(self) >= _MOST_KEPT:
            for each in (self, self.words, self.odd, self.initials):
                each.clear()


_ROWS = [[chr(MARK + mark_of(before, after)) for after in range(KINDS)] for before in range(KINDS)]
_END = (_Word("", 0, _ROWS[0], None),)
_KIND = itemgetter(1)
_chunks = {lang: _Chunks(lang) for lang in FREQUENT}


def entry_bytes(interview: Interview, topics: Sequence[str]) -> bytes:
    """The entry of a page that stands; `topics` are the words under which its language lists it."""
    return entry_of(page_of(interview, topics))


def entry_of(page: Page) -> bytes:
    """The entry of a page, from nothing but what its blocks of text hold: an entry can be made again from them."""
    blocks = blocks_of(page)
    terms = _terms(page)
    said = "\n".join([str(len(blocks)), *blocks, "\t".join(terms), ""]).encode()
    return said + "\t".join(terms.values()).encode("latin-1")


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


def _terms(page: Page) -> dict[str, str]:
    """Each term with its places. Written for speed, in one walk over the words: this is most of what a page costs."""
    known = _chunks[page.lang]
    known.forget()
    found: dict[str, str] = {}
    last: dict[str, int] = {}
    long: dict[str, list[str]] = {}
    for unit, text in enumerate(page.units):
        first, block = FIRST[unit], unit // UNITS_IN_BLOCK
        chunks = text.split()
        said = [*chain.from_iterable(map(known.__getitem__, chunks))]
        odd = not known.odd.keys().isdisjoint(chunks)
        if odd and not known.initials.isdisjoint(chunks):
            chunks = closed_up(text).split()
            said = [*chain.from_iterable(map(known.__getitem__, chunks))]
        before: Sequence[str] = _ROWS[0]
        pairs = None
        for (word, _, row, begins), after in zip(said, map(_KIND, chain(said[1:], _END)), strict=False):
            at = last.get(word)
            if begins is None:
                if at is None:
                    found[word] = first + before[after]
                else:
                    places = found[word]
                    if len(places) > _LONG:
                        long.setdefault(word, []).append(places)
                        places = ""
                    found[word] = places + NEXT[unit - at] + before[after]
                last[word] = unit
            else:
                # Once a unit, with no more than that it stands there.
                if at != unit:
                    found[word] = first if at is None else found[word] + NEXT[unit - at - 1]
                    last[word] = unit
                if pairs is not None:
                    pair, common = pairs[word]
                    at, place = last.get(pair), unit if common else block
                    if at != place:
                        found[pair] = FIRST[place] if at is None else found[pair] + NEXT[place - at - 1]
                        last[pair] = place
            before, pairs = row, begins
        if not odd:
            continue
        others = [other for chunk in chunks if chunk in known.odd for other in known.odd[chunk]]
        for word, mark in [*others, *map(known.other, grouped_numbers(text))]:
            at = last.get(word)
            if at != unit:
                step = first if at is None else NEXT[unit - at if mark else unit - at - 1]
                found[word] = found.get(word, "") + step + mark
                last[word] = unit
    for word, places_before in long.items():
        found[word] = "".join([*places_before, found[word]])
    found.update((FACET + facet, "") for facet in page.facets())
    return found
