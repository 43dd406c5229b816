"""The site and its films over HTTP: right types, right caches, the right language, and nothing that is not theirs."""

import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.edge_api.served import House, Someone, served
from tests.edge_api.shelf import Shelf, make_shelf

NGINX = Path(__file__).resolve().parents[3] / "deploy" / "nginx-locations.conf"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    shelf = make_shelf(tmp_path_factory.mktemp("shelf"))
    (shelf.home / "secret.txt").write_text("secret")
    (shelf.site / "leads-away.txt").symlink_to(shelf.home / "secret.txt")
    with served(shelf, tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def reader(house: House) -> Someone:
    return house.stranger()


@pytest.fixture
def shelf(house: House) -> Shelf:
    return house.shelf


@pytest.mark.parametrize(
    ("path", "kind", "cache"),
    [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/en/", "text/html; charset=utf-8", "no-cache"),
        ("/interviews/la-lampe/", "text/html; charset=utf-8", "no-cache"),
        ("/interviews/la-lampe/captions.vtt", "text/vtt; charset=utf-8", "no-cache"),
        ("/feed.xml", "application/xml; charset=utf-8", "no-cache"),
        ("/catalogue.json", "application/json", "no-cache"),
        ("/assets/plain.css", "text/css; charset=utf-8", "no-cache"),
        ("/assets/0123456789ab/duplex.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
    ],
)
def test_a_file_of_the_site_has_its_type_and_its_cache(reader: Someone, path: str, kind: str, cache: str) -> None:
    answer = reader.ask("GET", path)
    assert answer.status == 200
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == (kind, cache)
    again = reader.ask("GET", path, If_None_Match=answer.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == answer.headers["ETag"]
    head = reader.ask("HEAD", path)
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(answer.body)))


def test_pages_may_load_only_what_is_ours(reader: Someone) -> None:
    for path, status in (("/", 200), ("/interviews/la-lampe/", 200), ("/rien/", 404)):
        answer = reader.ask("GET", path, Accept="text/html")
        assert answer.status == status
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers.get_all("Content-Security-Policy") == [policy]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers


def test_other_sites_are_told_what_to_show_of_an_address(reader: Someone, house: House) -> None:
    page = quote(f"{house.origin}/interviews/la-lampe/#t=1,2", safe="")
    answer = reader.ask("GET", f"/api/oembed?url={page}&maxwidth=300&format=json", Accept="text/html")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told = json.loads(answer.body)
    assert (told["type"], told["width"]) == ("video", 300)
    (address,) = re.findall(r'src="([^"]+)"', told["html"])
    assert address == f"{house.origin}/interviews/la-lampe/embed.html#t=1,2"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "bad_request"),
        ("url=ORIGIN/interviews/la-lampe/&maxwidth=0", 400, "bad_request"),
        ("url=ORIGIN/interviews/la-lampe/&maxheight=1e3", 400, "bad_request"),
        ("url=ORIGIN/interviews/la-lampe/&format=xml", 501, "unknown_format"),
        ("url=ORIGIN/interviews/nobody/", 404, "not_found"),
        ("url=https://elsewhere.example/interviews/la-lampe/", 404, "not_found"),
    ],
)
def test_what_cannot_be_shown_elsewhere_is_refused(
    reader: Someone, house: House, query: str, status: int, code: str
) -> None:
    answer = reader.ask("GET", f"/api/oembed?{query.replace('ORIGIN', house.origin)}", Accept="text/html")
    assert (answer.status, json.loads(answer.body)) == (status, {"code": code})


def test_only_the_page_made_for_it_may_be_shown_by_other_sites_here_and_behind_nginx(reader: Someone) -> None:
    answer = reader.ask("GET", "/interviews/la-lampe/embed.html")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'"
    )
    assert policy.endswith("form-action 'none'; frame-ancestors *")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert f'add_header Content-Security-Policy "{policy}" always;' in NGINX.read_text(encoding="utf-8")
    for path in (
        "/interviews/la-lampe/embed.html/",
        "/embed.html",
        "/interviews/embed.html",
        "/interviews/a/b/embed.html",
    ):
        assert "frame-ancestors 'none'" in reader.ask("GET", path).headers["Content-Security-Policy"]


