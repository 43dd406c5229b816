"""Open groups of H.264 as streams of their own, and the proof that a master's can be."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from .decoding import pictures_of, read_sample, unreadable
from .errors import DamagedFile
from .h264 import read_configuration
from .index import Index
from .renumbering import Renumbering

# So many samples of an open group are decoded both ways.
_TRIED = 60


def renumbered(source: Path, index: Index, samples: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Samples from the I picture of an open group on, as a stream of their own that opens with an IDR picture.

    DamagedFile when one is not what the index says.
    """
    configuration = read_configuration(index.coding.configuration) if index.coding else None
    if configuration is None:
        return
    pictures = {each.id: each for each in configuration.pictures}
    counted: Renumbering | None = None
    with source.open("rb") as file:
        for sample in samples:
            data = read_sample(file, source, index, sample)
            try:
                first = counted is None
                counted = counted or Renumbering(data, configuration.sequence, pictures)
                yield sample, counted.sample(data, first=first)
            except (EOFError, KeyError) as error:
                raise unreadable(source, index, index.rank(index.pts[sample])) from error


def proven(source: Path, index: Index) -> Index:
    """The index, without its open groups unless they show the same as streams of their own as they do in the film.

    No rule says how an encoder uses the pictures that it keeps in memory; two of its groups decoded both ways do.
    """
    coding = index.coding
    if coding is None or not coding.opened:
        return index
    try:
        exact = all(_alike(source, index, opened) for opened in {coding.opened[0], coding.opened[-1]})
    except (DamagedFile, IndexError):
        exact = False
    return index if exact else msgspec.structs.replace(index, coding=msgspec.structs.replace(coding, opened=()))


def _alike(source: Path, index: Index, opened: int) -> bool:
    before = max((key for key in (*index.keys, *index.coding.idr) if key < opened), default=0) if index.coding else 0
    samples = range(opened, min(opened + _TRIED, len(index.pts)))
    times = frozenset(index.pts[sample] for sample in samples if index.pts[sample] >= index.pts[opened])
    with source.open("rb") as file:
        whole = [(sample, read_sample(file, source, index, sample)) for sample in range(before, samples.stop)]
    alone = renumbered(source, index, [sample for sample in samples if index.pts[sample] in times])
    right = pictures_of(index, whole, times)
    return len(right) == len(times) and right == pictures_of(index, alone, times)
