"""What a member may do with an account: take everything away, and leave."""

from pathlib import Path

from edge_api.post import issues
from tests.edge_api.databases import Sqlite
from tests.edge_api.house import DAY, GOOD, OTHER, House, make_house

ADDRESS = "claire@exemple.fr"


def test_a_member_may_take_everything_away_and_it_holds_no_secret(house: House) -> None:
    person = house.member(ADDRESS)
    person.post("/api/newsletter", {"lang": "fr"})
    answer = person.get("/api/me/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="duplex.json"'
    told = answer.json
    assert told["account"]["email"] == ADDRESS
    assert told["newsletter"][0]["state"] == "confirmed"
    assert "T" in told["consents"][0]["at"]
    assert len(told["sessions"]) == 1
    assert told["downloads"] == []
    assert b"$2b$" not in answer.body
    assert house.visitor().get("/api/me/export").code == "not_signed_in"


def test_what_is_taken_away_is_all_that_the_page_on_personal_data_lists(house: House) -> None:
    person, other = house.member(ADDRESS), house.member("autre@exemple.fr")
    for each in (person, other):
        each.post("/api/newsletter", {"lang": "fr"})
    house.call(issues.begin, house.world, "2026-12-01", "fr", "La lampe", "Une nuit.", [])
    house.rows("INSERT INTO deliveries (issue, subscription, lang, letter, outcome) "
               "SELECT '2026-12-01', id, lang, id, 'sent' FROM subscriptions")  # fmt: skip
    house.asked_reset(ADDRESS.upper())
    told = person.get("/api/me/export").json
    assert told["issues"] == [{"issue": "2026-12-01", "lang": "fr", "outcome": "sent"}]
    assert {letter["letter"] for letter in told["letters"]} == {"newsletter_welcome", "reset_code"}
    assert {letter["recipient"] for letter in told["letters"]} == {ADDRESS}
    assert [asked["kind"] for asked in told["codes_asked"]].count("reset") == 1
    assert told["networks"] == []
    assert "autre" not in str(told)


def test_erasure_takes_back_what_waits_and_forgets_what_no_server_took(house: House) -> None:
    person, other = house.member(ADDRESS), house.member("autre@exemple.fr")
    for each in (person, other):
        each.post("/api/newsletter", {"lang": "fr"})
        each.post("/api/newsletter/leave")
    house.visitor().post("/api/newsletter", {"email": ADDRESS.upper(), "lang": "fr"})
    house.rows("UPDATE outbox SET dead_ms = 1, problem = 'the server answered 554' WHERE letter = 'newsletter_welcome'")
    assert person.post("/api/me/delete", {"password": GOOD}).status == 200
    assert house.rows("SELECT letter, recipient FROM outbox WHERE recipient <> '' ORDER BY letter") == [
        ("account_deleted", ADDRESS), ("newsletter_welcome", "autre@exemple.fr"),
    ]  # fmt: skip
    last = len(house.letters(ADDRESS))
    house.tidy()
    assert "claire" not in house.everything_stored()
    assert len(house.letters(ADDRESS)) == last


def test_what_was_erased_leaves_the_disk_too(tmp_path: Path, sqlite: Sqlite) -> None:
    with make_house(tmp_path, sqlite).open() as house:
        person = house.member(ADDRESS)
        house.letters(ADDRESS)
        person.post("/api/me/delete", {"password": GOOD})
        house.letters(ADDRESS)
        house.tidy()
        kept = {file.name: file.read_bytes() for file in tmp_path.glob("duplex.db*")}
    assert "duplex.db-wal" in kept
    assert [name for name, content in kept.items() if b"claire" in content] == []


def test_erasure_needs_the_password_and_leaves_no_address_behind(house: House) -> None:
    person = house.member(ADDRESS)
    person.post("/api/newsletter", {"lang": "fr"})
    assert person.post("/api/me/delete", {"password": OTHER}).code == "wrong_password"
    assert person.post("/api/me/delete", {"password": GOOD}).status == 200
    assert person.get("/api/me").status == 401
    assert person.cookies == {}
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": GOOD}).status == 401
    for table in ("users", "sessions", "subscriptions", "flows"):
        assert house.rows(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert house.letters(ADDRESS)[-1]["Subject"]
    house.pass_time(DAY)
    house.tidy()
    assert "claire" not in house.everything_stored()
