"""A reader whose browser keeps nothing: neither cookies nor storage, as its own settings have it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import FLAGS
from tests.site.members import PASSWORD, signed_up
from tests.site.portal import Portal
from tests.site.watched import watched

PAGE = "/interviews/phare-men-tensel/"
_REFUSED = 2  # Chromium's ContentSetting BLOCK


@pytest.fixture
def page(portal: Portal, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    profile = tmp_path / "Default"
    profile.mkdir()
    settings = {"profile": {"default_content_setting_values": {"cookies": _REFUSED}}}
    (profile / "Preferences").write_text(json.dumps(settings), encoding="utf-8")
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=os.environ["DUPLEX_TEST_BROWSER"], args=FLAGS, base_url=portal.origin
    )
    with watched(context) as page:
        yield page


def test_a_passage_is_chosen_and_the_basket_says_why_it_stays_empty(page: Page) -> None:
    page.goto(f"{PAGE}#t=6,20")
    assert page.evaluate("(() => { try { return localStorage.length } catch ({ name }) { return name } })()") == (
        "SecurityError"
    )
    page.click("#keep")
    expect(page.locator("#passage .answer")).to_contain_text("refuse de garder")
    page.goto("/basket/")
    expect(page.locator("#basket-none")).to_be_visible()


@pytest.mark.parametrize(("lang", "told"), [("fr", "refuse les cookies"), ("en", "refuses cookies")])
def test_who_signs_in_without_cookies_is_told_that_they_are_needed(
    page: Page, portal: Portal, browser: Browser, lang: str, told: str
) -> None:
    elsewhere = browser.new_context(base_url=portal.origin)
    address = signed_up(portal, elsewhere)
    elsewhere.close()
    page.goto("/account/sign-in/" if lang == "fr" else "/en/account/sign-in/")
    page.fill("main input[name=email]", address)
    page.fill("main input[name=password]", PASSWORD)
    page.click("main form[action='/api/sign-in'] button.go")
    expect(page.locator("main")).to_contain_text(told)
    expect(page.locator("main input[name=email]")).to_have_value(address)
