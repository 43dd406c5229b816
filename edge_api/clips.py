"""The cutting room: every clip that was asked for is made once, a few at a time, members in turn.

A clip is named by what it holds (`ClipOrder.key`), so two people who ask for the same frames wait for the same work.
A file that stands under its name is whole, because it got that name by a rename. Nothing here is remembered across a
restart; the downloads' table is, and asks again.
"""

import asyncio
import hashlib
import os
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version as installed
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from footage.cut import ClipRequest, make_clip
from footage.errors import FootageError
from footage.plan import Profile
from footage.store import Store

log = structlog.get_logger()

_QUEUE_AT_MOST = 200
_EACH_AT_MOST = 20
_ABANDONED_S = 60 * 60


class ClipOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that decides the bytes of a clip: frames [in_frame, out_frame) of one version of a master, and what is
    written inside. `suffix` names the container and carries its dot."""

    master: str
    version: str
    in_frame: int
    out_frame: int
    profile: Profile
    suffix: str
    title: str
    credit: str
    reference: str

    @property
    def frames(self) -> int:
        """How many frames the clip has."""
        return self.out_frame - self.in_frame

    @property
    def key(self) -> str:
        """The name of the content: 40 hex digits. Another encoder would make other bytes, so its version counts too."""
        made_by = f"clip v3 av {installed('av')}\n".encode()
        return hashlib.sha256(made_by + msgspec.json.encode(self)).hexdigest()[:40]


@dataclass(frozen=True)
class Made:
    """A clip stands in its place: its size in bytes."""

    bytes: int


@dataclass(frozen=True)
class Failed:
    """A clip could not be made, and the stable code that says why."""

    reason: str


Outcome = Made | Failed


@dataclass(eq=False)
class Job:
    """One clip on its way. `share` is the part done, from 0 to 1."""

    order: ClipOrder
    state: Literal["queued", "making", "done"] = "queued"
    share: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, state: Literal["queued", "making", "done"], share: float) -> None:
        """Sets where it stands and wakes everyone who took `news` before reading it."""
        self.state, self.share = state, share
        self.news.set()
        self.news = asyncio.Event()


class Full(Exception):
    """The cutting room takes no more work for now; `mine` says that this member alone fills their share."""

    def __init__(self, *, mine: bool) -> None:
        super().__init__(mine)
        self.mine = mine


class CuttingRoom:
    """Makes clips into a folder. `finished` hears the outcome of each, before those who wait for it."""

    def __init__(self, folder: Path, store: Store, finished: Callable[[str, Outcome], Awaitable[None]]) -> None:
        self.folder, self.store = folder, store
        self._finished = finished
        self._jobs: dict[str, Job] = {}
        self._lines: dict[str, deque[Job]] = {}
        self._work = asyncio.Event()
        self._hands: list[asyncio.Task[None]] = []

    def open(self, hands: int = os.cpu_count() or 1) -> None:
        """Starts as many workers as there are processors: each keeps one encoder busy."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._hands = [asyncio.create_task(self._labour()) for _ in range(max(1, hands))]

    def sweep(self, now_ms: int) -> None:
        """Removes what encoders of a killed service left half-made, once it is too old to be still written to."""
        for part in self.folder.glob(".*.part"):
            with suppress(OSError):  # its own encoder may have renamed it meanwhile
                if part.stat().st_mtime < now_ms / 1000 - _ABANDONED_S:
                    part.unlink()

    async def close(self) -> None:
        """Stops every encoder; what was on its way leaves nothing behind."""
        for hand in self._hands:
            hand.cancel()
        for hand in self._hands:
            with suppress(asyncio.CancelledError):
                await hand

    def file(self, key: str, suffix: str) -> Path:
        """Where a clip stands once it is made."""
        return self.folder / f"{key}{suffix}"

    def job(self, key: str) -> Job | None:
        """The work under way for a clip, if any."""
        return self._jobs.get(key)

    def check_room(self, member: str) -> None:
        """Full when the room, or this member's line, holds as much as it may."""
        if len(self._lines.get(member, ())) >= _EACH_AT_MOST:
            raise Full(mine=True)
        if len(self._jobs) >= _QUEUE_AT_MOST:
            raise Full(mine=False)

    def ask(self, order: ClipOrder, member: str) -> Job:
        """Puts a clip in the line of a member, or joins the work that is under way for it."""
        key = order.key
        if (job := self._jobs.get(key)) is not None:
            return job
        job = self._jobs[key] = Job(order)
        self._lines.setdefault(member, deque()).append(job)
        self._work.set()
        return job

    async def _labour(self) -> None:
        while True:
            job = self._next()
            if job is None:
                self._work.clear()
                await self._work.wait()
                continue
            outcome = await self._made(job)
            # Whoever asks from now on begins anew and finds the file; who asked before is heard by `finished`.
            del self._jobs[job.order.key]
            try:
                await self._finished(job.order.key, outcome)
            except Exception:
                # A database that is away must not end the work for all others; a restart asks again.
                log.exception("clip not finished", clip=job.order.key)
            job.tell("done", 1.0)

    def _next(self) -> Job | None:
        """The first job of the member whose turn it is; the member then goes to the end of the row."""
        for member in list(self._lines):
            line = self._lines.pop(member)
            job = line.popleft()
            if line:
                self._lines[member] = line
            return job
        return None

    async def _made(self, job: Job) -> Outcome:
        order, target = job.order, self.file(job.order.key, job.order.suffix)
        job.tell("making", 0.0)
        try:
            if not target.is_file():  # another process of the edge may have made it meanwhile
                request = ClipRequest(
                    source=await asyncio.to_thread(self.store.master, order.master, order.version),
                    index=await asyncio.to_thread(self.store.index, order.master, order.version),
                    in_frame=order.in_frame,
                    out_frame=order.out_frame,
                    profile=order.profile,
                    target=target,
                    title=order.title,
                    credit=order.credit,
                    reference=order.reference,
                )
                await make_clip(request, lambda done: job.tell("making", min(1.0, done / order.frames)))
            return Made(target.stat().st_size)
        except FootageError as error:
            log.warning("clip not made", clip=order.key, why=str(error))
            return Failed(_reason(error))
        except OSError as error:
            log.warning("clip not written", clip=order.key, why=str(error))
            return Failed("disk_failed")
        except Exception:
            log.exception("clip not made", clip=order.key)
            return Failed("internal")


def _reason(error: FootageError) -> str:
    """`UnknownMaster` becomes `unknown_master`: codes are lower case words."""
    name = type(error).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
