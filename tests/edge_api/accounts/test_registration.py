"""Registration and codes: who becomes a member, by which code, and what nobody can learn or steal on the way."""

import pytest

from tests.edge_api.house import GOOD, MINUTE, OTHER, House
from tests.edge_api.people import Person, code_in, wrong

ADDRESS = "Claire.Duval@Exemple.fr"
VERIFY = "/api/sign-up/verify"


def test_a_code_lives_for_thirty_minutes_to_the_millisecond(house: House) -> None:
    """Requirement 2."""
    late, code = house.begin(ADDRESS), house.code(ADDRESS)
    house.pass_time(30 * MINUTE)
    assert late.post(VERIFY, {"code": code}).code == "code_expired"
    punctual = house.begin("autre@exemple.fr")
    code = house.code("autre@exemple.fr")
    house.pass_time(30 * MINUTE - 1)
    assert punctual.post(VERIFY, {"code": code}).status == 200


def test_a_used_code_does_not_work_again(house: House) -> None:
    """Requirement 3."""
    person, code = house.begin(ADDRESS), house.code(ADDRESS)
    twin = Person(house, cookies=dict(person.cookies))
    assert person.post(VERIFY, {"code": code}).status == 200
    assert twin.post(VERIFY, {"code": code}).code == "code_used"
    assert twin.get("/api/me").status == 401
    assert person.post(VERIFY, {"code": code}).code == "no_flow"


def test_of_sixty_right_codes_at_once_one_wins(house: House) -> None:
    """Requirement 3."""
    person, code = house.begin(ADDRESS), house.code(ADDRESS)
    statuses = house.all_at_once([(person, VERIFY, {"code": code})] * 60)
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 400, 429}
    assert house.rows("SELECT count(*) FROM users") == [(1,)]
    assert house.rows("SELECT count(*) FROM sessions") == [(1,)]


def test_of_sixty_right_reset_codes_at_once_one_wins(house: House) -> None:
    """Requirement 3."""
    house.member(ADDRESS)
    person = house.asked_reset(ADDRESS)
    statuses = house.all_at_once([(person, "/api/reset/verify", {"code": house.code(ADDRESS)})] * 60)
    assert statuses.count(200) == 1


def test_of_five_browsers_with_right_codes_for_one_address_at_once_one_wins(house: House) -> None:
    """Requirement 3: each browser's success would end the flows of the others."""
    tries = []
    for _ in range(5):
        person = house.begin(ADDRESS)
        house.pass_time(1)
        tries += [(person, VERIFY, {"code": house.code(ADDRESS)})] * 4
    statuses = house.all_at_once(tries)
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 400, 409, 429}
    assert house.rows("SELECT count(*) FROM users") == [(1,)]


def test_the_sixth_try_fails_even_with_the_right_code(house: House) -> None:
    """Requirement 4."""
    person, code = house.begin(ADDRESS), house.code(ADDRESS)
    for left in (4, 3, 2, 1):
        answer = person.post(VERIFY, {"code": wrong(code)})
        assert (answer.status, answer.json) == (400, {"code": "bad_code", "left": left})
    assert person.post(VERIFY, {"code": wrong(code)}).code == "too_many_tries"
    assert person.post(VERIFY, {"code": code}).code == "too_many_tries"


def test_of_sixty_wrong_codes_at_once_five_are_counted(house: House) -> None:
    """Requirement 4."""
    person, code = house.begin(ADDRESS), house.code(ADDRESS)
    statuses = house.all_at_once([(person, VERIFY, {"code": wrong(code)})] * 60)
    assert house.rows("SELECT tries FROM challenges") == [(5,)]
    assert statuses.count(400) == 4
    assert statuses.count(429) == 56


def test_a_fault_after_the_count_does_not_give_the_try_back(house: House) -> None:
    """Requirement 5."""
    person, code = house.begin(ADDRESS), house.code(ADDRESS)
    with house.without("sessions"):
        assert person.post(VERIFY, {"code": code}).code == "internal"
    assert house.rows("SELECT tries, used_ms FROM challenges") == [(1, None)]
    assert house.rows("SELECT count(*) FROM users") == [(0,)]
    assert person.post(VERIFY, {"code": code}).status == 200


