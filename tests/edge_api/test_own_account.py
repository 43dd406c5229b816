"""What a member may do with an account: take everything away, and leave."""

from tests.edge_api.house import DAY, GOOD, OTHER, House

ADDRESS = "claire@exemple.fr"


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
    assert person.cookies == {}
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": GOOD}).status == 401
    for table in ("users", "sessions", "subscriptions", "flows"):
        assert house.rows(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert house.letters(ADDRESS)[-1]["Subject"]
    house.pass_time(DAY)
    house.tidy()
    assert "claire" not in house.everything_stored()
