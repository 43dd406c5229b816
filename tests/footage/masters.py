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


def around(target: Path, frames: int, rate: str, layout: str, *coding: str | Path) -> Path:
    """A master with one sound track of a layout of many channels, each of which murmurs differently."""
    count = round(frames / Fraction(rate) * RATE)
    channels = 8 if layout == "7.1" else 6
    murmurs = [np.convolve(track_samples(channel, count), np.ones(24) / 6, "same") for channel in range(channels)]
    samples = target.with_suffix(".s16")
    samples.write_bytes(np.stack(murmurs, axis=1).astype("<i2").tobytes())
    video = ("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-r", rate, "-i", "-")
    heard = ("-f", "s16le", "-ar", str(RATE), "-channel_layout", layout, "-i", samples)
    ffmpeg(*video, *heard, "-map", "0:v", "-map", "1:a", *coding, target, data=pictures(frames))
    return target


def track_samples(track: int, count: int) -> NDArray[np.int16]:
    """The sound of one track of a studio's master: noise of its own."""
    return np.random.default_rng(100 + track).integers(-4000, 4000, count).astype("<i2")


def studio_film(
    target: Path, frames: int, rate: str, *coding: str | Path, tracks: int = 8, through: str = "null"
) -> Path:
    """A master with sound in so many tracks of one channel, 24 bits, as broadcasters keep it.

    The picture goes `through` filters.
    """
    count = round(frames / Fraction(rate) * RATE)
    channels = np.stack([track_samples(track, count) for track in range(tracks)], axis=1)
    samples = target.with_suffix(".s16")
    samples.write_bytes(channels.tobytes())
    video = ("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-r", rate, "-i", "-")
    heard = ("-f", "s16le", "-ar", str(RATE), "-ac", str(tracks), "-i", samples)
    each = "".join(f"[1:a]pan=mono|c0=c{track}[a{track}];" for track in range(tracks))
    shown = f"{each}[0:v]{through}[v]"
    mapped = [option for track in range(tracks) for option in ("-map", f"[a{track}]")]
    lines = ("-filter_complex", shown, "-map", "[v]", *mapped, "-c:a", "pcm_s24le")
    ffmpeg(*video, *heard, *lines, *coding, target, data=pictures(frames))
    return target