def test_a_count_that_cannot_be_kept_is_no_look_at_the_code(house: House) -> None:
    """Requirement 5: five tries of an address' twenty cannot be had for nothing."""
    person, code = house.begin(ADDRESS), house.code(ADDRESS)
    with house.without("limits"):
        answers = {person.post(VERIFY, {"code": typed}).body for typed in (code, wrong(code))}
    assert answers == {b'{"code":"internal"}'}


def test_twenty_wrong_codes_a_day_are_all_that_one_address_has(house: House) -> None:
    """Requirement 5: a new browser does not begin to count anew."""
    for _ in range(4):
        person = house.begin(ADDRESS)
        for _ in range(5):
            person.post(VERIFY, {"code": "00000000"})
    last = house.begin(ADDRESS)
    answer = last.post(VERIFY, {"code": house.code(ADDRESS)})
    assert (answer.status, answer.code) == (429, "too_many_tries")
    house.pass_time(73 * MINUTE)
    again = house.begin(ADDRESS)
    assert again.post(VERIFY, {"code": house.code(ADDRESS)}).status == 200


def test_a_code_is_worth_nothing_in_another_flow_or_for_another_purpose(house: House) -> None:
    """Requirement 6."""
    house.member("membre@exemple.fr")
    person, other = house.begin(ADDRESS), house.begin("autre@exemple.fr")
    code = house.code(ADDRESS)
    assert house.visitor().post(VERIFY, {"code": code}).code == "no_flow"
    assert other.post(VERIFY, {"code": code}).code == "bad_code"
    assert person.post("/api/reset/verify", {"code": code}).code == "no_flow"
    reset = house.asked_reset("membre@exemple.fr")
    assert reset.post(VERIFY, {"code": house.code("membre@exemple.fr")}).code == "no_flow"
    assert reset.post("/api/reset/verify", {"code": code}).code == "bad_code"
    assert person.post(VERIFY, {"code": code}).status == 200


@pytest.mark.parametrize("purpose", ["sign-up", "reset"])
def test_asking_again_within_a_minute_sends_nothing_and_is_answered_the_same(house: House, purpose: str) -> None:
    """Requirement 7."""
    if purpose == "reset":
        house.member(ADDRESS)
    before = len(house.letters(ADDRESS))
    person = house.begin(ADDRESS) if purpose == "sign-up" else house.asked_reset(ADDRESS)
    first = house.code(ADDRESS)
    house.pass_time(MINUTE - 1)
    early = person.post(f"/api/{purpose}/resend")
    assert len(house.letters(ADDRESS)) == before + 1
    house.pass_time(1)
    due = person.post(f"/api/{purpose}/resend")
    assert (early.status, early.body) == (due.status, due.body) == (202, b"{}")
    assert len(house.letters(ADDRESS)) == before + 2
    assert person.post(f"/api/{purpose}/verify", {"code": first}).code == "bad_code"
    assert person.post(f"/api/{purpose}/verify", {"code": house.code(ADDRESS)}).status == 200


def test_thirty_who_ask_again_at_once_get_one_letter_and_one_code(house: House) -> None:
    """Requirement 7."""
    person = house.begin(ADDRESS)
    assert house.code(ADDRESS)
    house.pass_time(MINUTE)
    assert set(house.all_at_once([(person, "/api/sign-up/resend", {})] * 30)) == {202}
    assert house.rows("SELECT count(*) FROM challenges WHERE ended_ms IS NULL") == [(1,)]
    assert len(house.letters(ADDRESS)) == 2


