"""Masters for the tests of footage, made once a run; the shared real files when they are there."""

from collections.abc import Callable
from pathlib import Path

import pytest

from footage.reading.index import Index
from footage.reading.indexing import read_index
from tests.footage.masters import X264, around, ffmpeg, film, studio_film

REAL = Path(__file__).parents[3] / "shared" / "real" / "video"


def _closed(home: Path) -> Path:
    return film(home / "closed.mp4", 100, "25", *X264, "-g", "24", "-bf", "2", "-flags", "+cgop")


def _open(home: Path) -> Path:
    options = ("-x264-params", "open-gop=1:keyint=20:min-keyint=20:scenecut=0:bframes=3:b-pyramid=normal")
    return film(home / "open.mp4", 100, "25", *X264, *options)


def _led(home: Path) -> Path:
    """Open groups led by pictures that others are predicted from: numbers are missing where they are left out."""
    options = "open-gop=1:keyint=22:min-keyint=22:scenecut=0:bframes=3:b-pyramid=strict:b-adapt=0:ref=6:weightp=2"
    return film(home / "led.mp4", 100, "25", *X264, "-x264-params", options)


def _fields(home: Path) -> Path:
    """Open groups, interlaced, coded without arithmetic in slices."""
    options = "open-gop=1:keyint=20:min-keyint=20:scenecut=0:bframes=3:b-adapt=0:cabac=0:slices=3:tff=1"
    coding = (*X264, "-flags", "+ildct+ilme", "-x264-params", options, "-vf", "setfield=tff")
    return film(home / "fields.mov", 100, "25", *coding, sound=("-c:a", "pcm_s16le"))


def _studio(home: Path) -> Path:
    """Ten bits, 4:2:2, interlaced, open groups."""
    options = "open-gop=1:keyint=24:min-keyint=24:scenecut=0:bframes=2:tff=1"
    coding = (*X264[:-1], "yuv422p10le", "-flags", "+ildct+ilme", "-x264-params", options, "-vf", "setfield=tff")
    return film(home / "studio.mov", 80, "25", *coding, sound=("-c:a", "pcm_s24le"), channels=8)


def _drop(home: Path) -> Path:
    coding = (*X264, "-g", "30", "-timecode", "01:00:00;00")
    return film(home / "drop.mov", 120, "30000/1001", *coding, sound=("-c:a", "pcm_s16le"))


def _fifty(home: Path) -> Path:
    return film(home / "fifty.mp4", 100, "50", *X264, "-g", "40", sound=())


def _varied(home: Path) -> Path:
    """Frames at 25 a second of which some are held for two or three times as long."""
    times = ("-vf", "setpts='(N+floor(N/5)+2*floor(N/11))/25/TB'", "-fps_mode", "vfr", "-enc_time_base", "1/25")
    return film(home / "varied.mp4", 90, "25", *X264, *times, "-g", "30")


def _prores(home: Path) -> Path:
    coding = ("-c:v", "prores_ks", "-profile:v", "standard", "-pix_fmt", "yuv422p10le", "-timecode", "10:00:00:00")
    return film(home / "prores.mov", 50, "25", *coding, sound=("-c:a", "pcm_s24le"), channels=4)


def _interlaced(home: Path) -> Path:
    coding = (*X264, "-flags", "+ildct+ilme", "-x264-params", "tff=1", "-vf", "setfield=tff", "-g", "25")
    return film(home / "interlaced.mp4", 60, "25", *coding)


def _hevc(home: Path) -> Path:
    coding = ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1", "-g", "25")
    return film(home / "hevc.mp4", 60, "25", *coding, "-x265-params", "log-level=none")


def _broken(home: Path) -> Path:
    """HEVC whose groups open with pictures of clean random access, led by others."""
    options = "log-level=none:keyint=22:min-keyint=22:scenecut=0:bframes=4:open-gop=1:b-adapt=0:b-pyramid=1:ref=4"
    coding = ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-tag:v", "hev1")
    return film(home / "broken.mp4", 80, "25", *coding, "-x265-params", options)


def _edited(home: Path) -> Path:
    """A master whose own edit list hides the first frames: made as a stream copy from the middle of a group."""
    return copied(film(home / "long.mp4", 80, "25", *X264, "-g", "24"), home / "edited.mp4")


def _matroska(home: Path) -> Path:
    """Times in whole milliseconds, sound in two tracks."""
    first = film(home / "first.mp4", 60, "24000/1001", *X264, "-g", "24")
    ffmpeg("-i", first, "-map", "0:v", "-map", "0:a", "-map", "0:a", "-c", "copy", home / "matroska.mkv")
    return home / "matroska.mkv"


def _upright(home: Path) -> Path:
    """As a telephone writes it: a wide raster with the order to turn it."""
    flat = film(home / "flat.mp4", 60, "25", *X264, "-g", "24")
    ffmpeg("-display_rotation", "90", "-i", flat, "-c", "copy", home / "upright.mp4")
    return home / "upright.mp4"


def _pyramid(home: Path) -> Path:
    """B frames that other B frames are predicted from, in long rows: much to reorder at a tail."""
    options = "keyint=24:min-keyint=24:scenecut=0:bframes=7:b-pyramid=normal:b-adapt=0:ref=4"
    return film(home / "pyramid.mp4", 100, "25", *X264, "-x264-params", options)


def _long(home: Path) -> Path:
    return film(home / "long.mp4", 150, "25", *X264, "-g", "120", sound=())


