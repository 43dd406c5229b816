"""What a film says of itself, as an index keeps it."""

from fractions import Fraction

import msgspec

from catalogue.timecode import parse_rate

PROGRESSIVE, TOP_FIRST, BOTTOM_FIRST = "progressive", "top field first", "bottom field first"
# Lines that D-10 (IMX; SMPTE ST 356) records above the picture: those of the vertical interval, of 625 and 525 lines.
_ABOVE = {(720, 608): 32, (720, 512): 26}


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """The picture as FFmpeg names things. `stream` is its number in the file; `time_base` (seconds) and `rate` are
    fractions in text. `primaries`, `transfer`, `matrix` are the code points of ISO/IEC 23091-2, 2 when unsaid;
    `range` is 1 limited, 2 full, 0 unsaid. `rotation` is by how many degrees, anticlockwise, the raster is turned to be
    shown."""

    stream: int
    codec: str
    tag: str
    profile: str
    width: int
    height: int
    pixel_format: str
    rate: str
    time_base: str
    pixel_aspect: str
    scan: str
    range: int
    primaries: int
    transfer: int
    matrix: int
    rotation: int
    bit_rate: int

    @property
    def above(self) -> int:
        """How many lines at the top of the raster hold no picture."""
        return _ABOVE.get((self.width, self.height), 0) if self.codec == "mpeg2video" else 0

    @property
    def rgb(self) -> bool:
        """Whether its samples are red, green and blue, as recorders of screens keep them."""
        return self.pixel_format.lstrip("a0").startswith(("gbr", "rgb", "bgr", "pal8"))

    @property
    def lines(self) -> int:
        """How many lines hold the picture."""
        return self.height - self.above

    @property
    def shape(self) -> Fraction:
        """Width over height of the picture as it lies in the raster, before it is turned; pixels need not be square."""
        raster = self.width * parse_rate(self.pixel_aspect) / self.height
        if self.above:
            # Files disagree on whether those lines count for the shape of a pixel; D-10 knows two shapes of picture.
            return Fraction(16, 9) if raster > Fraction(3, 2) else Fraction(4, 3)
        return raster


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """One sound track: `sample_rate` in hertz, `layout` as FFmpeg names it, `language` as ISO 639-2 or empty."""

    stream: int
    codec: str
    sample_rate: int
    channels: int
    layout: str
    sample_format: str
    language: str = ""
    name: str = ""


def first_heard(sounds: tuple[Sound, ...]) -> tuple[Sound, ...]:
    """What is heard of a film where one sound is wanted: the first track; of two of one channel both, left and right,
    as broadcasters keep them, unless they speak two languages."""
    pair = sounds[:2]
    alike = {(sound.channels, sound.sample_rate, sound.language) for sound in pair}
    return pair if len(alike) == 1 and pair[0].channels == 1 else sounds[:1]


class Chapter(msgspec.Struct, frozen=True):
    """A chapter as the film's own list names it: its beginning in milliseconds of media time, its title or nothing."""

    start_ms: int
    title: str


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a film says of itself. `start` counts frames from 00:00:00:00 (SMPTE ST 12-1) at `picture.rate`."""

    container: str
    bytes: int
    start: int
    drop_frame: bool
    picture: Picture
    sounds: tuple[Sound, ...]
    chapters: tuple[Chapter, ...] = ()