def test_no_secret_stands_where_somebody_else_could_read_it(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    """Requirement 8: a whole road, and then database, outbox, logs, addresses and headers of letters."""
    person = house.begin(ADDRESS, return_to="/interviews/la-lampe/")
    flow, code = person.cookies["duplex_flow"], house.code(ADDRESS)
    answers = [person.post(VERIFY, {"code": wrong(code)}), person.post(VERIFY, {"code": code})]
    session = person.cookies["duplex_session"]
    reset = house.asked_reset(ADDRESS)
    reset_code, reset_flow = house.code(ADDRESS), reset.cookies["duplex_flow"]
    answers.append(reset.send("/account/reset/verify/", "/api/reset/verify", code=reset_code))
    proved = reset.cookies["duplex_flow"]
    answers.append(reset.send("/account/reset/password/", "/api/reset/password", password=OTHER))
    stored, logged = house.everything_stored(), "".join(capfd.readouterr())
    shown = [answer.headers.get("location", "") + answer.body.decode() for answer in answers]
    heads = [f"{name}: {value}" for letter in house.letters(ADDRESS) for name, value in letter.items()]
    places = "\n".join([stored, logged, *shown, *heads])
    assert "account opened" in logged
    for secret in (code, f"{code[:4]} {code[4:]}", reset_code, f"{reset_code[:4]} {reset_code[4:]}"):
        assert secret not in places
    for secret in (flow, session, reset_flow, proved, GOOD, OTHER):
        assert secret not in places


def test_no_account_can_be_used_before_its_code_is_given(house: House) -> None:
    """Requirement 9."""
    person = house.begin(ADDRESS)
    assert house.rows("SELECT count(*) FROM users") == [(0,)]
    assert person.get("/api/me").code == "not_signed_in"
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": GOOD}).code == "bad_credentials"
    assert house.visitor().post("/api/reset", {"email": ADDRESS, "lang": "fr"}).status == 202
    assert len(house.letters(ADDRESS)) == 1


def test_sign_ups_that_nobody_finished_are_thrown_away(house: House) -> None:
    """Requirement 9."""
    house.begin(ADDRESS)
    house.pass_time(2 * 60 * MINUTE)
    house.tidy()
    assert house.rows("SELECT (SELECT count(*) FROM flows) + (SELECT count(*) FROM challenges)") == [(0,)]


def test_the_new_password_needs_the_code_first_and_works_once(house: House) -> None:
    """Requirement 10."""
    house.member(ADDRESS)
    third, path = "Granit-et-lichen_5", "/api/reset/password"
    assert house.visitor().post(path, {"password": OTHER}).code == "no_flow"
    person = house.asked_reset(ADDRESS)
    assert person.post(path, {"password": OTHER}).code == "no_flow"
    begun = Person(house, cookies=dict(person.cookies))
    person.post("/api/reset/verify", {"code": house.code(ADDRESS)})
    assert begun.post(path, {"password": third}).code == "no_flow"
    assert person.post(path, {"password": "trop-court"}).code == "weak_password_length"
    assert person.post(path, {"password": OTHER}).status == 200
    assert person.post(path, {"password": third}).code == "no_flow"
    house.sign_in(ADDRESS, OTHER)


def test_no_extra_field_opens_an_account_or_names_another(house: House) -> None:
    """Requirement 11."""
    other = house.member("membre@exemple.fr")
    person = house.begin(ADDRESS)
    for field in ("verified", "user_id", "email", "password", "role"):
        assert person.post(VERIFY, {"code": house.code(ADDRESS), field: "1"}).code == "bad_form"
    assert person.post("/api/reset/password", {"password": OTHER, "user_id": "1"}).code == "bad_form"
    twice = f"code={house.code(ADDRESS)}&code={house.code(ADDRESS)}".encode()
    kind = "application/x-www-form-urlencoded"
    assert person.ask("POST", VERIFY, twice, Content_Type=kind).code == "bad_form"
    assert person.get("/api/me").status == 401
    assert other.get("/api/me").status == 200


@pytest.mark.parametrize("attacker_first", [True, False])
def test_only_the_password_of_the_flow_whose_code_was_given_opens_the_account(
    house: House, attacker_first: bool
) -> None:
    """Requirement 12: pre-hijacking, in both orders."""
    intruder, own = "Intrus-de-la-nuit_13", GOOD
    people, codes = {}, {}
    for password in [intruder, own] if attacker_first else [own, intruder]:
        people[password] = house.begin(ADDRESS, password)
        codes[password] = house.code(ADDRESS)
        house.pass_time(1000)
    assert people[own].post(VERIFY, {"code": codes[own]}).status == 200
    assert people[intruder].post(VERIFY, {"code": codes[intruder]}).code == "no_flow"
    assert people[intruder].post("/api/sign-up/resend").code == "no_flow"
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": intruder}).status == 401
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": own}).status == 200


def test_who_signs_up_with_a_members_address_gets_nothing_and_the_member_a_letter(house: House) -> None:
    """Requirement 12: an account that stands is not touched."""
    owner = house.member(ADDRESS)
    intruder = house.begin(ADDRESS, "Intrus-de-la-nuit_13")
    assert code_in(house.letters(ADDRESS)[-1]) == ""
    assert intruder.post(VERIFY, {"code": "12345678"}).json == {"code": "bad_code", "left": 4}
    assert owner.get("/api/me").status == 200
    house.sign_in(ADDRESS, GOOD)
