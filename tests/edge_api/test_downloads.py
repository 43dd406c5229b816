"""A member's downloads over HTTP, from asking to the last byte, on real footage in a real process."""

import http.client
import signal
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import pytest

from footage.reading import read_index
from tests.edge_api.asking import clip, film, ready
from tests.edge_api.served import House, Someone, served
from tests.edge_api.shelf import SLUG, Shelf, entry, make_shelf, write_site
from tests.footage.masters import number_in


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return make_shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="module")
def house(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(shelf, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="module")
def member(house: House) -> Someone:
    return house.member("lectrice")


def numbers_in(path: Path) -> list[int]:
    """The numbers that the frames of a file show, whatever its edit list says."""
    with av.open(str(path), options={"ignore_editlist": "1"}) as container:
        return [number_in(frame.to_ndarray(format="gray")) for frame in container.decode(video=0)]


def test_a_passage_holds_its_frames_and_no_other(house: House, member: Someone, tmp_path: Path) -> None:
    asked = clip(member)
    assert asked.status == 201
    assert asked.headers["Location"] == f"/api/downloads/{asked.json['id']}"
    told = ready(member, asked.json)
    assert told["state"] == "ready"
    assert told["frames"] == 40
    assert told["filename"] == "La lampe d’Émilie 10.00.00.10-10.00.02.00.mp4"
    fetched = member.ask("GET", str(told["url"]))
    assert fetched.status == 200
    assert len(fetched.body) == told["bytes"]
    (tmp_path / "clip.mp4").write_bytes(fetched.body)
    assert numbers_in(tmp_path / "clip.mp4") == list(range(10, 50))
    assert fetched.headers["Content-Disposition"] == (
        'attachment; filename="La lampe d\'Emilie 10.00.00.10-10.00.02.00.mp4"; '
        "filename*=UTF-8''La%20lampe%20d%E2%80%99%C3%89milie%2010.00.00.10-10.00.02.00.mp4"
    )


def test_a_film_is_the_master_byte_for_byte(house: House, member: Someone, shelf: Shelf) -> None:
    told = film(member)
    assert told["state"] == "ready"
    assert told["frames"] == 75
    assert told["filename"] == "La lampe d’Émilie.mp4"
    master = shelf.store.master(shelf.sheet.id, shelf.sheet.version)
    assert member.ask("GET", str(told["url"])).body == master.read_bytes()


def test_a_whole_film_for_the_web_is_made_first(house: House, member: Someone) -> None:
    told = film(member, profile="h264")
    assert told["state"] in ("queued", "making")
    assert told["frames"] == 75
    assert "url" not in told
    assert ready(member, told)["state"] == "ready"


def test_a_transfer_cut_at_sixty_percent_is_resumed_to_the_same_bytes(house: House, member: Someone) -> None:
    url = str(film(member)["url"])
    whole = member.ask("GET", url)
    size = len(whole.body)
    wire = http.client.HTTPConnection(house.origin.removeprefix("http://"), timeout=10)
    wire.request("GET", url)
    begun = wire.getresponse().read(size * 6 // 10)
    wire.close()
    rest = house.stranger().ask("GET", url, Range=f"bytes={len(begun)}-", If_Range=whole.headers["ETag"])
    assert rest.status == 206
    assert rest.headers["Content-Range"] == f"bytes {len(begun)}-{size - 1}/{size}"
    assert begun + rest.body == whole.body
    changed = member.ask("GET", url, Range=f"bytes={len(begun)}-", If_Range='"another"')
    assert (changed.status, changed.body) == (200, whole.body)


def test_head_tells_what_get_sends(house: House, member: Someone) -> None:
    url = str(film(member)["url"])
    head, get = member.ask("HEAD", url), member.ask("GET", url)
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
    house: House, member: Someone, headers: dict[str, str], status: int, length: int | None
) -> None:
    url = str(film(member)["url"])
    whole = member.ask("GET", url)
    facts = {"etag": whole.headers["ETag"], "modified": whole.headers["Last-Modified"]}
    answer = member.ask("GET", url, **{name: value.format(**facts) for name, value in headers.items()})
    assert answer.status == status
    assert len(answer.body) == (len(whole.body) if length is None else length)
    if status == 416:
        assert answer.headers["Content-Range"] == f"bytes */{len(whole.body)}"


def test_a_link_altered_in_any_letter_opens_nothing(house: House, member: Someone) -> None:
    """Requirement 40."""
    url = str(film(member)["url"])
    _, token, name = url.rsplit("/", 2)
    refusals = set()
    for at, letter in enumerate(token):
        other = "A" if letter != "A" else "B"
        answer = member.ask("GET", f"/d/{token[:at]}{other}{token[at + 1 :]}/{name}")
        refusals.add((answer.status, answer.body))
    for wrong in (f"/d/{token}/autre.mp4", f"/d/{token}/", f"/d/{token}", f"/d//{name}", f"/d/{token}./{name}"):
        answer = member.ask("GET", wrong)
        refusals.add((answer.status, answer.body))
    assert refusals == {(404, b'{"code":"not_found"}')}


def test_a_link_needs_no_cookie_and_a_request_needs_an_account(house: House, member: Someone) -> None:
    url = str(film(member)["url"])
    stranger = house.stranger()
    assert stranger.ask("HEAD", url).status == 200
    refused = clip(stranger)
    assert (refused.status, refused.json) == (401, {"code": "not_signed_in"})
    assert stranger.ask("GET", "/api/downloads").status == 401


def test_downloads_are_shown_to_their_member_alone(house: House, member: Someone) -> None:
    """Requirement 40."""
    id = film(member)["id"]
    other = house.member("autre")
    for method, path in (("GET", f"/api/downloads/{id}"), ("POST", f"/api/downloads/{id}/link")):
        assert other.ask(method, path).status == 404
    hidden = other.ask("GET", f"/downloads/{id}", Accept="text/html", Accept_Language="en-GB,en;q=0.9")
    assert hidden.status == 404
    assert b'lang="en"' in hidden.body
    assert other.ask("GET", "/api/downloads").json == {"downloads": []}
    recent = member.ask("GET", "/api/downloads").json["downloads"]
    assert isinstance(recent, list)
    assert id in [download["id"] for download in recent]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"interview": "inconnu"}, 404, "unknown_interview"),
        ({"interview": "sans-film"}, 404, "no_film"),
        ({"in_ms": 2000, "out_ms": 400}, 400, "bad_passage"),
        ({"in_ms": 400, "out_ms": 400}, 400, "bad_passage"),
        ({"in_ms": -1}, 400, "bad_passage"),
        ({"in_ms": 2900, "out_ms": 3900}, 400, "bad_passage"),
        ({"in_ms": 0, "out_ms": 999_999_999_999}, 400, "passage_too_long"),
        ({"in_ms": "un"}, 400, "bad_form"),
        ({"in_ms": 1.5}, 400, "bad_form"),
        ({"in_ms": 10**30}, 400, "bad_form"),
        ({"in_ms": None}, 400, "bad_form"),
        ({"kind": "film"}, 400, "bad_form"),
        ({"kind": "reel"}, 400, "bad_form"),
        ({"lang": "de"}, 400, "bad_form"),
        ({"profile": "dvd"}, 400, "bad_form"),
        ({"user_id": "x"}, 400, "bad_form"),
        ({"package": "perhaps"}, 400, "bad_form"),
        ({"profile": "still", "package": True}, 400, "bad_form"),
        ({"profile": "still", "in_ms": 3000}, 400, "bad_passage"),
    ],
)
def test_what_cannot_be_had_is_refused_by_its_code(
    house: House, member: Someone, changed: dict[str, object], status: int, code: str
) -> None:
    answer = clip(member, **changed)
    assert (answer.status, answer.json) == (status, {"code": code})


