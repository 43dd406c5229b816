"""The part of an index that a clip needs: a process is told of the frames it works on, not of a film of two hours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import islice
from math import inf

import msgspec

from .index import Index
from .points import sample_window
from .tables import SoundTable, packed, unpacked

# So many key frames are tried as beginnings; a film that no such place parts in two is given whole.
_TRIED = 8
# AAC is heard together with the packet before, and the start of the one after says how long the last sounds.
_NEIGHBOURS = 2


class Part(Index, frozen=True, kw_only=True, dict=True):
    """Some of the samples of a film as an index of its own. Its frames are counted from its own beginning, `before` of
    the film's come before it; times are the film's, and `origin` is the one from which media time counts. `alone` says
    whether every frame of the film stands alone, not only those of the part."""

    before: int
    origin: int
    alone: bool

    @property
    def intra(self) -> bool:
        """Whether every frame of the film stands alone."""
        return self.alone

    def start_ms(self, frame: int) -> Fraction:
        """Media time of the film in milliseconds, exact, at which a frame of the part starts."""
        time = self.shown[frame] if frame < self.frames else self.end
        return (time - self.origin) * self.time_base * 1000

    def number(self, frame: int) -> int:
        """The number that a frame of the part has in the film."""
        return self.before + frame


def part_of(index: Index, first: int, last: int) -> Part:
    """The samples from the key frame before frame `first` to the last of those shown before frame `last`, and no fewer
    than it takes to begin and end where all that was decoded before is shown before."""
    begin, end = _ends(index, index.shown[first], index.shown[last - 1])
    hidden = _within(index.hidden, begin, end)
    before = begin - bisect_left(index.hidden, begin)
    after = before + end - begin - len(hidden)
    until = index.shown[after] if after < index.frames else index.end
    coding, tables = index.coding, index.tables
    if coding is not None:
        idr, opened = _within(coding.idr, begin, end), _within(coding.opened, begin, end)
        coding = msgspec.structs.replace(coding, idr=idr, opened=opened)
    if tables is not None:
        sounds = (table and _heard(table, *sample_window(index, first, last, table.scale)) for table in tables.sounds)
        tables = msgspec.structs.replace(tables, sounds=tuple(sounds))
    return Part(
        facts=index.facts,
        pts=index.pts[begin:end],
        dts=index.dts[begin:end],
        positions=index.positions[begin:end],
        sizes=index.sizes[begin:end],
        keys=_within(index.keys, begin, end),
        hidden=hidden,
        last_duration=until - index.shown[after - 1],
        coding=coding,
        tables=tables,
        encoded=index.encoded,
        before=before,
        origin=index.shown[0],
        alone=index.intra,
    )


def _ends(index: Index, earliest: int, latest: int) -> tuple[int, int]:
    """Samples [begin, end) that hold all that is needed to show what is shown from one time to another."""
    pts = index.pts
    if index.intra:
        return bisect_left(pts, earliest), bisect_right(pts, latest)
    early = [key for key in index.keys if pts[key] <= earliest][: -_TRIED - 1 : -1]
    begin = next((key for key in early if _parts(pts, key)), 0)
    late = islice((key for key in index.keys if key > begin and pts[key] > latest), _TRIED)
    end = next((key for key in late if _parts(pts, key) and min(pts[key:]) > latest), len(pts))
    return begin, end


def _parts(pts: Sequence[int], sample: int) -> bool:
    """Whether everything in front of a sample is shown before all that follows."""
    return max(pts[:sample], default=-inf) < min(pts[sample:])


def _within(samples: Sequence[int], begin: int, end: int) -> tuple[int, ...]:
    """Those of a rising row that lie in [begin, end), counted from there."""
    return tuple(sample - begin for sample in samples[bisect_left(samples, begin) : bisect_left(samples, end)])


def _heard(table: SoundTable, start: int, count: int) -> SoundTable:
    """The packets that sound from sample `start` on, `count` samples long, and their neighbours."""
    first = max(0, bisect_right(table.starts, start) - 1 - _NEIGHBOURS)
    last = bisect_left(table.starts, start + count) + _NEIGHBOURS
    times, positions, sizes = (
        packed(unpacked(row, first, last)) for row in (table.times, table.positions, table.sizes)
    )
    return msgspec.structs.replace(table, times=times, positions=positions, sizes=sizes)
