"""Where a term stands, over all documents, newest first: a row of documents parted by blanks, each with its places.

A document is a number that grows with its date; it is written as the gap from the one before, the first of a row as
no gap at all. A long list is cut in blocks, so that the newest part can be read alone. Where it is cut depends only on
the document that begins a block, so that a document that comes or goes leaves the other blocks as they are.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from catalogue.search.coding import DIGITS, encoded, gap_text, number_at

# A list longer than this is cut; its blocks are about as long, some shorter, few more than three times that.
LIMIT = 6000
CUT = "!"
_NO_GAP = DIGITS[0]


class Row(NamedTuple):
    """Documents in a row: the number of the first, and the text, which begins with no gap."""

    first: int
    text: str

    @property
    def documents(self) -> int:
        """How many documents."""
        return self.text.count(" ") + 1


def threshold(slug: str) -> int:
    """A document begins a block where its own places are longer than this."""
    return crc32(slug.encode()) % LIMIT


def begins_block(places: str, slug: str) -> bool:
    """A long list is cut before this document."""
    return len(places) + 2 > threshold(slug)


def joined(rows: Sequence[Row]) -> Row:
    """Rows put together again."""
    text = rows[0].text
    for before, row in pairwise(rows):
        last = last_of(before)
        text += f" {gap_text(last - row.first)}{row.text[1:]}"
    return Row(rows[0].first, text)


def last_of(row: Row) -> int:
    """The number of a row's oldest document."""
    number = row.first
    for item in row.text.split(" "):
        number -= number_at(item, 0)[0]
    return number


def cut(row: Row, slugs: Mapping[int, str]) -> list[Row]:
    """A row as blocks, cut before each document that begins one."""
    rows: list[Row] = []
    first, number, items = row.first, row.first, list[str]()
    for item in row.text.split(" "):
        gap, after = number_at(item, 0)
        number -= gap
        if items and begins_block(item[after:], slugs[number]):
            rows.append(Row(first, " ".join(items)))
            first, items = number, [_NO_GAP + item[after:]]
        else:
            items.append(item)
    return [*rows, Row(first, " ".join(items))]


def size_of(rows: Sequence[Row]) -> int:
    """The length that decides whether a list is cut."""
    return sum(len(row.text) + 1 for row in rows)


def written(row: Row) -> str:
    """A short list as its term's line has it: the first document's number in place of no gap."""
    return encoded(row.first) + row.text[1:]


def read(text: str) -> Row:
    """What `written` wrote."""
    first, after = number_at(text, 0)
    return Row(first, _NO_GAP + text[after:])


def directory(rows: Sequence[tuple[int, int, int]]) -> str:
    """A long list as its term's line has it: for each block its first document, how many, and how long its text is."""
    text, before = CUT, 0
    for first, count, size in rows:
        text += encoded(before - first if before else first) + encoded(count) + encoded(size)
        before = first
    return text


def read_directory(text: str) -> list[tuple[int, int, int]]:
    """What `directory` wrote."""
    rows: list[tuple[int, int, int]] = []
    at, before = 1, 0
    while at < len(text):
        number, at = number_at(text, at)
        count, at = number_at(text, at)
        size, at = number_at(text, at)
        before = before - number if rows else number
        rows.append((before, count, size))
    return rows
