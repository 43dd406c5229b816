"""A film as edit programs know it, a reel with rate, start timecode and length; and a passage of it with marks."""

from fractions import Fraction

import msgspec

from catalogue.timecode import first_frame_at, format_timecode, parse_timecode


class Reel(msgspec.Struct, frozen=True, kw_only=True):
    """A source. `file` is how its file is called, `start` the frames from 00:00:00:00 of its first frame's timecode.
    `sample_rate` is in hertz, and `channels` counts all channels of all sound tracks: 0 without sound."""

    name: str
    file: str
    rate: Fraction
    start: int
    drop_frame: bool
    frames: int
    width: int
    height: int
    sample_rate: int = 0
    channels: int = 0

    def timecode(self, frame: int) -> str:
        """The programme timecode of a frame (SMPTE ST 12-1)."""
        return format_timecode(self.start + frame, self.rate, drop_frame=self.drop_frame)


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A remark at a frame of the reel: who begins to speak, say."""

    frame: int
    text: str


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """Frames [first, last) of a reel under a title, with marks in it. `media` is the address of a file that holds just
    these frames with their source timecode, relative to where the edit list lies; empty when there is none."""

    reel: Reel
    title: str
    first: int
    last: int
    marks: tuple[Mark, ...] = ()
    media: str = ""

    @property
    def frames(self) -> int:
        """How many frames it holds."""
        return self.last - self.first

    @property
    def timecodes(self) -> tuple[str, str]:
        """Source timecodes of its first frame, and of the first one after it."""
        return self.reel.timecode(self.first), self.reel.timecode(self.last)


def record_hour(reel: Reel) -> int:
    """The frame whose label is 01:00:00:00, where programmes begin by custom; fewer when labels are dropped."""
    return parse_timecode("01:00:00;00" if reel.drop_frame else "01:00:00:00", reel.rate)


def frame_near(reel: Reel, ms: int) -> int:
    """The frame of a reel at a media time, never beyond its last."""
    return min(first_frame_at(ms, reel.rate), reel.frames - 1)


def xml_text(text: str) -> str:
    """A text without the characters that XML 1.0 (2.2) forbids, and with its marks escaped, for text or attribute."""
    allowed = "".join(char for char in text if char in "\t\n\r" or (char >= " " and not 0xFFFE <= ord(char) <= 0xFFFF))
    escaped = allowed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace('"', "&quot;")
