"""A letter put into the outbox by hand."""

from edge_api.post import outbox
from edge_api.post.letters import Letter
from edge_api.world import World


async def post(world: World, to: str = "nina@exemple.fr", now_ms: int | None = None) -> str:
    """A letter in the outbox that needs nothing but its address; its id."""
    id = world.random(16).hex()
    async with world.database.write() as c:
        letter = Letter("already_member", "fr", to)
        await outbox.post(c, id=id, letter=letter, now_ms=now_ms or world.clock())
    return id
