"""A link that is passed around is noticed and paused, its owner is told, and a fresh one goes on with the same file."""

import time
from pathlib import Path

import pytest
from sqlalchemy import select

from edge_api import housekeeping, sharing
from edge_api.grants import GRACE_S, LIFE_MS
from edge_api.orders import Order
from edge_api.schema import outbox
from edge_api.sharing_schema import link_networks
from tests.edge_api.databases import Store
from tests.edge_api.desk import NOON, Desk, at_desk
from tests.edge_api.served import served
from tests.edge_api.shelf import SLUG, Shelf
from tests.site.portal import Portal

FILM = Order(interview=SLUG, lang="fr", kind="film")


async def letters(desk: Desk) -> list[str]:
    async with desk.downloads.world.database.read() as c:
        return list((await c.execute(select(outbox.c.letter))).scalars())


def test_the_sixth_network_pauses_a_link_for_all_and_its_owner_gets_one_letter(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    async def visit(desk: Desk) -> None:
        world = desk.downloads.world
        download = await desk.downloads.ask("m1", FILM)
        token = desk.downloads.grants.link(download) or ""
        for n in range(5):
            assert await sharing.may_pass(world, token, download, f"192.0.{n}.7")
            # The same network again, and a neighbour in it, are no other network.
            assert await sharing.may_pass(world, token, download, f"192.0.{n}.9")
        assert await letters(desk) == []
        assert not await sharing.may_pass(world, token, download, "2001:db8:1:2::/64")
        assert not await sharing.may_pass(world, token, download, "192.0.0.7")
        assert not await sharing.may_pass(world, token, download, "198.51.100.1")
        assert await letters(desk) == ["link_paused"]
        paused = await desk.downloads.one("m1", download.id)
        assert desk.downloads.grants.link(paused) is None
        desk.now += 1000
        renewed = await desk.downloads.renew("m1", download.id)
        fresh = desk.downloads.grants.link(renewed) or ""
        assert await sharing.may_pass(world, fresh, renewed, "198.51.100.1")
        assert not await sharing.may_pass(world, token, renewed, "198.51.100.1")

    at_desk(store, shelf, tmp_path, visit)


def test_where_a_link_was_used_is_kept_under_a_hash_and_forgotten_with_it(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    async def visit(desk: Desk) -> None:
        world = desk.downloads.world
        download = await desk.downloads.ask("m1", FILM)
        await sharing.may_pass(world, desk.downloads.grants.link(download) or "", download, "192.0.2.7")

        async def networks() -> list[str]:
            async with world.database.read() as c:
                return list((await c.execute(select(link_networks.c.network))).scalars())

        [kept] = await networks()
        assert "192" not in kept or len(kept) == 32
        desk.now = NOON + LIFE_MS + GRACE_S * 1000 - 1000
        await housekeeping.tidy(world)
        assert await networks() == [kept]
        desk.now += 1000
        await housekeeping.tidy(world)
        assert await networks() == []

    at_desk(store, shelf, tmp_path, visit)


@pytest.mark.parametrize(
    ("why", "token"), [("altered", "k1.1790000000.aa.bbbbbbbbbbbbbbbbbbbbbb"), ("expired", ""), ("revoked", "")]
)
def test_the_log_is_told_why_a_link_opened_nothing(
    store: Store, shelf: Shelf, tmp_path: Path, why: str, token: str
) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        link = token or desk.downloads.grants.link(download) or ""
        if why == "revoked":
            assert await sharing.revoke_all(desk.downloads.world, "m1") == 1
            assert not await desk.opens(link)
        else:
            desk.now += LIFE_MS
        assert await sharing.why_refused(desk.downloads.world, link, download.filename) == why

    at_desk(store, shelf, tmp_path, visit)


def test_a_paused_link_opens_nothing_over_http_not_even_the_rest_of_a_file(shelf: Shelf, tmp_path: Path) -> None:
    with served(shelf, tmp_path) as house:
        member = house.member("nina")
        asked = member.ask("POST", "/api/downloads", {"interview": SLUG, "lang": "fr", "kind": "film"}).json
        url, stranger = str(asked["url"]).removeprefix(house.origin), house.stranger()
        whole = stranger.ask("GET", url)
        tag = whole.headers["ETag"]
        for n in range(2, 6):
            assert stranger.ask("GET", url, X_Forwarded_For=f"192.0.{n}.1", Range="bytes=9-").status == 206
        assert stranger.ask("GET", url, X_Forwarded_For="192.0.6.1", Range="bytes=9-").status == 404
        assert stranger.ask("GET", url, Range="bytes=9-").status == 404
        assert stranger.ask("HEAD", url).status == 404
        portal, end = Portal(house.origin, shelf.site, house.home / "mail", shelf.media), time.monotonic() + 20
        while "Un lien de téléchargement a été suspendu" not in [
            m["Subject"] for m in portal.letters("nina@example.org")
        ]:
            assert time.monotonic() < end
            time.sleep(0.05)
        # Links are told apart by the second in which they end.
        while (fresh := str(member.ask("POST", f"/api/downloads/{asked['id']}/link", {}).json["url"])) == asked["url"]:
            assert time.monotonic() < end
            time.sleep(0.05)
        fresh = fresh.removeprefix(house.origin)
        rest = stranger.ask("GET", fresh, Range="bytes=9-", If_Range=tag)
        assert (rest.status, rest.body) == (206, whole.body[9:])
