"""The outbox: letters wait in the database, written in the transaction of the event that asks for them.

A postman claims rows by a lease: were he to fall, the rows are free again when it ends. One statement claims, so two
postmen never hold the same row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .letters import Letter
from .schema import outbox

MOST_TRIES = 8
_FIRST_WAIT_MS = 15_000
_LONGEST_WAIT_MS = 60 * 60_000
_LONGEST_PROBLEM = 200


@dataclass(frozen=True)
class Waiting:
    """A claimed letter: `tries` counts this one; `expires_ms` is when it stops being worth sending, if ever."""

    id: str
    letter: Letter
    tries: int
    created_ms: int
    expires_ms: int | None


async def post(c: AsyncConnection, *, id: str, letter: Letter, now_ms: int, expires_ms: int | None = None) -> None:
    """Puts a letter in the outbox, in the caller's transaction. `id` is 128 random bits in hex.

    Facts must hold no code and no token: they are derived when the letter is sent. Set `world.mail_waiting` once the
    transaction is committed.
    """
    await c.execute(
        outbox.insert().values(
            id=id,
            letter=letter.kind,
            lang=letter.lang,
            recipient=letter.to,
            facts=json.dumps(dict(letter.facts), sort_keys=True),
            tries=0,
            problem="",
            created_ms=now_ms,
            due_ms=now_ms,
            leased_ms=0,
            expires_ms=expires_ms,
        )
    )


async def claim(c: AsyncConnection, now_ms: int, lease_ms: int, limit: int) -> list[Waiting]:
    """Takes up to `limit` letters that are due, the oldest first, and holds them for `lease_ms` milliseconds."""
    open_ = [outbox.c.sent_ms.is_(None), outbox.c.dead_ms.is_(None), outbox.c.leased_ms <= now_ms]
    due = (
        select(outbox.c.id)
        .where(outbox.c.due_ms <= now_ms, *open_)
        .order_by(outbox.c.due_ms, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = await c.execute(
        update(outbox)
        .where(outbox.c.id.in_(due), *open_)
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
    """The letter is with the mail server."""
    await c.execute(update(outbox).where(outbox.c.id == id).values(sent_ms=now_ms, problem=""))


async def failed(
    c: AsyncConnection, waiting: Waiting, problem: str, now_ms: int, *, permanent: bool = False, chance: float = 0.5
) -> bool:
    """The letter could not be sent; whether it will be tried again.

    It is due again after 15 s, twice that the next time, up to an hour; `chance`, between 0 and 1, spreads that by a
    fifth either way. After MOST_TRIES, or when the failure is permanent, the letter is dead and kept for people to see.
    """
    note = problem[:_LONGEST_PROBLEM]
    if permanent or waiting.tries >= MOST_TRIES:
        await c.execute(update(outbox).where(outbox.c.id == waiting.id).values(dead_ms=now_ms, problem=note))
        return False
    wait = min(_FIRST_WAIT_MS * 2 ** (waiting.tries - 1), _LONGEST_WAIT_MS)
    due = now_ms + round(wait * (0.8 + 0.4 * chance))
    await c.execute(update(outbox).where(outbox.c.id == waiting.id).values(due_ms=due, leased_ms=0, problem=note))
    return True


async def expire(c: AsyncConnection, now_ms: int) -> int:
    """Drops the letters that came too late to be worth sending; how many."""
    late = (
        update(outbox)
        .where(outbox.c.sent_ms.is_(None), outbox.c.dead_ms.is_(None), outbox.c.expires_ms <= now_ms)
        .where(outbox.c.leased_ms <= now_ms)
        .values(dead_ms=now_ms, problem="expired")
        .returning(outbox.c.id)
    )
    return len((await c.execute(late)).all())
