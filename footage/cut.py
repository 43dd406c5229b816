"""Makes a clip: plans it, has a process of its own make it under a temporary name, renames it when it is whole."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from .errors import BadPoint, BadTarget
from .index import Index
from .order import Order, beside
from .places import Source
from .plan import Plan, Profile, container_of, plan_clip
from .points import Passage
from .worker import Progress, worked


class ClipRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Frames [in_frame, out_frame) of `source`, described by `index`, to be written to `target` (its suffix is the
    container) with what is to be said inside. The same request always makes the same bytes."""

    source: Source
    index: Index
    in_frame: int
    out_frame: int
    profile: Profile
    target: Path
    title: str = ""
    credit: str = ""
    reference: str = ""


class ClipReport(msgspec.Struct, frozen=True):
    """What was made: frames, of them copied and encoded again, size in bytes, wall time in seconds."""

    frames: int
    copied: int
    reencoded: int
    bytes: int
    seconds: float


def plan_of(request: ClipRequest) -> Plan:
    """The plan of a request. BadPoint when the points select nothing, BadTarget when the container is none of ours."""
    if not 0 <= request.in_frame < request.out_frame <= request.index.frames:
        what = f"frames {request.in_frame} to {request.out_frame} are not in the film"
        raise BadPoint(str(request.source), what, f"choose among 0 to {request.index.frames}")
    container = container_of(str(request.target), request.target.suffix)
    return plan_clip(request.index, Passage(request.in_frame, request.out_frame), request.profile, container)


async def make_clip(request: ClipRequest, progress: Progress | None = None, *, kept: bool = False) -> ClipReport:
    """Makes the clip; `progress` hears how many frames are done. FootageError when it cannot be made.

    Cancelling the task ends the process and leaves nothing behind. A `kept` clip is not written out: its target gets
    its own few bytes, for a `virtual.KeptFile`; that can be when its plan is `laid`, else BadTarget.
    """
    began = time.monotonic()
    plan = plan_of(request)
    if kept and not plan.kept:
        raise BadTarget(str(request.target), "needs a file of its own: it is encoded", "make it without keeping it")
    said = {
        "title": request.title,
        "artist": request.credit,
        "copyright": request.credit,
        "comment": request.reference,
    }
    with made_whole(request.target) as part:
        order = Order(
            source=str(request.source),
            target=str(part),
            index=request.index,
            plan=plan,
            labels={key: value for key, value in said.items() if value},
            kept=kept,
        )
        await worked("making", order, order.source, progress)
    return ClipReport(
        frames=request.out_frame - request.in_frame,
        copied=plan.frames("copy"),
        reencoded=plan.frames("encode"),
        bytes=request.target.stat().st_size,
        seconds=round(time.monotonic() - began, 3),
    )


@contextmanager
def made_whole(target: Path) -> Iterator[Path]:
    """A new empty file beside the target, the same disk, to be filled; at the end of the block it takes the target's
    name. When the block raises, nothing is left behind. BadTarget when there is no place for it."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem[:40]}.", suffix=".part", dir=target.parent)
    except OSError as error:
        what = f"cannot be written: {os.strerror(error.errno or 0)}"
        raise BadTarget(str(target), what, "choose a folder that exists and that you may write") from error
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
        beside(part).unlink(missing_ok=True)
