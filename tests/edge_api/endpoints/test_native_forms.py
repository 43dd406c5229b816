"""Native forms, sent by browsers without script: every one is led to a page that holds the sentence it needs."""

from urllib.parse import urlencode

import pytest

from tests.edge_api.house import GOOD, OTHER, PAGES, House
from tests.edge_api.people import ORIGIN, Person

ADDRESS = "claire@exemple.fr"
PASSAGE = "/interviews/la-lampe/#t=83.2,97.4"


def check_page(house: House, location: str) -> None:
    """A form is only ever led to a page that exists."""
    path = location.partition("#")[0].partition("?")[0]
    assert path.strip("/").removeprefix("en").strip("/") in PAGES, location


@pytest.mark.parametrize(("root", "lang"), [("/", "fr"), ("/en/", "en")])
def test_the_whole_road_by_native_forms(house: House, root: str, lang: str) -> None:
    """Requirement 35: the way back is kept through sign-up, code and one-click newsletter."""
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


@pytest.mark.parametrize(("root", "lang"), [("/", "fr"), ("/en/", "en")])
def test_a_form_without_referer_is_answered_in_the_language_it_was_begun_in(house: House, root: str, lang: str) -> None:
    """Some browsers never say where they come from: form, flow and account know the language just as well."""
    stranger = "en" if lang == "fr" else "fr"

    def go(person: Person, path: str, **fields: str) -> str:
        form = "application/x-www-form-urlencoded"
        said = {"Content_Type": form, "Accept": "text/html", "Accept_Language": stranger}
        answer = person.ask("POST", path, urlencode(fields).encode(), **said)
        assert answer.status == 303, answer
        check_page(house, answer.location)
        return answer.location

    person, account = house.visitor(), f"{root}account"
    begun = {"email": ADDRESS, "lang": lang}
    assert go(person, "/api/sign-up", password="court", **begun) == f"{account}/sign-up/#weak_password_length"
    assert go(person, "/api/sign-up", password=GOOD, **begun) == f"{account}/verify/"
    assert go(person, "/api/sign-up/verify", code="1" * 8) == f"{account}/verify/#bad_code"
    assert go(person, "/api/sign-up/verify", code=house.code(ADDRESS)) == f"{account}/created/"
    assert go(person, "/api/password", current=OTHER, password=OTHER) == f"{account}/#wrong_password"
    assert go(person, "/api/password", current=GOOD, password=OTHER) == f"{account}/#changed"
    assert go(house.visitor(), "/api/sign-in", email=ADDRESS, password=OTHER) == root
    assert go(house.visitor(), "/api/reset", email="x", lang=lang) == f"{account}/reset/#bad_email"
    assert house.sign_in(ADDRESS, OTHER).get("/account/back").location == root
    home = {"email": ADDRESS, "password": OTHER, "return_to": "//evil.example"}
    assert house.visitor().post("/api/sign-in", home).json == {"return_to": root}


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
    """Requirement 35: without script static pages cannot carry it from sign-in to sign-up; the edge notes it."""
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
