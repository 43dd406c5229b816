"""The judge of a clip: decodes it and its master, and compares frame by frame, with edit lists honoured and ignored.

It shares no arithmetic with the cutter beyond the index: frames come from the decoder, differences from their samples.
"""

import subprocess
from collections.abc import Callable, Iterator
from math import inf, log10
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import msgspec
import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

from ..clips.picture import frames_of
from ..clips.sound import samples_of
from ..places.place import Source
from ..reading.index import Index
from ..reading.points import Passage, sample_window
from ..reading.probe import film_picture, open_film

# How much is listened to at each end, and how far a shift is sought, in seconds.
_LISTENED, _SOUGHT = 2.0, 0.1
# Below this level (of full scale) a correlation compares noise with noise.
_HEARD = 1e-3
# Sound that was coded again is more like itself than this; other sound is less. Likeness that differs by less is equal.
_ALIKE, _EQUALLY = 0.3, 0.002


class View(msgspec.Struct, frozen=True):
    """What one way of reading the clip shows: frames, luma PSNR in dB of each (infinite when identical), what the
    decoder complained of, how late the first frame is shown, in milliseconds, and by how much any other is shown too
    early or too late after it."""

    frames: int
    psnr: tuple[float, ...]
    complaints: tuple[str, ...]
    start_ms: float
    drift_ms: float

    @property
    def worst(self) -> float:
        """The lowest PSNR of a frame."""
        return min(self.psnr, default=-inf)

    @property
    def mean(self) -> float:
        """The PSNR of the mean error, identical frames counted as 100 dB."""
        return float(np.mean([min(value, 100.0) for value in self.psnr])) if self.psnr else -inf


class Verdict(msgspec.Struct, frozen=True):
    """Both views of a clip: `honoured` with edit lists as a player reads them, `ignored` without."""

    wanted: int
    honoured: View
    ignored: View

    def right(self, least: float) -> bool:
        """Whether both views show exactly the wanted frames, each at least this near to the master's (dB)."""
        return all(
            view.frames == self.wanted and view.worst >= least and not view.complaints
            for view in (self.honoured, self.ignored)
        )


def judge(
    master: Source, index: Index, cut: Passage, clip: Path, progress: Callable[[float], object] | None = None
) -> Verdict:
    """Compares a clip with frames [first, last) of its master. FootageError when either cannot be read.

    `progress` hears the part done, from 0 to 1.
    """
    tell = progress or (lambda part: None)
    honoured = _view(master, index, cut, clip, "0", lambda done: tell(done / cut.frames / 2))
    return Verdict(
        cut.frames, honoured, _view(master, index, cut, clip, "1", lambda done: tell(0.5 + done / cut.frames / 2))
    )


def _view(master: Source, index: Index, cut: Passage, clip: Path, ignore: str, tell: Callable[[int], object]) -> View:
    psnr: list[float] = []
    frames = 0
    start = drift = 0.0
    wanted: Iterator[VideoFrame | None] = iter(frames_of(master, index, cut.first, cut.last))
    with open_film(clip, ignore_editlist=ignore) as film:
        movie = "mov" in film.format.name
        stream = film_picture(clip, film)
        for frame in film.decode(stream):
            if not frames:
                start = frame.time * 1000
            right = next(wanted, None)
            if right is not None:
                due = float(index.start_ms(cut.first + frames) - index.start_ms(cut.first))
                drift = max(drift, abs(frame.time * 1000 - start - due))
                psnr.append(luma_psnr(right, frame))
            frames += 1
            tell(min(frames, cut.frames))
    return View(
        frames, tuple(psnr), _complaints(clip, ("-ignore_editlist", ignore) if movie else (), frames), start, drift
    )


