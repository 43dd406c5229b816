"""How the frames of a clip are encoded where they cannot be copied: the encoder nearest to the master, or the web's."""

from fractions import Fraction
from typing import Literal

import msgspec

from ..reading.index import Index

Container = Literal["mp4", "mov", "matroska", "mxf"]

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
# The cheapest tools that make an encoder name the master's profile.
_TOOLS, _HIGH_TOOL = {"main": ":bframes=1:b-adapt=0"}, ":8x8dct=1"
# ITU-T H.262, table 6-4.
_MPEG2_RATES = (*(Fraction(base * 1000, 1001) for base in (24, 30, 60)), *map(Fraction, (24, 25, 30, 50, 60)))
_MPEG2_QUANTISER = 2
# At this one the least luma PSNR was 46 dB, on noise of every strength, of H.264 and of HEVC.
_QUANTISER, _TEN_BITS_FURTHER = 12, 12
# Pictures of all three kinds at the same quantiser: encoders give those that others look back at a finer one.
_ALIKE = ":ipratio=1:pbratio=1"
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


def like_master(index: Index, container: Container) -> PictureRecipe:
    """The master's own codec, raster, pixels and scan, as near as our encoders come."""
    picture = index.facts.picture
    scan = {"top field first": ":tff=1", "bottom field first": ":bff=1"}.get(picture.scan, "")
    full = ":fullrange=on" if picture.range == 2 else ""
    pixels = picture.pixel_format
    if picture.codec == "prores" and container != "mp4":
        encoder, options = "prores_ks", {"profile": _PRORES.get(picture.tag, "hq"), "vendor": "apl0"}
        pixels = "yuva444p10le" if "yuva" in pixels else "yuv444p10le" if "444" in pixels else "yuv422p10le"
    elif picture.codec == "dnxhd" and container == "mov":
        encoder = "dnxhd"
        options = {"profile": "dnxhr_hqx" if "10" in pixels else "dnxhr_hq"}
        pixels = "yuv422p10le" if "10" in pixels else "yuv422p"
    elif picture.codec == "mpeg2video" and container == "mov" and index.rate in _MPEG2_RATES:
        encoder, options = "mpeg2video", _mpeg2(index)
    elif picture.codec == "hevc":
        encoder = "libx265"
        keyint = round(2 * index.rate)
        recipe = f"log-level=none:pools=2:frame-threads=1:keyint={keyint}:open-gop=0:info=0:qp={_QUANTISER}"
        options = {"preset": "superfast", "x265-params": f"{recipe}{_ALIKE}"}
    else:
        encoder, pixels = ("libx264rgb", "rgb24") if picture.rgb else ("libx264", _x264_pixels(pixels))
        options = _x264(index, "veryfast", f":qp={_quantiser(pixels)}{_ALIKE}{scan}{full}")
        wanted = _X264_PROFILES.get(picture.profile) if picture.codec == "h264" else None
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


def _quantiser(pixels: str) -> int:
    """x264's quantiser for frames like the master's: a rate factor spends less where it thinks that nobody looks, and
    fell to 39 dB on fine noise."""
    return _QUANTISER + (_TEN_BITS_FURTHER if "10" in pixels else 0)


def _x264(index: Index, preset: str, more: str = "") -> dict[str, str]:
    """Closed groups of two seconds; a fixed number of threads, so that a request always gives the same bytes."""
    keyint = max(1, round(2 * index.rate))
    return {
        "preset": preset,
        "threads": _THREADS,
        "x264-params": f"keyint={keyint}:open-gop=0:lookahead-threads=1:force-cfr=0{more}",
    }


def _mpeg2(index: Index) -> dict[str, str]:
    """Closed groups of half a second without B pictures, each at the quantiser below which nothing is gained."""
    wide = index.facts.picture.pixel_format == "yuv422p"
    return {
        "flags": "+qscale+cgop",
        "global_quality": str(118 * _MPEG2_QUANTISER),
        "profile": "0" if wide else "4",
        "g": str(max(1, round(index.rate / 2))),
        "bf": "0",
        "sc_threshold": "1000000000",
        "intra_vlc": "1",
        "intra_dc_precision": "2" if wide else "0",
        "non_linear_quant": "1",
        "qmin": "1",
        "qmax": "28",
        "threads": "1",
    }


