"""The browser: what may change something, where people are led, and what stands around every answer."""

import random
from pathlib import Path

import pytest

from edge_api.app import ROUTES
from edge_api.keys import make_keys
from tests.edge_api.databases import Store
from tests.edge_api.house import GOOD, OTHER, House, make_house
from tests.edge_api.people import ORIGIN, Answer, text_of

ADDRESS = "claire@exemple.fr"


def test_looking_changes_nothing(house: House) -> None:
    """Requirement 33: no address that changes something does so when it is looked at."""
    person = house.member(ADDRESS)
    before = house.everything_stored()
    posts = [route.path for route in ROUTES if "POST" in (route.methods or ())]
    assert len(posts) >= 15
    for path in posts:
        for method in ("GET", "HEAD", "OPTIONS"):
            asked = path.replace("{token}", "k1.x.y").replace("{id}", "0" * 32)
            answer = person.ask(method, f"{asked}?email=x@y.fr&password={OTHER}&code=12345678&id=1")
            # 409: asked where its code went, by a browser that was sent none.
            assert answer.status in (200, 404, 405, 409), (method, path)
    assert house.everything_stored() == before


SITES = [
    ("same-origin", ORIGIN, True),
    ("same-origin", "", True),
    ("same-origin", "null", True),
    ("none", "", True),
    ("", ORIGIN, True),
    ("same-site", ORIGIN, False),
    ("cross-site", ORIGIN, False),
    ("cross-site", "https://evil.example", False),
    ("same-origin", "https://evil.example", False),
    ("anything", ORIGIN, False),
    ("", "", False),
    ("", "null", False),
    ("", "https://evil.example", False),
    ("", ORIGIN + ".evil.example", False),
    ("", ORIGIN.replace("8000", "8001"), False),
    ("", ORIGIN.upper(), False),
]


@pytest.mark.parametrize("signed_in", [True, False])
def test_only_our_own_pages_can_change_anything(house: House, signed_in: bool) -> None:
    """Requirement 34: Sec-Fetch-Site, then Origin, with and without a session."""
    for site, origin, passes in SITES:
        person = house.sign_in(house.settled(ADDRESS)) if signed_in else house.visitor()
        answer = person.post("/api/sign-out", Sec_Fetch_Site=site, Origin=origin)
        assert answer.status == (204 if passes else 403), (site, origin)
        if not passes:
            assert answer.code == "forbidden_origin"
            assert person.get("/api/me").status == (200 if signed_in else 401)
        assert {"Sec-Fetch-Site", "Origin"} <= set(answer.headers["vary"].split(", "))


ELSEWHERE = [
        "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil",
        "/%2f%2fevil.example", "/%5cevil.example", "javascript:alert(1)", "/interviews/../../etc/", "/nowhere/",
        "/api/me", "/account/sign-in/", "/account/sign-up/", " /interviews/", "/interviews/\r\nSet-Cookie: a=b",
        "interviews/", "http:/interviews/", "/" + "a" * 600, "/interviews//", "/assets/x.css", "/dev/mail",
]  # fmt: skip


@pytest.mark.parametrize(("lang", "home"), [("fr", "/"), ("en", "/en/")])
def test_a_return_that_points_elsewhere_becomes_the_home_page(house: House, lang: str, home: str) -> None:
    """Requirement 35."""
    house.member(ADDRESS)
    for elsewhere in ELSEWHERE:
        person = house.visitor(Referer=f"{ORIGIN}{home}account/sign-in/")
        answer = person.post("/api/sign-in", {"email": ADDRESS, "password": GOOD, "return_to": elsewhere})
        assert answer.json == {"return_to": home}, elsewhere
        house.pass_time(60_000)
    # By the other way in the same reading of addresses is passed: a few of them show that it is.
    for elsewhere in ELSEWHERE[::5]:
        reset = house.proved_reset(ADDRESS, lang=lang, return_to=elsewhere)
        assert reset.post("/api/reset/password", {"password": GOOD}).json == {"return_to": home}, elsewhere
        house.pass_time(3 * 3_600_000)


def everywhere(house: House) -> list[tuple[int, Answer]]:
    """One answer of every status that the edge has, from every layer that can give one."""
    visitor = house.visitor()
    json = {"Content_Type": "application/json"}
    with house.without("limits"):
        fault = visitor.post("/api/reset", {"email": ADDRESS, "lang": "fr"})
    return [
        (200, visitor.get("/healthz")),
        (200, visitor.get("/")),
        (202, visitor.post("/api/reset", {"email": ADDRESS, "lang": "fr"})),
        (303, visitor.get("/account/back")),
        (400, visitor.ask("POST", "/api/sign-in", b"{", **json)),
        (400, visitor.get("/healthy", Host="evil.example")),
        (401, visitor.get("/api/me")),
        (403, visitor.post("/api/sign-in", Sec_Fetch_Site="cross-site")),
        (404, visitor.get("/nowhere")),
        (404, visitor.get("/api/nowhere")),
        (405, visitor.ask("PUT", "/api/sign-in")),
        (413, visitor.ask("POST", "/api/sign-in", b"x" * 20_000, **json)),
        (415, visitor.ask("POST", "/api/sign-in", b"x", Content_Type="text/plain")),
        (500, fault),
    ]


