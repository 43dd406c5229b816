"""Masters for `bench/clip`: a minute encoded once, joined as often as wanted, in a media store as `duplex ingest` would
leave it (its index, without the renditions that clips do not need)."""

import subprocess
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg

from footage.reading.index import Index, index_bytes
from footage.reading.indexing import read_index
from footage.store import Store

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
_VERSION = "0123456789ab"
# Slow shades that move, fine noise, and a small test picture with sharp edges and a running clock.
_PICTURE = (
    "gradients=s=1920x1080:r=25:n=5:speed=0.03:seed=7,format=yuv420p,noise=alls=9:allf=t[shades];"
    "testsrc2=s=640x360:r=25[chart];[shades][chart]overlay=x=120+60*sin(t):y=120,format=yuv420p[picture]"
)
_SOUND = (
    "anoisesrc=r=48000:c=pink:a=0.1:seed=3[noise];sine=f=440:b=4:r=48000[beep];"
    "[noise][beep]amix,aformat=channel_layouts=stereo[sound]"
)
_BROADCAST = (
    *("-c:v", "libx264", "-preset", "veryfast", "-b:v", "10M", "-maxrate", "12M", "-bufsize", "20M", "-g", "50"),
    *("-bf", "2", "-flags", "+cgop", "-c:a", "aac", "-b:a", "192k"),
)
_INTRA = ("-c:v", "prores_ks", "-profile:v", "standard", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s24le")


def ffmpeg(*arguments: str | Path) -> None:
    """Runs the ffmpeg that comes with the project. SystemExit with what it said when it fails."""
    line = [FFMPEG, "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"bench: {' '.join(line)} failed: {done.stderr.strip()[-500:]}")


def broadcast(home: Path, minutes: int) -> Path:
    """A master of 1080p25, H.264 of 10 Mb/s, closed groups of two seconds, AAC."""
    return _joined(home, _minute(home / "minute.mp4", 60, *_BROADCAST), minutes)


def intra(home: Path) -> Path:
    """A ProRes master of one minute with PCM."""
    return _joined(home, _minute(home / "seconds.mov", 10, *_INTRA), 6)


def _minute(target: Path, seconds: int, *coding: str) -> Path:
    if not target.exists():
        part = target.with_stem(f"{target.stem}-part")
        graph = ("-filter_complex", f"{_PICTURE};{_SOUND}", "-map", "[picture]", "-map", "[sound]")
        ffmpeg(*graph, "-t", str(seconds), *coding, part)
        part.replace(target)
    return target


def _joined(home: Path, piece: Path, times: int) -> Path:
    target = home / f"{piece.stem}-{times}{piece.suffix}"
    if not target.exists():
        listed, part = home / f"{target.stem}.txt", target.with_stem(f"{target.stem}-part")
        listed.write_text(f"file '{piece.name}'\n" * times, encoding="utf-8")
        ffmpeg("-f", "concat", "-i", listed, "-c", "copy", part)
        part.replace(target)
    return target


def shelved(master: Path, media: str | Path) -> tuple[str, Index]:
    """Puts a master and its index into a media store; its id, and the index."""
    store, id = Store(media), master.stem
    if not store.whole(id, _VERSION):
        with store.making(id, _VERSION) as folder:
            store.place.bring(master, folder / f"master{master.suffix}")
            (folder / "index.json").write_bytes(index_bytes(read_index(master)))
            store.keep(id, _VERSION, folder)
        store.put_in_force(id, _VERSION)
    return id, store.index(id, _VERSION)


def group_bytes(index: Index) -> int:
    """The size of the largest group of pictures of a master."""
    edges = [*index.keys, len(index.pts)]
    return max(sum(index.sizes[first:last]) for first, last in pairwise(edges))


def seconds_at(index: Index, frame: int) -> str:
    """The moment of a frame as other programs take it."""
    return f"{float(index.start_ms(frame)) / 1000:.6f}"


def facts(index: Index) -> str:
    """What the master is, in words."""
    picture = index.facts.picture
    return f"{picture.codec} {picture.height}p, {index.facts.bytes * 8000 / index.duration_ms / 1e6:.1f} Mb/s"