def edge_like(whole: PictureRecipe, number: int) -> PictureRecipe:
    """The same for a few H.264, HEVC or MPEG-2 frames beside copied ones, under parameter sets of that number.

    Searching longer would only make the few frames smaller, and several threads or looking ahead would cost more for
    the same bytes.
    """
    if whole.encoder == "mpeg2video":
        return whole
    if whole.encoder == "libx265":
        parameters = (
            f"log-level=none:qp={_QUANTISER}:pools=none:frame-threads=1:keyint=-1:scenecut=0:rc-lookahead=1"
            ":bframes=0:open-gop=0:info=0:repeat-headers=1"
        )
        return msgspec.structs.replace(whole, options={"preset": "ultrafast", "x265-params": parameters})
    scan = [each for each in whole.options["x264-params"].split(":") if each in ("tff=1", "bff=1", "fullrange=on")]
    parameters = (
        f"qp={_quantiser(whole.pixel_format)}:threads=1:rc-lookahead=0:sync-lookahead=0:force-cfr=0:keyint=infinite:scenecut=0"
        f":sps-id={number}:stitchable=1"
    )
    options = {"preset": "ultrafast", "x264-params": ":".join((parameters, *scan))}
    if profile := whole.options.get("profile"):
        options["profile"] = profile
        options["x264-params"] += _TOOLS.get(profile, _HIGH_TOOL if profile.startswith("high") else "")
    return msgspec.structs.replace(whole, options=options)


def in_order(recipe: PictureRecipe) -> PictureRecipe:
    """The same with frames decoded in the order in which they are shown: ffmpeg writes no other of H.264 into MXF."""
    if recipe.encoder != "libx264":
        return recipe
    options = recipe.options | {"x264-params": recipe.options["x264-params"] + ":bframes=0"}
    return msgspec.structs.replace(recipe, options=options)


def _x264_pixels(pixels: str) -> str:
    """The nearest layout that x264 encodes: same sampling, and ten bits for anything deeper than eight."""
    sampling = "444" if "444" in pixels else "422" if "422" in pixels else "420"
    if pixels.startswith("uyvy") or pixels.startswith("yuyv"):
        sampling = "422"
    deep = any(mark in pixels for mark in ("p10", "p12", "p14", "p16", "p010", "p210"))
    return f"yuv{sampling}p10le" if deep else f"yuv{sampling}p"


def web(index: Index) -> PictureRecipe:
    """At most 1920x1080, square pixels, 4:2:0, progressive: what every browser and phone plays."""
    picture, shape = index.facts.picture, index.facts.picture.shape
    height = min(picture.lines, _WEB_HEIGHT)
    width = round(height * shape)
    if width > _WEB_WIDTH:
        width, height = _WEB_WIDTH, round(_WEB_WIDTH / shape)
    width, height = width - width % 2, height - height % 2
    options = _x264(index, "veryfast") | {"crf": "19", "profile": "high"}
    colours = ":out_color_matrix=bt709:out_range=tv" if picture.rgb else ""
    scaled = f"{width}:{height}:flags=bicubic+accurate_rnd{colours}"
    filters = [("scale", scaled), ("format", "yuv420p"), ("setsar", "1")]
    if picture.scan != "progressive":
        filters.insert(0, ("bwdif", "mode=send_frame:deint=all"))
    if picture.above:
        filters.insert(0, ("crop", f"iw:{picture.lines}:0:{picture.above}"))
    return PictureRecipe(
        encoder="libx264",
        options=options,
        width=width,
        height=height,
        pixel_format="yuv420p",
        pixel_aspect="1/1",
        filters=tuple(filters),
    )
