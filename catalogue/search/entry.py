"""What the index needs of one page, made once when its content changes: its text in blocks, and its terms in places.

A page is a row of units: title, speakers, topics, place and summary first, then the turns. An entry is lines of text:
how many blocks, the blocks, then all terms parted by tabs, and on the last line, parted likewise, where each of them
stands, in the bytes of `places`. A pair of frequent words, unless it is of the commonest, says in which block of the
text it stands, any other term in which unit.
"""

import re
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from catalogue.interview import Interview
from catalogue.search.frequent import FREQUENT, KINDS, is_common, kind_of, mark_of
from catalogue.search.places import FACET, FIRST, MARK, MARKS, NEXT, PAIR
from catalogue.search.texts import UNITS_IN_BLOCK, Page, blocks_of, page_of
from catalogue.search.words import AROUND, PARTICLES, chunk_of, closed_up, grouped_numbers, is_initial, is_plain

_MOST_KEPT = 200_000
# Places are added to a text that is copied each time: one that has become longer is laid aside first.
_LONG = 4096
_DIGIT = re.compile("[0-9]")


# What a word of each kind adds to the mark of the word after it, and to that of the word before.
_SHARES = [(mark_of(kind, 0), mark_of(0, kind)) for kind in range(KINDS)]


class _Term:
    """A word or a pair of words, and what the page that is walked says of it. `at` is the step of the walk at which it
    was met last, `said` its places so far; steps are counted over all pages, so that nothing need be wiped between two.
    `left` and `right` are its shares in its neighbours’ marks; `pairs`, unless it is a rarer word, are the pairs that
    it begins, by the rank of the frequent word after it."""

    __slots__ = ("at", "common", "left", "pairs", "rank", "right", "said", "text")

    def __init__(self, text: str, kind: int, rank: int = 0, *, common: bool = False) -> None:
        self.text, self.rank, self.common = text, rank, common
        self.left, self.right = _SHARES[kind]
        self.pairs: Sequence[_Term] | None = None
        self.at, self.said = -1, ""


class _Chunks(dict[str, tuple[_Term, ...]]):
    """What each chunk says, read when it is first met: what it says never changes, and most chunks come again. `odd`
    are those with a digit, initials, and those that are also found by other words, each with these; `steps` are those
    walked."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang
        self.ranks = {word: rank for rank, word in enumerate(FREQUENT[lang])}
        self.words: dict[str, _Term] = {}
        self.odd: dict[str, list[_Term]] = {}
        self.steps = 0

    def __missing__(self, text: str) -> tuple[_Term, ...]:
        plain = text.strip(AROUND).lower()
        if is_initial(text):
            self.odd[text] = []
        if is_plain(plain):
            words = self[plain] if plain != text else tuple(map(self.word, chunk_of(text, self.lang).words))
        elif (whole := self._unelided(plain)) is not None:
            words = self[whole]
        else:
            chunk = chunk_of(text, self.lang)
            if chunk.others or _DIGIT.search(text):
                self.odd[text] = list(map(self.word, chunk.others))
            words = tuple(map(self.word, chunk.words))
        self[text] = words
        return words

    def _unelided(self, plain: str) -> str | None:
        """`usine` for `l’usine`: what most chunks are that are not one word of letters."""
        particle, _, rest = plain.replace("’", "'").partition("'")
        return rest if particle in PARTICLES[self.lang] and is_plain(rest) else None

    def word(self, text: str) -> _Term:
        """A word, always the same one."""
        word = self.words.get(text)
        if word is None:
            word = self.words[text] = _Term(text, kind_of(text, self.ranks), self.ranks.get(text, 0))
            if text in self.ranks:
                word.pairs = [self._pair(f"{PAIR}{text}{PAIR}{other}") for other in self.ranks]
        return word

    def _pair(self, text: str) -> _Term:
        return _Term(text, 0, common=is_common(text, self.ranks))

    def forget(self) -> None:
        """Makes room once there is too little."""
        if len(self) >= _MOST_KEPT:
            for each in (self, self.words, self.odd):
                each.clear()


_MARKS = [chr(MARK + mark) for mark in range(MARKS)]
_chunks = {lang: _Chunks(lang) for lang in FREQUENT}
_END = (_Term("", 0),)


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
    start = known.steps
    known.steps += len(page.units)
    met: list[_Term] = []
    long: dict[_Term, list[str]] = {}
    for unit, text in enumerate(page.units):
        here, coarse = start + unit, start + unit // UNITS_IN_BLOCK
        first = FIRST[unit]
        chunks = text.split()
        words = [*map(known.__getitem__, chunks)]
        others: list[_Term] = []
        if not known.odd.keys().isdisjoint(chunks):
            chunks = closed_up(text).split()
            words = [*map(known.__getitem__, chunks)]
            others = [other for chunk in chunks if chunk in known.odd for other in known.odd[chunk]]
            others += map(known.word, grouped_numbers(text))
        said = chain(chain.from_iterable(words), _END)
        word, left, pairs = next(said), 0, None
        for after in said:
            at = word.at
            if word.pairs is None:
                if at < start:
                    word.said = first + _MARKS[left + after.right]
                    met.append(word)
                else:
                    if len(word.said) > _LONG:
                        long.setdefault(word, []).append(word.said)
                        word.said = ""
                    word.said += NEXT[here - at] + _MARKS[left + after.right]
                word.at = here
            else:
                # Once a unit, with no more than that it stands there.
                if at != here:
                    if at < start:
                        word.said = first
                        met.append(word)
                    else:
                        word.said += NEXT[here - at - 1]
                    word.at = here
                if pairs is not None:
                    pair = pairs[word.rank]
                    at, place = pair.at, here if pair.common else coarse
                    if at != place:
                        if at < start:
                            pair.said = FIRST[place - start]
                            met.append(pair)
                        else:
                            pair.said += NEXT[place - at - 1]
                        pair.at = place
            word, left, pairs = after, word.left, word.pairs
        for word in others:
            if word.at < start:
                word.said = first + _MARKS[0] if word.pairs is None else first
                met.append(word)
            elif word.at != here:
                word.said += NEXT[here - word.at] + _MARKS[0] if word.pairs is None else NEXT[here - word.at - 1]
            word.at = here
    found = {term.text: term.said for term in met}
    for word, before in long.items():
        found[word.text] = "".join([*before, word.said])
    found.update((FACET + facet, "") for facet in page.facets())
    return found
