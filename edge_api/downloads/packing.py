"""Makes a package: reads the media once for its checksums, lays the archive out around it, and keeps that layout."""

import asyncio
import hashlib
import zlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import msgspec

from footage.clips.clip import made_whole
from footage.reading.index import Index

from .bodies import open_parts
from .clip_order import ClipOrder
from .papers import SUMS, Edition, checksums, papers
from .parts import Parts, archive
from .zipping import Member, layout, member

_PIECE = 1 << 20


async def make_package(
    order: ClipOrder,
    media: Parts,
    index: Index,
    file: str,
    editions: Mapping[str, Edition],
    *,
    words: Mapping[str, Mapping[str, Any]],
    origin: str,
    target: Path,
    progress: Callable[[float], object],
    seal: bytes = b"",
) -> int:
    """Writes the layout of a package to `target`; the size in bytes of the archive that it describes.

    `file` is how the master's file is called, `seal` the manifest that stands beside the media. `progress` hears the
    part of the media that was read, from 0 to 1, in the loop that asks.
    Cancelling ends the reading. OSError when something cannot be read or written.
    """
    assert order.papers is not None
    stop, loop = Event(), asyncio.get_running_loop()

    def heard(share: float) -> None:
        # The reading has a thread of its own, and whoever waits for news waits in the loop.
        loop.call_soon_threadsafe(lambda: None if stop.is_set() else progress(share))

    try:
        size, crc, digest = await asyncio.to_thread(_summed, media, stop, heard)
    finally:
        stop.set()
    told = papers(order, index, file, editions, words, origin, seal)
    day = date.fromisoformat(editions[order.papers.lang].entry.date)
    parts = _parts(order, media, Member(order.papers.media, size, crc), told, digest, day)
    with made_whole(target) as part:
        part.write_bytes(msgspec.json.encode(parts))
    return parts.size


def _parts(order: ClipOrder, media: Parts, inside: Member, told: dict[str, bytes], digest: str, day: date) -> Parts:
    """The archive: papers first, so that they can be read while the media still arrives."""
    assert order.papers is not None
    folder = Path(order.papers.media).stem
    sums = checksums(told, inside.name, digest)
    names = sorted(told, key=lambda name: ("/" in name, name))
    members = [member(f"{folder}/{name}", data) for name, data in [*((n, told[n]) for n in names), (SUMS, sums)]]
    members.append(Member(f"{folder}/{inside.name}", inside.size, inside.crc))
    return archive(layout(members, day), media)


def _summed(media: Parts, stop: Event, progress: Callable[[float], object]) -> tuple[int, int, str]:
    """Size, CRC-32 and SHA-256 of the media, read once."""
    whole = max(1, media.size)
    size, crc, digest = 0, 0, hashlib.sha256()
    body = open_parts(media, 0, media.sources())
    try:
        for piece in body.pieces(_PIECE):
            if stop.is_set():
                break
            size += len(piece)
            crc = zlib.crc32(piece, crc)
            digest.update(piece)
            progress(size / whole)
    finally:
        body.close()
    return size, crc, digest.hexdigest()
