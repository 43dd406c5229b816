"""Films and clips in an S3-compatible bucket (a real server), served by the edge, and what members are told while the
bucket fails."""

import asyncio
import random
import secrets
import signal
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.bucketing import Server
from edge_api.downloads.bodies import open_file
from edge_api.downloads.clip_order import Papers
from edge_api.downloads.eviction import QUIET_MS
from edge_api.downloads.seals import Sealer
from edge_api.downloads.workshop import Workshop
from edge_api.keeping.doctoring import problems
from edge_api.keys import make_keys
from edge_api.settings import Settings
from footage.clips.sealing import found
from footage.places.bucket import Bucket
from footage.reading.indexing import read_index
from tests.bucket import Line, line_to
from tests.credentials import credentials
from tests.edge_api.databases import Sqlite
from tests.edge_api.downloads.asking import clip, film, ready
from tests.edge_api.downloads.bucketed import Standing, house_on, names
from tests.edge_api.served import House
from tests.edge_api.shelf import FRAMES, SLUG, Shelf


@pytest.fixture(scope="module")
def house(
    shelf: Shelf, bucket_server: Server, bucket_media: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Line, Bucket]]:
    """One for all tests that leave it as it was: the edge sends the bytes."""
    with house_on(shelf, bucket_server, bucket_media, tmp_path_factory.mktemp("sent")) as found:
        yield found


def test_a_clip_is_read_out_of_its_master_in_the_bucket_in_any_part(house: Standing, tmp_path: Path) -> None:
    edge, line, place = house
    someone = edge.member("lectrice")
    told = ready(someone, clip(someone, 400, 2400).json)
    assert told["state"] == "ready"
    [kept] = [each for each in place.kept() if ".kept." in each.name]
    whole = someone.ask("GET", told["url"])
    assert (whole.status, len(whole.body)) == (200, told["bytes"])
    assert kept.size < told["bytes"]
    (tmp_path / "clip.mp4").write_bytes(whole.body)
    assert read_index(tmp_path / "clip.mp4").frames == 50
    tag = whole.headers["ETag"]
    looked = someone.ask("HEAD", told["url"])
    assert (looked.status, looked.headers["ETag"], looked.headers["Content-Length"]) == (200, tag, str(told["bytes"]))
    assert someone.ask("GET", told["url"], If_None_Match=tag).status == 304
    for start in range(0, len(whole.body) - 100, len(whole.body) // 5):
        part = someone.ask("GET", told["url"], Range=f"bytes={start}-{start + 99}", If_Range=tag)
        assert (part.status, part.body) == (206, whole.body[start : start + 100])
    line.heard.clear()
    half = len(whole.body) // 2
    later = someone.ask("GET", told["url"], Range=f"bytes={half}-")
    assert (later.status, later.body) == (206, whole.body[half:])
    assert line.bytes_of("GET /films/edge/media") < len(whole.body) - half + 4000  # and a listing of the version
    assert someone.ask("GET", told["url"], Range=f"bytes={len(whole.body)}-").status == 416


def test_a_film_a_package_and_what_a_page_shows_come_from_the_bucket(house: Standing, shelf: Shelf) -> None:
    edge, _, place = house
    someone = edge.member("archiviste")
    master = (shelf.home / "lampe.mp4").read_bytes()
    whole = film(someone)
    got = someone.ask("GET", str(whole["url"]), Range="bytes=1000-")
    assert (got.status, got.body) == (206, master[1000:])
    told = ready(someone, clip(someone, 0, 2000, package=True).json)
    packed = someone.ask("GET", told["url"]).body
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert any(name.endswith(".mp4") for name in archive.namelist())
    assert any(name.endswith(".parts") for name in names(place))
    packed_film = ready(someone, film(someone, package=True))
    with zipfile.ZipFile(BytesIO(someone.ask("GET", packed_film["url"]).body)) as archive:
        [media] = [name for name in archive.namelist() if name.endswith(".mp4")]
        assert archive.read(media) == master
    captions = clip(someone, 0, 2000, profile="vtt").json
    assert captions["state"] == "ready"
    assert someone.ask("GET", str(captions["url"]), Range="bytes=0-5").body == b"WEBVTT"
    poster = edge.stranger().ask("GET", f"/media/{shelf.sheet.id}/{shelf.sheet.version}/poster.jpg")
    assert (poster.status, poster.body[:3]) == (200, b"\xff\xd8\xff")
    assert edge.stranger().ask("GET", f"/media/{shelf.sheet.id}/{shelf.sheet.version}/index.json").status == 404


@pytest.mark.parametrize("fault", ["500", "reset"])
def test_while_the_bucket_fails_a_member_is_told_and_the_next_try_works(
    house: Standing, shelf: Shelf, fault: str
) -> None:
    edge, line, _ = house
    someone = edge.member(f"patiente-{fault}")
    told = ready(someone, clip(someone, 80, 1200).json)
    with line.failing(fault):
        link = someone.ask("GET", told["url"], Accept="text/html")
        assert (link.status, link.headers["Retry-After"]) == (503, "30")
        assert "ne répond pas" in link.body.decode()
        assert someone.ask("GET", told["url"]).json == {"code": "storage_away"}
        assert clip(someone, 0, 1000, profile="wav").json == {"code": "storage_away"}
        state = someone.ask("GET", f"/api/downloads/{told['id']}").json
        assert (state["state"], state["reason"], "url" in state) == ("failed", "storage_away", False)
        page = someone.ask("GET", f"/downloads/{told['id']}", Accept="text/html").body.decode()
        assert "Le lieu où nos films sont gardés ne répond pas" in page
        assert edge.stranger().ask("GET", "/readyz").json["media"] == "missing"
    assert someone.ask("GET", told["url"]).status == 200
    assert someone.ask("GET", f"/api/downloads/{told['id']}").json["state"] == "ready"
    assert edge.stranger().ask("GET", "/readyz").json["media"] == "ok"


def test_a_slow_bucket_is_looked_at_once_for_all_who_ask_whether_it_answers(house: Standing) -> None:
    edge, line, _ = house
    line.heard.clear()
    with line.failing("slow"), ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: edge.stranger().ask("GET", "/readyz").json["media"], range(8)))
    assert told == ["ok"] * 8
    assert len([each for each in line.heard if ".answers" in each.first]) in (1, 2)  # one more for who came late


