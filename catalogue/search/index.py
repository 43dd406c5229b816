"""The door of the index: which files a language's index is made of, and which of them stand already."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date

import msgspec

from catalogue.search.entry import blocks_and_terms
from catalogue.search.files import (
    Top,
    block_name,
    documents_path,
    near_name,
    path_of,
    program,
    raw_script,
    script,
    shard_name,
    text_name,
    top_name,
)
from catalogue.search.frequent import FREQUENT
from catalogue.search.gathering import Gathering
from catalogue.search.lines import line_of
from catalogue.search.near import is_near, near_text, weight_of
from catalogue.search.shards import BETWEEN, front_coded, order, shards_of

File = tuple[str, bytes]
ReadEntry = Callable[[str], bytes]
Standing = Callable[[str], bytes | None]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A page to be found: its slug, its day as `YYYY-MM-DD`, and a hash of its entry. Withdrawn pages and those under
    embargo are none."""

    slug: str
    date: str
    digest: str


class IndexFiles(msgspec.Struct, frozen=True, kw_only=True):
    """`changed` gives the path and bytes of each file to write, one by one, so that an index need not fit in memory;
    it must be read to its end before `standing` is asked. `standing` are the paths of files that stay as they are.
    Whatever else lies under `search/<lang>/` is no longer part of the index."""

    changed: Iterator[File]
    standing: frozenset[str]


def index_files(lang: str, documents: Sequence[Document], read_entry: ReadEntry, standing: Standing) -> IndexFiles:
    """The index of a language. It depends on nothing but the documents and their entries, whatever stood before."""
    return IndexFiles(changed=_all(lang, documents, read_entry), standing=frozenset())


def numbered(documents: Sequence[Document]) -> tuple[int, list[tuple[int, Document]]]:
    """How many bits tell documents of a day apart, and the documents with their numbers, newest first.

    A number is the document's day and its place in it: it stays what it is when another day gets a document.
    """
    days = defaultdict[int, list[Document]](list)
    for one in documents:
        days[date.fromisoformat(one.date).toordinal()].append(one)
    bits = max((len(day) - 1).bit_length() for day in days.values()) if days else 0
    found = [
        ((day << bits) + place, one)
        for day, ones in days.items()
        for place, one in enumerate(sorted(ones, key=lambda one: one.slug))
    ]
    return bits, sorted(found, key=lambda pair: -pair[0])


def _all(lang: str, documents: Sequence[Document], read_entry: ReadEntry) -> Iterator[File]:
    bits, found = numbered(documents)
    gathering = Gathering()
    for number, one in found:
        blocks, terms = blocks_and_terms(read_entry(one.slug))
        for place, block in enumerate(blocks):
            name = text_name(number, bits, place)
            yield path_of(lang, name), raw_script(lang, name, block)
        gathering.add(number, one.slug, terms)
    lines: dict[str, str] = {}
    near = defaultdict[str, list[tuple[str, int]]](list)
    for term, rows in gathering.lists():
        lines[term] = line_of(term, rows, lang)
        if len(rows) > 1:
            for row in rows:
                name = block_name(term, row.first)
                yield path_of(lang, name), script(lang, name, row.text)
        if is_near(term):
            near[term[0]].append((term, weight_of(sum(row.documents for row in rows))))
    starts = []
    for first, shard in shards_of((term, lines[term]) for term in sorted(lines, key=order)):
        starts.append(first)
        yield path_of(lang, shard_name(first)), script(lang, shard_name(first), BETWEEN.join(shard))
    for letter, words in near.items():
        listed = sorted(words, key=lambda pair: order(pair[0]))
        yield path_of(lang, near_name(letter)), script(lang, near_name(letter), near_text(listed))
    yield from documents_files(lang, found, bits)
    yield path_of(lang, top_name()), script(lang, top_name(), top_of(lang, len(found), bits, starts))


def top_of(lang: str, pages: int, bits: int, starts: Sequence[str]) -> Top:
    """What is read first."""
    return Top(made=program(), bits=bits, pages=pages, starts=front_coded(starts), frequent=" ".join(FREQUENT[lang]))


def documents_files(lang: str, found: Sequence[tuple[int, Document]], bits: int) -> Iterator[File]:
    """The build's memory of the documents, a file for each year."""
    years = defaultdict[str, list[str]](list)
    for number, one in found:
        years[one.date[:4]].append(f"{number} {one.date} {one.digest} {one.slug}\n")
    for year, lines in years.items():
        yield documents_path(lang, year), "".join(lines).encode()
