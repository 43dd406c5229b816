"""The cutting room, on a real film: once for everyone, members in turn, nothing half-made."""

import asyncio
import os
from pathlib import Path

import pytest

from edge_api.downloads.clip_order import ClipOrder
from edge_api.downloads.clips import CuttingRoom, Failed, Full, Made, Outcome
from footage.reading.indexing import read_index
from tests.edge_api.downloads.room import done, in_room
from tests.edge_api.shelf import Shelf


def test_two_hundred_who_ask_for_one_clip_wait_for_one_encoder(shelf: Shelf, tmp_path: Path) -> None:
    shares: set[float] = set()

    async def visit(room: CuttingRoom) -> None:
        jobs = {room.ask(shelf.order(), f"member {number % 50}") for number in range(200)}
        assert len(jobs) == 1
        await done(*jobs)

    heard = in_room(shelf, tmp_path, visit, hands=2, told=shares.add)
    clip = tmp_path / f"{shelf.order().key}.mp4"
    assert heard == [(shelf.order().key, Made(clip.stat().st_size))]
    assert read_index(clip).frames == 25
    assert len(shares) > 2
    assert max(shares) == 1.0
    assert [path.name for path in tmp_path.iterdir()] == [clip.name]


def test_a_clip_that_stands_is_not_made_again(shelf: Shelf, tmp_path: Path) -> None:
    order = shelf.order(0, 10)
    standing = tmp_path / f"{order.key}.mp4"
    standing.write_bytes(b"made by another process")

    async def visit(room: CuttingRoom) -> None:
        await done(room.ask(order, "a"))

    assert in_room(shelf, tmp_path, visit) == [(order.key, Made(23))]
    assert standing.read_bytes() == b"made by another process"


def test_a_member_who_asks_for_much_does_not_make_others_wait(shelf: Shelf, tmp_path: Path) -> None:
    greedy = [shelf.order(number, number + 2) for number in range(3)]
    modest = shelf.order(40, 42)

    async def visit(room: CuttingRoom) -> None:
        await done(*[room.ask(order, "greedy") for order in greedy], room.ask(modest, "modest"))

    heard = [key for key, _ in in_room(shelf, tmp_path, visit)]
    assert heard.index(modest.key) == 1


def test_a_clip_that_two_members_want_is_made_at_the_first_turn_of_either(shelf: Shelf, tmp_path: Path) -> None:
    greedy = [shelf.order(number, number + 2) for number in range(4)]
    wanted = greedy[-1]

    async def visit(room: CuttingRoom) -> None:
        await done(*[room.ask(order, "greedy") for order in greedy], room.ask(wanted, "modest"))

    heard = [key for key, _ in in_room(shelf, tmp_path, visit)]
    assert heard.index(wanted.key) == 1
    assert len(heard) == 4


def test_a_film_that_is_not_there_fails_with_a_code_and_can_be_asked_again(shelf: Shelf, tmp_path: Path) -> None:
    gone = shelf.order(master="gone-2026")

    async def visit(room: CuttingRoom) -> None:
        await done(room.ask(gone, "a"))
        await done(room.ask(gone, "a"))
        await done(room.ask(shelf.order(0, 3), "a"))

    heard = in_room(shelf, tmp_path, visit)
    assert heard[:2] == [(gone.key, Failed("unknown_master"))] * 2
    assert isinstance(heard[2][1], Made)


def test_closing_the_room_stops_the_encoder_and_leaves_nothing_behind(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(room: CuttingRoom) -> None:
        job = room.ask(shelf.order(0, 75), "a")
        while job.state == "queued":
            await job.news.wait()

    assert in_room(shelf, tmp_path, visit) == []
    assert list(tmp_path.iterdir()) == []


def test_a_room_closes_even_while_somebody_gives_up_a_clip(shelf: Shelf, tmp_path: Path) -> None:
    async def visit(room: CuttingRoom) -> None:
        job = room.ask(shelf.order(0, 75), "a")
        while job.state == "queued":
            await job.news.wait()
        # In this order both ask the same encoder to end, and only one of the two ends the room.
        async with asyncio.timeout(5):
            await asyncio.gather(room.cancel(shelf.order(0, 75).key), room.close())

    assert in_room(shelf, tmp_path, visit) == []


def test_the_room_refuses_more_than_it_can_hold(shelf: Shelf, tmp_path: Path) -> None:
    """Requirement 43."""

    async def hear(key: str, outcome: Outcome) -> None: ...

    async def day() -> None:
        room = CuttingRoom(shelf.workshop(tmp_path).make, hear)  # never opened: nothing is made, everything waits
        for number in range(20):
            room.check_room("greedy")
            room.ask(shelf.order(number, number + 1), "greedy")
        with pytest.raises(Full) as full:
            room.check_room("greedy")
        assert full.value.mine
        for number in range(180):
            room.ask(shelf.order(0, 30, title=f"{number}"), f"member {number}")
        with pytest.raises(Full) as full:
            room.check_room("somebody else")
        assert not full.value.mine

    asyncio.run(day())


def test_what_a_killed_encoder_left_is_swept_and_what_is_being_written_is_not(shelf: Shelf, tmp_path: Path) -> None:
    now_ms = 1_800_000_000_000
    for name, age_s in ((".a.x.part", 4000), (".b.y.part", 60), ("c.mp4", 4000)):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (now_ms / 1000 - age_s,) * 2)
    shelf.workshop(tmp_path).stock.sweep(now_ms)
    assert {path.name for path in tmp_path.iterdir()} == {".b.y.part", "c.mp4"}


def test_whatever_changes_the_bytes_changes_the_name(shelf: Shelf) -> None:
    orders: list[ClipOrder] = [shelf.order(), shelf.order(6), shelf.order(5, 31), shelf.order(title="Autre")]
    assert len({order.key for order in orders}) == len(orders)
    assert shelf.order().key == orders[0].key
