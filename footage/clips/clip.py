"""What is asked of a clip, what was made, and how it appears: under a temporary name, renamed when it is whole."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path

import msgspec

from ..errors import BadPoint, BadTarget
from ..places.place import Source
from ..reading.index import Index
from ..reading.part import Part, part_of
from ..reading.points import Passage
from .order import Order, beside
from .plan import Plan, Profile, container_of, plan_clip


class ClipRequest(msgspec.Struct, frozen=True, kw_only=True, dict=True):
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

    @cached_property
    def part(self) -> Part:
        """The part of the index that the clip needs. BadPoint when the points select nothing."""
        if not 0 <= self.in_frame < self.out_frame <= self.index.frames:
            what = f"frames {self.in_frame} to {self.out_frame} are not in the film"
            raise BadPoint(str(self.source), what, f"choose among 0 to {self.index.frames}")
        return part_of(self.index, self.in_frame, self.out_frame)

    @cached_property
    def plan(self) -> Plan:
        """The plan of the clip, its frames counted as those of the part. BadTarget when the container is none of ours,
        BadPoint likewise."""
        container = container_of(str(self.target), self.target.suffix)
        cut = Passage(self.in_frame - self.part.before, self.out_frame - self.part.before)
        return plan_clip(self.part, cut, self.profile, container)


class ClipReport(msgspec.Struct, frozen=True):
    """What was made: frames, of them copied and encoded again, size in bytes, wall time in seconds."""

    frames: int
    copied: int
    reencoded: int
    bytes: int
    seconds: float


@contextmanager
def ordered(request: ClipRequest, *, kept: bool = False) -> Iterator[Order]:
    """The order of a clip, to be carried out in the block; at its end the clip stands under its own name.

    A `kept` clip is not written out: its target gets its own few bytes, for a `virtual.KeptFile`; BadTarget when its
    plan does not allow that, or as `made_whole` has it; BadPoint as the plan has it.
    """
    if kept and not request.plan.kept:
        raise BadTarget(str(request.target), "needs a file of its own: it is encoded", "make it without keeping it")
    said = {
        "title": request.title,
        "artist": request.credit,
        "copyright": request.credit,
        "comment": request.reference,
    }
    with made_whole(request.target) as made:
        yield Order(
            source=str(request.source),
            target=str(made),
            index=request.part,
            plan=request.plan,
            labels={key: value for key, value in said.items() if value},
            kept=kept,
        )


def report_of(request: ClipRequest, began: float) -> ClipReport:
    """What stands after a request was carried out; `began` is when, on the monotonic clock."""
    return ClipReport(
        frames=request.out_frame - request.in_frame,
        copied=request.plan.frames("copy"),
        reencoded=request.plan.frames("encode"),
        bytes=request.target.stat().st_size,
        seconds=round(time.monotonic() - began, 3),
    )


@contextmanager
def made_whole(target: Path) -> Iterator[Path]:
    """A new empty file beside the target, the same disk, to be filled; at the end of the block it takes the target's
    name. When the block raises, nothing is left behind. BadTarget when there is no place for it."""
    # Named before it is made, so that a signal at any moment finds what is to be removed.
    part = target.with_name(f".{target.stem[:40]}.{os.urandom(6).hex()}.part")
    try:
        try:
            part.touch(0o600, exist_ok=False)
        except OSError as error:
            what = f"cannot be written: {os.strerror(error.errno or 0)}"
            raise BadTarget(str(target), what, "choose a folder that exists and that you may write") from error
        yield part
        part.chmod(0o644)
        part.replace(target)
    finally:
        for left in (part, beside(part)):
            with suppress(OSError):
                left.unlink()
