"""A cutting room on a shelf of real footage, opened for one visit."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from edge_api.downloads.clip_order import ClipOrder
from edge_api.downloads.clips import CuttingRoom, Job, Outcome, Tell
from tests.edge_api.shelf import Shelf


def in_room(
    shelf: Shelf,
    folder: Path,
    visit: Callable[[CuttingRoom], Awaitable[None]],
    hands: int = 1,
    told: Callable[[float], object] = float,
) -> list[tuple[str, Outcome]]:
    """Opens a room, lets the visit happen, closes it; every outcome in the order in which it was told.

    `told` hears each share of the work that is done.
    """
    heard: list[tuple[str, Outcome]] = []

    async def hear(key: str, outcome: Outcome) -> None:
        heard.append((key, outcome))

    async def make(order: ClipOrder, tell: Tell) -> int:
        return await shelf.workshop(folder).make(order, lambda share: (told(share), tell(share)))

    async def day() -> None:
        room = CuttingRoom(make, hear)
        room.open(hands)
        try:
            async with asyncio.timeout(300):
                await visit(room)
        finally:
            await room.close()

    asyncio.run(day())
    return heard


async def done(*jobs: Job) -> None:
    """Waits until all of them are over."""
    for job in jobs:
        while job.state != "done":
            await job.news.wait()
