"""A term's line in its shard: the term, its stem's mark, and its list, or where its list's blocks begin."""

from collections.abc import Sequence

from catalogue.search.lists import CUT, Row, directory, read, read_directory, written
from catalogue.search.near import is_near
from catalogue.search.stems import mark_of


def line_of(term: str, rows: Sequence[Row], lang: str) -> str:
    """The line of a term whose list is one row, or is cut in several."""
    mark = mark_of(term, lang) if is_near(term) else ""
    places = written(rows[0]) if len(rows) == 1 else directory([(r.first, r.documents, len(r.text)) for r in rows])
    return f"{term}{mark} {places}"


def term_of(line: str) -> str:
    """The term of a line."""
    return line.partition(" ")[0].partition("|")[0]


def whole(line: str) -> Row:
    """The list of a line that has it whole."""
    return read(line.partition(" ")[2])


def is_cut(line: str) -> bool:
    """The list of a line is in blocks."""
    return line.partition(" ")[2].startswith(CUT)


def blocks_of_line(line: str) -> list[tuple[int, int, int]]:
    """For each block of a line's list: its first document, how many, and the length of its text."""
    return read_directory(line.partition(" ")[2])
