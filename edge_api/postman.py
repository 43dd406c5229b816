"""The postman: takes letters from the outbox, has them written, and hands them to the mailer.

He walks two lanes at once, so that however many letters of an issue wait or hang, a code leaves at once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from . import audit, issues, newsletter, outbox
from .letters import ISSUE
from .mailer import Away, Mailer, NoMailbox, Permanent, Temporary, mailer_of
from .outbox import ISSUES, URGENT, Waiting
from .world import World
from .writing import Desk, NotNow

_IDLE_S = 2.0
# A server that is away is asked again after a second, then after twice as long, up to this: codes sooner than issues.
_LONGEST_AWAY_S = {URGENT: 5.0, ISSUES: 60.0}
_LEASE_MS = 120_000
# Ends before the lease does: another postman must not take a letter that still is on its way.
_PATIENCE_S = 90.0
_AT_ONCE = {URGENT: 4, ISSUES: 16}

_log = structlog.get_logger("postman")
_Note = Callable[[AsyncConnection], Awaitable[bool]]


@dataclass(frozen=True)
class _Round:
    taken: int
    away: bool


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
    async with asyncio.TaskGroup() as lanes:
        for lane in (URGENT, ISSUES):
            lanes.create_task(_walk(world, mailer, lane))


async def _walk(world: World, mailer: Mailer, lane: int) -> None:
    desk, ledger, pause = Desk(world), _Ledger(world), 1.0
    while True:
        # Whoever is waited for is told by the bell; issues are looked for in passing.
        bell = world.mail_waiting if lane == URGENT else asyncio.Event()
        bell.clear()
        round_ = _Round(1, away=False)
        try:
            while round_.taken and not round_.away:
                round_ = await _go_round(world, mailer, desk, ledger, (lane,), _AT_ONCE[lane])
                pause = pause if round_.away else 1.0
        except Exception as error:
            # The database is away, or worse: the letters wait, and so do we.
            _log.error("outbox out of reach", problem=f"{type(error).__name__}: {error}")
        if round_.away:
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_AWAY_S[lane])
        else:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), _IDLE_S)


async def deliver(world: World, mailer: Mailer, lanes: Iterable[int] = (URGENT, ISSUES)) -> int:
    """One round: up to four letters, side by side; how many were taken. One that fails holds up no other."""
    return (await _go_round(world, mailer, Desk(world), _Ledger(world), lanes, _AT_ONCE[URGENT])).taken


async def _go_round(
    world: World, mailer: Mailer, desk: Desk, ledger: _Ledger, lanes: Iterable[int], at_once: int
) -> _Round:
    now = world.clock()
    # A claim that a power cut forgets was held by a postman who is dead as well: the letter is free the sooner.
    async with world.database.write(lasting=False) as c:
        late = await outbox.expire(c, now)
        batch = await outbox.claim(c, now, _LEASE_MS, at_once, lanes)
    if late:
        _log.warning("letters dropped", why=outbox.EXPIRED, letters=late)
    away = await asyncio.gather(*(_deliver_one(world, mailer, desk, ledger, waiting) for waiting in batch))
    # One letter that met a closing server is no reason to wait, when another got through.
    return _Round(len(batch), bool(away) and all(away))


async def _deliver_one(world: World, mailer: Mailer, desk: Desk, ledger: _Ledger, waiting: Waiting) -> bool:
    """Sends one letter and notes what came of it; whether the server is away."""
    try:
        message = await desk.write(waiting)
        async with asyncio.timeout(_PATIENCE_S):
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
