"""A term's line in its shard: the term, its stem's mark, and its list, or where its list's blocks begin."""

from collections.abc import Sequence

from catalogue.search.lists import CUT, Block, Row, directory, read, read_directory, written
from catalogue.search.near import is_near
from catalogue.search.shards import BETWEEN
from catalogue.search.stems import mark_of


def line_of(term: str, list_: Row | Sequence[Block], lang: str) -> str:
    """The line of a term whose list is one row, or is cut in blocks."""
    mark = mark_of(term, lang) if is_near(term) else ""
    return f"{term}{mark} {written(list_) if isinstance(list_, Row) else directory(list_)}"


def list_of(line: str) -> Row | list[Block]:
    """The list of a line, or its blocks."""
    places = line.partition(" ")[2]
    return read_directory(places) if places.startswith(CUT) else read(places)


def lines_of(shard: str) -> dict[str, str]:
    """The lines of a shard by term."""
    return {line.partition(" ")[0].partition("|")[0]: line for line in shard.split(BETWEEN)}
