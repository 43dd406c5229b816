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

from . import audit
from .downloads_schema import Download, downloads
from .grants import GRACE_S
from .letters import Letter
from .limits import shortened
from .links import read_token
from .outbox import post
from .schema import users
from .sharing_schema import link_networks, link_pauses
from .world import World

MOST_NETWORKS = 5
"""From so many networks one link may be used; the next pauses it."""


async def may_pass(world: World, token: str, download: Download, network: str) -> bool:
    """Whether a link that opens a file may still be used, from this network too; at one too many it is paused.

    `network` as limits.network_of gives it. One look at the database for a network that is known.
    """
    link = read_token(token, world.keys.all("download"))
    assert link is not None
    hashed = hmac.digest(world.keys.signing("networks")[1], shortened(network).encode(), hashlib.sha256).hex()[:32]
    mine = (link_networks.c.download_id == download.id) & (link_networks.c.expires == link.expires)
    async with world.database.read() as c:
        until = (await c.execute(select(link_pauses.c.until).where(link_pauses.c.download_id == download.id))).scalar()
        known = (
            await c.execute(select(link_networks.c.network).where(mine, link_networks.c.network == hashed))
        ).first()
    if until is not None and link.expires <= until:
        return False
    if known is not None:
        return True
    async with world.database.write() as c:
        insert = sqlite.insert if c.dialect.name == "sqlite" else postgresql.insert
        seen = {"download_id": download.id, "expires": link.expires, "network": hashed}
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


async def why_refused(world: World, token: str, filename: str) -> str:
    """Why a link opens nothing, for the log alone: whoever asked is told the same 404 for all of it."""
    link = read_token(token, world.keys.all("download"))
    if link is None:
        return "altered"
    async with world.database.read() as c:
        row = (await c.execute(select(downloads).where(downloads.c.id == link.grant))).first()
    if row is None:
        return "account gone"
    if row.revoked_ms is not None:
        return "revoked"
    if not link.alive(world.clock() // 1000):
        return "expired"
    if row.filename != filename:
        return "another name"
    return "no file" if row.state != "ready" else "film replaced"


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
