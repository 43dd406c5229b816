"""What is taken from a passage: a quotation with its source, a link, a place in the basket, a file."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.portal import Portal
from tests.site.watched import watched

PAGE = "/interviews/phare-men-tensel/"


@pytest.fixture
def page(portal: Portal, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 1000},
        base_url=portal.origin,
        permissions=["clipboard-read", "clipboard-write"],
    )
    with watched(context) as page:
        yield page


QUOTED = (
    "«\u202fLes gens croient à la solitude. On n’était jamais seul\u202f: il y avait le bruit.\u202f»\n"
    "Claire Duval, ancienne gardienne de phare, «\u202fLa lampe de Men Tensel\u202f», Duplex, 14 mars 2026, de 10:00:"
)


def test_a_quotation_keeps_its_words_its_source_and_its_typography(page: Page) -> None:
    page.goto(PAGE)
    for words in ("Les gens croient", "On n’était jamais seul"):
        page.locator("span[data-at]", has_text=words).first.click(modifiers=["Shift"])
    page.click("#copy-quotation")
    expect(page.locator("#passage .answer")).to_contain_text("citation est copiée")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(QUOTED), text
    assert f"{PAGE}#t=" in text
    assert text.endswith("Paroles d’origine, en français.")
    page.click("#copy-link")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.goto(f"/en{PAGE}#t=6,20")
    page.click("#copy-quotation")
    expect(page.locator("#passage .answer")).to_contain_text("copied")
    assert "Translated from the original French" in page.evaluate("navigator.clipboard.readText()")


def test_a_clipboard_that_refuses_leaves_the_text_to_be_copied(page: Page) -> None:
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))")
    page.goto(f"{PAGE}#t=6,20")
    page.click("#copy-quotation")
    expect(page.locator("#passage .answer textarea")).to_have_value(re.compile("Claire Duval"))


def test_an_edge_that_is_down_is_said_in_the_page_and_reading_goes_on(page: Page) -> None:
    page.route("**/api/**", lambda route: route.abort())
    page.goto(f"{PAGE}#t=6,9")
    page.click("#passage button.go")
    expect(page.locator("#passage .answer")).to_contain_text("ne répond pas")
    page.click("#passage button.go")
    expect(page.locator("#passage .answer p")).to_have_count(1)


def test_a_basket_keeps_passages_only_when_asked_and_forgets_them_when_asked(page: Page) -> None:
    page.goto(f"{PAGE}#t=6,20")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.click("#keep")
    expect(page.locator(".bar .basket")).to_have_text("Panier (1)")
    page.goto("/interviews/metier-a-tisser/#t=4,9")
    page.click("#keep")
    page.click(".bar .basket")
    expect(page.locator("#kept li")).to_have_count(2)
    expect(page.locator("#kept li").first).to_contain_text("de 00:06 à 00:20")
    page.locator("#kept [data-drop]").first.click()
    expect(page.locator("#kept li")).to_have_count(1)
    page.click("#basket-empty")
    expect(page.locator("#basket-none")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }")
    page.goto(f"{PAGE}#t=6,20")
    page.click("#keep")
    expect(page.locator("#passage .answer")).to_contain_text("refuse de garder")


def test_the_form_of_a_file_is_asked_as_it_is_chosen(page: Page) -> None:
    asked: list[dict[str, object]] = []
    page.route("**/api/downloads", lambda route: (asked.append(route.request.post_data_json), route.abort()))
    page.goto(f"{PAGE}#t=6,9")
    page.select_option("#profile", "mp3")
    page.check("#package")
    page.click("#passage button.go")
    expect(page.locator("#passage .answer")).to_contain_text("ne répond pas")
    page.select_option("#profile", "still")
    page.click("#passage button.go")
    expect(page.locator("#package")).to_be_disabled()
    page.select_option("#profile", "ttml")
    page.click("#passage button.go")
    page.select_option("#whole-profile", "h264")
    page.click("#whole button:not([type])")
    expect(page.locator("#whole .answer")).to_contain_text("ne répond pas")
    both = {"interview": "phare-men-tensel", "lang": "fr"}
    clip = both | {"kind": "clip", "in_ms": 6000, "out_ms": 9000}
    sound, still = clip | {"profile": "mp3", "package": True}, clip | {"profile": "still"}
    captions = clip | {"profile": "ttml", "words_lang": "fr"}
    assert asked == [sound, still, captions, both | {"kind": "film", "profile": "h264"}]
