"""Account pages, used as people use them: pasted codes, mistakes told at their place, passwords shown and managed."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.site.members import signed_up
from tests.site.portal import Portal

RULE = "li[data-rule={}]"
GOOD = "Marée-haute_2047"


@pytest.fixture
def page(portal: Portal, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        base_url=portal.origin,
        viewport={"width": 390, "height": 844},
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield context.new_page()
    context.close()


def test_a_mistake_is_told_beside_its_field_and_in_the_title_and_the_focus_goes_there(page: Page) -> None:
    page.goto("/account/sign-up/")
    title = page.title()
    page.click("main button.go")
    email = page.locator("#email")
    expect(email).to_be_focused()
    expect(email).to_have_attribute("aria-invalid", "true")
    assert page.title() == f"Erreur : {title}".replace(" :", "\u202f:")
    described = (email.get_attribute("aria-describedby") or "").split()
    assert "adresse" in " ".join(page.locator(f"#{each}").inner_text() for each in described)
    email.fill("claire@example.org")
    page.fill("#password", "trop-court")
    page.click("main button.go")
    expect(page.locator("#password")).to_be_focused()
    expect(page.locator("#weak_password_length")).to_be_visible()
    box, mistake = page.locator("#password").bounding_box(), page.locator("#weak_password_length").bounding_box()
    assert box is not None
    assert mistake is not None
    assert abs(box["y"] - mistake["y"] - mistake["height"]) < 40, "beside the field"


def test_the_rule_turns_green_as_it_is_kept_and_is_read_out(page: Page) -> None:
    page.goto("/account/sign-up/")
    page.fill("#password", "a")
    grey = page.locator(RULE.format("length")).evaluate("each => getComputedStyle(each).color")
    for letter in GOOD[1:]:
        page.locator("#password").press_sequentially(letter)
    expect(page.locator(RULE.format("length"))).to_have_class(re.compile("met"))
    green = page.locator(RULE.format("length")).evaluate("each => getComputedStyle(each).color")
    assert green != grey
    page.fill("#password", GOOD)
    expect(page.locator(".rules + [role=status]")).to_have_text(re.compile("5"))
    expect(page.locator("#password")).to_have_attribute("type", "password")
    page.get_by_role("button", name=re.compile("Afficher|Montrer|Voir")).click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    expect(page.locator("#password")).to_have_value(GOOD)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("sign-up/", {"email": "username", "password": "new-password"}),
        ("sign-in/", {"email": "username", "password": "current-password"}),
        ("verify/", {"code": "one-time-code"}),
        ("reset/", {"email": "username"}),
        ("reset/verify/", {"code": "one-time-code"}),
        ("reset/password/", {"password": "new-password"}),
    ],
)
def test_password_managers_and_mail_programs_know_each_field(page: Page, path: str, fields: dict[str, str]) -> None:
    for root in ("/account/", "/en/account/"):
        page.goto(root + path)
        for name, kind in fields.items():
            field = page.locator(f"main form.account:first-of-type input[name={name}]").first
            expect(field).to_have_attribute("autocomplete", kind)
            assert field.evaluate("each => each.labels.length") == 1
            assert field.get_attribute("onpaste") is None
        width = page.locator("main .prose").bounding_box()
        assert width is not None
        assert width["width"] <= 560, "one column"


def test_a_pasted_code_is_taken_as_it_stands_in_the_letter_and_a_new_one_is_waited_for(
    portal: Portal, page: Page
) -> None:
    address = f"collée.{uuid4().hex[:8]}@example.org".replace("é", "e")
    page.goto("/account/sign-up/")
    page.fill("#email", address)
    page.fill("#password", GOOD)
    page.click("main button.go")
    page.wait_for_url("**/account/verify/**")
    expect(page.locator(".wait")).to_contain_text(re.compile(r"0:5\d|1:00"))
    # A clock that is set back in the meantime lengthens nothing.
    page.evaluate("() => { const told = Date.now.bind(Date); Date.now = () => told() - 864e5 }")
    expect(page.locator(".wait")).to_contain_text(re.compile(r"0:5[0-7]"))
    code = portal.code(address)
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    page.evaluate("text => navigator.clipboard.writeText(text)", f" {wrong[:4]} {wrong[4:]}\n")
    page.focus("#code")
    page.keyboard.press("ControlOrMeta+V")
    expect(page.locator("#code")).to_have_value(f"{wrong[:4]} {wrong[4:]}")
    page.click("main button.go")
    expect(page.locator("#bad_code")).to_be_visible()
    expect(page.locator("#code")).to_be_focused()
    assert page.title().startswith("Erreur")
    page.go_back()
    expect(page.locator("#email")).to_be_visible()
    page.go_forward()
    page.fill("#code", "")
    page.evaluate("text => navigator.clipboard.writeText(text)", f"{code[:4]}-{code[4:]}")
    page.focus("#code")
    page.keyboard.press("ControlOrMeta+V")
    page.dblclick("main button.go")
    page.wait_for_url("**/account/created/**")
    # Back to the passage is what one came for; the letter is offered, no more.
    expect(page.locator("main .go")).to_have_attribute("href", re.compile("/account/back$"))
    # Who goes back to the code that opened the account is led on, and not told to start again.
    page.go_back()
    page.fill("#code", code)
    page.click("form[action='/api/sign-up/verify'] button.go")
    page.wait_for_url("**/account/created/**")


def test_the_member_s_page_is_shown_when_it_is_known_whose_it_is_or_nobody_tells(page: Page, portal: Portal) -> None:
    signed_up(portal, page.context)
    asked: list[Route] = []
    page.route("**/api/me", lambda route: asked.append(route))
    erasing = page.locator("form[action='/api/me/delete'] button:not([type])")
    with page.expect_request("**/api/me/sessions"):
        page.goto("/account/")
    expect(erasing).to_be_hidden()
    for route in asked:
        route.continue_()
    expect(erasing).to_be_visible()
    page.unroute_all()
    page.route("**/api/me", lambda route: route.abort())
    page.reload()
    expect(page.locator("#offline")).to_be_visible()


@pytest.mark.parametrize(
    ("root", "before"), [("/", "l’adresse que vous avez donnée"), ("/en/", "the address you gave")]
)
def test_the_page_of_the_code_says_where_it_was_sent_and_leads_back_to_another(
    page: Page, root: str, before: str
) -> None:
    page.goto(f"{root}account/verify/")
    sent = page.locator("[data-sent-to]")
    expect(sent).to_have_text(before)
    address = f"claire.{uuid4().hex[:8]}@example.org"
    page.goto(f"{root}account/sign-up/?return_to=%2Finterviews%2Fphare-men-tensel%2F")
    page.fill("#email", address)
    page.fill("#password", GOOD)
    page.click("main button.go")
    page.wait_for_url(f"**{root}account/verify/?return_to=*")
    expect(sent).to_have_text(address)
    assert address.split("@")[0] not in page.url
    page.locator("p:has([data-sent-to]) a").click()
    page.wait_for_url(f"**{root}account/sign-up/?return_to=*")
