"""Masters made by code: each frame tells its own number, each second begins with a click."""

import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 180
_BITS, _CELL = 10, 32
RATE = 48_000

X264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p")
AAC = ("-c:a", "aac", "-b:a", "128k")


def ffmpeg(*arguments: str | Path, data: bytes = b"") -> str:
    """Runs the ffmpeg that comes with the project; what it printed."""
    line = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    if data:
        line.remove("-nostdin")
    done = subprocess.run(line, input=data or None, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")


def picture(number: int) -> NDArray[np.uint8]:
    """One luma raster: a soft moving pattern, and the number in ten large cells, dark for 0 and light for 1."""
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH]
    raster: NDArray[np.float64] = 120 + 50 * np.sin((across + 7 * number) / 23) * np.cos((down - 3 * number) / 17)
    raster += np.random.default_rng(number).normal(0, 1.5, raster.shape)
    for bit in range(_BITS):
        raster[-_CELL:, bit * _CELL : (bit + 1) * _CELL] = 200 if number >> bit & 1 else 50
    return raster.clip(16, 235).astype(np.uint8)


def number_in(raster: NDArray[Any]) -> int:
    """The number that a decoded luma raster shows."""
    limit = 125 if raster.dtype == np.uint8 else 500
    middle = raster[-_CELL // 2]
    return sum(1 << bit for bit in range(_BITS) if middle[bit * _CELL + _CELL // 2] > limit)


def pictures(count: int) -> bytes:
    """Raw 4:2:0 frames."""
    chroma = np.full(HEIGHT * WIDTH // 2, 128, np.uint8).tobytes()
    return b"".join(picture(number).tobytes() + chroma for number in range(count))


def clicks(seconds: Fraction, channels: int = 2) -> bytes:
    """Interleaved 16-bit sound: a quiet murmur, and at each whole second 4 ms of loud noise."""
    count = round(seconds * RATE)
    noise = np.random.default_rng(7)
    sound = noise.normal(0, 300, count)
    sound = np.convolve(sound, np.ones(40) / 6, "same")
    for second in range(int(seconds) + 1):
        span = sound[second * RATE : second * RATE + 192]
        span += noise.uniform(-20000, 20000, len(span))
    return np.repeat(sound.clip(-32767, 32767).astype("<i2")[:, None], channels, axis=1).tobytes()


def film(
    target: Path, frames: int, rate: str, *coding: str | Path, sound: tuple[str, ...] = AAC, channels: int = 2
) -> Path:
    """A master of so many frames at a rate, coded as said; `sound` empty makes it silent."""
    video = ("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-r", rate, "-i", "-")
    heard: tuple[str | Path, ...] = ()
    if sound:
        samples = target.with_suffix(".s16")
        samples.write_bytes(clicks(frames / Fraction(rate), channels))
        heard = ("-f", "s16le", "-ar", str(RATE), "-ac", str(channels), "-i", samples)
    tracks = ("-map", "0:v", *(("-map", "1:a") if sound else ()))
    ffmpeg(*video, *heard, *tracks, *coding, *sound, target, data=pictures(frames))
    return target
