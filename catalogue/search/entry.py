"""What the index needs of one page, made once when its content changes: its text in blocks, and its terms in places.

A page is a row of units: title, speakers, topics, place and summary first, then the turns. An entry is lines of text:
how many blocks, the blocks, then a term on each line with, after a tab, where it stands: for each place the gap from
the unit before and, unless the word is a frequent one or no word, the character of its neighbours' classes.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from catalogue.interview import Interview
from catalogue.search.coding import DIGITS, step
from catalogue.search.frequent import CLASSES, FREQUENT, class_of
from catalogue.search.texts import Page, blocks_of, page_of
from catalogue.search.words import chunk_of, grouped_numbers

PAIR, FACET = "_", "@"
_MOST_KEPT = 200_000


class _Known(NamedTuple):
    """A chunk met before: for each word itself, its class, and whether it is frequent."""

    words: tuple[tuple[str, int, bool], ...]
    others: tuple[str, ...]


_RANKS: Mapping[str, dict[str, int]] = {
    lang: {word: rank for rank, word in enumerate(words)} for lang, words in FREQUENT.items()
}
_END = ("", 0, False)
_MARKS = [DIGITS[kind * CLASSES : (kind + 1) * CLASSES] for kind in range(CLASSES)]
# What a chunk says never changes, and most chunks come again: half of an entry's cost was reading them anew.
_chunks: dict[str, dict[str, _Known]] = {lang: {} for lang in FREQUENT}


def entry_bytes(interview: Interview, topics: Sequence[str]) -> bytes:
    """The entry of a page that stands; `topics` are the words under which its language lists it."""
    return entry_of(page_of(interview, topics))


def entry_of(page: Page) -> bytes:
    """The entry of a page, from nothing but what its blocks of text hold: an entry can be made again from them."""
    blocks = blocks_of(page)
    terms = [f"{term}\t{''.join(places)}" for term, places in sorted(_terms(page).items())]
    return "\n".join([str(len(blocks)), *blocks, *terms]).encode()


def blocks_and_terms(entry: bytes) -> tuple[list[bytes], bytes]:
    """The blocks of text of an entry, and its lines of terms."""
    count, rest = entry.split(b"\n", 1)
    *blocks, terms = rest.split(b"\n", int(count))
    return blocks, terms


def _terms(page: Page) -> dict[str, list[str]]:
    """Each term with its places. Written for speed: this is most of what a page costs the index."""
    found: dict[str, list[str]] = {}
    last: dict[str, int] = {}
    ranks = _RANKS[page.lang]
    for unit, text in enumerate(page.units):
        words, others = _read(text, page.lang)
        before, pair = 0, ""
        # A dictionary for its order, which is the same in every run.
        seen: dict[str, str] = {}
        for (word, kind, frequent), (_, after, _) in zip(words, [*words[1:], _END], strict=False):
            if frequent:
                if pair:
                    seen[f"{PAIR}{pair}{PAIR}{word}"] = ""
                seen[word] = ""
                pair = word
            else:
                pair = ""
                places = found.get(word)
                if places is None:
                    found[word] = [step(unit), _MARKS[before][after]]
                else:
                    places.append(step(unit - last[word]))
                    places.append(_MARKS[before][after])
                last[word] = unit
            before = kind
        for word in others:
            seen[word] = "" if word in ranks else _MARKS[0][0]
        for term, mark in seen.items():
            found.setdefault(term, []).append(step(unit - last.get(term, 0)) + mark)
            last[term] = unit
    return found | {FACET + facet: [] for facet in page.facets()}


def _read(text: str, lang: str) -> tuple[list[tuple[str, int, bool]], list[str]]:
    """The words of a unit in order, and the others."""
    known = _chunks[lang]
    words: list[tuple[str, int, bool]] = []
    others: list[str] = []
    for chunk in text.split():
        met = known.get(chunk) or _meet(chunk, lang)
        words += met.words
        if met.others:
            others += met.others
    others += grouped_numbers(text)
    if others:
        said = {word for word, _, _ in words}
        others = [word for word in others if word not in said]
    return words, others


def _meet(text: str, lang: str) -> _Known:
    chunk = chunk_of(text, lang)
    ranks = _RANKS[lang]
    met = _Known(tuple((word, class_of(word, ranks), word in ranks) for word in chunk.words), chunk.others)
    if len(_chunks[lang]) >= _MOST_KEPT:
        _chunks[lang].clear()
    _chunks[lang][text] = met
    return met
