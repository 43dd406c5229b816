"""A postman in a process of his own, to be killed: empties an outbox, with his clock put forward, and ends."""

import asyncio
import secrets
import sys
from pathlib import Path

from edge_api.keys import read_keys
from edge_api.post import postman
from edge_api.post.mailer import mailer_of
from edge_api.serve import clock
from edge_api.settings import Settings
from edge_api.world import open_world


async def work(database: str, ring: str, mail: str, forward_ms: int) -> None:
    settings = Settings(database=database, secrets=Path(ring), mail=mail)
    world = open_world(settings, read_keys(settings.secrets), lambda: clock() + forward_ms, secrets.token_bytes)
    try:
        while await postman.deliver(world, mailer_of(mail)):
            pass
    finally:
        await world.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
