"""Every frame of a film, known without decoding: the table on which clips are planned.

Frames are numbered by the order in which they are shown: frame n is the n-th smallest presentation time, whatever the
rate, so variable frame rate needs no care. Tables are in decode order, as the samples lie in the file.
"""

from bisect import bisect_left
from fractions import Fraction
from functools import cached_property

import msgspec

from catalogue.timecode import format_timecode, parse_rate

from .coding import Coding
from .facts import Facts
from .tables import Tables

VERSION = 1


class Index(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The samples of the picture, in decode order, times in units of `facts.picture.time_base`.

    `keys` numbers the samples at which decoding can start, `hidden` those that an edit list keeps from being shown.
    `positions` are offsets in the file (-1 when the container does not say), `sizes` bytes. `last_duration` is how
    long the last frame is shown. `coding` is there when the stream can be spliced, `tables` when its samples can stand
    in another file as they are; `encoded` says why all frames of a clip are encoded, where that is worth saying.
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
    encoded: str = ""

    @cached_property
    def shown(self) -> tuple[int, ...]:
        """Presentation times of the frames, in the order in which they are shown."""
        if not self.hidden:
            return tuple(sorted(self.pts))
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

    def number(self, frame: int) -> int:
        """The number that a frame has in its film: itself, unless this is a part of one."""
        return frame

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


def index_bytes(index: Index) -> bytes:
    """The index as JSON, for the media store."""
    return msgspec.json.encode(index)


def index_from(data: bytes) -> Index:
    """The index stored as JSON. msgspec.ValidationError when it is not one of this version."""
    index = msgspec.json.decode(data, type=Index)
    if index.version != VERSION:
        raise msgspec.ValidationError(f"index version {index.version}, this program reads {VERSION}")
    return index


def shape(index: Index) -> Fraction:
    """Width over height, as shown: a telephone may have been held upright."""
    picture = index.facts.picture
    return 1 / picture.shape if picture.rotation % 180 else picture.shape
