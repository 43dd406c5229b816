"""The outbox: letters wait in the database, written in the transaction of the event that asks for them.

A postman claims rows by a lease: were he to fall, the rows are free again when it ends. One statement claims, so two
postmen never hold the same row. Issues of the newsletter have a lane of their own, so that a code never waits behind
them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..schema import outbox
from .letters import ISSUE, Letter

URGENT, ISSUES = 0, 1
"""The lanes: letters that somebody waits for, and issues of the newsletter."""

MOST_TRIES = 8
"""How often a letter that cannot be written is tried; a mail server that is away costs no letter."""

GIVE_UP_MS = 4 * 24 * 60 * 60_000
"""A letter that no server took for this long is dead (RFC 5321, 4.5.4.1: four to five days)."""

EXPIRED, REPLACED, LEFT, TO_NOBODY = "expired", "replaced", "left", "to nobody"
"""Why a letter is dropped: its code is over, a newer code replaced it, the newsletter was left meanwhile, it was never
for anybody."""

NOBODY = ""
"""Whom a letter is for that is posted, claimed and written like any other, and not handed over: neither the answer to a
stranger nor what the portal does after it tells whether an address is known."""

_DROPPED = (EXPIRED, REPLACED, LEFT, TO_NOBODY)
_FIRST_WAIT_MS = 15_000
_LONGEST_WAIT_MS = 60 * 60_000
# Somebody sits before the page and waits for a code.
_LONGEST_WAIT_FOR_CODES_MS = 2 * 60_000
_LONGEST_PROBLEM = 200


@dataclass(frozen=True)
class Waiting:
    """A claimed letter: `tries` counts this one; `expires_ms` is when it stops being worth sending, if ever."""

    id: str
    letter: Letter
    tries: int
    created_ms: int
    expires_ms: int | None

    @property
    def for_nobody(self) -> bool:
        """The recipient of an issue stands with the subscription, not here."""
        return self.letter.to == NOBODY and self.letter.kind != ISSUE


@dataclass(frozen=True)
class Count:
    """The state of the outbox: `waiting` by lane, `oldest_ms` the moment the oldest of them was posted, `dead`."""

    waiting: dict[int, int]
    dead: int
    oldest_ms: int | None


def row(
    *, id: str, letter: Letter, now_ms: int, expires_ms: int | None = None, lane: int = URGENT
) -> dict[str, object]:
    """A letter as a row. `id` is 128 bits in hex. Facts must hold no code and no token: those are derived later."""
    return {
        "id": id,
        "letter": letter.kind,
        "lang": letter.lang,
        "recipient": letter.to,
        "facts": json.dumps(dict(letter.facts), sort_keys=True),
        "tries": 0,
        "problem": "",
        "lane": lane,
        "created_ms": now_ms,
        "due_ms": now_ms,
        "leased_ms": 0,
        "expires_ms": expires_ms,
    }


async def post(c: AsyncConnection, *, id: str, letter: Letter, now_ms: int, expires_ms: int | None = None) -> None:
    """Puts a letter in the outbox, in the caller's transaction. Set `world.mail_waiting` once that is committed."""
    await c.execute(outbox.insert().values(**row(id=id, letter=letter, now_ms=now_ms, expires_ms=expires_ms)))


