"""What goes wrong while a file is made: nothing half is ever served, the member is told, and the next try works."""

import asyncio
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from edge_api.clips import CuttingRoom, Failed, Made
from edge_api.grants import Refused
from edge_api.orders import Order
from footage.reading import read_index
from tests.edge_api.asking import clip, film, ready
from tests.edge_api.databases import Store
from tests.edge_api.desk import Desk, at_desk
from tests.edge_api.room import done, in_room
from tests.edge_api.served import served
from tests.edge_api.shelf import SLUG, Shelf


def workers() -> list[int]:
    """The processes below this one that make clips."""
    return [child for task in Path("/proc/self/task").iterdir() for child in _children(task) if _makes_clips(child)]


def _children(task: Path) -> list[int]:
    with suppress(FileNotFoundError, ProcessLookupError):  # a thread that ended meanwhile
        return [int(child) for child in (task / "children").read_text().split()]
    return []


def _makes_clips(process: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return b"footage.making" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


async def until(so: Callable[[], object]) -> None:
    """Waits until something is so."""
    while True:
        if so():
            return
        await asyncio.sleep(0)


async def begun() -> None:
    """Waits until a worker is there."""
    await until(workers)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def killed(times: int) -> None:
    """Kills workers as soon as they are there, so many times."""
    seen: set[int] = set()
    while len(seen) < times:
        for worker in workers():
            if worker not in seen:
                seen.add(worker)
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
        await asyncio.sleep(0)


def test_a_clip_whose_worker_is_killed_is_made_again(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(room: CuttingRoom) -> None:
        job = room.ask(shelf.order(), "a")
        await asyncio.gather(done(job), killed(1))

    heard = in_room(shelf, tmp_path, visit)
    assert [type(outcome) for _, outcome in heard] == [Made]
    assert [path.name for path in tmp_path.iterdir()] == [f"{shelf.order().key}.mp4"]
    assert read_index(tmp_path / f"{shelf.order().key}.mp4").frames == 25


def test_a_clip_whose_workers_are_all_killed_fails_and_the_next_try_works(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(room: CuttingRoom) -> None:
        await asyncio.gather(done(room.ask(shelf.order(), "a")), killed(2))
        assert names_in(tmp_path) == []
        await done(room.ask(shelf.order(), "a"))

    outcomes = [outcome for _, outcome in in_room(shelf, tmp_path, visit)]
    assert outcomes[0] == Failed("work_killed")
    assert isinstance(outcomes[1], Made)


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """No file grows beyond so many bytes: what the system then says to writers is what a full disk says."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("changed", [{}, {"profile": "wav", "suffix": ".wav"}])
def test_a_full_disk_is_told_and_leaves_nothing_half(shelf: Shelf, tmp_path: Path, changed: dict[str, str]) -> None:
    order = shelf.order(0, 75, **changed)

    async def visit(room: CuttingRoom) -> None:
        with disk_of(20_000):
            await done(room.ask(order, "a"))
        assert names_in(tmp_path) == []
        await done(room.ask(order, "a"))

    outcomes = [outcome for _, outcome in in_room(shelf, tmp_path, visit)]
    assert outcomes[0] == Failed("bad_target")
    assert isinstance(outcomes[1], Made)


def test_a_member_sees_that_the_disk_is_full_and_gets_the_file_when_it_is_not(shelf: Shelf, tmp_path: Path) -> None:
    with served(shelf, tmp_path) as house:
        someone = house.member("lectrice")
        assert house.process is not None
        before = resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, (400_000, before[1]))
        told = ready(someone, film(someone, profile="wav"))
        assert (told["state"], told["reason"]) == ("failed", "bad_target")
        assert "url" not in told
        assert list(house.clips.iterdir()) == []
        page = someone.ask("GET", f"/downloads/{told['id']}", Accept="text/html").body.decode()
        assert "Notre disque est plein" in page
        resource.prlimit(house.process.pid, resource.RLIMIT_FSIZE, before)
        again = ready(someone, someone.ask("POST", f"/api/downloads/{told['id']}/link").json)
        assert again["state"] == "ready"
        assert len(someone.ask("GET", str(again["url"])).body) == again["bytes"] > 400_000


def test_a_film_that_vanished_is_told_and_is_there_again_when_it_returns(shelf: Shelf, tmp_path: Path) -> None:
    version = shelf.media / shelf.sheet.id / shelf.sheet.version
    away = shelf.home / "away"
    with served(shelf, tmp_path) as house:
        someone = house.member("lectrice")
        whole, part = str(film(someone)["url"]), ready(someone, clip(someone).json)
        version.rename(away)
        try:
            assert someone.ask("GET", whole).status == 404
            assert someone.ask("GET", part["url"]).status == 404
            told = someone.ask("GET", f"/api/downloads/{part['id']}").json
            assert (told["state"], told["reason"], "url" in told) == ("failed", "unknown_master", False)
            page = someone.ask("GET", f"/downloads/{part['id']}", Accept="text/html").body.decode()
            assert "Le film n’est pas disponible en ce moment" in page
            refused = clip(someone)
            assert (refused.status, refused.json["code"]) == (404, "no_film")
        finally:
            away.rename(version)
        assert someone.ask("GET", whole).status == 200
        assert someone.ask("GET", f"/api/downloads/{part['id']}").json["url"] == part["url"]
        assert ready(someone, clip(someone).json)["state"] == "ready"


def test_what_was_thrown_away_by_hand_has_no_link_until_it_is_made_again(shelf: Shelf, tmp_path: Path) -> None:
    with served(shelf, tmp_path) as house:
        someone = house.member("lectrice")
        part = ready(someone, clip(someone).json)
        for path in house.clips.iterdir():
            path.unlink()
        told = someone.ask("GET", f"/api/downloads/{part['id']}").json
        assert (told["state"], "url" in told) == ("ready", False)
        again = ready(someone, someone.ask("POST", f"/api/downloads/{part['id']}/link").json)
        assert len(someone.ask("GET", again["url"]).body) == part["bytes"]


def test_a_film_that_vanishes_while_its_clip_waits_fails_with_its_reason(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    master = shelf.store.master(shelf.sheet.id, shelf.sheet.version)
    away = shelf.home / "away.mp4"

    async def visit(desk: Desk) -> None:
        asked = await desk.downloads.ask("m1", Order(interview=SLUG, lang="fr", kind="clip", in_ms=0, out_ms=400))
        master.rename(away)
        try:
            told = await desk.settled(asked)
        finally:
            away.rename(master)
        assert told.state == "failed"
        assert told.reason in ("unknown_master", "unreadable_file")  # before its worker opened the film, or after
        assert (await desk.settled(await desk.downloads.renew("m1", asked.id))).state == "ready"

    at_desk(store, shelf, tmp_path, visit)


def test_what_a_member_gives_up_is_ended_at_once_and_can_be_asked_for_again(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    long = Order(interview=SLUG, lang="fr", kind="film", profile="h264")

    async def visit(desk: Desk) -> None:
        asked = await desk.downloads.ask("m1", long)
        await begun()
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
        mine, theirs = await desk.downloads.ask("m1", long), await desk.downloads.ask("m2", long)
        assert (await desk.downloads.cancel("m1", mine.id)).reason == "cancelled"
        assert (await desk.settled(theirs)).state == "ready"
        # What was given up stays so until it is asked for again.
        assert (await desk.downloads.one("m1", mine.id)).state == "failed"

    at_desk(store, shelf, tmp_path, visit)


def test_what_waits_is_given_up_before_it_begins_and_what_is_ready_stays(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    async def visit(desk: Desk) -> None:
        orders = [Order(interview=SLUG, lang="fr", kind="clip", in_ms=at, out_ms=at + 200) for at in (0, 200, 400)]
        asked = [await desk.downloads.ask("m1", order) for order in orders]
        given_up = await desk.downloads.cancel("m1", asked[2].id)
        assert given_up.reason == "cancelled"
        first = await desk.settled(asked[0])
        assert (await desk.downloads.cancel("m1", first.id)).state == "ready"
        assert (await desk.settled(asked[1])).state == "ready"
        assert len(names_in(tmp_path / "clips")) == 2

    at_desk(store, shelf, tmp_path, visit)


def test_who_asks_for_a_clip_while_it_is_given_up_gets_it(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        for late in range(10):
            order = Order(interview=SLUG, lang="fr", kind="clip", in_ms=40 * late, out_ms=40 * late + 1000)
            mine = await desk.downloads.ask("m1", order)
            job = desk.downloads.room.job(mine.clip or "")
            assert job is not None
            while job.work is None and late % 2:  # given up while it is made, or before its turn
                await job.news.wait()
            giving_up = asyncio.create_task(desk.downloads.cancel("m1", mine.id))
            await until(lambda job=job: job.unwanted)
            for _ in range(late):
                await asyncio.sleep(0)
            theirs, given_up = await desk.downloads.ask("m2", order), await giving_up
            assert given_up.reason == "cancelled"
            theirs = await desk.settled(theirs)
            assert (theirs.state, theirs.reason) == ("ready", None)

    at_desk(store, shelf, tmp_path, visit)


def test_giving_up_a_clip_that_is_being_finished_is_one_or_the_other(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    async def visit(desk: Desk) -> None:
        seen = set()
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
            seen.add(told.state)
            if told.state == "failed":
                assert (told.reason, desk.downloads.grants.link(told)) == ("cancelled", None)
                told = await desk.made("m1", order)
            assert await desk.granted(desk.downloads.grants.link(told) or "", told.filename) != Refused("no file")
            assert (told.state, told.reason) == ("ready", None)
        assert seen <= {"ready", "failed"}

    at_desk(store, shelf, tmp_path, visit)


def test_giving_up_is_for_the_member_alone_and_is_shown(shelf: Shelf, tmp_path: Path) -> None:
    with served(shelf, tmp_path) as house:
        someone, other = house.member("lectrice"), house.member("autre")
        waiting = [film(someone, profile=profile) for profile in ("h264", "wav", "mp3")]
        last = clip(someone, 0, 2960, profile="h264").json
        path = f"/api/downloads/{last['id']}/cancel"
        assert other.ask("POST", path).status == 404
        assert house.stranger().ask("POST", path).status == 401
        led = someone.form(path)
        assert (led.status, led.headers["Location"]) == (303, f"{house.origin}/downloads/{last['id']}")
        told = someone.ask("GET", f"/api/downloads/{last['id']}").json
        if told["state"] == "failed":
            assert told["reason"] == "cancelled"
            page = someone.ask("GET", f"/downloads/{last['id']}", Accept="text/html").body.decode()
            assert "Vous avez arrêté la préparation de ce fichier." in page
        assert [ready(someone, each)["state"] for each in waiting] == ["ready"] * 3
