"""Which frames of a passage can be copied though its film predicts one frame from another.

A group that opens with an IDR picture needs nothing before it, and any beginning of a group, in decode order, needs
nothing after it (ITU-T H.264, 3.69 and 8.2.1; H.265 likewise). A group that opens with another I picture needs nothing
before it but for the pictures that lead it: they follow it in the file, are shown before it, and look back. So a
passage is a head encoded up to the first such picture, with those that lead it, groups copied, and a tail of the few
frames that are shown before the out point but lie behind frames shown after it.
"""

from itertools import islice
from typing import Literal

import msgspec

from ..streams.h264 import read_configuration
from .facts import PROGRESSIVE
from .index import Index
from .points import Passage


class Piece(msgspec.Struct, frozen=True):
    """Frames [first, last) of the master, and what becomes of them."""

    how: Literal["copy", "encode"]
    first: int
    last: int


def spare_number(index: Index) -> int | None:
    """The number under which an encoder's parameter sets stand beside those of a film whose groups can be spliced (of
    HEVC and MPEG-2 any, for both stand where they are needed); None for any other film, or an index of before."""
    if index.coding is None:
        return None
    if index.facts.picture.codec == "mpeg2video":
        return 0
    if index.facts.picture.codec == "hevc":
        return 0 if index.facts.picture.scan == PROGRESSIVE else None
    configuration = read_configuration(index.coding.configuration)
    return None if configuration is None or configuration.sequence.gaps else configuration.spare_id


def spliced(index: Index, cut: Passage) -> tuple[Piece, ...]:
    """Head, copied groups and tail, those that are not empty; all one piece to encode when nothing can be copied."""
    whole = (Piece("encode", cut.first, cut.last),)
    if index.coding is None:
        return whole
    earliest = index.shown[cut.first]
    entries = sorted((*index.coding.idr, *index.coding.opened))
    key = next((sample for sample in entries if index.pts[sample] >= earliest), None)
    if key is None:
        return whole
    first = index.rank(index.pts[key])
    last = _reached(index, key, first, cut.last)
    pieces = (Piece("encode", cut.first, first), Piece("copy", first, last), Piece("encode", last, cut.last))
    return tuple(piece for piece in pieces if piece.first < piece.last) if first < last else whole


def _reached(index: Index, key: int, first: int, out: int) -> int:
    """Up to which frame a copy that starts with sample `key`, shown as frame `first`, shows every frame.

    Samples are taken in decode order up to the first one shown at or past `out`, without those that lead the key; of
    these beginnings, the longest in which no frame is missing.
    """
    hidden = frozenset(index.hidden)
    reached, latest, count = first, -1, 0
    for sample in range(key, len(index.pts)):
        frame = index.rank(index.pts[sample])
        if index.pts[sample] < index.pts[key]:
            continue
        if frame >= out or sample in hidden:
            break
        latest, count = max(latest, frame), count + 1
        if latest - first == count - 1:
            reached = latest + 1
    return reached


def copied_samples(index: Index, piece: Piece) -> list[int]:
    """The samples of a copied piece, as they follow each other in decode order."""
    start = index.shown[piece.first]
    key = index.pts.index(start)
    shown = (sample for sample in range(key, len(index.pts)) if index.pts[sample] >= start)
    return list(islice(shown, piece.last - piece.first))
