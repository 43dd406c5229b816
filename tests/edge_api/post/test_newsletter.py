"""Nobody is subscribed who did not say so, leaving takes one click, and the answers tell nothing about an address."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Engine, event

from edge_api.codes import read_code
from edge_api.post.letters import CONFIRM, LEAVE
from edge_api.post.writing import CONFIRM_MS
from edge_api.web.rendering import words
from tests.edge_api.post.newsroom import FORM, ORIGIN, OURS, SURE, Portal, link_in, new_database, text_of


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    made = Portal(tmp_path)
    asyncio.run(new_database(made.world.settings.database))
    with made.client:
        yield made


def ask(portal: Portal, email: str = "nina@exemple.fr", lang: str = "fr") -> Response:
    return portal.client.post("/api/newsletter", json={"email": email, "lang": lang}, headers=OURS)


def confirmed(portal: Portal) -> str:
    """Subscribes a stranger by the letter; the link to leave."""
    ask(portal)
    path = link_in(portal.letters()[-1], CONFIRM)
    assert portal.client.post(path, json=SURE, headers=OURS).json() == {"newsletter": True}
    return link_in(portal.letters()[-1], LEAVE)


def sign_up(portal: Portal, email: str = "nina@exemple.fr") -> None:
    body = {"email": email, "password": "Marée-haute_2047", "lang": "fr"}
    assert portal.client.post("/api/sign-up", json=body, headers=OURS).status_code == 202
    codes = [code for line in text_of(portal.letters()[-1]).splitlines() if (code := read_code(line))]
    assert portal.client.post("/api/sign-up/verify", json={"code": codes[0]}, headers=OURS).status_code == 200


def test_a_stranger_gets_one_letter_that_asks_and_is_not_subscribed_before_the_button(portal: Portal) -> None:
    answer = ask(portal, lang="en")
    assert (answer.status_code, answer.content) == (202, b"{}")
    [letter] = portal.letters()
    assert letter["Content-Language"] == "en"
    path = link_in(letter, CONFIRM)
    for _ in range(2):
        page = portal.client.get(path)
        assert page.status_code == 200
        assert '<html lang="en">' in page.text
        assert '<form class="acts" method="post">' in page.text
    assert portal.recorded() == ["asked"]
    assert portal.client.post(path, data={"sure": "1"}, headers=FORM).status_code == 200
    assert portal.recorded() == ["asked", "confirmed"]
    assert [message["Subject"] for message in portal.letters()][1:] == ["Welcome to the Duplex newsletter"]


def test_no_page_of_another_site_presses_the_buttons_of_letters(portal: Portal) -> None:
    ask(portal)
    path = link_in(portal.letters()[-1], CONFIRM)
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for each in (path, path.replace(CONFIRM, "not-me")):
        assert portal.client.post(each, json=SURE, headers=elsewhere).json() == {"code": "forbidden_origin"}
    assert portal.recorded() == ["asked"]


def test_confirming_twice_welcomes_once(portal: Portal) -> None:
    ask(portal)
    path = link_in(portal.letters()[-1], CONFIRM)
    answers = [portal.client.post(path, json=SURE, headers=OURS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len(portal.letters()) == 2


def test_the_answer_is_the_same_for_an_address_that_already_has_it(portal: Portal) -> None:
    confirmed(portal)
    known, unknown = ask(portal), ask(portal, "somebody@exemple.fr")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert known.headers == unknown.headers
    assert [message["To"] for message in portal.letters()[2:]] == ["somebody@exemple.fr"]
    # Nor does the time that it takes: as much is written, and the same statements are run.
    assert portal.recorded() == ["asked", "confirmed", "again", "asked"]
    assert statements(portal, "nina@exemple.fr", "en") == statements(portal, "stranger@exemple.fr", "en")
    assert portal.subscribed() == ["nina@exemple.fr", "somebody@exemple.fr", "stranger@exemple.fr"]
    # And a stranger who asks changes nothing of what stands.
    assert portal.subscribed(state="confirmed", lang="fr") == ["nina@exemple.fr"]


def statements(portal: Portal, email: str, lang: str) -> list[str]:
    """What the database is asked while somebody asks for the newsletter."""
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        ask(portal, email, lang)
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert len(heard) > 3
    return heard


@pytest.mark.parametrize("email", ["", "nina", "nina@", "nina@exemple.fr\r\nBcc: x@exemple.fr", "a@b@exemple.fr"])
def test_what_is_no_address_is_refused(portal: Portal, email: str) -> None:
    answer = ask(portal, email)
    assert (answer.status_code, answer.json()) == (400, {"code": "bad_email"})
    assert portal.letters() == []


def test_a_form_is_led_to_the_page_that_says_what_comes_next(portal: Portal) -> None:
    fields = {"email": "nina@exemple.fr", "lang": "en"}
    answer = portal.client.post("/api/newsletter", data=fields, headers=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ORIGIN}/en/newsletter/#sent")


def test_a_confirmation_link_is_good_for_seven_days(portal: Portal) -> None:
    ask(portal)
    path = link_in(portal.letters()[-1], CONFIRM)
    portal.now += CONFIRM_MS
    assert portal.client.post(path, json=SURE, headers=OURS).status_code == 404
    assert "Ce lien n’est plus valable" in portal.client.post(path, data={"sure": "1"}, headers=FORM).text


def test_one_click_leaves_from_anywhere_without_cookie_and_as_often_as_you_like(portal: Portal) -> None:
    path = confirmed(portal)
    assert portal.client.get(path).status_code == 200
    body = {"List-Unsubscribe": "One-Click"}
    elsewhere = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for _ in range(2):
        answer = portal.client.post(path, data=body, headers=elsewhere)
        assert (answer.status_code, answer.json()) == (200, {"newsletter": False})
        assert "set-cookie" not in answer.headers
    assert portal.recorded() == ["asked", "confirmed", "left"]


def test_a_forged_link_to_leave_gets_the_same_answer_and_does_nothing(portal: Portal) -> None:
    path = confirmed(portal)
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    strange = portal.client.post(forged, headers=FORM)
    assert portal.recorded() == ["asked", "confirmed"]
    true = portal.client.post(path, headers=FORM)
    assert (strange.status_code, strange.text) == (true.status_code, true.text)


def test_the_link_of_one_purpose_does_not_serve_another(portal: Portal) -> None:
    path = confirmed(portal)
    answer = portal.client.post(path.replace(LEAVE, CONFIRM), json=SURE, headers=OURS)
    assert answer.status_code == 404


def test_who_left_may_come_back_by_a_new_letter_only(portal: Portal) -> None:
    ask(portal)
    first = link_in(portal.letters()[-1], CONFIRM)
    portal.client.post(first, json=SURE, headers=OURS)
    portal.client.post(link_in(portal.letters()[-1], LEAVE), headers=OURS)
    assert portal.client.post(first, json=SURE, headers=OURS).status_code == 404
    confirmed(portal)
    assert portal.recorded() == ["asked", "confirmed", "left", "asked", "confirmed"]


def test_who_left_leaves_no_address_behind_and_older_letters_still_lead_out_after_a_return(portal: Portal) -> None:
    """As the page on personal data says: the address is kept while the subscription lasts."""
    old = confirmed(portal)
    portal.client.post(old)
    assert portal.subscribed() == []
    portal.now += 1
    new = confirmed(portal)
    assert portal.subscribed() == ["nina@exemple.fr"]
    assert (old, portal.client.post(old).status_code) == (new, 200)
    assert portal.subscribed() == []


def test_a_member_is_subscribed_at_once(portal: Portal) -> None:
    sign_up(portal)
    assert portal.client.get("/api/me").json()["newsletter"] is False
    answer = portal.client.post("/api/newsletter", json={"lang": "fr"}, headers=OURS)
    assert (answer.status_code, answer.json()) == (200, {"newsletter": True})
    assert portal.client.get("/api/me").json()["newsletter"] is True
    assert portal.letters()[-1]["Subject"] == "Bienvenue parmi les lecteurs de la lettre de Duplex"
    sent = len(portal.letters())
    assert portal.client.post("/api/newsletter", json={"lang": "fr"}, headers=OURS).json() == {"newsletter": True}
    assert len(portal.letters()) == sent
    assert portal.recorded() == ["confirmed"]


def test_a_members_button_leads_back_to_the_page_it_stood_on(portal: Portal) -> None:
    sign_up(portal)
    here = {**FORM, "Referer": f"{ORIGIN}/account/created/"}
    answer = portal.client.post("/api/newsletter", data={"lang": "fr"}, headers=here)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ORIGIN}/account/created/#subscribed")


def test_a_member_who_gives_another_address_is_a_stranger_to_it(portal: Portal) -> None:
    sign_up(portal)
    assert ask(portal, "somebody@exemple.fr").status_code == 202
    assert portal.letters()[-1]["To"] == "somebody@exemple.fr"
    assert portal.client.get("/api/me").json()["newsletter"] is False


def test_this_was_not_me_takes_the_code_back_and_following_the_link_alone_does_not(portal: Portal) -> None:
    body = {"email": "nina@exemple.fr", "password": "Marée-haute_2047", "lang": "fr"}
    portal.client.post("/api/sign-up", json=body, headers=OURS)
    [letter] = portal.letters()
    [code] = [code for line in text_of(letter).splitlines() if (code := read_code(line))]
    path = link_in(letter, "not-me")
    assert portal.client.get(path).status_code == 200
    assert portal.client.post("/api/sign-up/verify", json={"code": "0000 0000"}, headers=OURS).json()["left"] == 4
    assert "Le code est annulé" in portal.client.post(path, data={"sure": "1"}, headers=FORM).text
    answer = portal.client.post("/api/sign-up/verify", json={"code": code}, headers=OURS)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_flow")
    assert "Le code est annulé" in portal.client.post(path, data={"sure": "1"}, headers=FORM).text


def test_a_gateway_that_follows_links_and_presses_buttons_subscribes_nobody_and_takes_no_code(portal: Portal) -> None:
    """It fills in what a page filled in for it, and no more; programs that send nothing fare no better."""
    ask(portal)
    body = {"email": "zoe@exemple.fr", "password": "Marée-haute_2047", "lang": "fr"}
    portal.client.post("/api/sign-up", json=body, headers=OURS)
    asking, coding = portal.letters()
    for path in (link_in(asking, CONFIRM), link_in(coding, "not-me")):
        pressed = portal.client.post(path, headers=FORM)
        assert (pressed.status_code, 'name="sure" value="1" required' in pressed.text) == (400, True)
        assert portal.client.post(path, data={"sure": ""}, headers=FORM).status_code == 400
        assert portal.client.post(path, headers=OURS).json() == {"code": "bad_form"}
    assert portal.recorded() == ["asked"]
    [code] = [code for line in text_of(coding).splitlines() if (code := read_code(line))]
    assert portal.client.post("/api/sign-up/verify", json={"code": code}, headers=OURS).status_code == 200


def test_letters_can_be_read_on_ones_own_machine(portal: Portal) -> None:
    ask(portal)
    portal.letters()
    page = portal.client.get("/dev/mail")
    assert "Confirmez votre abonnement" in page.text
    [name] = re.findall(r'href="(/dev/mail/[^"]+)"', page.text)
    assert "Confirmer mon abonnement" in portal.client.get(f"{name}/html").text
    assert "sandbox" in portal.client.get(f"{name}/html").headers["content-security-policy"]
    assert "/newsletter/confirm/" in portal.client.get(name).text
    assert portal.client.get("/dev/mail/..%2f..%2fsecrets").status_code == 404


def test_the_pages_have_their_style_and_the_same_words_in_both_languages(portal: Portal) -> None:
    assert portal.client.get("/edge.css").headers["content-type"].startswith("text/css")
    french, english = words("fr"), words("en")
    assert french.keys() == english.keys()
    assert {name for name, _ in sentences(french)} == {name for name, _ in sentences(english)}
    # What separates two others stands alone, and takes its spaces from where it is put.
    assert not [line for _, line in sentences(french) if len(line) > 1 and re.search(r"(?<!\u202f)[:;?!]", line)]


def sentences(entry: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every sentence of a tree of words, with the names that lead to it."""
    if isinstance(entry, dict):
        for key, value in entry.items():
            yield from sentences(value, f"{name}/{key}")
    else:
        yield name, str(entry)
