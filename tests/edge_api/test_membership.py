"""Signing in and out, forgotten passwords, sessions, and what a member may do with an account."""

import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_api.keys import rotate_keys
from tests.edge_api.databases import Store
from tests.edge_api.house import DAY, GOOD, MINUTE, NOON, OTHER, House, make_house
from tests.edge_api.people import Person, code_in, text_of

ADDRESS = "claire@exemple.fr"
THIRD = "Granit-et-lichen_5"


def sign_in(house: House, password: str = GOOD, address: str = ADDRESS, **headers: str) -> Person:
    person = house.visitor(**headers)
    answer = person.post("/api/sign-in", {"email": address, "password": password})
    assert answer.status == 200, answer
    return person


def proved(house: House, address: str = ADDRESS, return_to: str = "/") -> Person:
    """A browser in which the code of a reset was given."""
    person = house.visitor()
    assert person.post("/api/reset", {"email": address, "lang": "fr", "return_to": return_to}).status == 202
    assert person.post("/api/reset/verify", {"code": house.code(address)}).status == 200
    return person


def test_signing_in_finds_the_account_whatever_the_case_of_the_address(house: House) -> None:
    house.member(ADDRESS)
    person = sign_in(house, address="CLAIRE@EXEMPLE.FR")
    assert person.get("/api/me").json["email"] == ADDRESS


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(house: House) -> None:
    house.member(ADDRESS)
    answers = [
        house.visitor().post("/api/sign-in", {"email": address, "password": password})
        for address, password in [
            (ADDRESS, OTHER),
            ("inconnu@exemple.fr", OTHER),
            ("pas une adresse", OTHER),
            (ADDRESS, "x"),
        ]
    ]
    assert {(a.status, a.body, tuple(sorted(a.headers.items()))) for a in answers} == {
        (401, b'{"code":"bad_credentials"}', tuple(sorted(answers[0].headers.items())))
    }


@pytest.fixture
def dear_house(tmp_path: Path, store: Store) -> Iterator[House]:
    """A house whose passwords cost enough to be measured."""
    with make_house(tmp_path, store, bcrypt_cost=10).open() as house:
        yield house


def test_an_unknown_address_costs_as_much_work_as_a_known_one(dear_house: House) -> None:
    house = dear_house
    house.member(ADDRESS)
    times: dict[str, list[float]] = {ADDRESS: [], "inconnu@exemple.fr": []}
    for _ in range(4):
        for address, spent in times.items():
            began = time.perf_counter()
            house.visitor().post("/api/sign-in", {"email": address, "password": OTHER})
            spent.append(time.perf_counter() - began)
    known, unknown = (statistics.median(spent) for spent in times.values())
    assert unknown > known / 2


@pytest.mark.parametrize("password", ["é" * 37 + "a", "x" * 1024, "x" * 1025, "x" * 9000, "a b c", "\ufeff", "𝄞" * 500])
def test_a_password_of_any_length_is_only_wrong(house: House, password: str) -> None:
    house.member(ADDRESS)
    answer = house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": password})
    assert (answer.status, answer.code) == (401, "bad_credentials")


def test_both_spellings_of_an_accent_sign_in(house: House) -> None:
    house.member(ADDRESS, "Mar\u00e9e-haute_2047")
    sign_in(house, "Mare\u0301e-haute_2047")


def test_ten_wrong_passwords_close_an_account_for_a_while_whether_it_exists_or_not(house: House) -> None:
    house.member(ADDRESS)
    for address in (ADDRESS, "inconnu@exemple.fr"):
        for _ in range(10):
            assert house.visitor().post("/api/sign-in", {"email": address, "password": OTHER}).status == 401
        for spelling in (address, address.upper()):
            answer = house.visitor().post("/api/sign-in", {"email": spelling, "password": GOOD})
            assert (answer.status, answer.code) == (429, "too_many_requests")
            assert int(answer.headers["retry-after"]) == 180
    house.pass_time(3 * MINUTE)
    sign_in(house)


def test_a_session_begun_before_signing_in_never_becomes_one(house: House) -> None:
    house.member(ADDRESS)
    planted = Person(house, cookies={"duplex_session": "f" * 64})
    planted.post("/api/sign-in", {"email": ADDRESS, "password": GOOD})
    assert planted.cookies["duplex_session"] != "f" * 64
    assert Person(house, cookies={"duplex_session": "f" * 64}).get("/api/me").status == 401


def test_signing_in_again_ends_the_session_that_the_browser_had(house: House) -> None:
    house.member(ADDRESS)
    person = sign_in(house)
    before = Person(house, cookies=dict(person.cookies))
    person.post("/api/sign-in", {"email": ADDRESS, "password": GOOD})
    assert before.get("/api/me").status == 401
    assert person.get("/api/me").status == 200


