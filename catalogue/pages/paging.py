"""A long list in pages whose addresses stay: numbered from the oldest, the newest on the list's own address.

`…/page/1/` holds the fifty oldest interviews for ever; a new interview changes the first page only, until there are
enough for another numbered one. A numbered page therefore never says how many there are in all.
"""

from collections.abc import Iterator, Sequence

import msgspec

from catalogue.interview import Record

SIZE, LEAST = 50, 25


class Part(msgspec.Struct, frozen=True):
    """One page of a list. `number` is None on the list's own address; `newer` and `older` are the addresses of the
    pages beside it, below that of the list, None where there is none."""

    number: int | None
    interviews: Sequence[Record]
    newer: str | None
    older: str | None


def parts_of(interviews: Sequence[Record]) -> Iterator[Part]:
    """The pages of a list, newest first."""
    count = len(interviews)
    last = numbered(count)
    front = count - last * SIZE
    yield Part(None, interviews[:front], None, path_of(last) if last else None)
    for number in range(last, 0, -1):
        start = count - number * SIZE
        newer = path_of(number + 1 if number < last else None)
        older = path_of(number - 1) if number > 1 else None
        yield Part(number, interviews[start : start + SIZE], newer, older)


def numbered(count: int) -> int:
    """How many numbered pages a list has; the first page keeps at least half of one."""
    return max(0, (count - LEAST) // SIZE)


def path_of(number: int | None) -> str:
    """The address of a page below that of its list."""
    return "" if number is None else f"page/{number}/"