@pytest.mark.parametrize("origin", [ORIGIN, "https://duplex.example"])
def test_every_answer_carries_the_headers_that_protect_it(tmp_path: Path, store: Store, origin: str) -> None:
    """Requirement 36, and 38: no header names the server."""
    house = make_house(tmp_path, store, origin=origin)
    make_keys(house.settings.secrets, random.Random(3).randbytes)
    with house.open():
        for status, answer in everywhere(house):
            assert answer.status == status, answer
            heads = answer.headers
            policy = heads["content-security-policy"]
            for rule in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
                assert rule in policy, (status, policy)
            assert "unsafe" not in policy
            assert heads["x-content-type-options"] == "nosniff"
            assert heads["referrer-policy"] in ("same-origin", "no-referrer")
            assert heads["cross-origin-opener-policy"] == "same-origin"
            assert heads["cross-origin-resource-policy"] == "same-origin"
            assert heads["cache-control"] == "no-store" or status in (200, 404)
            assert not {"server", "x-powered-by", "via"} & set(heads)
            hsts = "max-age=63072000; includeSubDomains" if origin.startswith("https") else None
            assert heads.get("strict-transport-security") == hsts


def test_whatever_people_write_is_shown_as_text(house: House) -> None:
    """Requirement 37: an address may hold an ampersand and a quote; names and paths are held to less."""
    address = "o'neil&<i>@exemple.fr".replace("<i>", "{i}")
    house.begin(address)
    (letter,) = house.letters(address)
    assert letter["To"] == address
    page = house.visitor().get("/dev/mail", Accept="text/html").body.decode()
    assert "o&#39;neil&amp;{i}@exemple.fr" in page
    assert "o'neil&{" not in page
    for strange in ("<script>alert(1)</script>", "%3Cscript%3E", '"><img src=x>'):
        for path in (f"/newsletter/leave/{strange}", f"/not-me/{strange}", f"/{strange}", f"/api/{strange}"):
            answer = house.visitor().get(path.replace('"', "%22"), Accept="text/html")
            assert b"<script>alert" not in answer.body
            assert b"<img src=x" not in answer.body
    for hostile in ("a@exemple.fr\nBcc: x@y.fr", "a@exemple.fr\r\n\r\nhello", "<a@exemple.fr>", "a@exemple.fr,b@c.fr"):
        answer = house.visitor().post("/api/sign-up", {"email": hostile, "password": GOOD, "lang": "fr"})
        assert answer.code == "bad_email"


def test_no_header_of_a_request_reaches_the_addresses_in_letters(house: House) -> None:
    """Requirement 37."""
    hostile = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Forwarded-Proto": "https"}
    for house.peer in ("192.0.2.1", "127.0.0.1"):
        person = house.visitor(**hostile)
        assert person.post("/api/sign-up", {"email": ADDRESS, "password": GOOD, "lang": "fr"}).status == 202
        letter = house.letters(ADDRESS)[-1]
        assert "evil" not in letter.as_string()
        assert ORIGIN in text_of(letter)


def test_methods_that_an_address_lacks_are_refused_by_name(house: House) -> None:
    """Requirement 38: every route, every method; Allow tells the ones it has (RFC 9110, 15.5.6)."""
    has: dict[str, set[str]] = {}
    for route in ROUTES:
        has.setdefault(route.path, set()).update(route.methods or ())
    visitor = house.visitor()
    for path, methods in has.items():
        asked = path.replace("{token}", "x").replace("{id}", "0" * 32).replace("{filename}", "x")
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - methods:
            answer = visitor.ask(
                method, asked.replace("{master}", "x").replace("{version}", "x").replace("{name}", "x")
            )
            assert (answer.status, answer.headers["allow"]) == (405, ", ".join(sorted(methods))), (method, path)
            assert answer.code == "method_not_allowed"
    for method in ("POST", "PUT", "DELETE", "TRACE"):
        answer = visitor.ask(method, "/interviews/")
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1:8000.evil.example", "x" * 300, ":8000"]
)
def test_a_foreign_host_is_refused(house: House, host: str) -> None:
    """Requirement 37: what a request calls us is never repeated."""
    assert house.visitor().get("/dev/mail", Host=host).status == 400
    assert house.visitor().post("/api/sign-in", {"email": "a@b.fr", "password": GOOD}, Host=host).status == 400


def test_another_name_of_this_machine_leads_to_the_right_one(house: House) -> None:
    for host in ("localhost:8000", "LOCALHOST:8000", "[::1]:8000", "127.0.0.1", "127.0.0.1:8001"):
        answer = house.visitor().get("/interviews/?q=a%20b", Host=host)
        assert (answer.status, answer.location) == (307, "/interviews/?q=a%20b")
    assert house.visitor().get("/readyz", Host="10.0.0.7").status == 200


def test_a_public_portal_has_no_page_of_letters(house: House, tmp_path: Path, store: Store) -> None:
    """Requirement 38."""
    assert house.visitor().get("/dev/mail", Accept="text/html").status == 200
    public = make_house(tmp_path / "public", store, origin="https://duplex.example")
    with public.open():
        assert public.visitor(Origin="https://duplex.example").get("/dev/mail").status == 404
    with make_house(tmp_path / "network", store, listen="0.0.0.0:8000").open() as open_to_all:
        assert open_to_all.visitor().get("/dev/mail").status == 404


@pytest.mark.parametrize("path", ["/api/nothing", "/api/sign-up/", "/api/me/nothing", "/api/"])
def test_an_address_of_the_api_that_is_none_is_not_found_by_any_method(house: House, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        answer = house.visitor().ask(method, path)
        assert (answer.status, answer.json) == (404, {"code": "not_found"}), method
