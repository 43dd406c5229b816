"""With DUPLEX_OFFLOAD=redirect the edge leads to the bucket, which sends films and clips itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.bucketing import Server
from edge_api.downloads.filenames import content_disposition
from footage.places.bucket import Bucket
from footage.reading.indexing import read_index
from tests.bucket import Line, fetched
from tests.edge_api.downloads.asking import clip, film, ready
from tests.edge_api.downloads.bucketed import Standing, house_on, names
from tests.edge_api.served import House, Someone
from tests.edge_api.shelf import Shelf


@pytest.fixture(scope="module")
def leading(
    shelf: Shelf, bucket_server: Server, bucket_media: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Line, Bucket]]:
    """One that leads to the bucket."""
    with house_on(
        shelf, bucket_server, bucket_media, tmp_path_factory.mktemp("led"), DUPLEX_OFFLOAD="redirect"
    ) as found:
        yield found


def followed(someone: Someone, url: object, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """What a browser gets that is led on by the edge, which must lead to the bucket."""
    led = someone.ask("GET", str(url), **headers)
    assert led.status == 302, led
    assert (led.headers["Cache-Control"], led.headers["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    assert led.body == b""
    return fetched(led.headers["Location"], **headers)


def test_with_redirect_the_bucket_sends_films_and_written_clips_under_their_names(
    leading: Standing, shelf: Shelf, tmp_path: Path
) -> None:
    edge, line, place = leading
    someone = edge.member("presse")
    whole, part = film(someone), ready(someone, clip(someone, 400, 2400).json)
    assert not [name for name in names(place) if ".kept." in name]
    for told in (whole, part):
        looked = someone.ask("HEAD", str(told["url"]))
        assert (looked.status, looked.headers["Content-Length"]) == (200, str(told["bytes"]))
        line.heard.clear()
        status, headers, body = followed(someone, told["url"])
        read = [each.first for each in line.heard if each.first.startswith("GET /films/") and each.size > 1000]
        assert len(read) == 1  # by the browser, with the signature that was lent
        assert "X-Amz-Signature" in read[0]
        assert (status, len(body)) == (200, told["bytes"])
        assert headers["Content-Disposition"] == content_disposition(str(told["filename"]))
        assert headers["Content-Type"] == "video/mp4"
        resumed = followed(someone, told["url"], Range="bytes=1000-")
        assert (resumed[0], resumed[2]) == (206, body[1000:])
    (tmp_path / "clip.mp4").write_bytes(body)
    assert read_index(tmp_path / "clip.mp4").frames == 50
    captions = clip(someone, 400, 2400, profile="srt").json
    status, headers, body = followed(someone, captions["url"])
    assert (status, len(body), headers["Content-Type"]) == (
        200, captions["bytes"], "application/x-subrip; charset=utf-8",
    )  # fmt: skip
    package = ready(someone, clip(someone, 400, 2400, package=True).json)
    sent = someone.ask("GET", package["url"])
    assert (sent.status, len(sent.body)) == (200, package["bytes"])


def test_with_redirect_a_link_that_was_taken_back_leads_nowhere(leading: Standing) -> None:
    edge, _, _ = leading
    someone = edge.member("renvoyee")
    url = film(someone)["url"]
    assert followed(someone, url)[0] == 200
    fields = {"password": "Marée-haute_2047"}
    assert someone.ask("POST", "/api/me/delete", fields).status in (200, 204)
    assert edge.stranger().ask("GET", str(url)).status == 404