def _sliced(home: Path) -> Path:
    """Several slices a picture, coded without arithmetic, under parameter sets numbered 1."""
    options = "keyint=20:cabac=0:slices=4:bframes=3:sps-id=1:aud=1"
    return film(home / "sliced.mp4", 100, "25", *X264, "-x264-params", options)


def _deep(home: Path) -> Path:
    return film(home / "deep.mov", 60, "25", *X264[:-1], "yuv422p10le", "-g", "20", sound=("-c:a", "pcm_s16le"))


def _forward(home: Path) -> Path:
    """No B frames: display order counted as decode order (picture order count type 2)."""
    return film(home / "forward.mp4", 60, "25", *X264, "-profile:v", "baseline", "-g", "20")


XDCAM = ("-c:v", "mpeg2video", "-pix_fmt", "yuv422p", "-b:v", "12M", "-maxrate", "12M", "-bufsize", "4M")
XDCAM += ("-flags", "+ildct+ilme", "-g", "12", "-bf", "2", "-intra_vlc", "1", "-non_linear_quant", "1")
XDCAM += ("-qmin", "1", "-qmax", "28", "-field_order", "tt")
FIFTY_FIELDS, SIXTY_FIELDS = ("25", "10:00:00:00"), ("30000/1001", "01:00:00;00")


def _xdcam(target: Path, rate: str, timecode: str) -> Path:
    """MPEG-2 4:2:2 as XDCAM HD422 has it: long open groups, interlaced, eight tracks of one channel."""
    return studio_film(target, 60, rate, *XDCAM, "-timecode", timecode, through="setfield=tff")


def _intra(target: Path, rate: str, *coding: str, through: str = "scale=320:192") -> Path:
    return studio_film(target, 6, rate, *coding, "-timecode", "10:00:00:00", tracks=4, through=through)


_DNXHR = ("-c:v", "dnxhd", "-profile:v", "dnxhr_hq", "-pix_fmt", "yuv422p")
_PRORES = ("-c:v", "prores_ks", "-profile:v", "standard", "-pix_fmt", "yuv422p10le")
_IMX = ("-c:v", "mpeg2video", "-g", "1", "-intra_vlc", "1", "-pix_fmt", "yuv422p", "-b:v", "20M")
_DNXHD = ("-c:v", "dnxhd", "-b:v", "90M", "-pix_fmt", "yuv422p")
_SURROUND = ("-c:a", "aac", "-b:a", "384k")
_XAVC = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv422p10le", "-field_order", "tt")
_XAVC += ("-x264-params", "avcintra-class=100:avcintra-flavor=sony:interlaced=1")


STUDIO: dict[str, Callable[[Path], Path]] = {
    "xdcam_mxf": lambda home: _xdcam(home / "xdcam.mxf", *FIFTY_FIELDS),
    "xdcam_mov": lambda home: _xdcam(home / "xdcam.mov", *FIFTY_FIELDS),
    "xdcam_drop_mxf": lambda home: _xdcam(home / "drop.mxf", *SIXTY_FIELDS),
    "xdcam_drop_mov": lambda home: _xdcam(home / "drop.mov", *SIXTY_FIELDS),
    "dnxhd_mxf": lambda home: _intra(home / "dnxhd.mxf", "50", *_DNXHD, through="scale=1280:720"),
    "dnxhr_mov": lambda home: _intra(home / "dnxhr.mov", "25", *_DNXHR),
    "prores_mxf": lambda home: _intra(home / "prores.mxf", "24000/1001", *_PRORES),
    "around_mp4": lambda home: around(home / "around.mp4", 60, "24000/1001", "5.1", *X264, "-g", "24", *_SURROUND),
    "around_mov": lambda home: around(home / "around.mov", 60, "60000/1001", "5.1", *X264, "-g", "24", *_SURROUND),
    "eight_mov": lambda home: around(home / "eight.mov", 40, "50", "7.1", *_DNXHR, "-c:a", "pcm_s24le"),
    "imx_mxf": lambda home: _intra(home / "imx.mxf", "25", *_IMX),
    "xavc_mxf": lambda home: _intra(home / "xavc.mxf", "25", *_XAVC, through="scale=1920:1080,setfield=tff"),
}


def copied(master: Path, target: Path) -> Path:
    ffmpeg("-ss", "1.4", "-i", master, "-c", "copy", target)
    return target


MAKERS: dict[str, Callable[[Path], Path]] = {
    maker.__name__[1:]: maker
    for maker in (
        _closed,
        _open,
        _led,
        _fields,
        _studio,
        _drop,
        _fifty,
        _varied,
        _prores,
        _interlaced,
        _hevc,
        _broken,
        _edited,
        _matroska,
        _upright,
        _pyramid,
        _long,
        _sliced,
        _deep,
        _forward,
    )
} | STUDIO
REAL_FILES = ("example.mp4", "long-gop-24s.mp4", "yuv422p-2s.mp4")

Film = tuple[Path, Index]


@pytest.fixture(scope="session")
def film_named(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Film]:
    """A master and its index by name: one of MAKERS, or a shared real file (skipped, saying why, when absent)."""
    made: dict[str, Film] = {}

    def named(name: str) -> Film:
        if name not in made:
            path = REAL / name if name in REAL_FILES else MAKERS[name](tmp_path_factory.mktemp(name))
            if not path.is_file():
                pytest.skip(f"{name} is not here: a public clone has no ../shared/real")
            made[name] = path, read_index(path)
        return made[name]

    return named
