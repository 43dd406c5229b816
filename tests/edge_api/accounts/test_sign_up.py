"""The road to an account beyond its promises: how codes are pasted, which letters come, what is no address."""

import pytest

from tests.edge_api.house import GOOD, MINUTE, House
from tests.edge_api.people import ORIGIN, code_in, text_of

ADDRESS = "Claire.Duval@Exemple.fr"
VERIFY = "/api/sign-up/verify"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_code_opens_an_account_and_signs_its_owner_in(house: House, lang: str) -> None:
    person = house.begin(ADDRESS, lang=lang, return_to="/interviews/la-lampe/#t=5,11")
    answer = person.post(VERIFY, {"code": house.code(ADDRESS)})
    assert (answer.status, answer.json) == (200, {"return_to": "/interviews/la-lampe/#t=5,11"})
    assert person.get("/api/me").json == {"email": ADDRESS, "lang": lang, "newsletter": False}
    assert person.cookies["duplex_in"] == "1"
    assert "duplex_flow" not in person.cookies


@pytest.mark.parametrize("shape", ["{0} {1}", "{0}-{1}", " {0}\u202f{1}\n", "{0}\u00a0{1}"])
def test_a_code_is_read_as_people_paste_it(house: House, shape: str) -> None:
    person, code = house.begin(ADDRESS), house.code(ADDRESS)
    assert person.post(VERIFY, {"code": shape.format(code[:4], code[4:])}).status == 200


def test_what_cannot_be_a_code_costs_no_try(house: House) -> None:
    person, code = house.begin(ADDRESS), house.code(ADDRESS)
    for slip in ("1234567", "123456789", "abcdefgh", "１２３４５６７８", "9" * 5000):
        assert person.post(VERIFY, {"code": slip}).code == "bad_code"
    assert house.rows("SELECT tries FROM challenges") == [(0,)]
    assert person.post(VERIFY, {"code": code}).status == 200


def test_an_expired_code_can_be_replaced_in_the_same_browser(house: House) -> None:
    person = house.begin(ADDRESS)
    house.pass_time(31 * MINUTE)
    assert person.post("/api/sign-up/resend").status == 202
    assert person.post(VERIFY, {"code": house.code(ADDRESS)}).status == 200


def test_a_letter_with_a_code_is_no_newsletter_and_no_answer_to_one(house: House) -> None:
    house.begin(ADDRESS)
    (letter,) = house.letters(ADDRESS)
    assert code_in(letter)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] is None


def test_a_code_letter_that_waited_until_its_code_died_is_never_sent(house: House) -> None:
    house.begin(ADDRESS)
    house.pass_time(30 * MINUTE)
    assert house.letters(ADDRESS) == []
    assert house.rows("SELECT problem, sent_ms FROM outbox") == [("expired", None)]


def test_this_was_not_me_takes_the_code_back_and_looking_at_it_does_not(house: House) -> None:
    person, code = house.begin(ADDRESS), house.code(ADDRESS)
    link = next(word for word in text_of(house.letters(ADDRESS)[0]).split() if "/not-me/" in word)
    path = link.removeprefix(ORIGIN)
    for _ in range(3):
        assert house.visitor().get(path, Accept="text/html").status == 200
    assert house.rows("SELECT count(*) FROM flows") == [(1,)]
    assert house.visitor().send(path, path, sure="1").status == 200
    assert person.post(VERIFY, {"code": code}).code == "no_flow"


def test_the_newsletter_is_joined_only_when_it_was_asked_for(house: House) -> None:
    person = house.begin(ADDRESS, newsletter=True)
    assert house.rows("SELECT count(*) FROM subscriptions") == [(0,)]
    person.post(VERIFY, {"code": house.code(ADDRESS)})
    assert person.get("/api/me").json["newsletter"] is True
    assert house.rows("SELECT action, source FROM consents") == [("confirmed", "sign-up")]


def test_what_is_no_address_is_refused(house: House) -> None:
    for address in ("", "claire", "claire@", "@exemple.fr", "a b@exemple.fr", "a@b@c.fr", "é@exemple.fr"):
        answer = house.visitor().post("/api/sign-up", {"email": address, "password": GOOD, "lang": "fr"})
        assert answer.status == 400
        assert answer.code in ("bad_email", "bad_form")


def test_an_account_is_found_whatever_the_case_of_its_address_and_written_to_as_it_was_proved(house: House) -> None:
    house.member(ADDRESS)
    house.asked_reset(ADDRESS.upper())
    assert house.letters(ADDRESS.upper()) == []
    assert house.code(ADDRESS)


def test_a_reset_never_begun_or_already_proved_has_no_code_to_send_again(house: House) -> None:
    house.member(ADDRESS)
    assert house.visitor().post("/api/reset/resend").code == "no_flow"
    assert house.proved_reset(ADDRESS).post("/api/reset/resend").code == "no_flow"


def test_who_asked_for_a_code_is_told_its_address_and_nobody_learns_of_an_account_by_it(house: House) -> None:
    """An account is spelled as when it was opened: told so, it would be known from an address that has none."""
    house.member(ADDRESS)
    stranger = "nobody.here@exemple.fr"
    for path in ("/api/sign-up", "/api/reset"):
        for typed in (ADDRESS.upper(), stranger):
            person = house.begin(typed) if path == "/api/sign-up" else house.asked_reset(typed)
            answer = person.get(f"{path}/verify")
            assert (answer.status, answer.json) == (200, {"email": typed.lower()})
            assert answer.headers["cache-control"] == "no-store"
            other = {"/api/sign-up": "/api/reset", "/api/reset": "/api/sign-up"}[path]
            assert person.get(f"{other}/verify").code == "no_flow"
    assert house.visitor().get("/api/reset/verify").code == "no_flow"


def test_an_address_is_told_no_longer_once_its_code_was_used_or_its_time_is_over(house: House) -> None:
    person = house.begin(ADDRESS)
    cookies = dict(person.cookies)
    assert person.post(VERIFY, {"code": house.code(ADDRESS)}).status == 200
    person.cookies = cookies
    assert person.get(VERIFY).code == "no_flow"
    late = house.begin("tard@exemple.fr")
    house.pass_time(121 * MINUTE)
    assert late.get(VERIFY).code == "no_flow"
