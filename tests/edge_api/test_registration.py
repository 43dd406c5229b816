"""Signing up: who becomes a member, by which code, and what nobody can learn or steal on the way."""

import pytest

from tests.edge_api.house import GOOD, MINUTE, OTHER, House
from tests.edge_api.people import Person, code_in, text_of

ADDRESS = "Claire.Duval@Exemple.fr"


def begin(house: House, address: str = ADDRESS, password: str = GOOD, lang: str = "fr", **more: object) -> Person:
    person = house.visitor()
    answer = person.post("/api/sign-up", {"email": address, "password": password, "lang": lang, **more})
    assert (answer.status, answer.json) == (202, {})
    return person


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_code_opens_an_account_and_signs_its_owner_in(house: House, lang: str) -> None:
    person = begin(house, lang=lang, return_to="/interviews/la-lampe/#t=5,11")
    assert person.get("/api/me").code == "not_signed_in"
    answer = person.post("/api/sign-up/verify", {"code": house.code(ADDRESS)})
    assert (answer.status, answer.json) == (200, {"return_to": "/interviews/la-lampe/#t=5,11"})
    assert person.get("/api/me").json == {"email": ADDRESS, "lang": lang, "newsletter": False}
    assert person.cookies["duplex_in"] == "1"
    assert "duplex_flow" not in person.cookies


@pytest.mark.parametrize("shape", ["{0} {1}", "{0}-{1}", " {0}\u202f{1}\n", "{0}\u00a0{1}"])
def test_a_code_is_read_as_people_paste_it(house: House, shape: str) -> None:
    person, code = begin(house), house.code(ADDRESS)
    assert person.post("/api/sign-up/verify", {"code": shape.format(code[:4], code[4:])}).status == 200


def test_no_account_exists_before_its_code_is_given(house: House) -> None:
    begin(house)
    assert house.rows("SELECT count(*) FROM users") == [(0,)]
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": GOOD}).code == "bad_credentials"


def test_a_known_address_gets_the_same_answer_and_another_letter(house: House) -> None:
    house.member(ADDRESS)
    seen = len(house.letters(ADDRESS))
    answers = []
    for address in (ADDRESS.upper(), "inconnue@exemple.fr"):
        person = house.visitor()
        answer = person.post("/api/sign-up", {"email": address, "password": OTHER, "lang": "fr"})
        heads = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
        cookie = answer.headers["set-cookie"].replace(person.cookies["duplex_flow"], "…")
        answers.append((answer.status, answer.body, heads, cookie))
        assert person.post("/api/sign-up/resend").status == 202
        assert person.post("/api/sign-up/verify", {"code": "12345678"}).json == {"code": "bad_code", "left": 4}
    assert answers[0] == answers[1]
    (letter,) = house.letters(ADDRESS)[seen:]
    assert code_in(letter) == ""
    assert "déjà" in text_of(letter)
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": GOOD}).status == 200


def test_a_wrong_code_is_refused_and_tells_how_many_tries_remain(house: House) -> None:
    person, code = begin(house), house.code(ADDRESS)
    for left in (4, 3, 2, 1):
        answer = person.post("/api/sign-up/verify", {"code": wrong(code)})
        assert (answer.status, answer.json) == (400, {"code": "bad_code", "left": left})
    assert person.post("/api/sign-up/verify", {"code": wrong(code)}).code == "too_many_tries"
    assert person.post("/api/sign-up/verify", {"code": code}).code == "too_many_tries"


def test_what_cannot_be_a_code_costs_no_try(house: House) -> None:
    person, code = begin(house), house.code(ADDRESS)
    for slip in ("1234567", "123456789", "abcdefgh", "１２３４５６７８", "9" * 5000):
        assert person.post("/api/sign-up/verify", {"code": slip}).code == "bad_code"
    assert house.rows("SELECT tries FROM challenges") == [(0,)]
    assert person.post("/api/sign-up/verify", {"code": code}).status == 200


def test_a_code_lives_for_thirty_minutes_to_the_millisecond(house: House) -> None:
    late, code = begin(house), house.code(ADDRESS)
    house.pass_time(30 * MINUTE)
    assert late.post("/api/sign-up/verify", {"code": code}).code == "code_expired"
    punctual = begin(house, "autre@exemple.fr")
    code = house.code("autre@exemple.fr")
    house.pass_time(30 * MINUTE - 1)
    assert punctual.post("/api/sign-up/verify", {"code": code}).status == 200


def test_an_expired_code_can_be_replaced_in_the_same_browser(house: House) -> None:
    person = begin(house)
    house.pass_time(31 * MINUTE)
    assert person.post("/api/sign-up/resend").status == 202
    assert person.post("/api/sign-up/verify", {"code": house.code(ADDRESS)}).status == 200


