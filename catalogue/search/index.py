"""The door of the index: which files a language's index is made of, and which of them stand already."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from catalogue.search.editing import ReadEntry, Standing, Unreadable, edited
from catalogue.search.entry import parts_of
from catalogue.search.files import (
    File,
    block_name,
    documents_files,
    near_name,
    path_of,
    raw_script,
    script,
    shard_name,
    text_name,
    top_file,
)
from catalogue.search.gathering import Gathering
from catalogue.search.lines import line_of, shard_text
from catalogue.search.lists import block_of
from catalogue.search.near import is_near, near_text, weight_of
from catalogue.search.numbering import Document, Numbering, numbered
from catalogue.search.packing import packed
from catalogue.search.shards import ordered, shards_of


class IndexFiles(msgspec.Struct, frozen=True, kw_only=True):
    """`changed` gives the path and bytes of each file to write, one by one, so that an index need not fit in memory.
    `gone` are the paths of files that are no longer part of it, None when nothing of what stood is, unless it is
    written again; every other file under `search/<lang>/` stays as it is."""

    changed: Iterator[File]
    gone: frozenset[str] | None


def index_files(lang: str, documents: Sequence[Document], read_entry: ReadEntry, standing: Standing) -> IndexFiles:
    """The index of a language. It depends on nothing but the documents and their entries, whatever stood before: few
    changes are made in the files that stand, many by making all of them anew."""
    numbering = numbered(documents)
    try:
        edit = edited(lang, numbering, read_entry, standing)
    except Unreadable:
        edit = None
    if edit is None:
        return IndexFiles(changed=_all(lang, numbering, read_entry), gone=None)
    return IndexFiles(changed=iter(sorted(edit.changed.items())), gone=edit.gone)


def _all(lang: str, numbering: Numbering, read_entry: ReadEntry) -> Iterator[File]:
    found = numbering.documents
    gathering = Gathering()
    for number, one in found:
        parts = parts_of(read_entry(one.slug))
        for place, block in enumerate(parts.blocks):
            name = text_name(number, place)
            yield path_of(lang, name), raw_script(lang, name, block)
        gathering.add(number, one.slug, parts.terms, parts.places)
    lines: dict[str, str] = {}
    near = defaultdict[str, dict[str, int]](dict)
    for term, rows in gathering.lists():
        lines[term] = line_of(term, rows[0] if len(rows) == 1 else [block_of(row) for row in rows], lang)
        if len(rows) > 1:
            for row in rows:
                name = block_name(term, row.first)
                yield path_of(lang, name), script(lang, name, packed(row.text))
        if is_near(term):
            near[term[0]][term] = weight_of(sum(row.documents for row in rows))
    starts = []
    for first, shard in shards_of((term, lines[term]) for term in ordered(lines)):
        starts.append(first)
        yield path_of(lang, shard_name(first)), script(lang, shard_name(first), shard_text(shard))
    for letter, words in near.items():
        yield path_of(lang, near_name(letter)), script(lang, near_name(letter), near_text(words))
    yield from documents_files(lang, numbering)
    yield top_file(lang, numbering, starts, near)
