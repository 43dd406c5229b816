"""Throws away what has served: flows, sessions and limits that are over, letters long sent."""

import asyncio
import sqlite3

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from ..accounts.sessions import IDLE_MS
from ..downloads import sharing
from ..post import issues
from ..post.issues_schema import deliveries
from ..post.issues_schema import issues as issues_table
from ..schema import flows, limits, outbox, sessions, subscriptions
from ..world import World

log = structlog.get_logger()

_EVERY_S = 10 * 60
_DAY_MS = 24 * 60 * 60_000
# A letter that could not be sent stays long enough for somebody to ask why.
_DEAD_MS = 30 * _DAY_MS
_UNCONFIRMED_MS = 14 * _DAY_MS
# Who got which issue is kept while somebody may ask; the counts stay.
_DELIVERIES_MS = 90 * _DAY_MS


async def run(world: World) -> None:
    """Tidies every ten minutes until cancelled."""
    while True:
        try:
            await tidy(world)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:  # the last for a server that is away
            log.error("housekeeping failed", why=str(error.args))
        await asyncio.sleep(_EVERY_S)


async def tidy(world: World) -> None:
    """Deletes every row whose time is over. Unverified sign-ups go with their flow, codes with it."""
    now = world.clock()
    old = select(issues_table.c.id).where(issues_table.c.ended_ms <= now - _DELIVERIES_MS)
    over = [
        delete(flows).where(flows.c.expires_ms <= now),
        delete(sessions).where((sessions.c.expires_ms <= now) | (sessions.c.seen_ms <= now - IDLE_MS)),
        delete(limits).where(limits.c.empty_ms <= now),
        delete(outbox).where(outbox.c.sent_ms <= now - _DAY_MS),
        delete(outbox).where(outbox.c.dead_ms <= now - _DEAD_MS),
        delete(subscriptions).where(
            subscriptions.c.state == "pending", subscriptions.c.asked_ms <= now - _UNCONFIRMED_MS
        ),
        delete(deliveries).where(deliveries.c.issue.in_(old), deliveries.c.outcome != "waiting"),
    ]
    for statement in over:
        async with world.database.write() as connection:
            await connection.execute(statement)
    async with world.database.read() as connection:
        standing = [issue for issue in await issues.every(connection) if issue.ended_ms is None]
    await sharing.tidy(world)
    for issue in standing:
        await issues.end(world, issue)
    await world.database.forget()