def test_a_used_code_does_not_work_again(house: House) -> None:
    person, code = begin(house), house.code(ADDRESS)
    twin = Person(house, cookies=dict(person.cookies))
    assert person.post("/api/sign-up/verify", {"code": code}).status == 200
    assert twin.post("/api/sign-up/verify", {"code": code}).code == "code_used"
    assert twin.get("/api/me").status == 401
    assert person.post("/api/sign-up/verify", {"code": code}).code == "no_flow"


def test_of_sixty_right_codes_at_once_one_wins(house: House) -> None:
    person, code = begin(house), house.code(ADDRESS)
    statuses = house.all_at_once([(person, "/api/sign-up/verify", {"code": code})] * 60)
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 400, 429}
    assert house.rows("SELECT count(*) FROM users") == [(1,)]
    assert house.rows("SELECT count(*) FROM sessions") == [(1,)]


def test_of_sixty_wrong_codes_at_once_five_are_counted(house: House) -> None:
    person, code = begin(house), house.code(ADDRESS)
    statuses = house.all_at_once([(person, "/api/sign-up/verify", {"code": wrong(code)})] * 60)
    assert house.rows("SELECT tries FROM challenges") == [(5,)]
    assert statuses.count(400) == 4
    assert statuses.count(429) == 56


def test_twenty_wrong_codes_a_day_are_all_that_one_address_has(house: House) -> None:
    for _ in range(4):
        person = begin(house)
        for _ in range(5):
            person.post("/api/sign-up/verify", {"code": "00000000"})
    last = begin(house)
    code = house.code(ADDRESS)
    answer = last.post("/api/sign-up/verify", {"code": code})
    assert (answer.status, answer.code) == (429, "too_many_tries")
    house.pass_time(73 * MINUTE)
    again = begin(house)
    assert again.post("/api/sign-up/verify", {"code": house.code(ADDRESS)}).status == 200


def test_resend_within_a_minute_sends_nothing_and_answers_the_same(house: House) -> None:
    person = begin(house)
    first = house.code(ADDRESS)
    house.pass_time(MINUTE - 1)
    early = person.post("/api/sign-up/resend")
    assert len(house.letters(ADDRESS)) == 1
    house.pass_time(1)
    due = person.post("/api/sign-up/resend")
    assert (early.status, early.body) == (due.status, due.body) == (202, b"{}")
    assert len(house.letters(ADDRESS)) == 2
    second = house.code(ADDRESS)
    assert first != second
    assert person.post("/api/sign-up/verify", {"code": first}).code == "bad_code"
    assert person.post("/api/sign-up/verify", {"code": second}).status == 200


def test_a_code_is_worth_nothing_in_another_browser_or_for_another_purpose(house: House) -> None:
    house.member("membre@exemple.fr")
    person, other = begin(house), begin(house, "autre@exemple.fr")
    code = house.code(ADDRESS)
    assert house.visitor().post("/api/sign-up/verify", {"code": code}).code == "no_flow"
    assert other.post("/api/sign-up/verify", {"code": code}).code == "bad_code"
    assert person.post("/api/reset/verify", {"code": code}).code == "no_flow"
    reset = house.visitor()
    reset.post("/api/reset", {"email": "membre@exemple.fr", "lang": "fr"})
    assert reset.post("/api/sign-up/verify", {"code": house.code("membre@exemple.fr")}).code == "no_flow"
    assert person.post("/api/sign-up/verify", {"code": code}).status == 200


def test_of_five_browsers_with_right_codes_for_one_address_at_once_one_wins(house: House) -> None:
    tries = []
    for _ in range(5):
        person = begin(house)
        house.pass_time(1)
        tries += [(person, "/api/sign-up/verify", {"code": house.code(ADDRESS)})] * 4
    statuses = house.all_at_once(tries)
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 400, 409, 429}
    assert house.rows("SELECT count(*) FROM users") == [(1,)]


@pytest.mark.parametrize("attacker_first", [True, False])
def test_only_the_password_of_the_flow_whose_code_was_given_opens_the_account(
    house: House, attacker_first: bool
) -> None:
    attacker_password, own_password = "Intrus-de-la-nuit_13", GOOD
    order = [attacker_password, own_password] if attacker_first else [own_password, attacker_password]
    people = {}
    codes = {}
    for password in order:
        people[password] = begin(house, password=password)
        codes[password] = house.code(ADDRESS)
        house.pass_time(1000)
    assert people[own_password].post("/api/sign-up/verify", {"code": codes[own_password]}).status == 200
    late = people[attacker_password]
    assert late.post("/api/sign-up/verify", {"code": codes[attacker_password]}).code == "no_flow"
    stranger = house.visitor()
    assert stranger.post("/api/sign-in", {"email": ADDRESS, "password": attacker_password}).status == 401
    assert stranger.post("/api/sign-in", {"email": ADDRESS, "password": own_password}).status == 200