def test_signing_out_kills_the_session_in_the_database_too(house: House) -> None:
    person = house.member(ADDRESS)
    twin = Person(house, cookies=dict(person.cookies))
    assert person.get("/api/sign-out").code == "method_not_allowed"
    answer = person.post("/api/sign-out")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert set(person.cookies) == {"duplex_device"}
    assert twin.get("/api/me").status == 401


def test_a_session_ends_after_two_idle_weeks_and_after_a_month_at_most(house: House) -> None:
    idle, busy = house.member(ADDRESS), sign_in(house)
    house.pass_time(13 * DAY)
    assert busy.get("/api/me").status == 200
    house.pass_time(2 * DAY)
    assert idle.get("/api/me").status == 401
    assert busy.get("/api/me").status == 200
    house.pass_time(10 * DAY)
    assert busy.get("/api/me").status == 200
    house.now = NOON + 30 * DAY
    assert busy.get("/api/me").status == 401


@pytest.mark.parametrize("cookie", ["", "x", "%C3%A9", "0" * 64, "0" * 5000, "a=b", '"quoted"'])
def test_a_cookie_of_any_shape_is_nobody(house: House, cookie: str) -> None:
    said = f"duplex_session={cookie}; duplex_flow={cookie}"
    visitor = house.visitor()
    assert visitor.get("/api/me", Cookie=said).status == 401
    assert visitor.post("/api/sign-up/verify", {"code": "12345678"}, Cookie=said).code == "no_flow"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_reset_gives_a_new_password_and_ends_everything_that_was_open(house: House, lang: str) -> None:
    owner = house.member(ADDRESS)
    thief = sign_in(house)
    waiting = house.visitor()
    waiting.post("/api/reset", {"email": ADDRESS, "lang": lang})
    waiting_code = house.code(ADDRESS)
    person = house.visitor()
    person.post("/api/reset", {"email": ADDRESS.upper(), "lang": lang, "return_to": "/en/interviews/#t=1"})
    person.post("/api/reset/verify", {"code": house.code(ADDRESS)})
    answer = person.post("/api/reset/password", {"password": OTHER})
    assert (answer.status, answer.json) == (200, {"return_to": "/en/interviews/#t=1"})
    for browser in (owner, thief, person):
        assert browser.get("/api/me").status == 401
    assert waiting.post("/api/reset/verify", {"code": waiting_code}).code == "no_flow"
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": GOOD}).status == 401
    back = person.post("/api/sign-in", {"email": ADDRESS, "password": OTHER})
    assert back.json == {"return_to": "/en/interviews/#t=1"}
    notice = house.letters(ADDRESS)[-1]
    assert notice["Content-Language"] == lang
    assert code_in(notice) == ""


def test_a_reset_for_an_unknown_address_looks_the_same_and_writes_to_nobody(house: House) -> None:
    house.member(ADDRESS)
    answers = []
    for address in (ADDRESS, "inconnu@exemple.fr"):
        person = house.visitor()
        sent = len(house.letters(address))
        answer = person.post("/api/reset", {"email": address, "lang": "fr"})
        cookie = answer.headers["set-cookie"].replace(person.cookies["duplex_flow"], "…")
        heads = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
        tries = [person.post("/api/reset/verify", {"code": "00000000"}).json for _ in range(6)]
        answers.append((answer.status, answer.body, cookie, heads, tries, person.post("/api/reset/resend").status))
        assert len(house.letters(address)) == sent + (address == ADDRESS)
    assert answers[0] == answers[1]


def test_the_new_password_needs_the_code_first_and_works_once(house: House) -> None:
    house.member(ADDRESS)
    person = house.visitor()
    assert person.post("/api/reset/password", {"password": OTHER}).code == "no_flow"
    person.post("/api/reset", {"email": ADDRESS, "lang": "fr"})
    assert person.post("/api/reset/password", {"password": OTHER}).code == "no_flow"
    begun = Person(house, cookies=dict(person.cookies))
    person.post("/api/reset/verify", {"code": house.code(ADDRESS)})
    assert begun.post("/api/reset/password", {"password": THIRD}).code == "no_flow"
    assert person.post("/api/reset/password", {"password": "trop-court"}).code == "weak_password_length"
    assert person.post("/api/reset/password", {"password": OTHER}).status == 200
    assert person.post("/api/reset/password", {"password": THIRD}).code == "no_flow"
    sign_in(house, OTHER)


def test_a_proved_reset_waits_for_half_an_hour(house: House) -> None:
    house.member(ADDRESS)
    person = proved(house)
    house.pass_time(30 * MINUTE)
    assert person.post("/api/reset/password", {"password": OTHER}).code == "no_flow"


