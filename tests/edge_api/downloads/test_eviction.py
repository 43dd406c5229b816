"""Made files are thrown away by size and age, never while somebody reads them; and made again when asked for."""

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from edge_api.downloads.desk import Downloads
from edge_api.downloads.eviction import QUIET_MS, evicted
from edge_api.downloads.grants import Granted
from edge_api.downloads.orders import Order
from edge_api.downloads.schema import Download
from edge_api.downloads.upkeep import tidy
from footage.places.folder import Folder, Kept
from tests.edge_api.databases import Store
from tests.edge_api.desk import NOON, Desk, at_desk
from tests.edge_api.shelf import SLUG, Shelf

DAY = 24 * 3600 * 1000
KEPT = st.builds(Kept, st.integers(0, 50).map(str), st.integers(0, 100), st.integers(NOON - 9 * DAY, NOON))


def clip(in_ms: int, out_ms: int, *, package: bool = False) -> Order:
    return Order(interview=SLUG, lang="fr", kind="clip", in_ms=in_ms, out_ms=out_ms, package=package)


@given(st.lists(KEPT, max_size=20, unique_by=lambda kept: kept.name), st.integers(0, 500), st.integers(1, 9 * DAY))
def test_what_stays_is_small_and_young_or_was_just_read(files: list[Kept], most: int, age: int) -> None:
    gone = evicted(files, NOON, most_bytes=most, most_age_ms=age)
    stay = [kept for kept in files if kept not in gone]
    assert not [kept for kept in gone if kept.read_ms > NOON - QUIET_MS]
    quiet = [kept for kept in stay if kept.read_ms <= NOON - QUIET_MS]
    assert not [kept for kept in quiet if kept.read_ms < NOON - age]
    assert not quiet or sum(kept.size for kept in stay) <= most
    # What went for its size was unread for longer than everything that stays.
    for kept in gone:
        if kept.read_ms >= NOON - age:
            assert all(kept.read_ms <= other.read_ms for other in quiet)


def read_at(path: Path, ms: int) -> None:
    os.utime(path, (ms / 1000, ms / 1000))


def file_of(downloads: Downloads, download: Download) -> Path:
    """What was made for a download: one file under the name of its content."""
    assert isinstance(downloads.stock.place, Folder)
    [path] = downloads.stock.place.path.glob(f"{download.clip}.*")
    return path


async def bytes_of(downloads: Downloads, download: Download) -> bytes:
    """What a member gets."""
    assert download.order is not None
    body = downloads.stock.open(download.order)
    return b"".join([piece async for piece in body.read(0, body.size)])


def test_what_is_too_much_goes_unless_just_read_and_is_made_again(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        old, new = await desk.made("m1", clip(0, 400)), await desk.made("m1", clip(400, 800))
        before = await bytes_of(desk.downloads, old)
        kept = file_of(desk.downloads, new).name
        token = desk.downloads.grants.link(old)
        read_at(file_of(desk.downloads, old), NOON - 2 * DAY)
        read_at(file_of(desk.downloads, new), NOON)
        assert await tidy(desk.downloads) == 1
        assert [path.name for path in (tmp_path / "clips").iterdir()] == [kept]
        old = await desk.downloads.one("m1", old.id)
        assert desk.downloads.grants.link(old) is None
        assert not await desk.opens(token)
        again = await desk.settled(await desk.downloads.renew("m1", old.id))
        assert again.state == "ready"
        assert await bytes_of(desk.downloads, again) == before

    at_desk(store, shelf, tmp_path, visit, DUPLEX_CLIPS_BYTES="1")


def test_what_nobody_read_for_long_goes_even_when_there_is_room(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.made("m1", clip(0, 400))
        read_at(file_of(desk.downloads, download), NOON - 2 * DAY)
        assert await tidy(desk.downloads) == 0
        desk.now += 5 * DAY
        assert await tidy(desk.downloads) == 1

    at_desk(store, shelf, tmp_path, visit, DUPLEX_CLIPS_DAYS="6")


def test_a_file_that_is_being_read_stays_and_is_read_to_its_end(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        download = await desk.made("m1", clip(0, 2000))
        path = file_of(desk.downloads, download)
        read_at(path, NOON - 2 * DAY)
        granted = await desk.granted(desk.downloads.grants.link(download) or "", download.filename)
        assert isinstance(granted, Granted)
        body = granted.open()
        desk.now = path.stat().st_atime_ns // 1_000_000 + 1000
        assert await tidy(desk.downloads) == 0
        assert path.stat().st_mtime < NOON / 1000 - 3600  # what is told to the asker has not changed
        path.unlink()
        read = b"".join([piece async for piece in body.read(0, body.size)])
        assert len(read) == download.bytes

    at_desk(store, shelf, tmp_path, visit, DUPLEX_CLIPS_BYTES="1")


def test_a_package_goes_with_its_media(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        package = await desk.made("m1", clip(0, 400, package=True))
        media = next((tmp_path / "clips").glob("*.mp4"))
        read_at(media, NOON - 9 * DAY)
        assert await tidy(desk.downloads) == 2
        assert list((tmp_path / "clips").iterdir()) == []
        assert desk.downloads.grants.link(await desk.downloads.one("m1", package.id)) is None
        assert (await desk.settled(await desk.downloads.renew("m1", package.id))).bytes == package.bytes

    at_desk(store, shelf, tmp_path, visit, DUPLEX_CLIPS_DAYS="6")
