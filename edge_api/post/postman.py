"""The postman: takes letters from the outbox, has them written, and hands them to the mailer.

He walks two lanes at once, so that however many letters of an issue wait or hang, a code leaves at once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import audit
from ..world import World
from . import issues, newsletter, outbox
from .letters import ISSUE
from .mailer import Away, Mailer, NoMailbox, Permanent, Temporary, mailer_of
from .outbox import ISSUES, URGENT, Waiting
from .writing import Desk, NotNow

_IDLE_S = 2.0
# A server that is away is asked again after a second, then after twice as long, up to this: codes sooner than issues.
_LONGEST_AWAY_S = {URGENT: 5.0, ISSUES: 60.0}
_LEASE_MS = 120_000
# Ends before the lease does: another postman must not take a letter that still is on its way.
_PATIENCE_S = 90.0
_AT_ONCE = {URGENT: 4, ISSUES: 16}
# Issues that leave within so long of each other are followed by others taken in one transaction.
_GATHERED_S = {URGENT: 0.0, ISSUES: 0.02}

_log = structlog.get_logger("postman")
_Note = Callable[[AsyncConnection], Awaitable[bool]]


class _Ledger:
    """Notes what became of letters: those that wait for the database together are noted in one transaction."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._turn = asyncio.Lock()
        self._pending: list[tuple[_Note, asyncio.Future[bool]]] = []

    async def write(self, note: _Note) -> bool:
        """Has `note` written down, and committed, before it returns what it says."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._pending.append((note, answer))
        async with self._turn:
            batch, self._pending = self._pending, []
            if batch:
                try:
                    async with self._world.database.write() as c:
                        said = [await each(c) for each, _ in batch]
                except Exception as error:
                    for _, waits in batch:
                        waits.set_exception(error)
                else:
                    for (_, waits), each in zip(batch, said, strict=True):
                        waits.set_result(each)
        return await answer


async def run(world: World, mailer: Mailer | None = None) -> None:
    """Delivers until cancelled: at once when `world.mail_waiting` is set, otherwise every two seconds.

    By the mailer of the settings, unless another is given.
    """
    mailer = mailer or mailer_of(world.settings.mail)
    quiet = set[int]()
    async with asyncio.TaskGroup() as lanes:
        for lane in _AT_ONCE:
            lanes.create_task(_walk(world, mailer, lane, quiet))


async def _walk(world: World, mailer: Mailer, lane: int, quiet: set[int]) -> None:
    """Keeps as many letters on their way as the lane allows. One that hangs keeps its own place from the next, and no
    other. `quiet` are the lanes without a letter: the mailer rests when all are."""
    desk, ledger, pause = Desk(world), _Ledger(world), 1.0
    # Issues are looked for in passing; whoever is waited for is told by the bell.
    bell = world.mail_waiting if lane == URGENT else asyncio.Event()
    under_way, turned_away = set[asyncio.Task[bool]](), 0
    try:
        while True:
            bell.clear()
            places = _AT_ONCE[lane] - len(under_way)
            batch = await _claimed(world, (lane,), places)
            under_way |= {asyncio.create_task(_carry(world, mailer, desk, ledger, each)) for each in batch}
            if under_way:
                quiet.discard(lane)
            else:
                quiet.add(lane)
            if len(batch) == places:
                await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.wait(under_way, timeout=_GATHERED_S[lane])
            else:
                if len(quiet) == len(_AT_ONCE):
                    await mailer.rest()
                # Not `wait_for`: of a bell and a cancellation in the same moment it forgets the second (Python 3.11).
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_IDLE_S):
                        await bell.wait()
            done = {task for task in under_way if task.done()}
            under_way -= done
            # One letter that met a closing server is no reason to wait, when others get through.
            if all(task.result() for task in done):
                turned_away += len(done)
            else:
                turned_away, pause = 0, 1.0
            if turned_away >= _AT_ONCE[lane] or (turned_away and not under_way):
                await asyncio.sleep(pause)
                turned_away, pause = 0, min(2 * pause, _LONGEST_AWAY_S[lane])
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def deliver(world: World, mailer: Mailer, lanes: Iterable[int] = (URGENT, ISSUES)) -> int:
    """One round: up to four letters, side by side; how many were taken. One that fails holds up no other."""
    batch = await _claimed(world, lanes, _AT_ONCE[URGENT])
    desk, ledger = Desk(world), _Ledger(world)
    try:
        await asyncio.gather(*(_carry(world, mailer, desk, ledger, each) for each in batch))
    finally:
        await mailer.rest()
    return len(batch)


async def _claimed(world: World, lanes: Iterable[int], most: int) -> list[Waiting]:
    now = world.clock()
    try:
        # A claim that a power cut forgets was held by a postman who is dead as well: the letter is free the sooner.
        async with world.database.write(lasting=False) as c:
            late = await outbox.expire(c, now)
            batch = await outbox.claim(c, now, _LEASE_MS, most, lanes)
    except Exception as error:
        # The database is away, or worse: the letters wait, and so do we.
        _out_of_reach(error)
        return []
    if late:
        _log.warning("letters dropped", why=outbox.EXPIRED, letters=late)
    return batch


async def _carry(world: World, mailer: Mailer, desk: Desk, ledger: _Ledger, waiting: Waiting) -> bool:
    """One letter on its way; whether the server is away."""
    try:
        return await _deliver_one(world, mailer, desk, ledger, waiting)
    except Exception as error:
        _out_of_reach(error)
        return False


def _out_of_reach(error: Exception) -> None:
    _log.error("outbox out of reach", problem=f"{type(error).__name__}: {error}")


async def _deliver_one(world: World, mailer: Mailer, desk: Desk, ledger: _Ledger, waiting: Waiting) -> bool:
    """Sends one letter and notes what came of it; whether the server is away."""
    try:
        message = await desk.write(waiting)
        async with asyncio.timeout(_PATIENCE_S):
            if waiting.for_nobody:
                await mailer.rehearse(message, waiting.id)
            else:
                await mailer.send(message, waiting.id, world.clock())
    except NotNow as reason:
        await _dropped(world, ledger, waiting, reason.why)
    except Away as error:
        await _failed(world, ledger, waiting, str(error))
        return True
    except (Temporary, TimeoutError) as error:
        await _failed(world, ledger, waiting, str(error) or "the server took too long")
    except Permanent as error:
        await _failed(world, ledger, waiting, str(error), permanent=True)
        if isinstance(error, NoMailbox) and waiting.letter.kind == ISSUE:
            await newsletter.suppress(world, waiting.letter.facts["subscription"])
    except Exception as error:
        # A letter that cannot be written. Its facts may hold an address, so the log gets the kind of fault only.
        await _failed(world, ledger, waiting, type(error).__name__, ours=True)
    else:
        if waiting.for_nobody:
            await _dropped(world, ledger, waiting, outbox.TO_NOBODY)
            return False

        async def sent(c: AsyncConnection) -> bool:
            await outbox.sent(c, waiting.id, world.clock())
            if waiting.letter.kind == ISSUE:
                await issues.settle(c, waiting.id, "sent")
            return True

        await ledger.write(sent)
        _tell(world, "letter sent", waiting, tries=waiting.tries)
    return False


async def _dropped(world: World, ledger: _Ledger, waiting: Waiting, why: str) -> None:
    async def dropped(c: AsyncConnection) -> bool:
        await outbox.drop(c, waiting.id, why, world.clock())
        if waiting.letter.kind == ISSUE:
            await issues.settle(c, waiting.id, "dropped")
        return True

    await ledger.write(dropped)
    _tell(world, "letter dropped", waiting, why=why)


async def _failed(
    world: World, ledger: _Ledger, waiting: Waiting, problem: str, *, permanent: bool = False, ours: bool = False
) -> None:
    chance = int.from_bytes(world.random(2)) / 65_535

    async def failed(c: AsyncConnection) -> bool:
        again = await outbox.failed(c, waiting, problem, world.clock(), permanent=permanent, ours=ours, chance=chance)
        if not again and waiting.letter.kind == ISSUE:
            await issues.settle(c, waiting.id, "dead")
        return again

    again = await ledger.write(failed)
    if again:
        world.metrics.letters.labels(waiting.letter.kind, "failed").inc()
        _log.warning("letter not sent", id=waiting.id, kind=waiting.letter.kind, problem=problem, tries=waiting.tries)
    else:
        _tell(world, "letter dead", waiting, problem=problem, tries=waiting.tries)


def _tell(world: World, event: str, waiting: Waiting, **facts: str | int) -> None:
    """The event of a letter; `letter sent` counts as sent."""
    world.metrics.letters.labels(waiting.letter.kind, event.removeprefix("letter ")).inc()
    audit.note(world, event, id=waiting.id, kind=waiting.letter.kind, **facts)
