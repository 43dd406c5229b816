"""The flows of downloads without HTTP: a desk where the clock is told, over a shelf of real footage."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from edge_api.downloads.desk import Downloads
from edge_api.downloads.grants import Granted, Refused
from edge_api.downloads.library import Library
from edge_api.downloads.orders import Order
from edge_api.downloads.schema import Download
from edge_api.environment import read_settings
from edge_api.keys import make_keys
from edge_api.schema import users
from edge_api.world import open_world
from tests.edge_api.databases import Store
from tests.edge_api.downloads.encoders import stand_still
from tests.edge_api.shelf import Shelf

NOON = 1_800_000_000_000


@dataclass
class Desk:
    """The flows of downloads, the clock they are told, and the ring they sign with."""

    downloads: Downloads
    now: int
    ring: Path

    async def opens(self, token: str | None, *, resumes: bool = False) -> bool:
        assert token is not None
        granted = await self.granted(token, "La lampe d’Émilie.mp4", resumes=resumes)
        whole = granted.whole() if isinstance(granted, Granted) else None
        return whole is not None and whole.is_file()

    async def granted(
        self, token: str, filename: str, *, network: str = "192.0.2.7", resumes: bool = False, looks: bool = False
    ) -> Granted | Refused:
        """What a link opens for somebody of a network."""
        return await self.downloads.grants.granted(token, filename, network=network, resumes=resumes, looks=looks)

    async def made(self, user: str, order: Order) -> Download:
        """Asks, and waits until it is ready or failed."""
        return await self.settled(await self.downloads.ask(user, order))

    async def begun(self, user: str, order: Order) -> Download:
        """Asks for what is not made yet; its maker stands still until `go_on`."""
        while True:
            asked = await self.downloads.ask(user, order)
            while self.downloads.room.job(asked.clip or "") is not None:
                if stand_still():
                    return asked
                await asyncio.sleep(0)
            for kept in list(self.downloads.stock.place.kept()):  # it was quicker than we could look
                self.downloads.stock.place.remove(kept.name)

    async def settled(self, download: Download) -> Download:
        """The download once nothing is under way for it."""
        while download.state == "queued":
            job = self.downloads.room.job(download.clip or "")
            if job is not None:
                await job.news.wait()
            else:
                await asyncio.sleep(0)
            download = await self.downloads.one(download.user_id, download.id)
        return download


def at_desk(store: Store, shelf: Shelf, home: Path, visit: Callable[[Desk], Awaitable[None]], **settings: str) -> None:
    """A database with the members m1 and m2, and a visit at noon to a desk whose cutting room works."""

    address = store.full(home)

    async def day() -> None:
        ring = home / "keys.json"
        given = {"DUPLEX_DATABASE": address, "DUPLEX_SITE": str(shelf.site), **settings}
        world = open_world(read_settings(given), make_keys(ring, os.urandom), lambda: desk.now, os.urandom)
        desk = Desk(Downloads(world, Library(world.manifest, shelf.media, shelf.site), home / "clips"), NOON, ring)
        try:
            async with world.database.write() as connection:
                for id in ("m1", "m2"):
                    someone = {
                        "id": id,
                        "email": f"{id}@example.org",
                        "email_key": f"{id}@example.org",
                        "password": "x",
                    }
                    await connection.execute(users.insert().values(**someone, lang="fr", created_ms=NOON))
            desk.downloads.room.open(1)
            async with asyncio.timeout(300):
                await visit(desk)
        finally:
            await desk.downloads.room.close()
            await world.close()

    asyncio.run(day())
