"""Links to downloads over HTTP: ranges and conditions, what opens nothing, and what ends them."""

import http.client
import socket
import sqlite3
import time
from contextlib import closing

import pytest

from edge_api.downloads.links import Link, write_token
from edge_api.keys import read_keys
from tests.edge_api.downloads.asking import clip, film, ready
from tests.edge_api.served import House, Someone
from tests.edge_api.shelf import Shelf, entry, write_site


def test_a_transfer_cut_at_sixty_percent_is_resumed_to_the_same_bytes(running: House, reader: Someone) -> None:
    url = str(film(reader)["url"])
    whole = reader.ask("GET", url)
    size = len(whole.body)
    wire = http.client.HTTPConnection(running.origin.removeprefix("http://"), timeout=60)
    wire.request("GET", url)
    begun = wire.getresponse().read(size * 6 // 10)
    wire.close()
    rest = running.stranger().ask("GET", url, Range=f"bytes={len(begun)}-", If_Range=whole.headers["ETag"])
    assert rest.status == 206
    assert rest.headers["Content-Range"] == f"bytes {len(begun)}-{size - 1}/{size}"
    assert begun + rest.body == whole.body
    changed = reader.ask("GET", url, Range=f"bytes={len(begun)}-", If_Range='"another"')
    assert (changed.status, changed.body) == (200, whole.body)


def test_head_tells_what_get_sends(running: House, reader: Someone) -> None:
    url = str(film(reader)["url"])
    head, get = reader.ask("HEAD", url), reader.ask("GET", url)
    told = {name: value for name, value in get.headers.items() if name != "date"}
    assert head.status == 200
    assert head.body == b""
    assert {name: value for name, value in head.headers.items() if name != "date"} == told
    assert told["Accept-Ranges".lower()] == "bytes"
    assert told["cache-control"] == "private, no-store"
    assert told["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("headers", "status", "length"),
    [
        ({"Range": "bytes=0-99"}, 206, 100),
        ({"Range": "bytes=-500"}, 206, 500),
        ({"Range": "bytes=0-0,5-9"}, 200, None),
        ({"Range": "bytes=9-0"}, 200, None),
        ({"Range": "bytes=99999999-"}, 416, 0),
        ({"If_None_Match": "{etag}"}, 304, 0),
        ({"If_Modified_Since": "{modified}"}, 304, 0),
        ({"If_Match": '"another"'}, 412, 0),
    ],
)
def test_ranges_and_conditions_are_heeded(
    running: House, reader: Someone, headers: dict[str, str], status: int, length: int | None
) -> None:
    url = str(film(reader)["url"])
    whole = reader.ask("GET", url)
    facts = {"etag": whole.headers["ETag"], "modified": whole.headers["Last-Modified"]}
    answer = reader.ask("GET", url, **{name: value.format(**facts) for name, value in headers.items()})
    assert answer.status == status
    assert len(answer.body) == (len(whole.body) if length is None else length)
    if status == 416:
        assert answer.headers["Content-Range"] == f"bytes */{len(whole.body)}"


def test_a_link_altered_in_any_letter_opens_nothing(running: House, reader: Someone) -> None:
    """Requirement 40."""
    url = str(film(reader)["url"])
    _, token, name = url.rsplit("/", 2)
    refusals = set()
    for at, letter in enumerate(token):
        other = "A" if letter != "A" else "B"
        answer = reader.ask("GET", f"/d/{token[:at]}{other}{token[at + 1 :]}/{name}")
        refusals.add((answer.status, answer.body))
    for wrong in (f"/d/{token}/autre.mp4", f"/d/{token}/", f"/d/{token}", f"/d//{name}", f"/d/{token}./{name}"):
        answer = reader.ask("GET", wrong)
        refusals.add((answer.status, answer.body))
    assert refusals == {(404, b'{"code":"not_found"}')}


def test_a_link_needs_no_cookie_and_a_request_needs_an_account(running: House, reader: Someone) -> None:
    url = str(film(reader)["url"])
    stranger = running.stranger()
    assert stranger.ask("HEAD", url).status == 200
    refused = clip(stranger)
    assert (refused.status, refused.json) == (401, {"code": "not_signed_in"})
    assert stranger.ask("GET", "/api/downloads").status == 401


def test_the_events_of_a_download_end_with_the_session(running: House) -> None:
    """Requirement 27: whoever was signed out is told of no link that comes later."""
    member = running.member("ecoute")
    id = film(member)["id"]
    with closing(sqlite3.connect(running.home / "duplex.db", timeout=60)) as hand, hand:
        hand.execute("UPDATE downloads SET state = 'queued', clip = 'never' WHERE id = ?", (id,))
    said = {"Cookie": f"duplex_session={member.cookies['duplex_session']}", "Accept": "text/event-stream"}
    wire = http.client.HTTPConnection(running.origin.removeprefix("http://"), timeout=60)
    wire.request("GET", f"/api/downloads/{id}", headers=said)
    events = wire.getresponse()
    assert events.readline() == b"event: download\n"
    assert member.ask("POST", "/api/sign-out").status == 204
    assert b'"state":"queued"' in events.read()
    wire.close()


def test_a_link_dies_with_the_account(running: House) -> None:
    leaving = running.member("partante")
    url = str(film(leaving)["url"])
    assert leaving.ask("GET", url).status == 200
    assert leaving.ask("POST", "/api/me/delete", {"password": "Marée-haute_2047"}).status in (200, 204)
    assert leaving.ask("GET", url, Range="bytes=100-").status == 404


def test_a_link_dies_when_its_film_leaves_the_catalogue_and_lives_when_it_returns(
    running: House, reader: Someone, shelf: Shelf
) -> None:
    url = str(film(reader)["url"])
    write_site(shelf, entry(shelf, film=False))
    assert reader.ask("GET", url).status == 404
    assert reader.ask("GET", f"/media/{shelf.sheet.id}/{shelf.sheet.version}/poster.jpg").status == 404
    write_site(shelf)
    assert reader.ask("GET", url).status == 200


def test_a_clip_taken_from_the_folder_is_made_again_for_a_fresh_link(running: House, reader: Someone) -> None:
    told = ready(reader, clip(reader, 200, 600).json)
    before = reader.ask("GET", str(told["url"])).body
    newest = max(running.clips.glob("*.mp4"), key=lambda path: path.stat().st_mtime_ns)
    newest.unlink()
    assert reader.ask("GET", str(told["url"])).status == 404
    renewed = reader.ask("POST", f"/api/downloads/{told['id']}/link").json
    assert renewed["state"] != "ready"
    assert reader.ask("GET", str(ready(reader, renewed)["url"])).body == before


def test_a_link_in_its_grace_gives_the_rest_of_a_file_and_not_all_of_it_anew(running: House, reader: Someone) -> None:
    told = film(reader)
    whole = reader.ask("GET", str(told["url"]))
    over = Link(str(told["id"]), int(time.time()) - 60)
    token = write_token(over, *read_keys(running.home / "secrets.json").signing("download"))
    url = f"/d/{token}/{str(told['url']).rpartition('/')[2]}"
    rest = reader.ask("GET", url, Range="bytes=100-", If_Range=whole.headers["ETag"])
    assert (rest.status, rest.body) == (206, whole.body[100:])
    assert reader.ask("GET", url, Range="bytes=100-", If_Range='"another"').status == 404
    assert reader.ask("GET", url).status == 404


@pytest.mark.parametrize("said", [b"GARBAGE\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000])
def test_what_is_no_http_is_refused_under_the_headers_of_every_answer(running: House, said: bytes) -> None:
    """Requirement 36."""
    host, _, port = running.origin.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as line:
        line.sendall(said)
        answer = http.client.HTTPResponse(line)
        answer.begin()
        assert (answer.status, answer.read()) == (400, b'{"code":"bad_request"}')
    protects = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
    assert [name for name in (*protects, "Cache-Control") if name not in answer.headers] == []
