"""Nobody is subscribed who did not say so, leaving takes one click, and the answers tell nothing about an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Engine, event

from edge_api.codes import read_code
from edge_api.post.letters import CONFIRM, LEAVE
from edge_api.post.writing import CONFIRM_MS
from edge_api.web.rendering import words
from tests.edge_api.house import House
from tests.edge_api.people import ORIGIN, SAME_ORIGIN, text_of

SURE = {"sure": True}
FORM = {**SAME_ORIGIN, "Accept": "text/html", "Referer": f"{ORIGIN}/newsletter/"}


def post(house: House, path: str, **sent: Any) -> Response:
    """Sends a form or JSON, a moment after whatever came before."""
    house.pass_time(1)
    return house.client.post(path, follow_redirects=False, **sent)


def ask(house: House, email: str = "nina@exemple.fr", lang: str = "fr") -> Response:
    return post(house, "/api/newsletter", json={"email": email, "lang": lang}, headers=SAME_ORIGIN)


def confirmed(house: House) -> str:
    """Subscribes a stranger by the letter; the link to leave."""
    ask(house)
    path = link_in(house.letters()[-1], CONFIRM)
    assert post(house, path, json=SURE, headers=SAME_ORIGIN).json() == {"newsletter": True}
    return link_in(house.letters()[-1], LEAVE)


def recorded(house: House) -> list[str]:
    """What was written down about consent, in order."""
    return [action for (action,) in house.rows("SELECT action FROM consents ORDER BY at_ms")]


def subscribed(house: House, state: str = "%", lang: str = "%") -> list[str]:
    """Every address of the newsletter that is kept, whatever became of it, unless said."""
    kept = f"state LIKE '{state}' AND lang LIKE '{lang}'"
    return [email for (email,) in house.rows(f"SELECT email FROM subscriptions WHERE {kept} ORDER BY email")]


def link_in(message: EmailMessage, path: str) -> str:
    found = re.search(rf"{ORIGIN}(/{path}/\S+)", text_of(message))
    assert found is not None
    return found[1]


def sign_up(house: House, email: str = "nina@exemple.fr") -> None:
    body = {"email": email, "password": "Marée-haute_2047", "lang": "fr"}
    assert post(house, "/api/sign-up", json=body, headers=SAME_ORIGIN).status_code == 202
    codes = [code for line in text_of(house.letters()[-1]).splitlines() if (code := read_code(line))]
    assert post(house, "/api/sign-up/verify", json={"code": codes[0]}, headers=SAME_ORIGIN).status_code == 200


def test_a_stranger_gets_one_letter_that_asks_and_is_not_subscribed_before_the_button(house: House) -> None:
    answer = ask(house, lang="en")
    assert (answer.status_code, answer.content) == (202, b"{}")
    [letter] = house.letters()
    assert letter["Content-Language"] == "en"
    path = link_in(letter, CONFIRM)
    for _ in range(2):
        page = house.client.get(path)
        assert page.status_code == 200
        assert '<html lang="en">' in page.text
        assert '<form class="acts" method="post">' in page.text
    assert recorded(house) == ["asked"]
    assert post(house, path, data={"sure": "1"}, headers=FORM).status_code == 200
    assert recorded(house) == ["asked", "confirmed"]
    assert [message["Subject"] for message in house.letters()][1:] == ["Welcome to the Duplex newsletter"]


def test_no_page_of_another_site_presses_the_buttons_of_letters(house: House) -> None:
    ask(house)
    path = link_in(house.letters()[-1], CONFIRM)
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for each in (path, path.replace(CONFIRM, "not-me")):
        assert post(house, each, json=SURE, headers=elsewhere).json() == {"code": "forbidden_origin"}
    assert recorded(house) == ["asked"]


def test_confirming_twice_welcomes_once(house: House) -> None:
    ask(house)
    path = link_in(house.letters()[-1], CONFIRM)
    answers = [post(house, path, json=SURE, headers=SAME_ORIGIN) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len(house.letters()) == 2


def test_the_answer_is_the_same_for_an_address_that_already_has_it(house: House) -> None:
    confirmed(house)
    known, unknown = ask(house), ask(house, "somebody@exemple.fr")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert known.headers == unknown.headers
    assert [message["To"] for message in house.letters()[2:]] == ["somebody@exemple.fr"]
    # Nor does the time that it takes: as much is written, and the same statements are run.
    assert recorded(house) == ["asked", "confirmed", "again", "asked"]
    assert statements(house, "nina@exemple.fr", "en") == statements(house, "stranger@exemple.fr", "en")
    assert subscribed(house) == ["nina@exemple.fr", "somebody@exemple.fr", "stranger@exemple.fr"]
    # And a stranger who asks changes nothing of what stands.
    assert subscribed(house, state="confirmed", lang="fr") == ["nina@exemple.fr"]


def statements(house: House, email: str, lang: str) -> list[str]:
    """What the database is asked while somebody asks for the newsletter."""
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        ask(house, email, lang)
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert len(heard) > 3
    return heard


@pytest.mark.parametrize("email", ["", "nina", "nina@", "nina@exemple.fr\r\nBcc: x@exemple.fr", "a@b@exemple.fr"])
def test_what_is_no_address_is_refused(house: House, email: str) -> None:
    answer = ask(house, email)
    assert (answer.status_code, answer.json()) == (400, {"code": "bad_email"})
    assert house.letters() == []


def test_a_form_is_led_to_the_page_that_says_what_comes_next(house: House) -> None:
    fields = {"email": "nina@exemple.fr", "lang": "en"}
    answer = post(house, "/api/newsletter", data=fields, headers=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ORIGIN}/en/newsletter/#sent")


def test_a_confirmation_link_is_good_for_seven_days(house: House) -> None:
    ask(house)
    path = link_in(house.letters()[-1], CONFIRM)
    house.pass_time(CONFIRM_MS - 1)
    assert post(house, path, json=SURE, headers=SAME_ORIGIN).status_code == 404
    assert "Ce lien n’est plus valable" in post(house, path, data={"sure": "1"}, headers=FORM).text


def test_one_click_leaves_from_anywhere_without_cookie_and_as_often_as_you_like(house: House) -> None:
    path = confirmed(house)
    assert house.client.get(path).status_code == 200
    body = {"List-Unsubscribe": "One-Click"}
    elsewhere = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for _ in range(2):
        answer = post(house, path, data=body, headers=elsewhere)
        assert (answer.status_code, answer.json()) == (200, {"newsletter": False})
        assert "set-cookie" not in answer.headers
    assert recorded(house) == ["asked", "confirmed", "left"]


def test_a_forged_link_to_leave_gets_the_same_answer_and_does_nothing(house: House) -> None:
    path = confirmed(house)
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    strange = post(house, forged, headers=FORM)
    assert recorded(house) == ["asked", "confirmed"]
    true = post(house, path, headers=FORM)
    assert (strange.status_code, strange.text) == (true.status_code, true.text)


def test_the_link_of_one_purpose_does_not_serve_another(house: House) -> None:
    path = confirmed(house)
    answer = post(house, path.replace(LEAVE, CONFIRM), json=SURE, headers=SAME_ORIGIN)
    assert answer.status_code == 404


def test_who_left_may_come_back_by_a_new_letter_only(house: House) -> None:
    ask(house)
    first = link_in(house.letters()[-1], CONFIRM)
    post(house, first, json=SURE, headers=SAME_ORIGIN)
    post(house, link_in(house.letters()[-1], LEAVE), headers=SAME_ORIGIN)
    assert post(house, first, json=SURE, headers=SAME_ORIGIN).status_code == 404
    confirmed(house)
    assert recorded(house) == ["asked", "confirmed", "left", "asked", "confirmed"]


def test_who_left_leaves_no_address_behind_and_older_letters_still_lead_out_after_a_return(house: House) -> None:
    """As the page on personal data says: the address is kept while the subscription lasts."""
    old = confirmed(house)
    post(house, old)
    assert subscribed(house) == []
    house.pass_time(1)
    new = confirmed(house)
    assert subscribed(house) == ["nina@exemple.fr"]
    assert (old, post(house, old).status_code) == (new, 200)
    assert subscribed(house) == []


def test_a_member_is_subscribed_at_once(house: House) -> None:
    sign_up(house)
    assert house.client.get("/api/me").json()["newsletter"] is False
    answer = post(house, "/api/newsletter", json={"lang": "fr"}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.json()) == (200, {"newsletter": True})
    assert house.client.get("/api/me").json()["newsletter"] is True
    assert house.letters()[-1]["Subject"] == "Bienvenue parmi les lecteurs de la lettre de Duplex"
    sent = len(house.letters())
    assert post(house, "/api/newsletter", json={"lang": "fr"}, headers=SAME_ORIGIN).json() == {"newsletter": True}
    assert len(house.letters()) == sent
    assert recorded(house) == ["confirmed"]


def test_a_members_button_leads_back_to_the_page_it_stood_on(house: House) -> None:
    sign_up(house)
    here = {**FORM, "Referer": f"{ORIGIN}/account/created/"}
    answer = post(house, "/api/newsletter", data={"lang": "fr"}, headers=here)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ORIGIN}/account/created/#subscribed")


def test_a_member_who_gives_another_address_is_a_stranger_to_it(house: House) -> None:
    sign_up(house)
    assert ask(house, "somebody@exemple.fr").status_code == 202
    assert house.letters()[-1]["To"] == "somebody@exemple.fr"
    assert house.client.get("/api/me").json()["newsletter"] is False


def test_this_was_not_me_takes_the_code_back_and_following_the_link_alone_does_not(house: House) -> None:
    body = {"email": "nina@exemple.fr", "password": "Marée-haute_2047", "lang": "fr"}
    post(house, "/api/sign-up", json=body, headers=SAME_ORIGIN)
    [letter] = house.letters()
    [code] = [code for line in text_of(letter).splitlines() if (code := read_code(line))]
    path = link_in(letter, "not-me")
    assert house.client.get(path).status_code == 200
    assert post(house, "/api/sign-up/verify", json={"code": "0000 0000"}, headers=SAME_ORIGIN).json()["left"] == 4
    assert "Le code est annulé" in post(house, path, data={"sure": "1"}, headers=FORM).text
    answer = post(house, "/api/sign-up/verify", json={"code": code}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_flow")
    assert "Le code est annulé" in post(house, path, data={"sure": "1"}, headers=FORM).text


def test_a_gateway_that_follows_links_and_presses_buttons_subscribes_nobody_and_takes_no_code(house: House) -> None:
    """It fills in what a page filled in for it, and no more."""
    ask(house)
    body = {"email": "zoe@exemple.fr", "password": "Marée-haute_2047", "lang": "fr"}
    post(house, "/api/sign-up", json=body, headers=SAME_ORIGIN)
    [asking], [coding] = house.letters("nina@exemple.fr"), house.letters("zoe@exemple.fr")
    for path in (link_in(asking, CONFIRM), link_in(coding, "not-me")):
        filled_in = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w*)"', house.client.get(path).text))
        pressed = post(house, path, data=filled_in, headers=FORM)
        assert (pressed.status_code, 'name="sure" value="1" required' in pressed.text) == (400, True)
        assert post(house, path, data={**filled_in, "sure": ""}, headers=FORM).status_code == 400
        assert post(house, path, json={"sure": False}, headers=SAME_ORIGIN).json() == {"code": "bad_form"}
    assert recorded(house) == ["asked"]
    [code] = [code for line in text_of(coding).splitlines() if (code := read_code(line))]
    assert post(house, "/api/sign-up/verify", json={"code": code}, headers=SAME_ORIGIN).status_code == 200


def test_a_post_without_a_body_acts(house: House) -> None:
    """The contract of both addresses; a button never sends one, since its form says that it was shown."""
    ask(house)
    body = {"email": "zoe@exemple.fr", "password": "Marée-haute_2047", "lang": "fr"}
    post(house, "/api/sign-up", json=body, headers=SAME_ORIGIN)
    [asking], [coding] = house.letters("nina@exemple.fr"), house.letters("zoe@exemple.fr")
    assert post(house, link_in(asking, CONFIRM), headers=SAME_ORIGIN).json() == {"newsletter": True}
    assert recorded(house) == ["asked", "confirmed"]
    assert "Le code est annulé" in post(house, link_in(coding, "not-me"), headers=FORM).text
    [code] = [code for line in text_of(coding).splitlines() if (code := read_code(line))]
    gone = post(house, "/api/sign-up/verify", json={"code": code}, headers=SAME_ORIGIN)
    assert gone.json() == {"code": "no_flow"}


def test_letters_can_be_read_on_ones_own_machine(house: House) -> None:
    ask(house)
    house.letters()
    page = house.client.get("/dev/mail")
    assert "Confirmez votre abonnement" in page.text
    [name] = re.findall(r'href="(/dev/mail/[^"]+)"', page.text)
    assert "Confirmer mon abonnement" in house.client.get(f"{name}/html").text
    assert "sandbox" in house.client.get(f"{name}/html").headers["content-security-policy"]
    assert "/newsletter/confirm/" in house.client.get(name).text
    assert house.client.get("/dev/mail/..%2f..%2fsecrets").status_code == 404


def test_the_pages_have_their_style_and_the_same_words_in_both_languages(house: House) -> None:
    assert house.client.get("/edge.css").headers["content-type"].startswith("text/css")
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