def test_asking_again_renews_the_grant_instead_of_making_another(house: House, member: Someone) -> None:
    first = ready(member, clip(member, 0, 1000).json)
    again = clip(member, 0, 1000)
    assert again.status == 201
    assert (again.json["id"], again.json["state"]) == (first["id"], "ready")
    renewed = member.ask("POST", f"/api/downloads/{first['id']}/link")
    assert renewed.status == 200
    bodies = {member.ask("GET", str(told["url"])).body for told in (first, again.json, renewed.json)}
    assert len(bodies) == 1


def test_the_same_clip_asked_two_hundred_times_at_once_is_made_once(house: House, member: Someone) -> None:
    members = [member, house.member("deuxieme"), house.member("troisieme", "en")]
    before = set(house.clips.iterdir())
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda number: clip(members[number % 3], 80, 2600), range(200)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 3
    urls = [str(ready(members[number], answers[number].json)["url"]) for number in range(3)]
    made = [path for path in set(house.clips.iterdir()) - before if path.suffix == ".mp4"]
    assert len(made) == 1
    assert {member.ask("GET", url).body for url in urls} == {made[0].read_bytes()}


def test_a_form_is_led_to_a_page_that_waits_and_then_gives_the_link(house: House, member: Someone) -> None:
    fields = {"interview": SLUG, "lang": "fr", "kind": "clip", "in_ms": "40", "out_ms": "1240"}
    led = member.form("/api/downloads", **fields)
    assert led.status == 303
    path = urllib.parse.urlsplit(led.headers["Location"]).path
    ready(member, {"id": path.rpartition("/")[2]})
    page = member.ask("GET", path, Accept="text/html")
    assert page.status == 200
    text = page.body.decode()
    assert 'lang="fr"' in text
    assert "http-equiv" not in text
    for said in ("30 images", "10:00:00:01", "10:00:01:06", "valable 24 heures", "Citer la source.", "#t=0.04,1.24"):
        assert said in text
    link = text.split('href="/d/')[1].split('"')[0]
    assert member.ask("GET", f"/d/{link}").status == 200


