"""A link that is passed around is noticed and paused, its owner is told, and a fresh one goes on with the same file."""

import time
from pathlib import Path

from sqlalchemy import delete, select

from edge_api.downloads import sharing
from edge_api.downloads.grants import Granted, Refused
from edge_api.downloads.links import GRACE_S, LIFE_MS
from edge_api.downloads.orders import Order
from edge_api.downloads.sharing_schema import link_networks
from edge_api.keeping import housekeeping
from edge_api.schema import outbox, users
from tests.edge_api.databases import Store
from tests.edge_api.desk import NOON, Desk, at_desk
from tests.edge_api.served import served
from tests.edge_api.shelf import SLUG, Shelf, entry, write_site
from tests.site.portal import Portal

FILM = Order(interview=SLUG, lang="fr", kind="film")


async def letters(desk: Desk) -> list[str]:
    async with desk.downloads.world.database.read() as c:
        return list((await c.execute(select(outbox.c.letter))).scalars())


def test_the_sixth_network_pauses_a_link_for_all_and_its_owner_gets_one_letter(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.downloads.ask("m1", FILM)
        token = desk.downloads.grants.link(download) or ""

        async def passes(token: str, network: str, *, looks: bool = False) -> bool:
            return isinstance(await desk.granted(token, download.filename, network=network, looks=looks), Granted)

        for n in range(5):
            assert await passes(token, f"192.0.{n}.7")
            # The same network again, and a neighbour in it, are no other network.
            assert await passes(token, f"192.0.{n}.9")
        # A mail program that looks what stands behind a link has taken nothing.
        assert await passes(token, "203.0.113.5", looks=True)
        assert await letters(desk) == []
        assert not await passes(token, "2001:db8:1:2::/64")
        assert not await passes(token, "192.0.0.7")
        assert not await passes(token, "198.51.100.1", looks=True)
        assert await letters(desk) == ["link_paused"]
        paused = await desk.downloads.one("m1", download.id)
        assert desk.downloads.grants.link(paused) is None
        desk.now += 1000
        renewed = await desk.downloads.renew("m1", download.id)
        fresh = desk.downloads.grants.link(renewed) or ""
        assert await passes(fresh, "198.51.100.1")
        assert not await passes(token, "198.51.100.1")

    at_desk(store, shelf, tmp_path, visit)


def test_where_a_link_was_used_is_kept_under_a_hash_and_forgotten_with_it(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    async def visit(desk: Desk) -> None:
        world = desk.downloads.world
        download = await desk.downloads.ask("m1", FILM)
        await desk.granted(desk.downloads.grants.link(download) or "", download.filename)

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


def test_the_log_is_told_why_a_link_opened_nothing(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        async def why(token: str, filename: str = "La lampe d’Émilie.mp4") -> str | None:
            granted = await desk.granted(token, filename)
            return granted.why if isinstance(granted, Refused) else None

        world = desk.downloads.world
        token = desk.downloads.grants.link(await desk.downloads.ask("m1", FILM)) or ""
        assert await why(token) is None
        assert await why(token, "autre.mp4") == "another name"
        assert await why(token[:-1] + ("A" if token[-1] != "A" else "Q")) == "altered"
        write_site(shelf, entry(shelf, film=False))
        assert await why(token) == "film replaced"
        write_site(shelf)
        assert await sharing.revoke_all(world, "m1") == 1
        assert await why(token) == "revoked"
        desk.now += LIFE_MS
        assert await why(token) == "expired"
        fresh = desk.downloads.grants.link(await desk.downloads.ask("m1", FILM)) or ""
        async with world.database.write() as c:
            await c.execute(delete(users).where(users.c.id == "m1"))
        assert await why(fresh) == "account gone"

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
        portal, end = Portal(house.origin, shelf.site, house.home / "mail", shelf.media), time.monotonic() + 120
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
