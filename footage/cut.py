"""Makes a clip: plans it, has a process of its own make it under a temporary name, renames it when it is whole."""

import asyncio
import os
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from .errors import KINDS, BadPoint, BadTarget, WorkFailed
from .index import Index
from .making import Answer, Order
from .plan import Plan, Profile, container_of, plan_clip
from .points import Passage

Progress = Callable[[int], object]


class ClipRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Frames [in_frame, out_frame) of `source`, described by `index`, to be written to `target` (its suffix is the
    container) with what is to be said inside. The same request always makes the same bytes."""

    source: Path
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


async def make_clip(request: ClipRequest, progress: Progress | None = None) -> ClipReport:
    """Makes the clip; `progress` hears how many frames are done. FootageError when it cannot be made.

    Cancelling the task ends the process and leaves nothing behind.
    """
    began = time.monotonic()
    plan = plan_of(request)
    part = _part(request.target)
    said = {
        "title": request.title,
        "artist": request.credit,
        "copyright": request.credit,
        "comment": request.reference,
    }
    order = Order(
        source=str(request.source),
        target=str(part),
        index=request.index,
        plan=plan,
        labels={key: value for key, value in said.items() if value},
    )
    try:
        await _made(order, progress)
        size = _kept(part, request.target)
    finally:
        _gone(part)
    return ClipReport(
        frames=request.out_frame - request.in_frame,
        copied=plan.frames("copy"),
        reencoded=plan.frames("encode"),
        bytes=size,
        seconds=round(time.monotonic() - began, 3),
    )


def _part(target: Path) -> Path:
    """A new empty file beside the target: the same disk, so that the last step is a rename."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem[:40]}.", suffix=".part", dir=target.parent)
    except OSError as error:
        what = f"cannot be written: {os.strerror(error.errno or 0)}"
        raise BadTarget(str(target), what, "choose a folder that exists and that you may write") from error
    os.close(handle)
    return Path(name)


def _kept(part: Path, target: Path) -> int:
    part.chmod(0o644)
    part.replace(target)
    return target.stat().st_size


def _gone(part: Path) -> None:
    part.unlink(missing_ok=True)


async def _made(order: Order, progress: Progress | None) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"{__package__}.making", stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    try:
        last = await _heard(process, msgspec.json.encode(order), progress)
        status = await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if last is not None and last.error is not None:
        kind, *said = last.error
        raise KINDS.get(kind, WorkFailed)(*said)
    if status:
        what = f"the program that makes the clip ended without a result (status {status})"
        raise WorkFailed(order.source, what, "try again; if it happens again, check the film with `duplex probe`")


async def _heard(process: Process, order: bytes, progress: Progress | None) -> Answer | None:
    """Gives the order and hears the answers to the end; the last one."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(order)
        await process.stdin.drain()
        process.stdin.close()
    last: Answer | None = None
    async for line in process.stdout:
        last = msgspec.json.decode(line, type=Answer)
        if progress is not None and last.error is None:
            progress(last.done)
    return last