def test_a_reset_code_is_resent_under_the_same_rules(house: House) -> None:
    house.member(ADDRESS)
    person = house.visitor()
    assert person.post("/api/reset/resend").code == "no_flow"
    person.post("/api/reset", {"email": ADDRESS, "lang": "fr"})
    first = house.code(ADDRESS)
    house.pass_time(MINUTE)
    assert person.post("/api/reset/resend").status == 202
    assert person.post("/api/reset/verify", {"code": first}).code == "bad_code"
    assert person.post("/api/reset/verify", {"code": house.code(ADDRESS)}).status == 200
    assert person.post("/api/reset/resend").code == "no_flow"


def test_of_sixty_right_reset_codes_at_once_one_wins(house: House) -> None:
    house.member(ADDRESS)
    person = house.visitor()
    person.post("/api/reset", {"email": ADDRESS, "lang": "fr"})
    statuses = house.all_at_once([(person, "/api/reset/verify", {"code": house.code(ADDRESS)})] * 60)
    assert statuses.count(200) == 1


def test_changing_the_password_needs_the_current_one_and_ends_other_sessions(house: House) -> None:
    person, elsewhere = house.member(ADDRESS), sign_in(house)
    assert person.post("/api/password", {"current": OTHER, "password": THIRD}).code == "wrong_password"
    assert person.post("/api/password", {"current": GOOD, "password": "Azertyuiop1!"}).code == "weak_password_common"
    assert person.post("/api/password", {"current": GOOD, "password": THIRD}).status == 200
    assert person.get("/api/me").status == 200
    assert elsewhere.get("/api/me").status == 401
    sign_in(house, THIRD)
    assert "mot de passe" in text_of(house.letters(ADDRESS)[-1])
    assert house.visitor().post("/api/password", {"current": THIRD, "password": GOOD}).code == "not_signed_in"


def test_a_password_kept_at_another_cost_or_key_is_kept_anew_at_sign_in(tmp_path: Path, store: Store) -> None:
    first = make_house(tmp_path, store)
    with first.open() as house:
        house.member(ADDRESS)
        assert house.rows("SELECT substr(password, 1, 13) FROM users") == [("v1$k1$$2b$04$",)]
    with first.again(bcrypt_cost=5) as dearer:
        sign_in(dearer)
        assert dearer.rows("SELECT substr(password, 1, 13) FROM users") == [("v1$k1$$2b$05$",)]
        sign_in(dearer)
    rotate_keys(first.settings.secrets, random.Random(2).randbytes)
    with dearer.again() as rotated:
        sign_in(rotated)
        assert rotated.rows("SELECT substr(password, 1, 13) FROM users") == [("v1$k2$$2b$05$",)]


def test_sessions_are_listed_by_device_and_ended_one_by_one(house: House) -> None:
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    house.member(ADDRESS)
    house.pass_time(1000)
    person = sign_in(house, **{"User-Agent": firefox})
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
    person, other = house.member(ADDRESS), house.member("autre@exemple.fr")
    (session,) = other.get("/api/me/sessions").json["sessions"]
    assert person.post("/api/me/sessions/end", {"id": session["id"]}).code == "not_found"
    assert other.get("/api/me").status == 200


def test_a_member_may_take_everything_away_and_it_holds_no_secret(house: House) -> None:
    person = house.member(ADDRESS)
    person.post("/api/newsletter", {"lang": "fr"})
    answer = person.get("/api/me/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="duplex.json"'
    told = answer.json
    assert told["account"]["email"] == ADDRESS
    assert told["newsletter"][0]["state"] == "confirmed"
    assert len(told["sessions"]) == 1
    assert told["downloads"] == []
    assert b"$2b$" not in answer.body
    assert house.visitor().get("/api/me/export").code == "not_signed_in"


def test_erasure_needs_the_password_and_leaves_no_address_behind(house: House) -> None:
    person = house.member(ADDRESS)
    person.post("/api/newsletter", {"lang": "fr"})
    assert person.post("/api/me/delete", {"password": OTHER}).code == "wrong_password"
    assert person.post("/api/me/delete", {"password": GOOD}).status == 200
    assert person.get("/api/me").status == 401
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": GOOD}).status == 401
    for table in ("users", "sessions", "subscriptions", "flows"):
        assert house.rows(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert house.letters(ADDRESS)[-1]["Subject"]
    house.pass_time(DAY)
    house.tidy()
    for table in ("outbox", "consents", "limits"):
        assert "claire" not in str(house.rows(f"SELECT * FROM {table}")), table


def test_a_full_queue_of_passwords_answers_busy_at_once_and_loses_nothing(dear_house: House) -> None:
    house = dear_house
    house.member(ADDRESS)
    bodies = [{"email": f"a{number}@exemple.fr", "password": OTHER} for number in range(40)]
    answers = house.answers_at_once([(house.visitor(), "/api/sign-in", body) for body in bodies])
    assert {answer.status for answer in answers} == {401, 503}
    busy = [answer for answer in answers if answer.status == 503]
    assert len(busy) <= 40 - 16
    assert {answer.code for answer in busy} == {"busy"}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in busy)
    sign_in(house)
