"""A track before and after it is laid in a file: its samples, and the tables in which a movie keeps them."""

import struct
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

import msgspec

from ..streams.boxes import full_box, number

MATRIX = b"".join(number(value) for value in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000))


class Sample(NamedTuple):
    """One sample of a track: whether its bytes are the master's or made, where they lie there, how many; decode time
    and duration in the track's clock, how much later than decoded it is shown, and whether decoding can start at it.

    Of PCM, whose samples are a few bytes each, one entry stands for a run of them.
    """

    made: bool
    at: int
    size: int
    time: int
    duration: int
    offset: int = 0
    key: bool = True


class Track(msgspec.Struct, kw_only=True):
    """A track before it is laid: its sample entry as a box, its clock (units a second), its samples in decode order.

    `shape` is the last 44 bytes of its header (matrix and size). `skipped` is how much of the beginning an edit list
    keeps from being heard, in the track's clock; `block` the bytes of one PCM sample.
    """

    kind: Literal[b"vide", b"soun", b"tmcd"]
    entry: bytes
    scale: int
    samples: Sequence[Sample]
    shape: bytes = MATRIX + bytes(8)
    language: str = ""
    name: str = ""
    skipped: int = 0
    block: int = 0

    @property
    def duration(self) -> int:
        """From its first sample to the end of its last, in its clock."""
        return sum(sample.duration for sample in self.samples)


class Chunk(NamedTuple):
    """Samples of one track that lie one behind the other in the clip: where, and how many entries of its list."""

    at: int
    entries: int


def sample_tables(track: Track, chunks: Sequence[Chunk], *, large: bool) -> list[bytes]:
    """The boxes that say when each sample is shown, how large it is, where it lies (ISO/IEC 14496-12, 8.6 and 8.7)."""
    samples = track.samples
    if track.block:
        total = track.duration
        times, sizes = _runs([(total, 1)]), number(track.block) + number(total)
        counts, at = [], 0
        for chunk in chunks:
            counts.append(sum(each.duration for each in samples[at : at + chunk.entries]))
            at += chunk.entries
    else:
        times = _runs(_counted(sample.duration for sample in samples))
        sizes = number(0) + number(len(samples)) + _numbers("I", [sample.size for sample in samples])
        counts = [chunk.entries for chunk in chunks]
    boxes = [full_box(b"stts", 0, 0, times)]
    offsets = [sample.offset for sample in samples]
    if any(offsets):
        ends = [sample.time + sample.offset for sample in samples]
        least, most = min(offsets), max(offsets)
        shift = (max(0, -least), least, most, min(ends), track.duration)
        boxes += [full_box(b"ctts", 1, 0, _runs(_counted(offsets))), full_box(b"cslg", 0, 0, *map(number, shift))]
    if not all(sample.key for sample in samples):
        keys = [place for place, sample in enumerate(samples, 1) if sample.key]
        boxes.append(full_box(b"stss", 0, 0, number(len(keys)), _numbers("I", keys)))
    places = _numbers("Q" if large else "I", [chunk.at for chunk in chunks])
    return [
        *boxes,
        full_box(b"stsc", 0, 0, _chunked(counts)),
        full_box(b"stsz", 0, 0, sizes),
        full_box(b"co64" if large else b"stco", 0, 0, number(len(chunks)), places),
    ]


def _numbers(form: str, values: Sequence[int]) -> bytes:
    return struct.pack(f">{len(values)}{form}", *values)


def _counted(values: Iterable[int]) -> list[tuple[int, int]]:
    return [(sum(1 for _ in run), value) for value, run in groupby(values)]


def _runs(runs: Sequence[tuple[int, int]]) -> bytes:
    return number(len(runs)) + b"".join(struct.pack(">Ii", *run) for run in runs)


def _chunked(counts: Sequence[int]) -> bytes:
    """Sample-to-chunk table (8.7.4): an entry wherever the number of samples in a chunk changes."""
    entries, chunk = [], 1
    for count, run in groupby(counts):
        entries.append(struct.pack(">III", chunk, count, 1))
        chunk += sum(1 for _ in run)
    return number(len(entries)) + b"".join(entries)
