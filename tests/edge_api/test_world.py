"""What the service is told of the last build, and whom its reading keeps waiting."""

import asyncio
import os

import httpx2

from catalogue.manifest import Manifest, manifest_bytes
from tests.edge_api.house import House
from tests.edge_api.shelf import Shelf, entry


def test_while_a_new_catalogue_is_read_only_who_asks_for_it_waits(house: House, shelf: Shelf) -> None:
    catalogue, pipe = house.settings.site / "catalogue.json", house.settings.site / ".pipe"
    asked = f"/api/oembed?url={house.settings.origin}/interviews/la-lampe/"
    assert house.visitor().get(asked).status == 404
    os.mkfifo(pipe)
    pipe.replace(catalogue)

    async def story() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=house.app)
        async with httpx2.AsyncClient(transport=transport, base_url=house.settings.origin) as client:
            waits = asyncio.create_task(client.get(asked))
            # Opened as soon as somebody reads it, and no end is in sight.
            writer = await asyncio.to_thread(catalogue.open, "wb")
            with writer:
                writer.write(manifest_bytes(Manifest(interviews=(entry(shelf),)))[:40])
                writer.flush()
                assert [(await client.get(path)).status_code for path in ("/healthz", "/", "/api/me")] == [
                    200,
                    200,
                    401,
                ]
                assert not waits.done()
                writer.write(manifest_bytes(Manifest(interviews=(entry(shelf),)))[40:])
            return await waits

    assert house.call(story).status_code == 200