def test_the_database_and_the_outbox_hold_no_code_no_token_and_no_password(house: House) -> None:
    person = begin(house)
    reset_code = house.code(ADDRESS)
    person.post("/api/sign-up/verify", {"code": reset_code})
    stored = house.everything_stored()
    for secret in (reset_code, f"{reset_code[:4]} {reset_code[4:]}", person.cookies["duplex_session"], GOOD):
        assert secret not in stored


def test_no_subject_and_no_address_of_a_letter_shows_the_code(house: House) -> None:
    begin(house)
    (letter,) = house.letters(ADDRESS)
    code = code_in(letter)
    for name, value in letter.items():
        assert code not in str(value).replace(" ", ""), name
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] is None


def test_a_code_letter_that_waited_until_its_code_died_is_never_sent(house: House) -> None:
    begin(house)
    house.pass_time(30 * MINUTE)
    assert house.letters(ADDRESS) == []
    assert house.rows("SELECT problem, sent_ms FROM outbox") == [("expired", None)]


def test_this_was_not_me_takes_the_code_back_and_looking_at_it_does_not(house: House) -> None:
    person, code = begin(house), house.code(ADDRESS)
    link = next(word for word in text_of(house.letters(ADDRESS)[0]).split() if "/not-me/" in word)
    path = link.removeprefix("http://127.0.0.1:8000")
    for _ in range(3):
        assert house.visitor().get(path, Accept="text/html").status == 200
    assert house.rows("SELECT count(*) FROM flows") == [(1,)]
    assert house.visitor().send(path, path).status == 200
    assert person.post("/api/sign-up/verify", {"code": code}).code == "no_flow"


def test_sign_ups_that_nobody_finished_are_thrown_away(house: House) -> None:
    begin(house)
    house.pass_time(2 * 60 * MINUTE)
    house.tidy()
    assert house.rows("SELECT (SELECT count(*) FROM flows) + (SELECT count(*) FROM challenges)") == [(0,)]


def test_the_newsletter_is_joined_only_when_it_was_asked_for(house: House) -> None:
    person = begin(house, newsletter=True)
    assert house.rows("SELECT count(*) FROM subscriptions") == [(0,)]
    person.post("/api/sign-up/verify", {"code": house.code(ADDRESS)})
    assert person.get("/api/me").json["newsletter"] is True
    assert house.rows("SELECT action, source FROM consents") == [("confirmed", "sign-up")]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Court-1a", "weak_password_length"),
        ("Avec espace-12", "weak_password_space"),
        ("sans-capitale-12", "weak_password_mix"),
        ("Azertyuiop1!", "weak_password_common"),
        ("Aa1-" * 40, "password_too_long"),
        ("Claire.duval1!", "weak_password_common"),
    ],
)
def test_a_password_that_breaks_a_rule_is_named_by_that_rule(house: House, password: str, code: str) -> None:
    answer = house.visitor().post("/api/sign-up", {"email": ADDRESS, "password": password, "lang": "fr"})
    assert (answer.status, answer.json) == (400, {"code": code})
    assert house.rows("SELECT count(*) FROM flows") == [(0,)]


@pytest.mark.parametrize("end", ["x", "y"])
def test_a_password_of_seventy_three_bytes_counts_to_its_last_byte(house: House, end: str) -> None:
    password = "Été-2047_" + "a" * 61 + end
    assert len(password.encode()) == 73
    house.member(ADDRESS, password)
    person = house.visitor()
    assert person.post("/api/sign-in", {"email": ADDRESS, "password": password[:-1] + "z"}).status == 401
    assert person.post("/api/sign-in", {"email": ADDRESS, "password": password}).status == 200


@pytest.mark.parametrize(
    "address",
    ["", "claire", "claire@", "@exemple.fr", "a b@exemple.fr", "a@b@c.fr", "é@exemple.fr", "a@exemple.fr\nBcc: x@y.fr"],
)
def test_what_is_no_address_is_refused(house: House, address: str) -> None:
    answer = house.visitor().post("/api/sign-up", {"email": address, "password": GOOD, "lang": "fr"})
    assert answer.status == 400
    assert answer.code in ("bad_email", "bad_form")


def test_ten_letters_are_all_that_strangers_can_cause_to_one_address(house: House) -> None:
    for _ in range(12):
        begin(house)
    assert len(house.letters(ADDRESS)) == 10
