"""What goes wrong while a file is made: nothing half is ever served, the member is told, and the next try works."""

import asyncio
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from edge_api.downloads.clips import CuttingRoom, Failed, Job, Made
from edge_api.downloads.orders import Order
from footage.reading.indexing import read_index
from tests.edge_api.databases import Store
from tests.edge_api.desk import Desk, at_desk
from tests.edge_api.downloads.asking import clip, film, ready
from tests.edge_api.downloads.encoders import go_on, names_in, workers
from tests.edge_api.downloads.room import done, in_room
from tests.edge_api.served import served
from tests.edge_api.shelf import SLUG, Shelf


async def killed(times: int, job: Job) -> bool:
    """Kills the workers of a clip as soon as they are there, so many times; False when one was quicker."""
    seen: set[int] = set()
    while job.state != "done":
        for worker in workers():
            if worker not in seen and len(seen) < times:
                seen.add(worker)
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
        await asyncio.sleep(0)
    return len(seen) == times


def test_a_clip_whose_worker_is_killed_is_made_again(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(room: CuttingRoom) -> None:
        while not await killed(1, room.ask(shelf.order(), "a")):
            (tmp_path / f"{shelf.order().key}.mp4").unlink()

    heard = in_room(shelf, tmp_path, visit)
    assert {type(outcome) for _, outcome in heard} == {Made}
    assert [path.name for path in tmp_path.iterdir()] == [f"{shelf.order().key}.mp4"]
    assert read_index(tmp_path / f"{shelf.order().key}.mp4").frames == 25


def test_a_clip_whose_workers_are_all_killed_fails_and_the_next_try_works(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(room: CuttingRoom) -> None:
        while not await killed(2, room.ask(shelf.order(), "a")):
            (tmp_path / f"{shelf.order().key}.mp4").unlink()
        assert names_in(tmp_path) == []
        await done(room.ask(shelf.order(), "a"))

    *_, failed, made = [outcome for _, outcome in in_room(shelf, tmp_path, visit)]
    assert failed == Failed("work_killed")
    assert isinstance(made, Made)


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
        # The only hand is busy, so that it surely waits.
        await desk.begun("m2", Order(interview=SLUG, lang="fr", kind="film", profile="h264"))
        asked = await desk.downloads.ask("m1", Order(interview=SLUG, lang="fr", kind="clip", in_ms=0, out_ms=400))
        master.rename(away)
        go_on()
        try:
            told = await desk.settled(asked)
        finally:
            away.rename(master)
        assert (told.state, told.reason) == ("failed", "unknown_master")
        assert (await desk.settled(await desk.downloads.renew("m1", asked.id))).state == "ready"

    at_desk(store, shelf, tmp_path, visit)
