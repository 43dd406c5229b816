"""Reads the index of a film: every sample once, decoding none but where a proof needs it."""

from collections.abc import Sequence
from fractions import Fraction

import av

from catalogue.timecode import parse_rate

from ..errors import DamagedFile
from ..places.place import Source
from ..streams.klv import value_at
from .coding import Watch
from .entering import check_times, lost, proven, sure
from .index import Index
from .precharge import Shown, presented
from .probe import film_facts, film_picture, film_sounds, open_film
from .tables import Tally, entries_of, tables_of
from .wholeness import check_closed, check_length, check_still, stamp_of
from .wrapped import entries_wrapped

# A passage that begins within a group is decoded from its key frame, at times at which another passage is shown.
JOINED = "its edit list puts several passages of it together, so clips are decoded from its start and encoded"


def read_index(path: Source) -> Index:
    """Reads the table of a film's samples, from start to end, decoding none. FootageError when it is damaged."""
    try:
        return _read(path)
    except av.error.FFmpegError as error:  # a spoilt film finds many ways to be none
        raise DamagedFile(str(path), f"cannot be read ({error.strerror})", "copy it again from its source") from error


def _read(path: Source) -> Index:
    pts: list[int] = []
    dts: list[int] = []
    positions: list[int] = []
    sizes: list[int] = []
    keys: list[int] = []
    hidden: list[int] = []
    durations: dict[int, int] = {}
    ends: dict[int, Fraction] = {}
    with open_film(path, fflags="+genpts") as film, path.open("rb") as file:
        before = stamp_of(path)
        facts = film_facts(path, film)
        picture = film_picture(path, film)
        sounds = film_sounds(film)
        rates = {sound.index: sound.codec_context.sample_rate for sound in sounds}
        watch = Watch(facts, picture.codec_context.extradata)
        tallies = {sound.index: Tally() for sound in sounds}
        if triplets := facts.container == "mxf":
            check_closed(path)
        for packet in film.demux(picture, *sounds):
            if not packet.size:
                continue
            place = value_at(file, packet.pos, bytes(packet)) if triplets else packet.pos
            if packet.pts is not None:
                last = (packet.pts + (packet.duration or 0)) * packet.time_base
                ends[packet.stream.index] = max(ends.get(packet.stream.index, last), last)
            if packet.stream is not picture:
                tallies[packet.stream.index].take(packet.pts, place, packet.size)
                continue
            time = packet.pts if packet.pts is not None else packet.dts
            if time is None:
                raise DamagedFile(str(path), f"gives no time for frame {len(pts)}", "wrap it again in MP4, MOV or MKV")
            if packet.is_keyframe:
                keys.append(len(pts))
            if packet.is_discard:
                hidden.append(len(pts))
            durations[time] = packet.duration or 0
            # A packet that brings a new configuration comes from a track with several sample entries.
            watch.take(bytes(packet), place is not None and not packet.has_sidedata("new_extradata"))
            pts.append(time)
            dts.append(packet.dts if packet.dts is not None else time)
            positions.append(-1 if place is None else place)
            sizes.append(packet.size)
        check_still(path, before)
        check_length(path, film, picture, len(pts), ends)
    if triplets:
        hidden = _left_out(pts, presented(path))
    if keys:
        hidden = sorted({*hidden, *lost(path, pts, keys[0])})
    left_out = frozenset(hidden)
    shown = sorted(time for sample, time in enumerate(pts) if sample not in left_out)
    if not shown or not keys:
        raise DamagedFile(str(path), "has a picture track without a single frame that can be shown", "export it again")
    joined = any(shown[0] <= pts[sample] <= shown[-1] for sample in hidden)
    if len(set(shown)) < len(shown):
        raise DamagedFile(str(path), "gives two frames the same time", "wrap it again in MP4, MOV or MKV")
    if joined:
        keys = keys[:1]
    if watch.coding is None and len(keys) < len(pts):
        check_times(path, facts, shown)
    entries = entries_wrapped(path, facts.picture.stream) if triplets else entries_of(path)
    one = round(1 / (parse_rate(facts.picture.rate) * parse_rate(facts.picture.time_base)))
    index = Index(
        facts=facts,
        pts=tuple(pts),
        dts=tuple(dts),
        positions=tuple(positions),
        sizes=tuple(sizes),
        keys=tuple(keys),
        hidden=tuple(hidden),
        last_duration=durations[shown[-1]] or max(1, one),
        coding=None if joined else watch.coding,
        encoded=JOINED if joined else watch.reason,
        tables=None if joined else tables_of(entries, [(tallies[sound], rates[sound]) for sound in tallies]),
    )
    return sure(path, proven(path, index))


def _left_out(pts: Sequence[int], said: Shown) -> list[int]:
    """The samples of an MXF that it does not present; how many frames it shows is believed of one that begins late."""
    if not said.before:
        return []
    order = sorted(pts)
    first, last = (
        order[min(said.before, len(pts) - 1)],
        order[min(said.before + (said.frames or len(pts)), len(pts)) - 1],
    )
    return [sample for sample, time in enumerate(pts) if not first <= time <= last]
