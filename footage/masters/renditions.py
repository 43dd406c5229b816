"""What readers see of a master, made in one reading by one ffmpeg process: proxy, storyboard, sound for the waveform,
and the loudness measured on the way.

ffmpeg-python builds the arguments, the ffmpeg that imageio-ffmpeg brings runs them: no shell, nothing of the system's.
"""

import ctypes
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg
import msgspec
import numpy as np
from PIL import Image

from catalogue.timecode import format_clock

from ..clips.toning import is_hdr, toned
from ..errors import WorkFailed
from ..reading.facts import Picture, Sound, first_heard
from ..reading.index import Index, shape
from ..reading.probe import SAFE

PEAK_RATE = 8000
_COLUMNS = 10
_TILES = 100
_TILE_WIDTH = 160
_BOARD_QUALITY = 80
_PROXY_HEIGHT = 540
# Ultrafast, with the two tools that cost little and show most: half the work of superfast, and no larger.
_QUICK = {"preset": "ultrafast", "x264-params": "cabac=1:deblock=0,0"}
_INTEGRATED = re.compile(rb"Integrated loudness:\s+I:\s+(-?\d+\.\d) LUFS")
_DONE = re.compile(rb"out_time_us=(\d+)")
_SILENT = -70.0
# prctl(2): the signal that a process gets when the one that started it ends, however that ends.
_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A storyboard: `count` pictures, one each `every` seconds, `width` x `height` pixels, ten in a row."""

    count: int
    every: int
    width: int
    height: int


def board_of(index: Index) -> Board:
    """At most a hundred pictures, at least two seconds apart, in the shape in which the film is shown."""
    seconds = index.duration_ms / 1000
    every = max(2, ceil(seconds / _TILES))
    height = round(_TILE_WIDTH / shape(index) / 2) * 2
    return Board(count=max(1, ceil(seconds / every)), every=every, width=_TILE_WIDTH, height=max(2, height))


def board_vtt(board: Board, duration_ms: int) -> str:
    """The storyboard as WebVTT: for each span the rectangle of `storyboard.jpg` that shows it (W3C Media Fragments)."""
    cues = ["WEBVTT\n"]
    for tile in range(board.count):
        first, last = tile * board.every * 1000, min((tile + 1) * board.every * 1000, duration_ms)
        left, top = tile % _COLUMNS * board.width, tile // _COLUMNS * board.height
        place = f"storyboard.jpg#xywh={left},{top},{board.width},{board.height}"
        cues.append(f"{format_clock(first)} --> {format_clock(max(last, first + 1))}\n{place}\n")
    return "\n".join(cues)


def write_board(tiles: Path, board: Board, target: Path, picture: Picture) -> None:
    """Puts the storyboard's pictures, raw RGB one behind the other, on one JPEG; the last stands for any that lack.
    `picture` says in which light they are."""
    size = board.width * board.height * 3
    shown = np.fromfile(tiles, np.uint8)
    shown = shown[: len(shown) - len(shown) % size].reshape(-1, board.height, board.width, 3)
    sheet = Image.new("RGB", (_COLUMNS * board.width, ceil(board.count / _COLUMNS) * board.height))
    for tile in range(board.count if len(shown) else 0):
        place = tile % _COLUMNS * board.width, tile // _COLUMNS * board.height
        raster = shown[min(tile, len(shown) - 1)]
        sheet.paste(Image.fromarray(toned(raster, picture) if is_hdr(picture) else raster), place)
    sheet.save(target, "JPEG", quality=_BOARD_QUALITY)


def arguments(master: Path, index: Index, late: Fraction, proxy: Path, tiles: Path, samples: Path) -> list[str]:
    """The command line that writes the `proxy`, the pictures of the storyboard raw into `tiles` and mono samples into
    `samples`.

    `late` is how many seconds after the file's first sample the first frame is shown: media time starts there.
    """
    begins = {"ss": f"{float(late):.6f}"} if late else {}
    # Frames that an MXF leaves out at its end, libavformat shows.
    ends = {"t": f"{index.duration_ms / 1000:.3f}"} if max(index.pts) > index.shown[-1] else {}
    source: Any = ffmpeg.input(str(master.absolute()), **SAFE, **begins, **ends)
    board = board_of(index)
    picture, above = source[str(index.facts.picture.stream)], index.facts.picture.above
    if above:
        picture = picture.filter("crop", "iw", index.facts.picture.lines, 0, above)
    if index.facts.picture.scan != "progressive":
        picture = picture.filter("bwdif", mode="send_frame", deint="all")
    upright = index.facts.picture.rotation % 180 == 0
    height = min(_PROXY_HEIGHT, index.facts.picture.lines if upright else index.facts.picture.width) // 2 * 2
    width = max(2, round(height * shape(index) / 2) * 2)
    small = picture.filter("scale", width, height, flags="fast_bilinear").filter("setsar", 1)
    both = small.filter_multi_output("split")
    pictures = (
        both[1]
        .filter("fps", fps=f"1/{board.every}", round="up", start_time=0)
        .filter("scale", board.width, board.height)
        .filter("format", "rgb24")
    )
    streams = [both[0].filter("format", "yuv420p")]
    # One behind the other, not one sheet: ffmpeg tells how far it is only when each output has had its first picture.
    outputs = [ffmpeg.output(pictures, str(tiles), format="rawvideo")]
    if index.facts.sounds:
        sound = _heard(source, index.facts.sounds).filter("aresample", **{"async": 1, "first_pts": 0})
        heard = sound.filter_multi_output("asplit", outputs=3)
        streams.append(heard[0].filter("aformat", channel_layouts="stereo|mono"))
        outputs += [
            ffmpeg.output(heard[1].filter("ebur128", framelog="quiet"), "-", format="null"),
            ffmpeg.output(heard[2], str(samples), format="s16le", ac=1, ar=PEAK_RATE),
        ]
    keyint = max(1, round(2 * index.rate))
    small_film = ffmpeg.output(
        *streams,
        str(proxy),
        movflags="+faststart+negative_cts_offsets",
        fps_mode="passthrough",
        fflags="+bitexact",
        map_metadata=-1,
        map_chapters=-1,
        **{"c:v": "libx264", "crf": 25, "g": keyint, "profile:v": "high", **_QUICK},
        **({"c:a": "aac", "b:a": "112k", "aac_coder": "fast"} if len(streams) > 1 else {}),
    )
    line: list[str] = (
        ffmpeg.merge_outputs(small_film, *outputs)
        .global_args("-hide_banner", "-nostdin", "-nostats", "-progress", "pipe:1")
        .compile(cmd=imageio_ffmpeg.get_ffmpeg_exe(), overwrite_output=True)
    )
    return line


def _heard(source: Any, sounds: tuple[Sound, ...]) -> Any:
    each = [source[str(sound.stream)] for sound in first_heard(sounds)]
    return ffmpeg.filter(each, "join", inputs=2, channel_layout="stereo") if len(each) == 2 else each[0]


def _end_with_parent() -> None:
    """Between fork and exec: a run that is killed must not leave an ffmpeg behind, which would go on for hours."""
    if _LIBC is not None:
        _LIBC.prctl(_PDEATHSIG, signal.SIGKILL)


def make_renditions(
    line: list[str], master: Path, duration_ms: int, progress: Callable[[float], object]
) -> float | None:
    """Runs the command line; the integrated loudness in LUFS (EBU R128), None for silence or no sound.

    `progress` hears the part done, from 0 to 1. WorkFailed when ffmpeg ends without a result.
    """
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, preexec_fn=_end_with_parent
        ) as process,
    ):
        try:
            assert process.stdout is not None
            for said in process.stdout:
                if done := _DONE.match(said):
                    progress(min(1.0, int(done[1]) / 1000 / max(1, duration_ms)))
            status = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
        log.seek(0)
        told = log.read()
    if status == -signal.SIGXCPU:
        raise WorkFailed(str(master), "takes more processor time than a film of its size may", "export it again")
    if status:
        last = told.decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise WorkFailed(str(master), f"ffmpeg could not read it to its end ({last[0][:200]})", "export the film again")
    loudness = _INTEGRATED.search(told)
    return float(loudness[1]) if loudness and float(loudness[1]) > _SILENT else None
