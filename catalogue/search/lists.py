"""Where a term stands, over all documents, newest first: a row of documents, each with its places.

A document is a number that grows with its date; it is written as the gap from the one before, the first of a row as
no gap at all (`places`). A long list is cut in blocks, so that the newest part can be read alone. Where it is cut
depends only on the document that begins a block, so that a document that comes or goes leaves the other blocks as they
are.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from catalogue.search.coding import encoded, number_at
from catalogue.search.places import ITEM, gap_of, leap

# A list longer than this is cut; its blocks are about as long, some shorter, few more than three times that.
LIMIT = 9000
CUT = "!"


class Row(NamedTuple):
    """Documents in a row: the number of the first, how many, and the text, which begins with no gap."""

    first: int
    documents: int
    text: bytes


class Block(NamedTuple):
    """A block of a long list: the number of its first document, how many it has, and the length of its text."""

    first: int
    documents: int
    size: int


Item = tuple[int, bytes]


def threshold(slug: str) -> int:
    """A document begins a block where its own places are longer than this."""
    return crc32(slug.encode()) % LIMIT


def begins_block(places: bytes, slug: str) -> bool:
    """A long list is cut before this document."""
    return len(places) + 2 > threshold(slug)


def items_of(row: Row) -> Iterator[Item]:
    """The documents of a row by number, each with its places."""
    number = row.first
    for found in ITEM.finditer(row.text):
        number -= gap_of(found[1])
        yield number, found[2]


def row_of(items: Sequence[Item]) -> Row:
    """Documents by number, newest first, in a row."""
    gaps = [0, *(before - number for (before, _), (number, _) in pairwise(items))]
    text = b"".join([leap(gap) + places for gap, (_, places) in zip(gaps, items, strict=True)])
    return Row(items[0][0], len(items), text)


def cut(row: Row, slugs: Mapping[int, str]) -> list[Row]:
    """A row in blocks, cut before each document that begins one."""
    blocks: list[list[Item]] = [[]]
    for number, places in items_of(row):
        if blocks[-1] and begins_block(places, slugs[number]):
            blocks.append([])
        blocks[-1].append((number, places))
    return [row_of(block) for block in blocks]


def is_long(blocks: Sequence[Block]) -> bool:
    """A list is cut when it is longer than `LIMIT` even so, and there is a place to cut it."""
    return len(blocks) > 1 and sum(block.size for block in blocks) > LIMIT


def directory(blocks: Sequence[Block]) -> str:
    """A long list as its term's line has it: for each block its first document, how many, and how long its text is."""
    text, before = CUT, 0
    for block in blocks:
        text += encoded(before - block.first if before else block.first)
        text += encoded(block.documents) + encoded(block.size)
        before = block.first
    return text


def read_directory(text: str) -> list[Block]:
    """What `directory` wrote."""
    blocks: list[Block] = []
    at, before = len(CUT), 0
    while at < len(text):
        number, at = number_at(text, at)
        count, at = number_at(text, at)
        size, at = number_at(text, at)
        before = before - number if blocks else number
        blocks.append(Block(before, count, size))
    return blocks


def block_of(row: Row) -> Block:
    """What a directory says of a row."""
    return Block(row.first, row.documents, len(row.text))
