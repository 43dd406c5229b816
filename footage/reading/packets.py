"""Which packets of a master's sound a clip can take as they are.

PCM is taken to the sample. AAC is taken in whole packets, one more in front because each is heard together with the one
before it; an edit list then begins to the sample. Without edit lists the sound is late by what the list skips, 43 ms at
the most at 48 kHz: within EBU R37's 60 ms, and the reason why codecs of longer packets are not taken.
"""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from ..streams.boxes import number
from .facts import Sound
from .movie import Laid
from .tables import SoundTable
from .tracks import Sample

_AAC_PACKET = 1024
# How late sound may be where edit lists are ignored, and how much of its last packet may be missing, in milliseconds.
_LATE_MS, _SHORT_MS = 50, 11
_BYTES = {"u8": 1, "s8": 1, "s16": 2, "s24": 3, "s32": 4, "f32": 4, "f64": 8}
_VERSION = slice(16, 18)


class Taken(NamedTuple):
    """Packets [first, last) of a table: of them, `skipped` samples come before the first that is heard. `block` is the
    bytes of one PCM sample, 0 for a codec; then samples [start, start + length) are taken of the packets."""

    first: int
    last: int
    skipped: int
    block: int
    start: int
    length: int


def taken(table: SoundTable, track: Sound, container: Laid, start: int, count: int) -> Taken | None:
    """The packets that sound from sample `start` on, `count` samples long; None when they cannot be taken as they are:
    another codec, a hole, or an entry that the container does not know."""
    if count <= 0:
        return None
    first, last = bisect_right(table.starts, start) - 1, bisect_left(table.starts, start + count)
    if first < 0:
        return None
    if track.codec.startswith("pcm_") and container == "mov":
        block = sample_bytes(track) * track.channels
        if not block or not _unbroken(table, first, last, block, start + count):
            return None
        return Taken(first, last, 0, block, start, count)
    plain = container == "mov" or table.entry[_VERSION] == number(0, 2)
    short = start + count - table.starts[last - 1] - _AAC_PACKET
    if track.codec != "aac" or not plain or start >= table.starts[first] + _AAC_PACKET:
        return None
    if 1000 * short > _SHORT_MS * table.scale or not _steps(table):
        return None
    first = max(0, first - 1)
    skipped = start - table.starts[first]
    return Taken(first, last, skipped, 0, start, count) if 1000 * skipped <= _LATE_MS * table.scale else None


def sample_bytes(track: Sound) -> int:
    """The bytes of one sample of one channel of PCM; 0 for any other sound, or PCM that is not plain."""
    return _BYTES.get(track.codec.removeprefix("pcm_").removesuffix("le").removesuffix("be"), 0)


def _steps(table: SoundTable) -> bool:
    """Whether a packet is 1024 samples: AAC that hides a doubled rate (HE-AAC) says twice as many."""
    return len(table.starts) < 2 or table.starts[1] - table.starts[0] == _AAC_PACKET


def _unbroken(table: SoundTable, first: int, last: int, block: int, end: int) -> bool:
    """Whether PCM packets follow each other without a hole up to a sample."""
    ends = [table.starts[packet] + table.lengths[packet] // block for packet in range(first, last)]
    return ends[-1] >= end and all(
        ends[packet - first] == table.starts[packet + 1] for packet in range(first, last - 1)
    )


def samples_taken(table: SoundTable, part: Taken) -> list[Sample]:
    """The packets as samples of a clip, times from 0."""
    samples = []
    time = 0
    for packet in range(part.first, part.last):
        at, size, starts = table.places[packet], table.lengths[packet], table.starts[packet]
        if part.block:
            early = max(0, part.start - starts)
            kept = min(size // part.block, part.start + part.length - starts) - early
            samples.append(Sample(False, at + early * part.block, kept * part.block, time, kept))
        else:
            following = table.starts[packet + 1] if packet + 1 < len(table.starts) else starts + _AAC_PACKET
            samples.append(Sample(False, at, size, time, following - starts))
        time += samples[-1].duration
    return samples
