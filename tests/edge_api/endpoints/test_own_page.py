"""My account: what a member sees and chooses there."""

from tests.edge_api.house import GOOD, OTHER, House


def test_a_member_chooses_the_language_of_every_letter_the_newsletters_too(house: House) -> None:
    member = house.member("nina@exemple.fr")
    member.post("/api/newsletter")
    assert member.post("/api/me/lang", {"lang": "en"}).json == {"lang": "en"}
    assert member.get("/api/me").json["lang"] == "en"
    assert house.rows("SELECT lang FROM subscriptions") == [("en",)]
    member.post("/api/password", {"current": GOOD, "password": OTHER})
    assert [letter["Content-Language"] for letter in house.letters("nina@exemple.fr")].count("en") == 1
    assert member.post("/api/me/lang", {"lang": "de"}).code == "bad_form"
    assert house.visitor().post("/api/me/lang", {"lang": "fr"}).code == "not_signed_in"
    assert member.send("/account/", "/api/me/lang", lang="fr").location == "/account/#language"


def test_a_member_leaves_the_newsletter_with_a_click_and_joins_it_again(house: House) -> None:
    member = house.member("nina@exemple.fr")
    for _ in range(2):
        assert member.post("/api/newsletter/leave").json == {"newsletter": False}
    assert house.rows("SELECT count(*) FROM consents") == [(0,)]
    member.post("/api/newsletter")
    assert member.send("/account/", "/api/newsletter/leave").location == "/account/#left"
    assert member.get("/api/me").json["newsletter"] is False
    member.post("/api/newsletter")
    assert member.get("/api/me").json["newsletter"] is True
    actions = house.rows("SELECT action FROM consents ORDER BY at_ms")
    assert sorted(actions) == [("confirmed",), ("confirmed",), ("left",)]
    assert house.visitor().post("/api/newsletter/leave").code == "not_signed_in"
