"""Time as numbers: milliseconds of media time, frame numbers, and the two ways people write them.

Media time counts whole milliseconds from the first frame of a film. A timecode (SMPTE ST 12-1) is a label: it counts
frames, and with drop-frame counting it leaves out labels, never frames.
Rates are fractions: 30000/1001 is exact, 29.97 is not.

    >>> parse_clock("00:01:02.500")
    62500
    >>> format_timecode(1800, Fraction(30000, 1001), drop_frame=True)
    '00:01:00;02'
"""

import re
from fractions import Fraction
from functools import lru_cache

_CLOCK = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d)[.,](\d{3})")
_TIMECODE = re.compile(r"(\d{2}):([0-5]\d):([0-5]\d)([:;])(\d{2,3})")
_DAY_SECONDS = 24 * 60 * 60


def parse_clock(text: str) -> int:
    """Milliseconds of `HH:MM:SS.mmm` (a comma before the milliseconds is read too). ValueError when it is not one."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text}” is not a time: write HH:MM:SS.mmm, for example 00:01:02.500")
    hours, minutes, seconds, milliseconds = (int(part) for part in match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds


def format_clock(ms: int, mark: str = ".") -> str:
    """`HH:MM:SS.mmm` of milliseconds; `mark` stands before the milliseconds (`,` in SRT)."""
    return f"{_seconds_text(ms // 1000)}{mark}{ms % 1000:03d}"


@lru_cache(maxsize=36_000)
def _seconds_text(seconds: int) -> str:
    """`HH:MM:SS`. Interviews have most of their seconds in common, and each second has several times."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def format_short(ms: int) -> str:
    """`MM:SS`, or `H:MM:SS` from one hour on: how a player shows a moment."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def parse_rate(text: str) -> Fraction:
    """Frames a second of `25/1` or `25`. ValueError when it is not a positive fraction of whole numbers."""
    if re.fullmatch(r"\d+(/\d+)?", text) is None:
        raise ValueError(f"“{text}” is not a frame rate: write a fraction, for example 30000/1001")
    try:
        rate = Fraction(text)
    except ZeroDivisionError:
        rate = Fraction(0)
    if rate <= 0:
        raise ValueError(f"“{text}” is not a frame rate: it must be more than zero")
    return rate


def format_rate(rate: Fraction) -> str:
    """`30000/1001`, `25/1`: always a fraction, so that a reader never guesses."""
    return f"{rate.numerator}/{rate.denominator}"


def counting_base(rate: Fraction) -> int:
    """How many frames a timecode second counts: 30 for 30000/1001 (SMPTE ST 12-1, 5.2)."""
    return max(1, round(rate))


def _dropped(rate: Fraction) -> int:
    """How many labels a dropping minute leaves out: two for each 30 of the counting base."""
    base = counting_base(rate)
    if base % 30 or rate.denominator != 1001:
        raise ValueError(f"drop-frame counting exists for 29.97 and 59.94 only, not for {format_rate(rate)}")
    return 2 * base // 30


def parse_timecode(text: str, rate: Fraction) -> int:
    """Frames from 00:00:00:00 of `HH:MM:SS:FF`, or `HH:MM:SS;FF` counted drop-frame.

    ValueError when it is no timecode at this rate, or a label that drop-frame counting leaves out.
    """
    match = _TIMECODE.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text}” is not a timecode: write HH:MM:SS:FF, or HH:MM:SS;FF for drop-frame")
    hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
    base = counting_base(rate)
    if frames >= base or hours >= 24:
        raise ValueError(f"“{text}” is not a timecode at {format_rate(rate)}: hours end at 23, frames at {base - 1}")
    whole_minutes = hours * 60 + minutes
    count = (whole_minutes * 60 + seconds) * base + frames
    if match[4] == ":":
        return count
    dropped = _dropped(rate)
    if minutes % 10 and seconds == 0 and frames < dropped:
        raise ValueError(f"“{text}” does not exist: drop-frame counting leaves out the first {dropped} labels here")
    return count - dropped * (whole_minutes - whole_minutes // 10)


def format_timecode(frame: int, rate: Fraction, *, drop_frame: bool = False) -> str:
    """The label of a frame counted from 00:00:00:00; it starts again after 24 hours, as labels do."""
    base = counting_base(rate)
    mark = ":"
    if drop_frame:
        mark = ";"
        dropped = _dropped(rate)
        in_ten = 600 * base - 9 * dropped
        tens, rest = divmod(frame % (in_ten * 144), in_ten)
        in_minute = 60 * base - dropped
        # The first minute of ten keeps all its labels, so the others are counted after it.
        minutes = 0 if rest < 60 * base else 1 + (rest - 60 * base) // in_minute
        frame = frame % (in_ten * 144) + dropped * (9 * tens + minutes)
    seconds, frames = divmod(frame % (_DAY_SECONDS * base), base)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{mark}{frames:02d}"


def first_frame_at(ms: int, rate: Fraction) -> int:
    """The first frame, of a constant rate, that starts at or after a media time; half a millisecond is forgiven."""
    return max(0, -((-(2 * ms - 1) * rate.numerator) // (2000 * rate.denominator)))