def test_work_that_the_bucket_breaks_is_told_keeps_nothing_and_is_done_when_asked_again(house: Standing) -> None:
    edge, line, place = house
    someone, before = edge.member("obstinee"), names(place)
    for fault, only in (("500", "PUT /films/edge/"), ("reset", "GET /films/edge/media/lampe-2026")):
        with line.failing(fault, only):
            asked = clip(someone, 40, 1800, profile="h264")
            if asked.status == 503:  # the film's index was not known yet
                continue
            told = ready(someone, asked.json)
        assert (told["state"], told["reason"]) == ("failed", "storage_away")
        assert names(place) == before
    again = ready(someone, someone.ask("POST", f"/api/downloads/{told['id']}/link").json)
    assert again["state"] == "ready"
    assert len(someone.ask("GET", again["url"]).body) == again["bytes"]


def test_a_service_that_is_killed_while_it_sends_a_clip_leaves_none_and_makes_it_again(
    shelf: Shelf, bucket_server: Server, bucket_media: str, tmp_path: Path
) -> None:
    home = tmp_path / "killed"
    home.mkdir()
    with house_on(shelf, bucket_server, bucket_media, home) as (edge, line, place):
        someone = edge.member("fidele")
        line.seconds = 30
        with line.failing("silent", "PUT /films/edge/killed"):
            asked = clip(someone, 0, 2000, profile="h264").json
            while not any(each.first.startswith("PUT") for each in line.heard):
                time.sleep(0.01)
            edge.stop(signal.SIGKILL)
        assert names(place) == []
        edge.start()
        told = ready(someone, asked)
        assert len(someone.ask("GET", told["url"]).body) == told["bytes"]


def test_a_slow_bucket_is_waited_for(house: Standing) -> None:
    edge, line, _ = house
    someone = edge.member("calme")
    line.seconds = 0.1
    with line.failing("slow"):
        told = ready(someone, clip(someone, 200, 1000).json)
        assert len(someone.ask("GET", told["url"]).body) == told["bytes"]


def test_a_transfer_that_breaks_in_its_midst_is_broken_and_goes_on_where_it_stopped(
    bucket_server: Server, line: Line
) -> None:
    data, place = random.Random(1).randbytes(1_000_000), Bucket(bucket_server.address("edge/broken", line.port))
    place.write("film.mov", data)
    found = place.find("film.mov")
    assert found is not None

    async def read() -> None:
        pieces = open_file(found).read(0, len(data))
        got = await anext(pieces)
        with line.failing("500"), pytest.raises(OSError, match="does not answer"):
            await anext(pieces)
        later = [piece async for piece in open_file(found).read(len(got), len(data))]
        assert got + b"".join(later) == data

    asyncio.run(read())


