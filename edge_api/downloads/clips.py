"""The cutting room: every clip that was asked for is made once, a few at a time, members in turn.

A clip is named by what it holds (`ClipOrder.key`), so two people who ask for the same frames wait for the same work.
Nothing here is remembered across a restart; the downloads' table is, and asks again.
"""

import asyncio
import os
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

import structlog

from footage.errors import FootageError

from .clip_order import ClipOrder
from .workshop import Changed

log = structlog.get_logger()

_QUEUE_AT_MOST = 200
_EACH_AT_MOST = 20

Tell = Callable[[float], object]


@dataclass(frozen=True)
class Made:
    """A clip stands in its place: its size in bytes."""

    bytes: int


@dataclass(frozen=True)
class Failed:
    """A clip could not be made, and the stable code that says why."""

    reason: str


Outcome = Made | Failed
CANCELLED = Failed("cancelled")


@dataclass(eq=False)
class Job:
    """One clip on its way. `share` is the part done, from 0 to 1; `work` is there while it is being made."""

    order: ClipOrder
    state: Literal["queued", "making", "done"] = "queued"
    share: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)
    work: asyncio.Task[Outcome] | None = None
    unwanted: bool = False

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
    """`make` makes an order and gives its size; `finished` hears the outcome of each that was not given up,
    before those who wait for it."""

    def __init__(
        self,
        make: Callable[[ClipOrder, Tell], Awaitable[int]],
        finished: Callable[[str, Outcome], Awaitable[None]],
    ) -> None:
        self._make, self._finished = make, finished
        self._jobs: dict[str, Job] = {}
        self._lines: dict[str, deque[Job]] = {}
        self._work = asyncio.Event()
        self._hands: list[asyncio.Task[None]] = []

    def open(self, hands: int = os.cpu_count() or 1) -> None:
        """Starts as many workers as there are processors: each keeps one encoder busy."""
        self._hands = [asyncio.create_task(self._labour()) for _ in range(max(1, hands))]

    async def close(self) -> None:
        """Stops every encoder; what was on its way leaves nothing behind."""
        for hand in self._hands:
            hand.cancel()
        for hand in self._hands:
            with suppress(asyncio.CancelledError):
                await hand

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
        """Puts a clip in the line of a member. One that waits already is then made when the first of those who want it
        has their turn; one that is being made is simply waited for."""
        job = self._jobs.get(order.key)
        if job is None:
            job = self._jobs[order.key] = Job(order)
        if job.state == "queued" and job not in self._lines.get(member, ()):
            self._lines.setdefault(member, deque()).append(job)
            self._work.set()
        return job

    async def cancel(self, key: str) -> None:
        """Ends the work for a clip that nobody wants any more, begun or not; `finished` hears nothing of it."""
        # At once: who asks for it while it is being ended gets work of their own, and not the end of this.
        job = self._jobs.pop(key, None)
        if job is None:
            return
        job.unwanted = True
        if job.work is not None:
            job.work.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.shield(asyncio.wait([job.work]))
            return
        for member in list(self._lines):
            kept = deque(each for each in self._lines.pop(member) if each is not job)
            if kept:
                self._lines[member] = kept
        await self._done(job, CANCELLED)

    async def _labour(self) -> None:
        while True:
            job = self._next()
            if job is None:
                self._work.clear()
                await self._work.wait()
                continue
            job.tell("making", 0.0)
            job.work = asyncio.create_task(self._outcome(job))
            try:
                outcome = await job.work
            except asyncio.CancelledError:
                hand = asyncio.current_task()
                if not job.unwanted or (hand is not None and hand.cancelling()):
                    raise  # the room is being closed
                outcome = CANCELLED
            await self._done(job, outcome)

    async def _done(self, job: Job, outcome: Outcome) -> None:
        # Whoever asks from now on begins anew and finds the file; who asked before is heard by `finished`.
        if self._jobs.get(job.order.key) is job:
            del self._jobs[job.order.key]
        try:
            if outcome != CANCELLED:
                await self._finished(job.order.key, outcome)
        except Exception:
            # A database that is away must not end the work for all others; a restart asks again.
            log.exception("clip not finished", clip=job.order.key)
        job.tell("done", 1.0)

    def _next(self) -> Job | None:
        """The first waiting job of the member whose turn it is; the member then goes to the end of the row."""
        for member in list(self._lines):
            line = self._lines.pop(member)
            # What another member's turn has begun meanwhile is no longer waiting.
            while line and line[0].state != "queued":
                line.popleft()
            if not line:
                continue
            job = line.popleft()
            if line:
                self._lines[member] = line
            return job
        return None

    async def _outcome(self, job: Job) -> Outcome:
        try:
            return Made(await self._make(job.order, lambda share: job.tell("making", share)))
        except Exception as error:
            return failure_of(job.order, error)


def failure_of(order: ClipOrder, error: Exception) -> Failed:
    """Why an order was not made, and the same for the log."""
    if isinstance(error, FootageError):
        log.warning("clip not made", clip=order.key, why=str(error))
        return Failed(reason_of(error))
    if isinstance(error, Changed):
        return Failed("catalogue_changed")
    if isinstance(error, OSError):
        log.warning("clip not written", clip=order.key, why=str(error))
        return Failed("disk_failed")
    log.error("clip not made", clip=order.key, exc_info=error)
    return Failed("internal")


def reason_of(error: Exception) -> str:
    """The stable code of a failure: `UnknownMaster` becomes `unknown_master`: codes are lower case words."""
    name = type(error).__name__
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
