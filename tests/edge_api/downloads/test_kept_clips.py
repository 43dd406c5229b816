"""Clips that are never written: read out of their master by their links, the same bytes as when they are written."""

import asyncio
import os
from pathlib import Path

import pytest

from edge_api.downloads.grants import Granted
from edge_api.downloads.orders import Order
from edge_api.downloads.workshop import Workshop
from footage.reading.indexing import read_index
from tests.edge_api.databases import Sqlite
from tests.edge_api.desk import Desk, at_desk
from tests.edge_api.downloads.asking import clip, ready
from tests.edge_api.served import served
from tests.edge_api.shelf import SLUG, Shelf


def test_a_clip_is_read_out_of_its_master_in_any_part(shelf: Shelf, tmp_path: Path) -> None:
    with served(shelf, tmp_path) as house:
        someone = house.member("lectrice")
        told = ready(someone, clip(someone, 400, 2400).json)
        whole = someone.ask("GET", told["url"]).body
        (tmp_path / "clip.mp4").write_bytes(whole)
        assert read_index(tmp_path / "clip.mp4").frames == 50
        [kept] = list(house.clips.iterdir())
        assert kept.stat().st_size < len(whole)
        half = len(whole) // 2
        later = someone.ask("GET", told["url"], Range=f"bytes={half}-")
        assert (later.status, later.body) == (206, whole[half:])
        for start in range(0, len(whole) - 100, len(whole) // 7):
            part = someone.ask("GET", told["url"], Range=f"bytes={start}-{start + 99}")
            assert part.body == whole[start : start + 100]


def test_written_and_read_out_of_the_master_a_clip_has_the_same_bytes(shelf: Shelf, tmp_path: Path) -> None:
    bodies = []
    for keeps in (False, True):
        workshop = shelf.workshop(tmp_path / str(keeps), keeps=keeps)

        async def read(workshop: Workshop = workshop) -> bytes:
            await workshop.make(shelf.order(7, 61), lambda share: None)
            body = workshop.stock.open(shelf.order(7, 61))
            return b"".join([piece async for piece in body.read(0, body.size)])

        bodies.append(asyncio.run(read()))
        assert (workshop.stock.sendable(shelf.order(7, 61)) is None) is keeps
    assert bodies[0] == bodies[1]


def test_a_kept_clip_is_gone_with_its_master_and_back_with_it(shelf: Shelf, tmp_path: Path) -> None:
    workshop = shelf.workshop(tmp_path, keeps=True)
    order = shelf.order(0, 40)
    size = asyncio.run(workshop.make(order, lambda share: None))
    master = shelf.store.master(shelf.sheet.id, shelf.sheet.version)
    away = master.rename(shelf.home / "away.mp4")
    try:
        assert workshop.stock.size(order) is None
        with pytest.raises(FileNotFoundError):
            workshop.stock.open(order)
    finally:
        away.rename(master)
    assert workshop.stock.size(order) == size


def test_a_master_that_was_cut_short_serves_no_half_clip(shelf: Shelf, tmp_path: Path) -> None:
    workshop = shelf.workshop(tmp_path, keeps=True)
    order = shelf.order(20, 75)
    asyncio.run(workshop.make(order, lambda share: None))
    master = shelf.store.master(shelf.sheet.id, shelf.sheet.version)
    whole = master.read_bytes()
    before = master.stat()
    master.write_bytes(whole[: len(whole) // 2])
    try:
        assert workshop.stock.size(order) is None
    finally:
        master.write_bytes(whole)
        os.utime(master, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_where_nginx_sends_the_bytes_clips_are_written_and_packages_are_sent_by_the_edge(
    sqlite: Sqlite, shelf: Shelf, tmp_path: Path
) -> None:
    async def visit(desk: Desk) -> None:
        for package in (False, True):
            order = Order(interview=SLUG, lang="fr", kind="clip", in_ms=400, out_ms=2400, package=package)
            download = await desk.made("m1", order)
            token = desk.downloads.grants.link(download) or ""
            granted = await desk.granted(token, download.filename)
            assert isinstance(granted, Granted)
            assert (granted.whole() is None) is package
            body = granted.open()
            assert len(b"".join([piece async for piece in body.read(0, body.size)])) == download.bytes

    at_desk(sqlite, shelf, tmp_path, visit, DUPLEX_OFFLOAD="nginx:/internal")
    assert [".kept" in path.name for path in (tmp_path / "clips").glob("*.mp4")] == [False]
