"""In and out points: what a person writes becomes two frame numbers.

A time selects the first frame that starts at or after it, half a millisecond forgiven, because a person's milliseconds
are rounded and a frame's start is not. The in point is inside the passage, the out point is the first frame outside.
"""

import re
from bisect import bisect_left
from fractions import Fraction

import msgspec

from catalogue.timecode import format_clock, parse_clock, parse_timecode

from ..errors import BadPoint
from .index import Index

_FORGIVEN = Fraction(1, 2)
_FRAME = re.compile(r"f(\d{1,9})")
_LABEL = re.compile(r"\d{2}:\d{2}:\d{2}[:;]\d{2,3}")
_DAY = 24 * 60 * 60


class Passage(msgspec.Struct, frozen=True):
    """Frames from `first` up to, and without, `last`."""

    first: int
    last: int

    @property
    def frames(self) -> int:
        """How many frames the passage holds: at least one."""
        return self.last - self.first


def frame_at(index: Index, ms: int | Fraction) -> int:
    """The first frame that starts at or after a media time; the number of frames when none does."""
    earliest = index.shown[0] + (ms - _FORGIVEN) / (1000 * index.time_base)
    return bisect_left(index.shown, earliest)


def _media_time(index: Index, text: str, programme: bool) -> Fraction:
    if not programme:
        return Fraction(parse_clock(text))
    drop_frame = ";" in text
    if drop_frame != index.facts.drop_frame:
        counted = "drop-frame: write HH:MM:SS;FF" if index.facts.drop_frame else "without drop-frame: write HH:MM:SS:FF"
        raise ValueError(f"“{text}” counts differently from this film, which counts {counted}")
    frames = parse_timecode(text, index.rate) - index.facts.start
    if frames < 0 and index.facts.start / index.rate + index.duration_ms / 1000 > _DAY:
        frames += round(_DAY * index.rate)  # the film runs past midnight, where labels start again
    if frames < 0:
        raise ValueError(f"“{text}” is before the film starts, at {index.timecode(0)}")
    return 1000 * frames / index.rate


def _point(index: Index, file: str, text: str, programme: bool) -> int:
    """The frame of one point; `index.frames` for one at the end, where half a frame too much is forgiven."""
    end = f"it ends at {format_clock(index.duration_ms)}, with frame f{index.frames - 1}"
    beyond = BadPoint(file, f"“{text}” is beyond the end of the film", end)
    if numbered := _FRAME.fullmatch(text):
        if int(numbered[1]) > index.frames:
            raise beyond
        return int(numbered[1])
    if _LABEL.fullmatch(text) and not programme:
        raise BadPoint(file, f"“{text}” is a programme timecode", "add --timecode, or write HH:MM:SS.mmm")
    try:
        ms = _media_time(index, text, programme)
    except ValueError as error:
        plain = "a frame is written f123, and a timecode needs --timecode"
        raise BadPoint(file, str(error), "write it as the film counts" if programme else plain) from error
    if ms > index.duration_ms + 500 / index.rate + 1:
        raise beyond
    return frame_at(index, ms)


def passage(index: Index, file: str, first: str, last: str, *, programme: bool = False) -> Passage:
    """The passage between two written points: `HH:MM:SS.mmm`, `f123`, or a programme timecode when `programme`.

    `file` names the film in what a BadPoint says.
    """
    return _checked(index, file, _point(index, file, first, programme), _point(index, file, last, programme))


def passage_of_ms(index: Index, file: str, in_ms: int, out_ms: int) -> Passage:
    """The passage between two media times in milliseconds. BadPoint when it selects nothing or leaves the film."""
    return passage(index, file, format_clock(max(0, in_ms)), format_clock(max(0, out_ms)))


def _checked(index: Index, file: str, first: int, last: int) -> Passage:
    if first >= index.frames:
        end = format_clock(index.duration_ms)
        raise BadPoint(file, f"the in point selects no frame: the film ends at {end}", "choose an earlier in point")
    if last <= first:
        what = f"the out point (frame f{last}) is not after the in point (frame f{first})"
        raise BadPoint(file, what, "the out point is the first frame left out: choose a later one")
    return Passage(first, last)


def sample_window(index: Index, first: int, last: int, sample_rate: int) -> tuple[int, int]:
    """First sample and number of samples that sound while frames [first, last) are shown."""
    end = index.shown[last] if last < index.frames else index.end
    start = round(index.shown[first] * index.time_base * sample_rate)
    return start, round(end * index.time_base * sample_rate) - start
