"""How long a link lives, what takes it back, and what a keeper of the clock sees: times are told, never waited for."""

import asyncio
import os
from pathlib import Path

from sqlalchemy import delete

from edge_api.downloads.links import GRACE_S, LIFE_MS
from edge_api.downloads.orders import Order
from edge_api.keys import read_keys, rotate_keys
from edge_api.schema import users
from tests.edge_api.databases import Store
from tests.edge_api.desk import NOON, Desk, at_desk
from tests.edge_api.shelf import SLUG, Shelf

FILM = Order(interview=SLUG, lang="fr", kind="film")
GRACE_MS = GRACE_S * 1000


def test_a_link_lives_twenty_four_hours_to_the_second(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    """Requirement 41."""

    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        token = desk.downloads.grants.link(download)
        assert download.expires_ms == NOON + LIFE_MS == NOON + 24 * 3600 * 1000
        desk.now = NOON + LIFE_MS - 1000
        assert await desk.opens(token)
        desk.now = NOON + LIFE_MS
        assert not await desk.opens(token)
        assert not await desk.opens(token, resumes=True)
        assert desk.downloads.grants.link(download) is None

    at_desk(store, shelf, tmp_path, visit)


def test_a_transfer_that_was_begun_may_be_resumed_for_six_hours_more(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        token = desk.downloads.grants.link(download)
        await desk.downloads.grants.begun(download)
        desk.now = NOON + LIFE_MS + GRACE_MS - 1000
        assert await desk.opens(token, resumes=True)
        assert not await desk.opens(token)
        desk.now = NOON + LIFE_MS + GRACE_MS
        assert not await desk.opens(token, resumes=True)

    at_desk(store, shelf, tmp_path, visit)


def test_a_fresh_link_continues_the_same_file_and_leaves_the_old_one_its_own_end(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        old = desk.downloads.grants.link(download)
        desk.now += LIFE_MS - 1000
        fresh = desk.downloads.grants.link(await desk.downloads.renew("m1", download.id))
        assert fresh != old
        assert await desk.opens(old)
        desk.now += 1000
        assert not await desk.opens(old)
        assert await desk.opens(fresh)

    at_desk(store, shelf, tmp_path, visit)


def test_a_grant_taken_back_ends_all_its_links_and_is_not_renewed(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    """Requirement 41."""

    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        token = desk.downloads.grants.link(download)
        await desk.downloads.grants.begun(download)
        await desk.downloads.grants.revoke(download.id)
        assert not await desk.opens(token)
        assert not await desk.opens(token, resumes=True)
        assert desk.downloads.grants.link(await desk.downloads.one("m1", download.id)) is None
        another = await desk.downloads.ask("m1", FILM)
        assert another.id != download.id
        assert await desk.opens(desk.downloads.grants.link(another))

    at_desk(store, shelf, tmp_path, visit)


def test_an_account_that_is_gone_takes_its_grants_along(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        token = desk.downloads.grants.link(await desk.downloads.ask("m1", FILM))
        async with desk.downloads.world.database.write() as connection:
            await connection.execute(delete(users).where(users.c.id == "m1"))
        assert not await desk.opens(token)

    at_desk(store, shelf, tmp_path, visit)


def test_links_outlive_a_rotation_of_keys(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        old = desk.downloads.grants.link(download)
        rotate_keys(desk.ring, os.urandom)
        desk.downloads.world.keys = read_keys(desk.ring)
        fresh = desk.downloads.grants.link(download)
        assert old is not None
        assert fresh is not None
        assert (old[:3], fresh[:3]) == ("k1.", "k2.")
        assert await desk.opens(old)
        assert await desk.opens(fresh)

    at_desk(store, shelf, tmp_path, visit)


def test_a_member_who_asks_twice_at_once_has_one_grant(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        passage = Order(interview=SLUG, lang="fr", kind="clip", in_ms=0, out_ms=400)
        for order in (FILM, passage):
            asked = await asyncio.gather(*(desk.downloads.ask("m1", order) for _ in range(8)))
            other = await desk.downloads.ask("m2", order)
            assert len({download.id for download in asked} | {other.id}) == 2
        assert len(await desk.downloads.recent("m1")) == 2

    at_desk(store, shelf, tmp_path, visit)
