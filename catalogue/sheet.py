"""The asset sheet: what is known of one master, as an editor reads and commits it in `docs/masters/<id>.yml`.

Written by `duplex ingest`, read by the catalogue. Numbers inside are whole (frames, milliseconds, bytes), rates are
fractions.
"""

from pathlib import Path

import msgspec


class Video(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The picture: codec as FFmpeg names it, raster in pixels, `frame_rate` and `pixel_aspect` as fractions in text.

    `primaries`, `transfer`, `matrix` are the colour of ISO/IEC 23091-2 as FFmpeg names it, `range` is limited or full;
    each is empty when the master does not say.
    """

    codec: str
    width: int
    height: int
    frame_rate: str
    frames: int
    profile: str = ""
    pixel_format: str = "yuv420p"
    pixel_aspect: str = "1/1"
    scan: str = "progressive"
    bit_rate: int = 0
    primaries: str = ""
    transfer: str = ""
    matrix: str = ""
    range: str = ""


class Audio(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One sound track: rate in hertz, layout as FFmpeg names it (`mono`, `stereo`, `5.1`), language as ISO 639, and the
    track's own name."""

    codec: str
    sample_rate: int
    channels: int
    layout: str = ""
    language: str = ""
    name: str = ""


class Chapter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A chapter that the film itself names: where it begins in media time, in milliseconds, and its title."""

    start_ms: int
    title: str = ""


class Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The facts of a master. `version` is the first twelve digits of `sha256`: a replaced master is another version."""

    id: str
    version: str
    sha256: str
    bytes: int
    container: str
    duration_ms: int
    video: Video
    start_timecode: str = "00:00:00:00"
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
