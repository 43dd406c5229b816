"""The plan of a clip, made before a byte is written: which frames are copied, which encoded again, and as what.

A master whose every frame stands alone (ProRes, DNxHD, all-intra) is copied whole. Of H.264 that is understood to the
letter the groups in the middle are copied and the edges encoded. Any other is encoded whole. A plan is a row of
pieces, so that copying more changes this module and not its readers.
"""

from typing import Literal

import msgspec

from catalogue.timecode import parse_rate

from .errors import BadTarget
from .groups import Piece, configuration_of, spliced
from .index import Index
from .points import Passage
from .probe import Sound

Profile = Literal["master", "h264"]
Container = Literal["mp4", "mov", "matroska"]

CONTAINERS: dict[str, Container] = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
_COPIED_IN_MP4 = ("h264", "hevc", "mpeg4", "mjpeg", "av1", "vp9")
_PRORES = {"apco": "proxy", "apcs": "lt", "apcn": "standard", "apch": "hq", "ap4h": "4444", "ap4x": "4444xq"}
_X264_PROFILES = {
    "Baseline": "baseline",
    "Constrained Baseline": "baseline",
    "Main": "main",
    "High": "high",
    "High 10": "high10",
    "High 10 Intra": "high10",
    "High 4:2:2": "high422",
    "High 4:2:2 Intra": "high422",
    "High 4:4:4 Predictive": "high444",
}
# Threads are part of the recipe: with another number of them x264 makes other bytes.
_THREADS = "4"
_WEB_WIDTH, _WEB_HEIGHT = 1920, 1080


class PictureRecipe(msgspec.Struct, frozen=True, kw_only=True):
    """How encoded frames are made: encoder, its options, raster and pixels (aspect a fraction in text), filters."""

    encoder: str
    options: dict[str, str]
    width: int
    height: int
    pixel_format: str
    pixel_aspect: str
    filters: tuple[tuple[str, str], ...] = ()


class SoundRecipe(msgspec.Struct, frozen=True, kw_only=True):
    """One track: PCM of its own kind, or AAC at `bit_rate` bits a second. No sample is moved."""

    track: Sound
    encoder: str
    bit_rate: int = 0


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A clip before it is a file: pieces in order of showing, recipes, and the source timecode of the first frame.

    `configuration` is the master's decoder configuration record where copied and encoded pieces follow each other.
    """

    container: Container
    pieces: tuple[Piece, ...]
    picture: PictureRecipe
    sounds: tuple[SoundRecipe, ...]
    timecode: str
    configuration: bytes = b""

    def frames(self, how: Literal["copy", "encode"]) -> int:
        """How many frames are copied, or encoded."""
        return sum(piece.last - piece.first for piece in self.pieces if piece.how == how)


def container_of(name: str, suffix: str) -> Container:
    """The container that a suffix stands for. BadTarget when a clip cannot be written in it."""
    try:
        return CONTAINERS[suffix.lower()]
    except KeyError:
        what, cure = f"“{suffix}” is no container for a clip", f"end the name in {', '.join(CONTAINERS)}"
        raise BadTarget(name, what, cure) from None


def plan_clip(index: Index, cut: Passage, profile: Profile, container: Container) -> Plan:
    """The plan of a passage in a profile: `master` keeps the master's codec family, `h264` is 1080p for the web."""
    copied = profile == "master" and index.intra and (container != "mp4" or index.facts.picture.codec in _COPIED_IN_MP4)
    recipe = _web(index) if profile == "h264" else _like_master(index, container)
    pieces: tuple[Piece, ...] = (Piece("copy" if copied else "encode", cut.first, cut.last),)
    record = b""
    if profile == "master" and container != "matroska" and not copied:
        pieces, recipe, record = _spliced(index, cut, recipe)
    return Plan(
        container=container,
        pieces=pieces,
        picture=recipe,
        configuration=record,
        sounds=tuple(_sound(track, profile, container) for track in index.facts.sounds),
        timecode=index.timecode(cut.first),
    )


def _spliced(index: Index, cut: Passage, recipe: PictureRecipe) -> tuple[tuple[Piece, ...], PictureRecipe, bytes]:
    """Pieces, recipe and record when groups can be copied; one piece to encode when none can.

    The encoder's parameter sets stand under a number that the master does not use, and do not depend on the pictures.
    """
    configuration = configuration_of(index)
    whole = (Piece("encode", cut.first, cut.last),)
    if configuration is None or index.coding is None or recipe.pixel_format != index.facts.picture.pixel_format:
        return whole, recipe, b""
    pieces = spliced(index, cut)
    if len({piece.how for piece in pieces}) == 1:
        return pieces, recipe, b""
    parameters = f"{recipe.options['x264-params']}:sps-id={configuration.spare_id}:stitchable=1"
    options = recipe.options | {"x264-params": parameters}
    return pieces, msgspec.structs.replace(recipe, options=options), index.coding.configuration


