"""One term's list after a few documents changed: of a long one, only the blocks in which they stand are read."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import NamedTuple

from catalogue.search.lists import LIMIT, Block, Item, Row, block_of, cut, is_long, items_of, row_of

# For each document its places, None when the term no longer stands in it.
Change = Mapping[int, bytes | None]
Load = Callable[[int], bytes]


class Changed(NamedTuple):
    """A list as it is now: one row, blocks, or None when it is empty; and of a long one, the blocks to write."""

    list_: Row | list[Block] | None
    rows: dict[int, Row]

    @property
    def documents(self) -> int:
        """How many documents it has."""
        if isinstance(self.list_, Row):
            return self.list_.documents
        return sum(block.documents for block in self.list_ or ())


def changed_list(before: Row | list[Block] | None, change: Change, slugs: Mapping[int, str], load: Load) -> Changed:
    """The list after a change. `slugs` are those of all documents that stand; `load` reads the text of a block by its
    first document."""
    if before is None or isinstance(before, Row):
        return _laid_out(_with(list(items_of(before)) if before else [], change), slugs)
    blocks, rows = list(before), dict[int, Row]()
    for start, end in reversed(_stretches(blocks, change)):
        items = [item for block in blocks[start:end] for item in items_of(_row(block, rows, load))]
        within = {number: places for number, places in change.items() if _place(blocks, number) in range(start, end)}
        items = _with(items, within)
        anew = cut(row_of(items), slugs) if items else []
        rows.update((row.first, row) for row in anew)
        blocks[start:end] = [block_of(row) for row in anew]
    if is_long(blocks):
        return Changed(blocks, rows)
    return _laid_out([item for block in blocks for item in items_of(_row(block, rows, load))], slugs)


def _place(blocks: list[Block], number: int) -> int:
    """The block in which a document stands, or would."""
    return max(0, bisect_right(blocks, -number, key=lambda block: -block.first) - 1)


def _stretches(blocks: list[Block], change: Change) -> list[tuple[int, int]]:
    """The blocks that change, those side by side together: from which to before which. Where the first document of a
    block changes, the block before changes too: it may take in what is left."""
    places = {_place(blocks, number) for number in change}
    places |= {place - 1 for place in places if place and blocks[place].first in change}
    stretches: list[tuple[int, int]] = []
    for place in sorted(places):
        if stretches and stretches[-1][1] == place:
            stretches[-1] = (stretches[-1][0], place + 1)
        else:
            stretches.append((place, place + 1))
    return stretches


def _row(block: Block, rows: Mapping[int, Row], load: Load) -> Row:
    return rows[block.first] if block.first in rows else Row(block.first, block.documents, load(block.first))


def _with(items: list[Item], change: Change) -> list[Item]:
    kept = [item for item in items if item[0] not in change]
    kept += [(number, places) for number, places in change.items() if places is not None]
    return sorted(kept, reverse=True)


def _laid_out(items: list[Item], slugs: Mapping[int, str]) -> Changed:
    if not items:
        return Changed(None, {})
    row = row_of(items)
    # Cutting only shortens a text: one that is short already is not looked at.
    rows = cut(row, slugs) if len(row.text) > LIMIT else [row]
    blocks = [block_of(one) for one in rows]
    return Changed(blocks, {one.first: one for one in rows}) if is_long(blocks) else Changed(row, {})
