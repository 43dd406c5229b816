"""Open groups of H.264, HEVC and MPEG-2 as streams of their own."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from ..places.place import Source
from ..streams.h264 import read_configuration
from ..streams.hevc import sets_of, standing_alone
from ..streams.mpeg2 import begins_group, counted_from, reference_of
from ..streams.renumbering import Renumbering
from .index import Index
from .samples import read_sample, unreadable


def restarted(source: Source, index: Index, samples: Sequence[int], *, beside: bool) -> Iterator[tuple[int, bytes]]:
    """The samples of a copied piece that change when it begins a stream; `beside` pictures under other parameter sets.

    DamagedFile when one is not what the index says.
    """
    coding = index.coding
    if coding is None or not samples:
        return
    opened = samples[0] in coding.opened
    if index.facts.picture.codec == "hevc":
        sets = sets_of(coding.configuration) or ()
        if opened or beside:
            with source.open("rb") as file:
                data = read_sample(file, source, index, samples[0])
            try:
                yield samples[0], standing_alone(data, sets if beside else (), opened=opened)
            except EOFError as error:
                raise unreadable(source, index, index.rank(index.pts[samples[0]])) from error
    elif index.facts.picture.codec == "mpeg2video":
        yield from _regrouped(source, index, samples, opened=opened)
    elif opened:
        closed = frozenset(coding.idr)
        yield from renumbered(source, index, list(takewhile(lambda sample: sample not in closed, samples)))


def renumbered(source: Source, index: Index, samples: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Samples of H.264 from the I picture of an open group on, as a stream of their own that opens with an IDR picture.

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


def _regrouped(source: Source, index: Index, samples: Sequence[int], *, opened: bool) -> Iterator[tuple[int, bytes]]:
    """Samples of MPEG-2 up to the next group, counted from the first and closed, when they were not."""
    leading = None
    with source.open("rb") as file:
        for sample in samples:
            data = read_sample(file, source, index, sample)
            try:
                if leading is None:
                    leading = reference_of(data)
                    if not leading and not opened:
                        return
                elif begins_group(data):
                    return
            except EOFError as error:
                raise unreadable(source, index, index.rank(index.pts[sample])) from error
            yield sample, counted_from(data, leading)
