"""What can be had of a passage, and the one door through which it is made: a clip as the master or for the web, a small
one from the proxy, its sound alone, or a still."""

import asyncio
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from ..errors import BadPoint, UnknownMaster
from ..places.place import Source
from ..reading.index import Index
from ..reading.indexing import read_index
from ..reading.part import part_of
from ..store import Store
from ..worker import Progress, worked
from .clip import ClipRequest, made_whole
from .cut import make_clip
from .extract_order import Order
from .labels import Labels

Profile = Literal["master", "h264", "proxy", "wav", "mp3", "still"]
# How their files end; a clip of the master keeps the master's own suffix where it can.
SUFFIXES = {"h264": ".mp4", "proxy": ".mp4", "wav": ".wav", "mp3": ".mp3", "still": ".jpg"}


class PieceRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Frames [first, last) of a version of a master in a profile, to be written to `target`; a still is the first.

    A clip that need not be written leaves what is its own in `kept`, when that is given, and no target.
    """

    master: str
    version: str
    first: int
    last: int
    profile: Profile
    target: Path
    labels: Labels
    kept: Path | None = None


async def make_piece(store: Store, request: PieceRequest, index: Index, progress: Progress | None = None) -> None:
    """Makes the file of a master that `index` describes. `progress` hears how many frames are done.

    FootageError when it cannot be made. Cancelling ends the work and leaves nothing behind.
    """
    source = await asyncio.to_thread(store.master, request.master, request.version)
    labels = request.labels
    if request.profile in ("wav", "mp3", "still"):
        if not 0 <= request.first < request.last <= index.frames:
            what = f"frames {request.first} to {request.last} are not in the film"
            raise BadPoint(str(source), what, f"choose among 0 to {index.frames}")
        # A still of two fields looks at the frames beside its own.
        part = part_of(index, max(0, request.first - 1), min(index.frames, request.last + 1))
        with made_whole(request.target) as made:
            order = Order(
                what=request.profile,
                source=str(source),
                target=str(made),
                index=part,
                first=request.first - part.before,
                last=request.last - part.before,
                labels=labels,
            )
            await worked("extracting", order, str(source), progress)
        return
    if request.profile == "proxy":
        source, index = await asyncio.to_thread(_proxy, store, request.master, request.version, index)
    clip = ClipRequest(
        source=source,
        index=index,
        in_frame=request.first,
        out_frame=request.last,
        profile="h264" if request.profile == "h264" else "master",
        target=request.target,
        title=labels.title,
        credit=labels.credit,
        reference=labels.reference,
    )
    kept = request.kept is not None and clip.plan.kept
    if kept and request.kept is not None:
        clip = msgspec.structs.replace(clip, target=request.kept)
    await make_clip(clip, progress, kept=kept)


def _proxy(store: Store, master: str, version: str, index: Index) -> tuple[Source, Index]:
    """The proxy and its table of frames, with the master's timecode: it holds the same frames.

    UnknownMaster when it is missing or has others, as one made by hand may.
    """
    path = store.public(master, version, "proxy.mp4")
    small = None if path is None else _indexed(path, path.stat().st_mtime_ns)
    if path is None or small is None or small.frames != index.frames:
        raise UnknownMaster(master, "has no proxy with the same frames", f"duplex ingest FILE --id {master}")
    facts = msgspec.structs.replace(small.facts, start=index.facts.start, drop_frame=index.facts.drop_frame)
    return path, msgspec.structs.replace(small, facts=facts)


@lru_cache(maxsize=4)
def _indexed(path: Source, changed: int) -> Index:
    """The table of a proxy's frames, read once as long as it stays the same."""
    return read_index(path)
