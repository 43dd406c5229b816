"""Sessions: how they begin and end, what is kept of them, and what a new password does to them."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_api.keys import make_keys
from tests.edge_api.databases import Store
from tests.edge_api.house import DAY, GOOD, MINUTE, NOON, OTHER, House, make_house
from tests.edge_api.people import Person, code_in

ADDRESS = "claire@exemple.fr"
THIRD = "Granit-et-lichen_5"


@pytest.fixture
def public_house(tmp_path: Path, store: Store) -> Iterator[House]:
    """The same edge as the world sees it: https, keys made beforehand."""
    house = make_house(tmp_path, store, origin="https://duplex.example")
    make_keys(house.settings.secrets, random.Random(3).randbytes)
    with house.open():
        yield house


def test_a_token_has_256_bits_and_only_its_hash_is_kept(house: House) -> None:
    """Requirement 25."""
    people = [house.member(ADDRESS), *(house.sign_in(ADDRESS) for _ in range(20))]
    tokens = {person.cookies["duplex_session"] for person in people}
    assert len(tokens) == 21
    assert all(re.fullmatch("[0-9a-f]{64}", token) for token in tokens)
    stored = house.everything_stored()
    assert not any(token in stored for token in tokens)


def test_a_session_planted_before_signing_in_never_becomes_one(house: House) -> None:
    """Requirement 26."""
    house.member(ADDRESS)
    planted = Person(house, cookies={"duplex_session": "f" * 64, "duplex_flow": "e" * 64})
    planted.post("/api/sign-in", {"email": ADDRESS, "password": GOOD})
    assert planted.cookies["duplex_session"] != "f" * 64
    assert Person(house, cookies={"duplex_session": "f" * 64}).get("/api/me").status == 401
    fresh = Person(house, cookies={"duplex_session": "f" * 64, "duplex_flow": "e" * 64})
    fresh.post("/api/sign-up", {"email": "b@exemple.fr", "password": GOOD, "lang": "fr"})
    assert fresh.cookies["duplex_flow"] != "e" * 64
    fresh.post("/api/sign-up/verify", {"code": house.code("b@exemple.fr")})
    assert fresh.cookies["duplex_session"] != "f" * 64


def test_signing_in_again_ends_the_session_that_the_browser_had(house: House) -> None:
    """Requirement 26."""
    house.member(ADDRESS)
    person = house.sign_in(ADDRESS)
    before = Person(house, cookies=dict(person.cookies))
    person.post("/api/sign-in", {"email": ADDRESS, "password": GOOD})
    assert before.get("/api/me").status == 401
    assert person.get("/api/me").status == 200


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_reset_gives_a_new_password_and_ends_everything_that_was_open(house: House, lang: str) -> None:
    """Requirement 27, and 28: the reset itself signs nobody in."""
    owner, thief = house.member(ADDRESS), house.sign_in(ADDRESS)
    waiting = house.asked_reset(ADDRESS, lang)
    waiting_code = house.code(ADDRESS)
    person = house.asked_reset(ADDRESS.upper(), lang, return_to="/en/interviews/#t=1")
    person.post("/api/reset/verify", {"code": house.code(ADDRESS)})
    answer = person.post("/api/reset/password", {"password": OTHER})
    assert (answer.status, answer.json) == (200, {"return_to": "/en/interviews/#t=1"})
    assert "duplex_session" not in person.cookies
    for browser in (owner, thief, person):
        assert browser.get("/api/me").status == 401
    assert waiting.post("/api/reset/verify", {"code": waiting_code}).code == "no_flow"
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": GOOD}).status == 401
    back = person.post("/api/sign-in", {"email": ADDRESS, "password": OTHER})
    assert back.json == {"return_to": "/en/interviews/#t=1"}
    notice = house.letters(ADDRESS)[-1]
    assert notice["Content-Language"] == lang
    assert code_in(notice) == ""


def test_a_changed_password_ends_other_sessions_and_flows_and_a_letter_says_so(house: House) -> None:
    """Requirement 27."""
    person, elsewhere, waiting = house.member(ADDRESS), house.sign_in(ADDRESS), house.proved_reset(ADDRESS)
    sent = len(house.letters(ADDRESS))
    assert person.post("/api/password", {"current": GOOD, "password": THIRD}).status == 200
    assert person.get("/api/me").status == 200
    assert elsewhere.get("/api/me").status == 401
    assert waiting.post("/api/reset/password", {"password": OTHER}).code == "no_flow"
    assert len(house.letters(ADDRESS)) == sent + 1


@pytest.mark.parametrize("table", ["outbox", "sessions", "limits"])
def test_a_new_password_and_all_that_follows_are_one_transaction(house: House, table: str) -> None:
    """Requirement 27: where the letter or the end of sessions fails, the password stays."""
    owner, person = house.member(ADDRESS), house.proved_reset(ADDRESS)
    kept = house.rows("SELECT password FROM users")
    with house.without(table):
        assert person.post("/api/reset/password", {"password": OTHER}).code == "internal"
    assert house.rows("SELECT password FROM users") == kept
    assert owner.get("/api/me").status == 200
    assert person.post("/api/reset/password", {"password": OTHER}).status == 200
    assert owner.get("/api/me").status == 401


def test_twenty_new_passwords_at_once_from_one_reset_are_one(house: House) -> None:
    """Requirement 27: and somebody who signs in with the old one at that moment is not left inside."""
    house.member(ADDRESS)
    person = house.proved_reset(ADDRESS)
    resets = [(person, "/api/reset/password", {"password": OTHER})] * 10
    entering = [(house.visitor(), "/api/sign-in", {"email": ADDRESS, "password": GOOD}) for _ in range(9)]
    statuses = house.all_at_once([*entering, *resets])
    assert statuses[9:].count(200) == 1
    assert house.rows("SELECT count(*) FROM sessions") == [(0,)]
    house.sign_in(ADDRESS, OTHER)


def test_a_proved_reset_waits_for_half_an_hour(house: House) -> None:
    """Requirement 28: what waits for its new password is no session."""
    house.member(ADDRESS)
    person = house.proved_reset(ADDRESS)
    assert person.get("/api/me").status == 401
    house.pass_time(30 * MINUTE)
    assert person.post("/api/reset/password", {"password": OTHER}).code == "no_flow"


def test_a_session_ends_after_two_idle_weeks_and_after_a_month_at_most(house: House) -> None:
    """Requirement 29."""
    idle, busy = house.member(ADDRESS), house.sign_in(ADDRESS)
    house.pass_time(13 * DAY)
    assert busy.get("/api/me").status == 200
    house.pass_time(2 * DAY)
    assert idle.get("/api/me").status == 401
    assert busy.get("/api/me").status == 200
    house.pass_time(10 * DAY)
    assert busy.get("/api/me").status == 200
    house.now = NOON + 30 * DAY
    assert busy.get("/api/me").status == 401


def test_signing_out_is_a_post_and_ends_the_session_in_the_database(house: House) -> None:
    """Requirement 30."""
    person = house.member(ADDRESS)
    twin = Person(house, cookies=dict(person.cookies))
    assert person.get("/api/sign-out").code == "method_not_allowed"
    assert person.get("/api/me").status == 200
    answer = person.post("/api/sign-out")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert set(person.cookies) == {"duplex_device"}
    assert twin.get("/api/me").status == 401
    assert house.rows("SELECT count(*) FROM sessions") == [(0,)]


def test_sessions_are_listed_by_device_and_ended_one_by_one(house: House) -> None:
    """Requirement 31."""
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    house.member(ADDRESS)
    house.pass_time(1000)
    person = house.sign_in(ADDRESS, **{"User-Agent": firefox})
    listed = person.get("/api/me/sessions").json["sessions"]
    assert [session["current"] for session in listed].count(True) == 1
    here = next(session for session in listed if session["current"])
    assert here["device"] == "Firefox, Windows"
    assert here["created_at"] == "2026-11-25T10:00:01Z"
    for session in listed:
        if not session["current"]:
            assert person.post("/api/me/sessions/end", {"id": session["id"]}).status == 200
            assert person.post("/api/me/sessions/end", {"id": session["id"]}).code == "not_found"
    assert person.get("/api/me/sessions").json["sessions"] == [here]


def test_nobody_ends_somebody_elses_session(house: House) -> None:
    """Requirement 31."""
    person, other = house.member(ADDRESS), house.member("autre@exemple.fr")
    (session,) = other.get("/api/me/sessions").json["sessions"]
    assert person.post("/api/me/sessions/end", {"id": session["id"]}).code == "not_found"
    assert other.get("/api/me").status == 200


def test_over_https_cookies_are_bound_to_the_host_and_hold_nothing_personal(public_house: House) -> None:
    """Requirement 32."""
    house = public_house
    person = house.visitor(Origin="https://duplex.example")
    answer = person.post("/api/sign-up", {"email": ADDRESS, "password": GOOD, "lang": "fr"})
    flow = answer.headers["set-cookie"]
    assert flow.startswith("__Host-duplex_flow=")
    entered = person.post("/api/sign-up/verify", {"code": house.code(ADDRESS)})
    cookies = entered.headers.get_list("set-cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} >= {"__Host-duplex_session", "__Host-duplex_device"}
    for cookie in [flow, *cookies]:
        name, *attributes = cookie.split("; ")
        assert name.startswith("__Host-duplex_")
        assert {"Path=/", "Secure", "SameSite=lax"} <= set(attributes)
        assert not any(attribute.startswith("Domain") for attribute in attributes)
        assert ("HttpOnly" in attributes) != name.startswith("__Host-duplex_in=")
        assert len(cookie) < 4096
        assert "claire" not in cookie
    assert person.get("/api/me").json["email"] == ADDRESS


@pytest.mark.parametrize("cookie", ["", "x", "%C3%A9", "0" * 64, "0" * 5000, "a=b", '"quoted"'])
def test_a_cookie_of_any_shape_is_nobody(house: House, cookie: str) -> None:
    """Requirement 26: and one tossed in beside ours changes nothing but whose turn it is."""
    said = f"duplex_session={cookie}; duplex_flow={cookie}; duplex_device={cookie}; duplex_back={cookie}"
    visitor = house.visitor()
    assert visitor.get("/api/me", Cookie=said).status == 401
    assert visitor.post("/api/sign-up/verify", {"code": "12345678"}, Cookie=said).code == "no_flow"
    assert visitor.post("/api/sign-in", {"email": ADDRESS, "password": GOOD}, Cookie=said).status == 401
    person = house.member(ADDRESS)
    for tossed in (f"{person.cookie_header}; duplex_session={cookie}", f"duplex_session={cookie}; {said}"):
        assert visitor.get("/api/me", Cookie=tossed).status in (200, 401)
