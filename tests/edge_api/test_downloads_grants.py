"""How long a link lives, what takes it back, and what a keeper of the clock sees: times are told, never waited for."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import delete

from edge_api.downloads import GRACE_S, LIFE_MS, Downloads
from edge_api.keys import make_keys, read_keys, rotate_keys
from edge_api.library import Library
from edge_api.orders import Order
from edge_api.schema import users
from edge_api.settings import read_settings
from edge_api.world import open_world
from tests.edge_api.shelf import SLUG, Shelf, make_shelf

FILM = Order(interview=SLUG, lang="fr", kind="film")
NOON = 1_800_000_000_000
GRACE_MS = GRACE_S * 1000


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return make_shelf(tmp_path_factory.mktemp("shelf"))


@dataclass
class Desk:
    """The flows of downloads, the clock they are told, and the ring they sign with."""

    downloads: Downloads
    now: int
    ring: Path

    async def opens(self, token: str | None, *, resumes: bool = False) -> bool:
        assert token is not None
        granted = await self.downloads.granted(token, "La lampe d’Émilie.mp4", resumes=resumes)
        return granted is not None and granted.path.is_file()


def at_desk(shelf: Shelf, home: Path, visit: Callable[[Desk], Awaitable[None]]) -> None:
    """A database with one member, and a visit at noon."""

    async def day() -> None:
        ring = home / "keys.json"
        database = f"sqlite+aiosqlite:///{home / 'duplex.db'}"
        settings = read_settings({"DUPLEX_DATABASE": database, "DUPLEX_SITE": str(shelf.site)})
        world = open_world(settings, make_keys(ring, os.urandom), lambda: desk.now, os.urandom)
        desk = Desk(Downloads(world, Library(world.manifest, shelf.media, shelf.site), home / "clips"), NOON, ring)
        try:
            await world.database.upgrade()
            async with world.database.write() as connection:
                someone = {"id": "m1", "email": "a@example.org", "email_key": "a@example.org", "password": "x"}
                await connection.execute(users.insert().values(**someone, lang="fr", created_ms=NOON))
            await visit(desk)
        finally:
            await world.close()

    asyncio.run(day())


def test_a_link_lives_twenty_four_hours_to_the_second(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        token = desk.downloads.link(download)
        assert download.expires_ms == NOON + LIFE_MS == NOON + 24 * 3600 * 1000
        desk.now = NOON + LIFE_MS - 1000
        assert await desk.opens(token)
        desk.now = NOON + LIFE_MS
        assert not await desk.opens(token)
        assert not await desk.opens(token, resumes=True)
        assert desk.downloads.link(download) is None

    at_desk(shelf, tmp_path, visit)


def test_a_transfer_that_was_begun_may_be_resumed_for_six_hours_more(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        token = desk.downloads.link(download)
        await desk.downloads.begun(download)
        desk.now = NOON + LIFE_MS + GRACE_MS - 1000
        assert await desk.opens(token, resumes=True)
        assert not await desk.opens(token)
        desk.now = NOON + LIFE_MS + GRACE_MS
        assert not await desk.opens(token, resumes=True)

    at_desk(shelf, tmp_path, visit)


def test_a_fresh_link_continues_the_same_file_and_leaves_the_old_one_its_own_end(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        old = desk.downloads.link(download)
        desk.now += LIFE_MS - 1000
        fresh = desk.downloads.link(await desk.downloads.renew("m1", download.id))
        assert fresh != old
        assert await desk.opens(old)
        desk.now += 1000
        assert not await desk.opens(old)
        assert await desk.opens(fresh)

    at_desk(shelf, tmp_path, visit)


def test_a_grant_taken_back_ends_all_its_links_and_is_not_renewed(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        token = desk.downloads.link(download)
        await desk.downloads.begun(download)
        await desk.downloads.revoke(download.id)
        assert not await desk.opens(token)
        assert not await desk.opens(token, resumes=True)
        assert desk.downloads.link(await desk.downloads.one("m1", download.id)) is None
        another = await desk.downloads.ask("m1", FILM)
        assert another.id != download.id
        assert await desk.opens(desk.downloads.link(another))

    at_desk(shelf, tmp_path, visit)


def test_an_account_that_is_gone_takes_its_grants_along(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        token = desk.downloads.link(await desk.downloads.ask("m1", FILM))
        async with desk.downloads.world.database.write() as connection:
            await connection.execute(delete(users).where(users.c.id == "m1"))
        assert not await desk.opens(token)

    at_desk(shelf, tmp_path, visit)


def test_links_outlive_a_rotation_of_keys(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        old = desk.downloads.link(download)
        rotate_keys(desk.ring, os.urandom)
        desk.downloads.world.keys = read_keys(desk.ring)
        fresh = desk.downloads.link(download)
        assert old is not None
        assert fresh is not None
        assert (old[:3], fresh[:3]) == ("k1.", "k2.")
        assert await desk.opens(old)
        assert await desk.opens(fresh)

    at_desk(shelf, tmp_path, visit)
