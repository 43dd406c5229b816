"""Every frame of a film, known without decoding: the table on which clips are planned.

Frames are numbered by the order in which they are shown: frame n is the n-th smallest presentation time, whatever the
rate, so variable frame rate needs no care. Tables are in decode order, as the samples lie in the file.
"""

from bisect import bisect_left
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import msgspec

from catalogue.timecode import format_clock, format_timecode, parse_rate

from .coding import Coding, Watch
from .errors import DamagedFile
from .probe import Facts, film_facts, film_picture, open_film
from .tables import Tables, Tally, tables_of

VERSION = 1


class Index(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The samples of the picture, in decode order, times in units of `facts.picture.time_base`.

    `keys` numbers the samples at which decoding can start, `hidden` those that an edit list keeps from being shown.
    `positions` are offsets in the file (-1 when the container does not say), `sizes` bytes. `last_duration` is how
    long the last frame is shown. `coding` is there when the stream can be spliced, `tables` when its samples can stand
    in another file as they are.
    """

    version: int = VERSION
    facts: Facts
    pts: tuple[int, ...]
    dts: tuple[int, ...]
    positions: tuple[int, ...]
    sizes: tuple[int, ...]
    keys: tuple[int, ...]
    hidden: tuple[int, ...] = ()
    last_duration: int
    coding: Coding | None = None
    tables: Tables | None = None

    @cached_property
    def shown(self) -> tuple[int, ...]:
        """Presentation times of the frames, in the order in which they are shown."""
        hidden = frozenset(self.hidden)
        return tuple(sorted(time for sample, time in enumerate(self.pts) if sample not in hidden))

    @cached_property
    def time_base(self) -> Fraction:
        """Seconds of one unit of time."""
        return parse_rate(self.facts.picture.time_base)

    @cached_property
    def rate(self) -> Fraction:
        """Frames a second, nominal."""
        return parse_rate(self.facts.picture.rate)

    @property
    def frames(self) -> int:
        """How many frames are shown."""
        return len(self.shown)

    @property
    def end(self) -> int:
        """The time at which the last frame has been shown."""
        return self.shown[-1] + self.last_duration

    @property
    def duration_ms(self) -> int:
        """Media time of the end, to the nearest millisecond."""
        return round((self.end - self.shown[0]) * self.time_base * 1000)

    @property
    def intra(self) -> bool:
        """Whether every frame stands alone: then any of them can be copied."""
        return len(self.keys) == len(self.pts) and tuple(sorted(self.pts)) == self.pts

    def start_ms(self, frame: int) -> Fraction:
        """Media time in milliseconds, exact, at which a frame starts; `frames` itself is the end."""
        time = self.shown[frame] if frame < self.frames else self.end
        return (time - self.shown[0]) * self.time_base * 1000

    def key_before(self, frame: int) -> int:
        """The sample at which to start decoding in order to see a frame: the last key frame shown no later."""
        wanted = self.shown[frame]
        return max((key for key in self.keys if self.pts[key] <= wanted), default=self.keys[0] if self.keys else 0)

    def timecode(self, frame: int) -> str:
        """The programme timecode of a frame (SMPTE ST 12-1); with variable rate, of the moment at which it starts."""
        elapsed = round(self.start_ms(frame) * self.rate / 1000)
        return format_timecode(self.facts.start + elapsed, self.rate, drop_frame=self.facts.drop_frame)

    def rank(self, time: int) -> int:
        """The number of the first frame shown at or after a presentation time."""
        return bisect_left(self.shown, time)


def read_index(path: Path) -> Index:
    """Reads the table of a film's samples, from start to end, decoding none. FootageError when it is damaged."""
    pts: list[int] = []
    dts: list[int] = []
    positions: list[int] = []
    sizes: list[int] = []
    keys: list[int] = []
    hidden: list[int] = []
    durations: dict[int, int] = {}
    with open_film(path, fflags="+genpts") as film:
        facts = film_facts(path, film)
        picture = film_picture(path, film)
        promised = picture.frames
        rates = {sound.index: sound.codec_context.sample_rate for sound in film.streams.audio}
        watch = Watch(facts, picture.codec_context.extradata)
        tallies = {sound.index: Tally() for sound in film.streams.audio}
        for packet in film.demux(picture, *film.streams.audio):
            if not packet.size:
                continue
            if packet.stream is not picture:
                tallies[packet.stream.index].take(packet.pts, packet.pos, packet.size)
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
            watch.take(bytes(packet), packet.pos is not None and not packet.has_sidedata("new_extradata"))
            pts.append(time)
            dts.append(packet.dts if packet.dts is not None else time)
            positions.append(-1 if packet.pos is None else packet.pos)
            sizes.append(packet.size)
    shown = sorted(set(pts) - {pts[sample] for sample in hidden})
    if not shown or not keys:
        raise DamagedFile(str(path), "has a picture track without a single frame that can be shown", "export it again")
    if len(set(pts)) < len(pts):
        raise DamagedFile(str(path), "gives two frames the same time", "wrap it again in MP4, MOV or MKV")
    if len(pts) < promised:
        at = format_clock(round((shown[-1] - shown[0]) * parse_rate(facts.picture.time_base) * 1000))
        what = f"is damaged: of {promised} frames only {len(pts)} are there, the last at {at}"
        raise DamagedFile(str(path), what, "copy it again from its source")
    one = round(1 / (parse_rate(facts.picture.rate) * parse_rate(facts.picture.time_base)))
    return Index(
        facts=facts,
        pts=tuple(pts),
        dts=tuple(dts),
        positions=tuple(positions),
        sizes=tuple(sizes),
        keys=tuple(keys),
        hidden=tuple(hidden),
        last_duration=durations[shown[-1]] or max(1, one),
        coding=watch.coding,
        tables=tables_of(path, [(tallies[sound], rates[sound]) for sound in tallies]),
    )


def index_bytes(index: Index) -> bytes:
    """The index as JSON, for the media store."""
    return msgspec.json.encode(index)


def index_from(data: bytes) -> Index:
    """The index stored as JSON. msgspec.ValidationError when it is not one of this version."""
    index = msgspec.json.decode(data, type=Index)
    if index.version != VERSION:
        raise msgspec.ValidationError(f"index version {index.version}, this program reads {VERSION}")
    return index
