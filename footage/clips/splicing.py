"""Makes a clip of the master's own samples: a new table of contents, the edges, and where the rest lies."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from io import BufferedIOBase
from pathlib import Path
from typing import cast

from ..errors import DamagedFile, WorkFailed
from ..places.place import Source, source_of
from .gathering import picture_track, putting, sound_track, timecode_track
from .laying import laid
from .order import Order
from .virtual import Piece, write_kept, write_out

_IN_MEMORY = 16 << 20


def write_spliced(order: Order, said: Callable[[int], object]) -> None:
    """Writes the clip, or what is kept of it; `said` hears how many frames are done.

    DamagedFile when the master is not the file that its index describes.
    """
    source = source_of(order.source)
    if source.stat().st_size != order.index.facts.bytes:
        raise DamagedFile(order.source, "is not as long as when it was ingested", "ingest it again")
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        made = cast("BufferedIOBase", spool)
        head, pieces = _gathered(order, source, made, said)
        with Path(order.target).open("wb") as target:
            if order.kept:
                write_kept(target, head, made, pieces)
            else:
                write_out(target, head, made, source, pieces)


def _gathered(
    order: Order, source: Source, made: BufferedIOBase, said: Callable[[int], object]
) -> tuple[bytes, list[Piece]]:
    """The head of the clip and its pieces; what is neither is put into `made`."""
    index, plan, put = order.index, order.plan, putting(made)
    cut = plan.pieces[0].first, plan.pieces[-1].last
    if index.tables is None or plan.container == "matroska" or plan.container == "mxf":
        raise WorkFailed(order.source, "its index does not say where its samples lie", "ingest it again")
    picture = picture_track(source, index, plan, index.tables, put, said)
    sounds = [
        sound_track(source, index, recipe, cut, table, put)
        for recipe, table in zip(plan.sounds, index.tables.sounds, strict=True)
    ]
    tracks = [picture, *sounds, timecode_track(index, plan, picture.duration, put)]
    return laid(tracks, plan.container, picture.scale, picture.duration, order.labels)
