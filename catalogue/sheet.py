"""The asset sheet: what is known of one master, as an editor reads and commits it in `docs/masters/<id>.yml`.

Written by `duplex ingest`, read by the catalogue. Numbers inside are whole (frames, milliseconds, bytes), rates are
fractions. A sheet that says what no film can be is refused where it is read: pages divide by some of these numbers.
"""

from pathlib import Path
from typing import Annotated

import msgspec

Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
Length = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
Pixels = Annotated[int, msgspec.Meta(ge=1, le=1 << 16)]
Ratio = Annotated[str, msgspec.Meta(pattern=r"\A[1-9][0-9]{0,9}(/[1-9][0-9]{0,9})?\Z")]
Timecode = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{2}:[0-9]{2}:[0-9]{2}[:;][0-9]{2,3}\Z")]
# A part of addresses.
Version = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{12}\Z")]


class Video(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The picture: codec as FFmpeg names it, raster in pixels, `frame_rate` and `pixel_aspect` as fractions in text.

    `primaries`, `transfer`, `matrix` are the colour of ISO/IEC 23091-2 as FFmpeg names it, `range` is limited or full;
    each is empty when the master does not say.
    """

    codec: str
    width: Pixels
    height: Pixels
    frame_rate: Ratio
    frames: Count
    profile: str = ""
    pixel_format: str = "yuv420p"
    pixel_aspect: Ratio = "1/1"
    scan: str = "progressive"
    bit_rate: Count = 0
    primaries: str = ""
    transfer: str = ""
    matrix: str = ""
    range: str = ""


class Audio(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One sound track: rate in hertz, layout as FFmpeg names it (`mono`, `stereo`, `5.1`), language as ISO 639, and the
    track's own name."""

    codec: str
    sample_rate: Count
    channels: Count
    layout: str = ""
    language: str = ""
    name: str = ""


class Chapter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A chapter that the film itself names: where it begins in media time, in milliseconds, and its title."""

    start_ms: Count
    title: str = ""


class Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The facts of a master. `version` is the first twelve digits of `sha256`: a replaced master is another version."""

    id: str
    version: Version
    sha256: str
    bytes: Count
    container: str
    duration_ms: Length
    video: Video
    start_timecode: Timecode = "00:00:00:00"
    drop_frame: bool = False
    audio: tuple[Audio, ...] = ()
    loudness_lufs: float | None = None
    chapters: tuple[Chapter, ...] = ()


def read_sheet(path: Path) -> Sheet:
    """The sheet in a file. msgspec.DecodeError (or ValidationError) when it is not one; OSError when unreadable."""
    return msgspec.yaml.decode(path.read_bytes(), type=Sheet)


def sheet_text(sheet: Sheet) -> str:
    """The sheet as YAML, one fact a line, always in the same order."""
    return msgspec.yaml.encode(sheet).decode()