def _like_master(index: Index, container: Container) -> PictureRecipe:
    picture = index.facts.picture
    scan = {"top field first": ":tff=1", "bottom field first": ":bff=1"}.get(picture.scan, "")
    full = ":fullrange=on" if picture.range == 2 else ""
    pixels = picture.pixel_format
    if picture.codec == "prores" and container != "mp4":
        encoder, options = "prores_ks", {"profile": _PRORES.get(picture.tag, "hq"), "vendor": "apl0"}
        pixels = "yuva444p10le" if "yuva" in pixels else "yuv444p10le" if "444" in pixels else "yuv422p10le"
    elif picture.codec == "dnxhd" and container != "mp4":
        encoder = "dnxhd"
        options = {"profile": "dnxhr_hqx" if "10" in pixels else "dnxhr_hq"}
        pixels = "yuv422p10le" if "10" in pixels else "yuv422p"
    elif picture.codec == "hevc":
        encoder = "libx265"
        keyint = round(2 * index.rate)
        recipe = f"log-level=none:pools=2:frame-threads=1:keyint={keyint}:open-gop=0:info=0"
        options = {"preset": "superfast", "crf": "12", "x265-params": recipe}
    else:
        encoder = "libx264"
        options = _x264(index, "12", "veryfast", scan + full)
        wanted = _X264_PROFILES.get(picture.profile) if picture.codec == "h264" else None
        pixels = _x264_pixels(pixels)
        if wanted and (pixels == "yuv420p" or wanted.startswith("high")):
            options["profile"] = wanted
    return PictureRecipe(
        encoder=encoder,
        options=options,
        width=picture.width,
        height=picture.height,
        pixel_format=pixels,
        pixel_aspect=picture.pixel_aspect,
    )


def _x264(index: Index, quality: str, preset: str, more: str = "") -> dict[str, str]:
    """Closed groups of two seconds; a fixed number of threads, so that a request always gives the same bytes."""
    keyint = max(1, round(2 * index.rate))
    return {
        "crf": quality,
        "preset": preset,
        "threads": _THREADS,
        "x264-params": f"keyint={keyint}:open-gop=0:lookahead-threads=1:force-cfr=0{more}",
    }


def _x264_pixels(pixels: str) -> str:
    """The nearest layout that x264 encodes: same sampling, and ten bits for anything deeper than eight."""
    sampling = "444" if "444" in pixels or "gbr" in pixels or "rgb" in pixels else "422" if "422" in pixels else "420"
    if pixels.startswith("uyvy") or pixels.startswith("yuyv"):
        sampling = "422"
    deep = any(mark in pixels for mark in ("p10", "p12", "p14", "p16", "p010", "p210"))
    return f"yuv{sampling}p10le" if deep else f"yuv{sampling}p"


def _web(index: Index) -> PictureRecipe:
    """At most 1920x1080, square pixels, 4:2:0, progressive: what every browser and phone plays."""
    picture = index.facts.picture
    shape = picture.width * parse_rate(picture.pixel_aspect) / picture.height
    height = min(picture.height, _WEB_HEIGHT)
    width = round(height * shape)
    if width > _WEB_WIDTH:
        width, height = _WEB_WIDTH, round(_WEB_WIDTH / shape)
    width, height = width - width % 2, height - height % 2
    options = _x264(index, "19", "veryfast") | {"profile": "high"}
    filters = [("scale", f"{width}:{height}:flags=bicubic+accurate_rnd"), ("format", "yuv420p"), ("setsar", "1")]
    if picture.scan != "progressive":
        filters.insert(0, ("bwdif", "mode=send_frame:deint=all"))
    return PictureRecipe(
        encoder="libx264",
        options=options,
        width=width,
        height=height,
        pixel_format="yuv420p",
        pixel_aspect="1/1",
        filters=tuple(filters),
    )


def _sound(track: Sound, profile: Profile, container: Container) -> SoundRecipe:
    if profile == "master" and track.codec.startswith("pcm_") and container != "mp4":
        encoder = "pcm_s16le" if track.codec in ("pcm_u8", "pcm_alaw", "pcm_mulaw") else track.codec
        return SoundRecipe(track=track, encoder=encoder)
    each = 160_000 if profile == "master" else 96_000
    return SoundRecipe(track=track, encoder="aac", bit_rate=min(each * track.channels, 6 * track.sample_rate))
