"""A shard is lines, each a term and its line: its stem's mark, and its list, or where its list's blocks begin."""

from collections.abc import Sequence

from catalogue.search.coding import DIGITS, encoded, number_at
from catalogue.search.lists import CUT, Block, Row, directory, read_directory
from catalogue.search.near import is_near
from catalogue.search.packing import packed, shape_of, unpacked
from catalogue.search.places import documents_in
from catalogue.search.shards import BETWEEN, front_parts
from catalogue.search.stems import mark_of


def line_of(term: str, list_: Row | Sequence[Block], lang: str) -> str:
    """The line of a term whose list is one row, or is cut in blocks."""
    mark = mark_of(term, lang) if is_near(term) else ""
    return f"{mark} {_written(list_) if isinstance(list_, Row) else directory(list_)}"


def list_of(term: str, line: str, lang: str) -> Row | list[Block]:
    """The list of a line, or its blocks."""
    places = line.partition(" ")[2]
    if places.startswith(CUT):
        return read_directory(places)
    first, after = number_at(places, 0)
    text = unpacked(places[after:], shape_of(term, lang))
    return Row(first, documents_in(text), text)


def _written(row: Row) -> str:
    return encoded(row.first) + packed(row.text)


def shard_text(lines: Sequence[tuple[str, str]]) -> str:
    """Terms in order with their lines, each term as what it shares with the one before and what is its own."""
    parts = front_parts(term for term, _ in lines)
    return BETWEEN.join([part + line for part, (_, line) in zip(parts, lines, strict=True)])


def lines_of(shard: str) -> dict[str, str]:
    """What `shard_text` wrote."""
    lines, before = dict[str, str](), ""
    for part in shard.split(BETWEEN):
        own = part[1 : part.index(" ")].partition("|")[0]
        before = before[: DIGITS.index(part[0])] + own
        lines[before] = part[1 + len(own) :]
    return lines
