"""“This was not me”: the owner of an address takes back the code that somebody else caused to be sent."""

from __future__ import annotations

from sqlalchemy import delete, select

from .. import audit, tokens
from ..post.letters import NOT_ME
from ..post.writing import LINKS
from ..schema import challenges, flows
from ..world import World


async def revoke(world: World, token: str) -> None:
    """Ends the flow that a letter's link belongs to, with every code of it; nothing for a link that is not ours.

    The whole flow goes, not the code alone: whoever began it could otherwise ask for another code.
    """
    words = tokens.read(world.keys.all(LINKS), NOT_ME, token)
    if words is None:
        return
    of_challenge = select(challenges.c.flow_id).where(challenges.c.id == words[0]).scalar_subquery()
    async with world.database.write() as c:
        gone = (await c.execute(delete(flows).where(flows.c.id == of_challenge).returning(flows.c.id))).first()
    if gone is not None:
        audit.note(world, "code revoked")
