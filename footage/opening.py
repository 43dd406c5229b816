"""Open groups of H.264, HEVC and MPEG-2 as streams of their own, and the proof that a master's can be."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

import msgspec

from .decoding import pictures_of, read_sample, unreadable
from .errors import DamagedFile
from .h264 import read_configuration
from .hevc import sets_of, standing_alone
from .index import Index
from .mpeg2 import begins_group, counted_from, reference_of
from .places import Source
from .renumbering import Renumbering

# So many samples of an open group are decoded both ways.
_TRIED = 60
# Groups longer than this are not tried, and not copied from.
_APART = 1000


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


def proven(source: Source, index: Index) -> Index:
    """The index, without its open groups unless they show the same as streams of their own as they do in the film.

    No rule says how an encoder uses the pictures that it keeps in memory; two of its groups decoded both ways do.
    """
    coding = index.coding
    if coding is None or not coding.opened:
        return index
    later = [sample for sample in coding.opened if sample] or coding.opened
    try:
        exact = all(_alike(source, index, opened) for opened in {later[0], later[-1]})
    except (DamagedFile, IndexError):
        exact = False
    return index if exact else msgspec.structs.replace(index, coding=msgspec.structs.replace(coding, opened=()))


def _alike(source: Source, index: Index, opened: int) -> bool:
    coding = index.coding
    entries = (*index.keys, *coding.idr, *coding.opened) if coding else index.keys
    before = max((entry for entry in entries if entry < opened), default=opened)
    samples = range(opened, min(opened + _TRIED, len(index.pts)))
    if not 0 < opened - before < _APART:
        return False
    times = frozenset(index.pts[sample] for sample in samples if index.pts[sample] >= index.pts[opened])
    shown = [sample for sample in samples if index.pts[sample] in times]
    with source.open("rb") as file:
        whole = [(sample, read_sample(file, source, index, sample)) for sample in range(before, samples.stop)]
    alone = dict(whole) | dict(restarted(source, index, shown, beside=False))
    right = pictures_of(index, whole, times)
    return len(right) == len(times) and right == pictures_of(index, [(each, alone[each]) for each in shown], times)
