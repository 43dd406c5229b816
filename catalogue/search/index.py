"""The door of the index: which files a language's index is made of, and which of them stand already."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

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
from catalogue.search.numbering import Document, Numbering, numbered
from catalogue.search.shards import BETWEEN, front_coded, order, shards_of

File = tuple[str, bytes]
ReadEntry = Callable[[str], bytes]
Standing = Callable[[str], bytes | None]


class IndexFiles(msgspec.Struct, frozen=True, kw_only=True):
    """`changed` gives the path and bytes of each file to write, one by one, so that an index need not fit in memory;
    it must be read to its end before `standing` is asked. `standing` are the paths of files that stay as they are.
    Whatever else lies under `search/<lang>/` is no longer part of the index."""

    changed: Iterator[File]
    standing: frozenset[str]


def index_files(lang: str, documents: Sequence[Document], read_entry: ReadEntry, standing: Standing) -> IndexFiles:
    """The index of a language. It depends on nothing but the documents and their entries, whatever stood before."""
    return IndexFiles(changed=_all(lang, documents, read_entry), standing=frozenset())


def _all(lang: str, documents: Sequence[Document], read_entry: ReadEntry) -> Iterator[File]:
    numbering = numbered(documents)
    found = numbering.documents
    gathering = Gathering()
    for number, one in found:
        blocks, terms = blocks_and_terms(read_entry(one.slug))
        for place, block in enumerate(blocks):
            name = text_name(number, place)
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
    yield from documents_files(lang, numbering)
    yield path_of(lang, top_name()), script(lang, top_name(), top_of(lang, numbering, starts))


def top_of(lang: str, numbering: Numbering, starts: Sequence[str]) -> Top:
    """What is read first."""
    return Top(
        made=program(),
        pages=len(numbering.documents),
        years=numbering.years,
        starts=front_coded(starts),
        frequent=" ".join(FREQUENT[lang]),
    )


def documents_files(lang: str, numbering: Numbering) -> Iterator[File]:
    """The build's memory of the documents, a file for each year."""
    years = defaultdict[str, list[str]](list)
    for number, one in numbering.documents:
        years[one.date[:4]].append(f"{number} {one.date} {one.digest} {one.slug}\n")
    for year, lines in years.items():
        yield documents_path(lang, year), "".join(lines).encode()
