"""The samples of a film, read where its index says that they lie."""

from __future__ import annotations

from typing import BinaryIO

from catalogue.timecode import format_clock

from ..errors import DamagedFile
from ..places.place import Source
from .index import Index


def read_sample(file: BinaryIO, source: Source, index: Index, sample: int) -> bytes:
    """The bytes of a sample. DamagedFile when the file is shorter than its index says."""
    file.seek(index.positions[sample])
    data = file.read(index.sizes[sample])
    if len(data) < index.sizes[sample]:
        raise unreadable(source, index, index.rank(index.pts[sample]))
    return data


def unreadable(source: Source, index: Index, frame: int) -> DamagedFile:
    """What to say of a frame whose sample is not there or not whole."""
    at = format_clock(int(index.start_ms(frame)))
    return DamagedFile(
        str(source), f"frame f{index.number(frame)} at {at} cannot be decoded", "ingest a sound copy of the film"
    )