def test_a_page_without_its_slash_is_led_to_it_with_its_query(reader: Someone) -> None:
    answer = reader.ask("GET", "/interviews/la-lampe?q=1")
    assert (answer.status, answer.headers["Location"]) == (301, "/interviews/la-lampe/?q=1")


@pytest.mark.parametrize(
    ("path", "language"), [("/rien/", "fr"), ("/en/nothing/", "en"), ("/en/account/", "en"), ("/english/", "fr")]
)
def test_a_missing_page_is_told_in_the_language_of_its_address(reader: Someone, path: str, language: str) -> None:
    answer = reader.ask("GET", path, Accept="text/html", If_None_Match="*", Range="bytes=0-3")
    assert answer.status == 404
    assert f'lang="{language}"'.encode() in answer.body
    assert answer.headers["Cache-Control"] == "no-store"
    assert reader.ask("GET", path).json == {"code": "not_found"}


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt",
        "/interviews/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/interviews/%2e%2e%2f%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/leads-away.txt",
        "/%00",
        "/index.html%00.txt",
        "/.hidden/secret.txt",
        "/%2ehidden/secret.txt",
        "//secret.txt",
        "/%ff%fe/",
        "/media/../secret.txt",
        "/media/lampe-2026/%2e%2e/current.json",
    ],
)
def test_nothing_outside_the_site_is_sent(house: House, target: str) -> None:
    wire = http.client.HTTPConnection(house.origin.removeprefix("http://"), timeout=60)
    wire.putrequest("GET", target, skip_host=False)
    wire.endheaders()
    answer = wire.getresponse()
    body = answer.read()
    wire.close()
    assert answer.status in (400, 404)
    assert b"secret" not in body


def test_a_path_that_looks_like_a_host_is_never_redirected_to(reader: Someone) -> None:
    for path in ("//evil.example", "//evil.example/..", "/\\evil.example", "//interviews/la-lampe"):
        assert reader.ask("GET", path).status == 404


def test_only_reading_is_allowed(reader: Someone) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = reader.ask(method, "/interviews/la-lampe/", b"")
        assert (answer.status, answer.json) == (405, {"code": "method_not_allowed"})


def test_a_films_public_files_are_sent_in_ranges_and_kept_for_ever(reader: Someone, shelf: Shelf) -> None:
    base = f"/media/{shelf.sheet.id}/{shelf.sheet.version}"
    proxy = reader.ask("GET", f"{base}/proxy.mp4", Range="bytes=0-99")
    assert (proxy.status, proxy.headers["Content-Type"], len(proxy.body)) == (206, "video/mp4", 100)
    assert proxy.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reader.ask("GET", f"{base}/poster.jpg").headers["Content-Type"] == "image/jpeg"
    assert reader.ask("GET", f"{base}/storyboard.vtt").headers["Content-Type"] == "text/vtt; charset=utf-8"


def test_a_film_shows_nothing_but_its_public_files_in_the_version_of_the_page(reader: Someone, shelf: Shelf) -> None:
    id, version = shelf.sheet.id, shelf.sheet.version
    unlisted = shelf.media / "unlisted" / version / "public"
    unlisted.mkdir(parents=True, exist_ok=True)
    (unlisted / "poster.jpg").write_bytes(b"x")
    for path in (
        f"{id}/{version}/master.mp4",
        f"{id}/{version}/index.json",
        f"{id}/{version}/..%2findex.json",
        f"{id}/000000000000/poster.jpg",
        f"unlisted/{version}/poster.jpg",
        f"{id}/current.json",
    ):
        assert reader.ask("GET", f"/media/{path}").status == 404, path
