"""What an index keeps of an MP4, MOV or MXF master so that its samples can stand in another file as they are."""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate, pairwise

import msgspec

from ..places.place import Source
from ..streams.boxes import box, box_in, boxes_in, read_moov

_PICTURE, _SOUND = b"vide", b"soun"
_ENTRIES_AT = 8


class PictureEntry(msgspec.Struct, frozen=True):
    """How the picture track describes its samples: its sample entry as a box (ISO/IEC 14496-12, 8.5.2), and the last 44
    bytes of its header (8.3.2): by what matrix and in what size it is shown."""

    entry: bytes
    shape: bytes


class SoundTable(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A sound track's sample entry as a box, and where its packets lie. Times are in samples, on the film's time line.

    `times`, `positions`, `sizes` are packed: see `packed`.
    """

    entry: bytes
    scale: int
    times: bytes
    positions: bytes
    sizes: bytes

    @cached_property
    def starts(self) -> array[int]:
        """When each packet starts to sound."""
        return unpacked(self.times)

    @cached_property
    def places(self) -> array[int]:
        """Where each packet lies in the file."""
        return unpacked(self.positions)

    @cached_property
    def lengths(self) -> array[int]:
        """How many bytes each packet has."""
        return unpacked(self.sizes)


class Tables(msgspec.Struct, frozen=True):
    """The picture's entry, and a table for each sound of the film's facts; None for one that cannot be copied."""

    picture: PictureEntry
    sounds: tuple[SoundTable | None, ...]


def packed(numbers: Iterable[int]) -> bytes:
    """Whole numbers as compressed steps from each to the next: tables of an hour in a few kilobytes."""
    line = array("q", numbers)
    steps = array("q", (line[0], *(late - early for early, late in pairwise(line))) if line else ())
    if sys.byteorder == "big":
        steps.byteswap()
    return zlib.compress(steps.tobytes(), 6)


def unpacked(data: bytes, first: int = 0, last: int | None = None) -> array[int]:
    """The numbers that were packed, those from place `first` up to, and without, `last`."""
    steps = array("q", zlib.decompress(data))
    if sys.byteorder == "big":
        steps.byteswap()
    return array("q", accumulate(steps[first + 1 : last], initial=sum(steps[: first + 1])) if steps else ())


class Entries(msgspec.Struct, frozen=True):
    """The tracks of a table of contents by their kind, in the order of the file; None for one with several entries."""

    picture: PictureEntry | None
    sounds: tuple[tuple[int, bytes] | None, ...]


def entries_of(path: Source) -> Entries | None:
    """How the tracks of an MP4 or MOV file describe themselves; None for any other file, or a broken one."""
    try:
        moov = read_moov(path)
    except EOFError:
        return None
    return entries_in(moov) if moov else None


def entries_in(moov: bytes) -> Entries | None:
    """How the tracks of a table of contents describe themselves; None for a broken one."""
    try:
        tracks = [payload for kind, payload in boxes_in(moov) if kind == b"trak"]
        pictures = [_picture(track) for track in tracks if _kind(track) == _PICTURE]
        sounds = tuple(_sound(track) for track in tracks if _kind(track) == _SOUND)
    except EOFError:
        return None
    return Entries(pictures[0] if len(pictures) == 1 else None, sounds)


def _kind(track: bytes) -> bytes:
    return (box_in(track, b"mdia", b"hdlr") or b"")[8:12]


def _entry(track: bytes) -> bytes | None:
    """The one sample entry of a track whose samples lie in this same file."""
    table = box_in(track, b"mdia", b"minf", b"stbl", b"stsd") or b""
    entries = list(boxes_in(table, _ENTRIES_AT))
    return box(*entries[0]) if len(entries) == 1 else None


def _picture(track: bytes) -> PictureEntry | None:
    entry, header = _entry(track), box_in(track, b"tkhd") or b""
    return PictureEntry(entry, header[-44:]) if entry and len(header) >= 84 else None


def _sound(track: bytes) -> tuple[int, bytes] | None:
    entry, header = _entry(track), box_in(track, b"mdia", b"mdhd") or b""
    if entry is None or len(header) < 24:
        return None
    at = 20 if header[0] else 12
    return int.from_bytes(header[at : at + 4]), entry


class Tally:
    """Counts the packets of one sound track as they go by."""

    def __init__(self) -> None:
        self._times, self._positions, self._sizes = array("q"), array("q"), array("q")
        self._plain = True

    def take(self, time: int | None, position: int | None, size: int) -> None:
        """The next packet; the track is no longer plain when it has no time or no place in the file."""
        self._plain = self._plain and time is not None and position is not None and position >= 0
        if self._plain:
            self._times.append(time or 0)
            self._positions.append(position or 0)
            self._sizes.append(size)

    def table(self, entry: tuple[int, bytes] | None, sample_rate: int) -> SoundTable | None:
        """What was counted; None when a part of it was not understood."""
        rising = all(early < late for early, late in pairwise(self._times))
        if entry is None or entry[0] != sample_rate or not self._plain or not self._times or not rising:
            return None
        times, positions, sizes = map(packed, (self._times, self._positions, self._sizes))
        return SoundTable(entry=entry[1], scale=entry[0], times=times, positions=positions, sizes=sizes)


def tables_of(entries: Entries | None, tallies: list[tuple[Tally, int]]) -> Tables | None:
    """The tables of a master whose sounds were counted, each with its sample rate; None when its tracks cannot be
    described as MP4 and MOV do."""
    if entries is None or entries.picture is None or len(entries.sounds) != len(tallies):
        return None
    pairs = zip(tallies, entries.sounds, strict=True)
    return Tables(entries.picture, tuple(tally.table(entry, rate) for (tally, rate), entry in pairs))