def _complaints(clip: Path, view: tuple[str, ...], frames: int) -> tuple[str, ...]:
    """What a second decoder, the ffmpeg program, says of a clip; also when it counts another number of frames."""
    ffmpeg = (imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error")
    shown = ("-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framecrc", "-")
    done = subprocess.run(
        (*ffmpeg, *view, "-i", str(clip.absolute()), *shown), capture_output=True, text=True, check=False
    )
    count = sum(not line.startswith("#") for line in done.stdout.splitlines())
    said = tuple(dict.fromkeys(done.stderr.strip().splitlines()))
    return said if count == frames else (*said, f"ffmpeg counts {count} frames, libavcodec {frames}")


def luma(frame: VideoFrame) -> NDArray[Any]:
    """The luma samples of a frame as (height, width), as deep as they are."""
    plane = frame.planes[0]
    deep = frame.format.components[0].bits > 8
    rows: NDArray[Any] = np.frombuffer(memoryview(plane), np.dtype("uint16" if deep else "uint8"))
    return rows.reshape(frame.height, -1)[:, : frame.width]


def luma_psnr(right: VideoFrame, seen: VideoFrame) -> float:
    """Peak signal-to-noise ratio in dB; infinite for identical pictures, -infinite for different rasters."""
    if (right.width, right.height) != (seen.width, seen.height):
        return -inf
    depths = [each.format.components[0].bits for each in (right, seen)]
    # Ten bits beside eight, as in a clip for the web, are compared as eight; twelve beside ten as ten.
    depth = min(depths)
    shared = [
        luma(each).astype(np.float32) / (1 << bits - depth) for each, bits in zip((right, seen), depths, strict=True)
    ]
    peak, error = float((1 << depth) - 1), float(np.mean((shared[0] - shared[1]) ** 2))
    return inf if error == 0 else 10 * log10(peak * peak / error)


class Heard(msgspec.Struct, frozen=True):
    """How late the clip's sound is against the master's, in milliseconds, at its head and at its tail.

    None where the master is all but silent. `there` is False when the clip has no such track.
    """

    head_ms: float | None
    tail_ms: float | None
    there: bool = True


def hear(
    master: Source, index: Index, cut: Passage, clip: Path, track: int = 0, *, ignore_edit_lists: bool = False
) -> Heard:
    """Compares two seconds of sound at each end of a clip with the master's, by normalised correlation."""
    sound = index.facts.sounds[track]
    start, count = sample_window(index, cut.first, cut.last, sound.sample_rate)
    with open_film(clip) as film:
        if track >= len(film.streams.audio):
            return Heard(None, None, there=False)
        stream = film.streams.audio[track].index
    length = min(count, round(_LISTENED * sound.sample_rate))
    option = str(int(ignore_edit_lists))
    ends: list[float | None] = []
    for at in (0, count - length):
        right = _mono(master, sound.stream, sound.sample_rate, start + at, length, "0")
        seen = _mono(clip, stream, sound.sample_rate, at, length, option)
        shift = _shift(right, seen, round(_SOUGHT * sound.sample_rate))
        ends.append(None if shift is None else shift * 1000 / sound.sample_rate)
    return Heard(ends[0], ends[1])


def _mono(film: Source, stream: int, rate: int, start: int, count: int, ignore: str) -> NDArray[np.float32]:
    blocks = list(samples_of(film, stream, rate, start, count, "fltp", ignore_editlist=ignore))
    mixed: NDArray[np.float32] = np.concatenate(blocks, axis=1).mean(axis=0, dtype=np.float32)
    return mixed


def _shift(right: NDArray[np.float32], seen: NDArray[np.float32], most: int) -> int | None:
    """By how many samples `seen` is late, as the highest normalised correlation of the two finds it.

    A tone is like itself at each of its waves: of shifts that are equally like, the least counts. Where nothing is like
    it within what is sought, it counts as furthest away.
    """
    if float(np.sqrt(np.mean(right**2))) < _HEARD:
        return None
    most = min(most, len(right) // 2)
    size = 1 << (2 * len(right)).bit_length()
    product = np.fft.rfft(seen, size) * np.conj(np.fft.rfft(right, size))
    shifts = np.arange(-most, most + 1)
    # Each likeness is weighed by the loudness of what it compared: of `seen` from the shift on, of `right` up to it.
    loud, heard = (np.concatenate(([0.0], np.cumsum(sound.astype(np.float64) ** 2))) for sound in (right, seen))
    begin, end = np.maximum(shifts, 0), np.minimum(len(seen), len(right) + shifts)
    compared = (heard[end] - heard[begin]) * (loud[end - shifts] - loud[begin - shifts])
    likeness = np.fft.irfft(product, size)[shifts] / np.sqrt(np.maximum(compared, 1e-12))
    best = float(likeness.max())
    if best < _ALIKE:
        return most
    peak = np.concatenate(([True], likeness[1:] >= likeness[:-1])) & np.concatenate(
        (likeness[:-1] >= likeness[1:], [True])
    )
    equal = shifts[peak & (likeness > best - _EQUALLY)]
    return int(equal[np.argmin(np.abs(equal))])
