"""Text goes over the wire compressed, when it may."""

import gzip
import os
from collections.abc import Callable, Iterator

import brotli
import pytest
from starlette.datastructures import Headers

from edge_api.endpoints.compressing import wanted
from tests.edge_api.served import House, served
from tests.edge_api.shelf import make_shelf

LONG = "<!doctype html><title>Entretien</title>" + "<p>On n’était jamais seul : il y avait le bruit.</p>" * 400


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    shelf = make_shelf(tmp_path_factory.mktemp("shelf"))
    (shelf.site / "long.html").write_text(LONG, encoding="utf-8")
    (shelf.site / "short.html").write_text("<p>court</p>", encoding="utf-8")
    with served(shelf, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.mark.parametrize(
    ("accepted", "way", "read"),
    [("br;q=0, gzip", "gzip", gzip.decompress), ("gzip, deflate, br", "br", brotli.decompress)],
)
def test_a_long_page_is_compressed_for_who_reads_it_so_and_stays_the_same_page(
    house: House, accepted: str, way: str, read: Callable[[bytes], bytes]
) -> None:
    reader = house.stranger()
    plain = reader.ask("GET", "/long.html")
    small = reader.ask("GET", "/long.html", Accept_Encoding=accepted)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == way
    assert len(small.body) < len(plain.body) / 5
    assert read(small.body) == plain.body == LONG.encode()
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["ETag"] != small.headers["ETag"], "two forms are two entities"
    assert small.headers["Content-Security-Policy"] == plain.headers["Content-Security-Policy"]
    again = reader.ask("GET", "/long.html", Accept_Encoding=accepted, If_None_Match=small.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


def test_captions_of_both_kinds_are_compressed(house: House) -> None:
    for name in ("captions.vtt", "captions.srt"):
        (house.shelf.site / name).write_text(LONG, encoding="utf-8")
        assert house.stranger().ask("GET", f"/{name}", Accept_Encoding="br").headers["Content-Encoding"] == "br", name


def test_what_the_build_compressed_is_sent_unless_it_is_older_than_its_file(house: House) -> None:
    reader, page = house.stranger(), house.shelf.site / "laid.html"
    page.write_text(LONG, encoding="utf-8")
    twin = page.with_name("laid.html.gz")
    twin.write_bytes(gzip.compress(LONG.encode() + b"<!-- laid -->"))
    os.utime(twin, ns=(1, page.stat().st_mtime_ns))
    assert gzip.decompress(reader.ask("GET", "/laid.html", Accept_Encoding="gzip").body).endswith(b"<!-- laid -->")
    os.utime(page, ns=(1, twin.stat().st_mtime_ns + 1))
    assert gzip.decompress(reader.ask("GET", "/laid.html", Accept_Encoding="gzip").body) == LONG.encode()


def test_parts_and_short_files_go_as_they_lie(house: House) -> None:
    reader = house.stranger()
    part = reader.ask("GET", "/long.html", Accept_Encoding="gzip", Range="bytes=0-14")
    assert (part.status, part.body) == (206, b"<!doctype html>")
    assert "Content-Encoding" not in part.headers
    assert "Content-Encoding" not in reader.ask("GET", "/short.html", Accept_Encoding="gzip").headers


def test_what_the_service_says_of_a_person_is_never_compressed(house: House) -> None:
    assert "Content-Encoding" not in house.stranger().ask("GET", "/api/me", Accept_Encoding="gzip").headers


@pytest.mark.parametrize(
    ("accepted", "way"),
    [
        ("gzip", "gzip"),
        ("br, GZIP;q=0.5", "br"),
        ("gzip;q=0", ""),
        ("gzip; q=0.0", ""),
        ("br;q=0.000, gzip", "gzip"),
        ("deflate, zstd", ""),
        ("", ""),
    ],
)
def test_only_who_asks_for_it_gets_it(accepted: str, way: str) -> None:
    assert wanted(Headers({"accept-encoding": accepted})) == way
