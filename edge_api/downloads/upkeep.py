"""What is done for downloads without anybody asking: after a start, and now and then."""

import asyncio

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from ..offload import REDIRECT
from .desk import Downloads
from .eviction import QUIET_MS
from .links import GRACE_S
from .rows import named
from .schema import download_of, downloads

log = structlog.get_logger()

_DAY_MS = 24 * 60 * 60 * 1000
_TIDY_EVERY_S = 5 * 60


async def resume(desk: Downloads) -> None:
    """After a start: asks again for every file that was promised and not made."""
    database = desk.world.database
    await asyncio.to_thread(desk.stock.sweep, desk.world.clock())
    query = select(downloads).where(downloads.c.state == "queued").order_by(downloads.c.created_ms)
    async with database.read() as connection:
        waiting = [download_of(row) for row in await connection.execute(query)]
    for download in waiting:
        order = await desk.as_told_today(download)
        if order is None:
            continue
        if order.key != download.clip:  # another encoder, or other words since: another content, another name
            async with database.write() as connection:
                renamed = update(downloads).where(downloads.c.id == download.id).values(**named(order))
                await connection.execute(renamed)
        desk.room.ask(order, download.user_id)


async def tidy(desk: Downloads) -> int:
    """Throws away made files that are old or too many, never one that is being read; how many. Links to them are dead
    from then on, and a fresh one has them made again."""
    settings, now = desk.world.settings, desk.world.clock()
    # Nobody tells how long a bucket goes on sending what was begun.
    quiet = GRACE_S * 1000 if settings.offload == REDIRECT else QUIET_MS
    days = settings.clips_days * _DAY_MS
    gone = await asyncio.to_thread(desk.stock.evict, now, settings.clips_bytes, days, quiet)
    if gone:
        dead = update(downloads).where(downloads.c.clip.in_(gone), downloads.c.expires_ms > now)
        async with desk.world.database.write() as connection:
            await connection.execute(dead.values(expires_ms=now))
    return len(gone)


async def keep_tidy(desk: Downloads) -> None:
    """Tidies now and then until cancelled."""
    while True:
        try:
            await tidy(desk)
        except (OSError, SQLAlchemyError) as error:
            log.error("clips not tidied", why=str(error.args))
        await asyncio.sleep(_TIDY_EVERY_S)
