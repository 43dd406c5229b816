"""A link that is passed around is noticed and paused: its owner gets a letter, and may have a fresh one.

Networks are counted, not clients: somebody who moves from a train to an office is one person with two networks. What is
kept is a keyed hash of the /24 or /48, for as long as the link may be used.
"""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import audit
from ..limits import shortened
from ..post.letters import Letter
from ..post.outbox import post
from ..schema import users
from ..world import World
from .links import GRACE_S, Link
from .schema import Download, downloads
from .sharing_schema import link_networks, link_pauses

MOST_NETWORKS = 5
"""From so many networks one link may be used; the next pauses it."""


def network_key(world: World, network: str) -> str:
    """What is kept of a network: a keyed hash of its /24 or /48."""
    return hmac.digest(world.keys.signing("networks")[1], shortened(network).encode(), hashlib.sha256).hex()[:32]


async def admits(world: World, link: Link, download: Download, network: str) -> bool:
    """Whether a link may be used from one more network, given by its key; at one too many it is paused for all."""
    mine = (link_networks.c.download_id == download.id) & (link_networks.c.expires == link.expires)
    async with world.database.write() as c:
        insert = sqlite.insert if c.dialect.name == "sqlite" else postgresql.insert
        seen = {"download_id": download.id, "expires": link.expires, "network": network}
        await c.execute(insert(link_networks).values(**seen).on_conflict_do_nothing())
        networks = (await c.execute(select(func.count()).select_from(link_networks).where(mine))).scalar_one()
        if networks <= MOST_NETWORKS:
            return True
        pause = insert(link_pauses).values(download_id=download.id, until=link.expires)
        later = pause.on_conflict_do_update(
            index_elements=[link_pauses.c.download_id],
            set_={"until": link.expires},
            where=link_pauses.c.until < link.expires,
        ).returning(link_pauses.c.until)
        if (await c.execute(later)).first() is not None:
            await _tell_owner(world, c, download)
    audit.note(world, "link paused", account=download.user_id, download=download.id)
    world.mail_waiting.set()
    return False


async def _tell_owner(world: World, c: AsyncConnection, download: Download) -> None:
    """Ends the link in the member's list too, where a fresh one is a click away, and posts the letter."""
    mine = (downloads.c.id == download.id) & (downloads.c.expires_ms > world.clock())
    await c.execute(update(downloads).where(mine).values(expires_ms=world.clock()))
    owner = select(users.c.email, users.c.lang).where(users.c.id == download.user_id)
    email, lang = (await c.execute(owner)).one()
    letter = Letter("link_paused", lang, email, {"filename": download.filename})
    await post(c, id=world.random(16).hex(), letter=letter, now_ms=world.clock())


async def revoke_all(world: World, user_id: str) -> int:
    """Takes back every link of an account; how many downloads that were."""
    async with world.database.write() as c:
        standing = update(downloads).where(downloads.c.user_id == user_id, downloads.c.revoked_ms.is_(None))
        gone = await c.execute(standing.values(revoked_ms=world.clock()))
    audit.note(world, "links revoked", account=user_id)
    return int(gone.rowcount)


async def tidy(world: World) -> None:
    """Forgets networks and pauses of links that no grace keeps alive."""
    over = world.clock() // 1000 - GRACE_S
    async with world.database.write() as c:
        await c.execute(delete(link_networks).where(link_networks.c.expires <= over))
        await c.execute(delete(link_pauses).where(link_pauses.c.until <= over))
