"""What stands around every answer: headers, hosts, other sites' forms; and where native forms are led."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_api.keys import make_keys
from tests.edge_api.databases import Store
from tests.edge_api.house import GOOD, OTHER, PAGES, House, make_house
from tests.edge_api.people import ORIGIN, Answer, Person, text_of

ADDRESS = "claire@exemple.fr"
PASSAGE = "/interviews/la-lampe/#t=83.2,97.4"


@pytest.fixture
def public_house(tmp_path: Path, store: Store) -> Iterator[House]:
    """The same edge as the world sees it: https, keys made beforehand."""
    house = make_house(tmp_path, store, origin="https://duplex.example")
    make_keys(house.settings.secrets, random.Random(3).randbytes)
    with house.open():
        yield house


@pytest.mark.parametrize(
    ("site", "origin", "passes"),
    [
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
    ],
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_only_our_own_pages_can_change_anything(
    house: House, site: str, origin: str, passes: bool, signed_in: bool
) -> None:
    person = house.member(ADDRESS) if signed_in else house.visitor()
    answer = person.post("/api/sign-out", Sec_Fetch_Site=site, Origin=origin)
    assert answer.status == (204 if passes else 403)
    if not passes:
        assert answer.code == "forbidden_origin"
        assert person.get("/api/me").status == (200 if signed_in else 401)


def test_looking_changes_nothing(house: House) -> None:
    person = house.member(ADDRESS)
    before = [house.rows(f"SELECT * FROM {table}") for table in ("users", "sessions", "flows", "subscriptions")]
    posts = ["/api/sign-up", "/api/sign-in", "/api/sign-out", "/api/reset", "/api/password", "/api/me/delete"]
    for path in posts:
        for method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            answer = person.ask(method, f"{path}?email=x@y.fr&password={OTHER}")
            assert answer.status in (403, 405), (method, path)
    assert [house.rows(f"SELECT * FROM {t}") for t in ("users", "sessions", "flows", "subscriptions")] == before


def everywhere(house: House) -> list[tuple[int, Answer]]:
    """One answer of every status that the edge has, from every layer that can give one."""
    visitor = house.visitor()
    json = {"Content_Type": "application/json"}
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
    ]


def test_every_answer_carries_the_headers_that_protect_it(house: House) -> None:
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
        assert heads["cache-control"]
        assert "server" not in heads
        assert "strict-transport-security" not in heads


def test_a_crash_is_answered_with_its_code_and_the_same_headers(house: House) -> None:
    with house.without("limits"):
        answer = house.visitor().post("/api/reset", {"email": ADDRESS, "lang": "fr"})
    assert (answer.status, answer.json) == (500, {"code": "internal"})
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_over_https_cookies_are_bound_to_the_host_and_browsers_stay_on_https(public_house: House) -> None:
    house = public_house
    said = {"Origin": "https://duplex.example"}
    person = house.visitor(**said)
    answer = person.post("/api/sign-up", {"email": ADDRESS, "password": GOOD, "lang": "fr"})
    assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    flow = answer.headers["set-cookie"]
    assert flow.startswith("__Host-duplex_flow=")
    entered = person.post("/api/sign-up/verify", {"code": house.code(ADDRESS)})
    cookies = entered.headers.get_list("set-cookie")
    for cookie in [flow, *cookies]:
        name, *attributes = cookie.split("; ")
        assert name.startswith("__Host-duplex_")
        assert {"Path=/", "Secure", "SameSite=lax"} <= set(attributes)
        assert not any(attribute.startswith("Domain") for attribute in attributes)
        assert ("HttpOnly" in attributes) != name.startswith("__Host-duplex_in=")
        assert len(cookie) < 4096
        assert "claire" not in cookie
    assert person.get("/api/me").json["email"] == ADDRESS


def test_a_public_portal_has_no_page_of_letters(house: House, tmp_path: Path, store: Store) -> None:
    assert house.visitor().get("/dev/mail", Accept="text/html").status == 200
    public = make_house(tmp_path / "public", store, origin="https://duplex.example")
    with public.open():
        assert public.visitor(Origin="https://duplex.example").get("/dev/mail").status == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1:8000.evil.example", "x" * 300, ":8000"]
)
def test_a_foreign_host_is_refused(house: House, host: str) -> None:
    assert house.visitor().get("/dev/mail", Host=host).status == 400
    assert house.visitor().post("/api/sign-in", {"email": "a@b.fr", "password": GOOD}, Host=host).status == 400


def test_another_name_of_this_machine_leads_to_the_right_one(house: House) -> None:
    for host in ("localhost:8000", "LOCALHOST:8000", "[::1]:8000", "127.0.0.1", "127.0.0.1:8001"):
        answer = house.visitor().get("/interviews/?q=a%20b", Host=host)
        assert (answer.status, answer.location) == (307, "/interviews/?q=a%20b")
    assert house.visitor().get("/readyz", Host="10.0.0.7").status == 200


def test_no_header_of_a_request_reaches_the_addresses_in_letters(house: House) -> None:
    hostile = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Forwarded-Proto": "https"}
    person = house.visitor(**hostile)
    answer = person.post("/api/sign-up", {"email": ADDRESS, "password": GOOD, "lang": "fr"})
    assert answer.status == 202
    (letter,) = house.letters(ADDRESS)
    assert "evil" not in letter.as_string()
    assert ORIGIN in text_of(letter)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil",
        "/%2f%2fevil.example", "/%5cevil.example", "javascript:alert(1)", "/interviews/../../etc/", "/nowhere/",
        "/api/me", "/account/sign-in/", "/account/sign-up/", " /interviews/", "/interviews/\r\nSet-Cookie: a=b",
        "interviews/", "http:/interviews/", "/" + "a" * 600, "/interviews//", "/assets/x.css", "/dev/mail",
    ],
)  # fmt: skip
def test_a_return_that_points_elsewhere_becomes_the_home_page(house: House, elsewhere: str) -> None:
    house.member(ADDRESS)
    for lang, home in (("fr", "/"), ("en", "/en/")):
        person = house.visitor(Referer=f"{ORIGIN}{home}account/sign-in/")
        answer = person.post("/api/sign-in", {"email": ADDRESS, "password": GOOD, "return_to": elsewhere})
        assert answer.json == {"return_to": home}
        reset = house.visitor()
        reset.post("/api/reset", {"email": ADDRESS, "lang": lang, "return_to": elsewhere})
        reset.post("/api/reset/verify", {"code": house.code(ADDRESS)})
        assert reset.post("/api/reset/password", {"password": GOOD}).json == {"return_to": home}
        house.pass_time(3 * 3_600_000)


def check_page(house: House, location: str) -> None:
    """A form is only ever led to a page that exists."""
    path = location.partition("#")[0].partition("?")[0]
    assert path.strip("/").removeprefix("en").strip("/") in PAGES, location


@pytest.mark.parametrize(("root", "lang"), [("/", "fr"), ("/en/", "en")])
def test_the_whole_road_by_native_forms(house: House, root: str, lang: str) -> None:
    person = house.visitor()
    came = f"{root}account/sign-up/?return_to=/interviews/la-lampe/%23t=83.2,97.4"

    def go(page: str, path: str, **fields: str) -> str:
        answer = person.send(page, path, **fields)
        assert answer.status == 303, answer
        check_page(house, answer.location)
        return answer.location

    fields = {"email": ADDRESS, "lang": lang, "return_to": ""}
    assert go(came, "/api/sign-up", password="court", **fields) == f"{came}#weak_password_length"
    assert go(came, "/api/sign-up", password=GOOD, **fields) == f"{root}account/verify/"
    verify = f"{root}account/verify/"
    assert go(verify, "/api/sign-up/verify", code="0") == f"{verify}#bad_code"
    house.pass_time(61_000)
    assert go(verify, "/api/sign-up/resend") == f"{verify}#sent-again"
    letter = house.letters(ADDRESS)[-1]
    assert letter["Content-Language"] == lang
    assert go(verify, "/api/sign-up/verify", code=house.code(ADDRESS)) == f"{root}account/created/"
    created = f"{root}account/created/"
    assert go(created, "/api/newsletter", lang=lang) == f"{created}#subscribed"
    assert person.get("/account/back").location == PASSAGE
    account = f"{root}account/"
    assert go(account, "/api/password", current=OTHER, password=OTHER) == f"{account}#wrong_password"
    assert go(account, "/api/password", current=GOOD, password=OTHER) == f"{account}#changed"
    assert go(f"{root}interviews/", "/api/sign-out") == root
    gone = go(account, "/api/password", current=OTHER, password=GOOD)
    assert gone == f"{root}account/sign-in/?return_to={root}account/#not_signed_in"

    reset = f"{root}account/reset/"
    assert go(reset, "/api/reset", email="x", lang=lang) == f"{reset}#bad_email"
    assert go(f"{reset}?return_to=/interviews/", "/api/reset", email=ADDRESS, lang=lang) == f"{reset}verify/"
    assert go(f"{reset}verify/", "/api/reset/verify", code="1" * 8).endswith(("verify/#bad_code",))
    assert go(f"{reset}verify/", "/api/reset/verify", code=house.code(ADDRESS)) == f"{reset}password/"
    assert go(f"{reset}password/", "/api/reset/password", password="court") == f"{reset}password/#weak_password_length"
    assert go(f"{reset}password/", "/api/reset/password", password=GOOD) == f"{reset}done/"
    door = f"{root}account/sign-in/"
    assert go(door, "/api/sign-in", email=ADDRESS, password=OTHER, return_to="") == f"{door}#bad_credentials"
    assert go(door, "/api/sign-in", email=ADDRESS, password=GOOD, return_to="") == "/interviews/"
    assert go(account, "/api/me/delete", password=GOOD) == f"{root}account/sign-in/#deleted"
    assert {one["Content-Language"] for one in house.letters(ADDRESS)} == {lang}


def test_a_form_without_referer_is_led_to_the_page_where_such_forms_stand(house: House) -> None:
    person = house.visitor(Accept="text/html")
    answer = person.ask(
        "POST", "/api/sign-in", b"email=a%40b.fr&password=x", Content_Type="application/x-www-form-urlencoded"
    )
    assert (answer.status, answer.location) == (303, "/account/sign-in/#bad_credentials")


def test_a_referer_of_another_site_leads_nowhere(house: House) -> None:
    for referer in ("https://evil.example/x", ORIGIN + ".evil.example/", ORIGIN + "@evil.example/", "//evil.example/"):
        answer = house.visitor(Accept="text/html", Referer=referer).ask(
            "POST", "/api/sign-in", b"email=a%40b.fr&password=x", Content_Type="application/x-www-form-urlencoded"
        )
        assert answer.location == "/account/sign-in/#bad_credentials"


def test_the_way_back_is_home_for_who_is_not_signed_in(house: House) -> None:
    assert house.visitor().get("/account/back").location == "/"
    assert house.visitor(Referer=f"{ORIGIN}/en/account/created/").get("/account/back").location == "/en/"


def test_a_person_sent_to_sign_in_from_a_passage_finds_it_again_after_signing_up(house: House) -> None:
    """Static pages cannot carry the passage from sign-in to sign-up without script; the edge notes it."""
    person = Person(house, cookies={"duplex_back": "/interviews/la-lampe/%23t=83.2,97.4"})
    answer = person.post("/api/sign-up", {"email": ADDRESS, "password": GOOD, "lang": "fr"})
    assert answer.status == 202
    assert person.post("/api/sign-up/verify", {"code": house.code(ADDRESS)}).json == {"return_to": PASSAGE}
    assert "duplex_back" not in person.cookies
    evil = Person(house, cookies={"duplex_back": "//evil.example"})
    house.member("autre@exemple.fr")
    assert evil.post("/api/sign-in", {"email": "autre@exemple.fr", "password": GOOD}).json == {"return_to": "/"}


@pytest.mark.parametrize(("root", "lang"), [("/", "fr"), ("/en/", "en")])
def test_the_form_at_the_foot_of_every_page_is_led_to_the_page_that_holds_its_sentences(
    house: House, root: str, lang: str
) -> None:
    foot, letter = f"{root}interviews/la-lampe/", f"{root}newsletter/"
    assert house.visitor().send(foot, "/api/newsletter", email="x", lang=lang).location == f"{letter}#bad_email"
    assert house.visitor().send(letter, "/api/newsletter", email="x", lang=lang).location == f"{letter}#bad_email"
    assert house.visitor().send(foot, "/api/newsletter", email="a@b.fr", lang=lang).location == f"{letter}#sent"
    member = house.member(ADDRESS)
    assert member.send(foot, "/api/newsletter", email="", lang=lang).location == f"{letter}#subscribed"
    assert member.get("/api/me").json["newsletter"] is True
