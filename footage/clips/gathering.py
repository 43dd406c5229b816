"""Gathers the tracks of a clip that is laid by hand: what is copied stays where it lies in the master, the rest is made
and put aside."""

from __future__ import annotations

from collections.abc import Callable
from io import BufferedIOBase

from catalogue.timecode import counting_base, parse_timecode

from ..places.place import Source
from ..reading.groups import Piece, copied_samples
from ..reading.index import Index
from ..reading.packets import sample_bytes, samples_taken
from ..reading.tables import SoundTable, Tables
from ..reading.tracks import MATRIX, Sample, Track
from ..streams.boxes import box, boxes_in, number
from ..streams.entries import aac_entry, timecode_entry
from .plan import Plan, SoundRecipe

_VISUAL_ENTRY = 86
# The samples that our AAC encoder gives before the first of the sound.
_PRIMED = 1024

Put = Callable[[bytes], int]
"""Puts bytes aside and says where they lie there."""


def putting(file: BufferedIOBase) -> Put:
    """Puts bytes one behind the other in a file."""

    def put(data: bytes) -> int:
        at = file.tell()
        file.write(data)
        return at

    return put


def entry_with(entry: bytes, record: bytes) -> bytes:
    """A picture's sample entry with another decoder configuration in it; HEVC's says that parameter sets stand in the
    samples too."""
    parts = [
        box(kind, record if kind in (b"avcC", b"hvcC") else payload) for kind, payload in boxes_in(entry, _VISUAL_ENTRY)
    ]
    return box(b"hev1" if entry[4:8] == b"hvc1" else entry[4:8], entry[8:_VISUAL_ENTRY], *parts)


Placed = tuple[bool, int, int, int, bool]
"""A sample of the picture: made or not, where its bytes lie, how many, when it is shown, whether it is a key frame."""


def picture_track(
    source: Source, index: Index, plan: Plan, tables: Tables, put: Put, said: Callable[[int], object]
) -> Track:
    """The picture: copied samples where they lie, edges made and put aside. `said` hears how many frames are done."""
    placed: list[Placed] = []
    entry = tables.picture.entry
    if plan.configuration:
        # Only here, because a decoder takes longer to load than a copied clip to make.
        from .joins import Edges

        edges = Edges(source, index, plan)
        entry = entry_with(entry, edges.record)
    for piece in plan.pieces:
        if piece.how == "copy":
            placed += _copied(source, index, piece, put, beside=bool(plan.configuration))
        else:
            for data, time, key in edges.samples(piece.first, piece.last):
                placed.append((True, put(data), len(data), time, key))
        said(len(placed))
    return Track(
        kind=b"vide",
        entry=entry,
        scale=index.time_base.denominator,
        samples=_timed(index, (plan.pieces[0].first, plan.pieces[-1].last), placed),
        shape=tables.picture.shape,
    )


def _copied(source: Source, index: Index, piece: Piece, put: Put, *, beside: bool) -> list[Placed]:
    """Samples where they lie; those that change when a stream begins with them are put aside.

    Only where closed groups begin is a player told that it can begin: at an open group's picture Chromium fails over
    the pictures that lead it. MPEG-2 no browser plays, and edit suites expect it to begin at any group.
    """
    samples = copied_samples(index, piece)
    closed = index.coding is not None and index.facts.picture.codec != "mpeg2video"
    keys = frozenset(index.coding.idr if index.coding and closed else index.keys)
    changed: dict[int, bytes] = {}
    if index.coding is not None:
        from ..reading.opening import restarted

        changed = dict(restarted(source, index, samples, beside=beside))
    placed: list[Placed] = []
    for sample in samples:
        key, time = sample in keys or sample == samples[0], index.pts[sample]
        if sample in changed:
            data = changed.pop(sample)
            placed.append((True, put(data), len(data), time, key))
        else:
            placed.append((False, index.positions[sample], index.sizes[sample], time, key))
    return placed


def _timed(index: Index, cut: tuple[int, int], placed: list[Placed]) -> list[Sample]:
    """Samples in decode order; their decode times are the display times in order, from 0."""
    first, last = cut
    unit = index.time_base.numerator
    shown = [
        unit * each for each in (*index.shown[first:last], index.shown[last] if last < index.frames else index.end)
    ]
    return [
        Sample(
            made, at, size, shown[place] - shown[0], shown[place + 1] - shown[place], unit * time - shown[place], key
        )
        for place, (made, at, size, time, key) in enumerate(placed)
    ]


def sound_track(
    source: Source, index: Index, recipe: SoundRecipe, cut: tuple[int, int], table: SoundTable | None, put: Put
) -> Track:
    """One sound: packets where they lie in the master, or encoded and put aside."""
    track = recipe.track
    skipped = block = 0
    if table is not None and recipe.taken is not None:
        entry, samples = table.entry, samples_taken(table, recipe.taken)
        skipped, block = recipe.taken.skipped, recipe.taken.block
    else:
        # Only here, because NumPy takes longer to load than a copied clip to make.
        from .sound import encoded_sound

        made, samples = encoded_sound(source, index, recipe, cut, put)
        if table is not None and recipe.encoder == track.codec != "aac":
            entry, block = table.entry, sample_bytes(track) * track.channels
        else:
            entry, skipped = aac_entry(made, track.channels, track.sample_rate, recipe.bit_rate), _PRIMED
    return Track(
        kind=b"soun",
        entry=entry,
        scale=track.sample_rate,
        samples=samples,
        shape=MATRIX + bytes(8),
        language=track.language,
        name=track.name,
        skipped=skipped,
        block=block,
    )


def timecode_track(index: Index, plan: Plan, length: int, put: Put) -> Track:
    """One sample that says the source timecode of the first frame (QuickTime File Format, timecode media)."""
    rate = index.rate
    label = put(number(parse_timecode(plan.timecode, rate)))
    entry = timecode_entry((rate.numerator, rate.denominator), counting_base(rate), index.facts.drop_frame)
    sample = Sample(True, label, 4, 0, length)
    return Track(kind=b"tmcd", entry=entry, scale=index.time_base.denominator, samples=[sample])