def test_a_film_that_vanished_is_told_before_its_link_is_tried_and_is_back_with_it(
    house: Standing, shelf: Shelf, bucket_server: Server
) -> None:
    edge, _, _ = house
    someone = edge.member("inquiete")
    whole, part = film(someone), ready(someone, clip(someone, 0, 1600).json)
    version = Bucket(bucket_server.address(f"edge/media/{shelf.sheet.id}/{shelf.sheet.version}"))
    master = version.read("master.mp4")
    version.remove("master.mp4")
    try:
        for told in (whole, part):
            state = someone.ask("GET", f"/api/downloads/{told['id']}").json
            assert (state["state"], state["reason"], "url" in state) == ("failed", "unknown_master", False)
            assert someone.ask("GET", str(told["url"])).status == 404
        listed = someone.ask("GET", "/api/downloads").json["downloads"]
        assert isinstance(listed, list)
        assert {each["state"] for each in listed} == {"failed"}
        assert clip(someone, 0, 1000).json == {"code": "no_film"}
    finally:
        version.write("master.mp4", master)
    for told in (whole, part):
        assert someone.ask("GET", f"/api/downloads/{told['id']}").json["state"] == "ready"
        assert someone.ask("GET", str(told["url"])).status == 200


def test_a_clip_in_a_bucket_is_sealed_beside_its_file(
    shelf: Shelf, bucket_server: Server, bucket_media: str, tmp_path: Path
) -> None:
    place, media = bucket_server.address("edge/sealed"), bucket_server.address(bucket_media)
    workshop = shelf.workshop(place, keeps=True, media=media, sealer=Sealer(*credentials(tmp_path)))

    async def package() -> bytes:
        edition = await workshop.edition(SLUG, shelf.sheet.id)
        papers = Papers(interview=SLUG, lang="fr", edition=edition, media="clip.mp4")
        order = workshop.marked(msgspec.structs.replace(shelf.order(5, 70), papers=papers))
        await workshop.make(order, lambda share: None)
        body = workshop.stock.open(order)
        return b"".join([piece async for piece in body.read(0, body.size)])

    with zipfile.ZipFile(BytesIO(asyncio.run(package()))) as archive:
        film, seal = archive.read("clip/clip.mp4"), archive.read("clip/clip.c2pa")
    assert found(BytesIO(film), "video/mp4", seal)["validation_state"] == "Valid"


def test_what_was_not_read_for_long_is_thrown_away_and_what_is_being_read_never(
    shelf: Shelf, bucket_server: Server, bucket_media: str, tmp_path: Path
) -> None:
    def again() -> Workshop:
        return shelf.workshop(
            bucket_server.address("edge/evicted"), keeps=True, media=bucket_server.address(bucket_media)
        )

    workshop = again()
    old, new = shelf.order(0, 20), shelf.order(20, FRAMES)

    async def make() -> None:
        for order in (old, new):
            await workshop.make(order, lambda share: None)

    asyncio.run(make())
    made = max(kept.read_ms for kept in workshop.stock.place.kept())
    assert workshop.stock.evict(made, 0, QUIET_MS) == []
    end = time.monotonic() + 60
    while max(kept.read_ms for kept in workshop.stock.place.kept()) == made:  # the server tells whole seconds
        assert time.monotonic() < end, "its reading was never noted"
        body = again().stock.open(new)
    later = made + QUIET_MS + 500
    assert workshop.stock.evict(later, 0, 10 * QUIET_MS) == [old.key]
    assert workshop.stock.size(old) is None
    assert workshop.stock.size(new) == body.size
    assert workshop.stock.evict(later + QUIET_MS, 0, 10 * QUIET_MS) == [new.key]
    assert workshop.stock.place.right_in(".read", "") == []
    asyncio.run(make())
    assert workshop.stock.size(new) == body.size


def test_the_doctor_tells_whether_buckets_can_be_read_and_written(
    tmp_path: Path, sqlite: Sqlite, bucket_server: Server
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "catalogue.json").write_text('{"version":1,"interviews":[]}')
    make_keys(tmp_path / "secrets.json", secrets.token_bytes)

    def told(**changed: Any) -> list[str]:
        given = {
            "database": sqlite.full(tmp_path), "site": tmp_path / "site", "secrets": tmp_path / "secrets.json",
            "media": bucket_server.address("doctor/m"), "clips": bucket_server.address("doctor/c"),
        }  # fmt: skip
        return asyncio.run(problems(Settings(**{**given, **changed})))

    assert told() == []
    assert Bucket(bucket_server.address("doctor/c")).right_in("", "") == []
    [missing] = told(media=bucket_server.address("m").replace("films", "no-such-bucket"))
    assert missing.startswith("DUPLEX_MEDIA: s3://no-such-bucket")
    with line_to(bucket_server) as line, line.failing("500", "PUT"):
        [refused] = told(clips=bucket_server.address("c", line.port))
    assert refused.startswith("DUPLEX_CLIPS: s3://films")
    assert "500" in refused
    [away] = told(media="s3://films?endpoint=http://127.0.0.1:1&timeout=1")
    assert away.startswith("DUPLEX_MEDIA: ")