async def claim(
    c: AsyncConnection, now_ms: int, lease_ms: int, limit: int, lanes: Iterable[int] = (URGENT, ISSUES)
) -> list[Waiting]:
    """Takes up to `limit` letters that are due, the oldest first, and holds them for `lease_ms` milliseconds.

    The choice stands in a common table: PostgreSQL may run a plain subquery once a row, and would pass the limit.
    """
    open_ = [outbox.c.sent_ms.is_(None), outbox.c.dead_ms.is_(None), outbox.c.leased_ms <= now_ms]
    due = (
        select(outbox.c.id)
        .where(outbox.c.lane.in_(tuple(lanes)), outbox.c.due_ms <= now_ms, *open_)
        .order_by(outbox.c.lane, outbox.c.due_ms, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = await c.execute(
        update(outbox)
        .where(outbox.c.id.in_(select(due.c.id)), *open_)
        .values(leased_ms=now_ms + lease_ms, tries=outbox.c.tries + 1)
        .returning(outbox)
    )
    found = [
        Waiting(
            row.id,
            Letter(row.letter, row.lang, row.recipient, json.loads(row.facts)),
            row.tries,
            row.created_ms,
            row.expires_ms,
        )
        for row in taken
    ]
    return sorted(found, key=lambda waiting: (waiting.created_ms, waiting.id))


async def sent(c: AsyncConnection, id: str, now_ms: int) -> None:
    """The letter is with the mail server: what it said to whom is forgotten."""
    await c.execute(
        update(outbox).where(outbox.c.id == id).values(sent_ms=now_ms, recipient="", facts="{}", problem="")
    )


async def drop(c: AsyncConnection, id: str, why: str, now_ms: int) -> None:
    """The letter is no longer worth sending, for one of the reasons above; it is forgotten like a sent one."""
    gone = {"dead_ms": now_ms, "recipient": "", "facts": "{}", "problem": why}
    await c.execute(update(outbox).where(outbox.c.id == id).values(**gone))


async def failed(
    c: AsyncConnection,
    waiting: Waiting,
    problem: str,
    now_ms: int,
    *,
    permanent: bool = False,
    ours: bool = False,
    chance: float = 0.5,
) -> bool:
    """The letter could not be sent; whether it will be tried again.

    It is due again after 15 s, twice that the next time, up to an hour (two minutes for what expires); `chance`,
    between 0 and 1, spreads that by a fifth either way. It is dead, and kept for people to see, when the failure is
    permanent, when no server took it for GIVE_UP_MS, and after MOST_TRIES when the fault is `ours`.
    """
    note = problem[:_LONGEST_PROBLEM]
    if permanent or now_ms >= waiting.created_ms + GIVE_UP_MS or (ours and waiting.tries >= MOST_TRIES):
        await c.execute(update(outbox).where(outbox.c.id == waiting.id).values(dead_ms=now_ms, problem=note))
        return False
    longest = _LONGEST_WAIT_MS if waiting.expires_ms is None else _LONGEST_WAIT_FOR_CODES_MS
    wait = min(_FIRST_WAIT_MS * 2 ** min(waiting.tries - 1, 10), longest)
    due = now_ms + round(wait * (0.8 + 0.4 * chance))
    await c.execute(update(outbox).where(outbox.c.id == waiting.id).values(due_ms=due, leased_ms=0, problem=note))
    return True


async def expire(c: AsyncConnection, now_ms: int) -> int:
    """Drops the letters that came too late to be worth sending; how many."""
    late = (
        update(outbox)
        .where(outbox.c.sent_ms.is_(None), outbox.c.dead_ms.is_(None), outbox.c.expires_ms <= now_ms)
        .where(outbox.c.leased_ms <= now_ms)
        .values(dead_ms=now_ms, recipient="", facts="{}", problem=EXPIRED)
        .returning(outbox.c.id)
    )
    return len((await c.execute(late)).all())


async def count(c: AsyncConnection) -> Count:
    """What waits, and what is dead and was not dropped on purpose."""
    waits = outbox.c.sent_ms.is_(None) & outbox.c.dead_ms.is_(None)
    lanes = await c.execute(select(outbox.c.lane, func.count()).where(waits).group_by(outbox.c.lane))
    oldest = await c.execute(select(func.min(outbox.c.created_ms)).where(waits))
    dead = await c.execute(select(func.count()).where(outbox.c.dead_ms.is_not(None), outbox.c.problem.not_in(_DROPPED)))
    return Count({row[0]: row[1] for row in lanes}, dead.scalar_one(), oldest.scalar())


async def dead(c: AsyncConnection) -> list[tuple[str, str, int]]:
    """Kind of letter, what kept it, and how many such are dead, the most first; none that was dropped on purpose."""
    number = func.count()
    query = select(outbox.c.letter, outbox.c.problem, number).where(outbox.c.dead_ms.is_not(None))
    counted = query.where(outbox.c.problem.not_in(_DROPPED)).group_by(outbox.c.letter, outbox.c.problem)
    rows = await c.execute(counted.order_by(number.desc(), outbox.c.letter))
    return [(row[0], row[1], row[2]) for row in rows]