def test_a_page_that_waits_asks_again_by_itself_in_the_members_language(house: House) -> None:
    reader = house.member("reader", "en")
    fields = {"interview": SLUG, "lang": "en", "kind": "film", "profile": "h264"}
    path = urllib.parse.urlsplit(reader.form("/api/downloads", **fields).headers["Location"]).path
    text = reader.ask("GET", path, Accept="text/html").body.decode()
    assert 'lang="en"' in text
    assert ('http-equiv="refresh"' in text) == ('href="/d/' not in text)


def test_a_stranger_with_a_form_is_led_to_sign_in_and_back_to_the_passage(house: House) -> None:
    fields = {"interview": SLUG, "lang": "en", "kind": "clip", "in_ms": "83200", "out_ms": "97400"}
    led = house.stranger().form("/api/downloads", **fields)
    assert led.status == 303
    to = urllib.parse.urlsplit(led.headers["Location"])
    assert to.path == "/en/account/sign-in/"
    assert urllib.parse.parse_qs(to.query) == {"return_to": ["/en/interviews/la-lampe/#t=83.2,97.4"]}


def test_a_forms_refusal_stands_on_the_interviews_page(house: House, member: Someone) -> None:
    fields = {"interview": SLUG, "lang": "fr", "kind": "clip", "in_ms": "2000", "out_ms": "400"}
    led = member.form("/api/downloads", **fields)
    assert led.status == 303
    assert led.headers["Location"].endswith("/interviews/la-lampe/#bad_passage")


def test_a_link_dies_with_the_account(house: House) -> None:
    leaving = house.member("partante")
    url = str(film(leaving)["url"])
    assert leaving.ask("GET", url).status == 200
    assert leaving.ask("POST", "/api/me/delete", {"password": "Marée-haute_2047"}).status in (200, 204)
    assert leaving.ask("GET", url, Range="bytes=100-").status == 404


def test_a_link_dies_when_its_film_leaves_the_catalogue_and_lives_when_it_returns(
    house: House, member: Someone, shelf: Shelf
) -> None:
    url = str(film(member)["url"])
    write_site(shelf, entry(shelf, film=False))
    assert member.ask("GET", url).status == 404
    assert member.ask("GET", f"/media/{shelf.sheet.id}/{shelf.sheet.version}/poster.jpg").status == 404
    write_site(shelf)
    assert member.ask("GET", url).status == 200


def test_a_clip_promised_by_a_killed_service_is_made_by_the_next(shelf: Shelf, tmp_path: Path) -> None:
    with served(shelf, tmp_path) as house:
        someone = house.member("patiente")
        told = film(someone, profile="h264")
        assert told["state"] in ("queued", "making")
        house.stop(signal.SIGKILL)
        assert list(house.clips.glob("*.mp4")) == []
        house.start()
        again = ready(someone, told)
        assert (again["id"], again["state"]) == (told["id"], "ready")
        whole = tmp_path / "whole.mp4"
        whole.write_bytes(someone.ask("GET", str(again["url"])).body)
        assert read_index(whole).frames == 75


def test_a_clip_taken_from_the_folder_is_made_again_for_a_fresh_link(house: House, member: Someone) -> None:
    told = ready(member, clip(member, 200, 600).json)
    before = member.ask("GET", str(told["url"])).body
    newest = max(house.clips.glob("*.mp4"), key=lambda path: path.stat().st_mtime_ns)
    newest.unlink()
    assert member.ask("GET", str(told["url"])).status == 404
    renewed = member.ask("POST", f"/api/downloads/{told['id']}/link").json
    assert renewed["state"] != "ready"
    assert member.ask("GET", str(ready(member, renewed)["url"])).body == before
