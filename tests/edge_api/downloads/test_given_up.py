"""A member gives up a file: its work ends at once unless somebody else waits for it, and it can be asked for again."""

import asyncio
from pathlib import Path

from edge_api.downloads.grants import Refused
from edge_api.downloads.orders import Order
from tests.edge_api.databases import Store
from tests.edge_api.desk import Desk, at_desk
from tests.edge_api.downloads.asking import film, ready
from tests.edge_api.downloads.encoders import begun, go_on, names_in, until, workers
from tests.edge_api.served import served
from tests.edge_api.shelf import SLUG, Shelf


def test_what_a_member_gives_up_is_ended_at_once_and_can_be_asked_for_again(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    long = Order(interview=SLUG, lang="fr", kind="film", profile="h264")

    async def visit(desk: Desk) -> None:
        asked = await desk.begun("m1", long)
        given_up = await desk.downloads.cancel("m1", asked.id)
        assert (given_up.state, given_up.reason) == ("failed", "cancelled")
        assert workers() == []
        assert names_in(tmp_path / "clips") == []
        assert desk.downloads.room.job(asked.clip or "") is None
        assert (await desk.settled(await desk.downloads.renew("m1", asked.id))).state == "ready"

    at_desk(store, shelf, tmp_path, visit)


def test_what_another_member_waits_for_is_not_ended(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    long = Order(interview=SLUG, lang="fr", kind="film", profile="h264")

    async def visit(desk: Desk) -> None:
        mine, theirs = await desk.begun("m1", long), await desk.downloads.ask("m2", long)
        assert (await desk.downloads.cancel("m1", mine.id)).reason == "cancelled"
        go_on()
        assert (await desk.settled(theirs)).state == "ready"
        # What was given up stays so until it is asked for again.
        assert (await desk.downloads.one("m1", mine.id)).state == "failed"

    at_desk(store, shelf, tmp_path, visit)


def test_what_waits_is_given_up_before_it_begins_and_what_is_ready_stays(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    async def visit(desk: Desk) -> None:
        orders = [Order(interview=SLUG, lang="fr", kind="clip", in_ms=at, out_ms=at + 200) for at in (0, 200, 400)]
        asked = [await desk.begun("m1", orders[0])]
        asked += [await desk.downloads.ask("m1", order) for order in orders[1:]]
        given_up = await desk.downloads.cancel("m1", asked[2].id)
        assert given_up.reason == "cancelled"
        go_on()
        first = await desk.settled(asked[0])
        assert (await desk.downloads.cancel("m1", first.id)).state == "ready"
        assert (await desk.settled(asked[1])).state == "ready"
        assert len(names_in(tmp_path / "clips")) == 2

    at_desk(store, shelf, tmp_path, visit)


def test_who_asks_for_a_clip_while_it_is_given_up_gets_it(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        long = Order(interview=SLUG, lang="fr", kind="film", profile="h264")
        for late in range(6):
            order = Order(interview=SLUG, lang="fr", kind="clip", in_ms=40 * late, out_ms=40 * late + 1000)
            if late % 2:  # given up while it is made, or before its turn
                busy, mine = None, await desk.begun("m1", order)
            else:
                busy = await desk.begun("m2", long)
                mine = await desk.downloads.ask("m1", order)
            job = desk.downloads.room.job(mine.clip or "")
            assert job is not None
            giving_up = asyncio.create_task(desk.downloads.cancel("m1", mine.id))
            await until(lambda job=job: job.unwanted)
            for _ in range(late):
                await asyncio.sleep(0)
            theirs, given_up = await desk.downloads.ask("m2", order), await giving_up
            assert given_up.reason == "cancelled"
            go_on()
            if busy is not None:
                await desk.downloads.cancel("m2", busy.id)
            theirs = await desk.settled(theirs)
            assert (theirs.state, theirs.reason) == ("ready", None)

    at_desk(store, shelf, tmp_path, visit)


def test_giving_up_a_clip_that_is_being_finished_is_one_or_the_other(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    async def visit(desk: Desk) -> None:
        for late in range(12):
            order = Order(interview=SLUG, lang="fr", kind="clip", in_ms=40 * late, out_ms=40 * late + 400)
            asked = await desk.downloads.ask("m1", order)
            job = desk.downloads.room.job(asked.clip or "")
            assert job is not None
            await until(lambda job=job: job.work is not None and job.work.done())
            for _ in range(late):  # a little later each time: made, told to the database, told to who waits
                await asyncio.sleep(0)
            told = await desk.downloads.cancel("m1", asked.id)
            assert told == await desk.settled(told)
            if told.state == "failed":
                assert (told.reason, desk.downloads.grants.link(told)) == ("cancelled", None)
                told = await desk.made("m1", order)
            assert await desk.granted(desk.downloads.grants.link(told) or "", told.filename) != Refused("no file")
            assert (told.state, told.reason) == ("ready", None)

    at_desk(store, shelf, tmp_path, visit)


def test_giving_up_is_for_the_member_alone_and_is_shown(shelf: Shelf, tmp_path: Path) -> None:
    with served(shelf, tmp_path) as house:
        someone, other = house.member("lectrice"), house.member("autre")
        last = begun(someone, house, profile="h264")
        waiting = [film(someone, profile=profile) for profile in ("wav", "mp3")]
        path = f"/api/downloads/{last['id']}/cancel"
        assert other.ask("POST", path).status == 404
        assert house.stranger().ask("POST", path).status == 401
        led = someone.form(path)
        assert (led.status, led.headers["Location"]) == (303, f"{house.origin}/downloads/{last['id']}")
        told = someone.ask("GET", f"/api/downloads/{last['id']}").json
        assert (told["state"], told["reason"]) == ("failed", "cancelled")
        page = someone.ask("GET", f"/downloads/{last['id']}", Accept="text/html").body.decode()
        assert "Vous avez arrêté la préparation de ce fichier." in page
        assert [ready(someone, each)["state"] for each in waiting] == ["ready"] * 2
