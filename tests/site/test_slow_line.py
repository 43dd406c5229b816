"""An interview on a slow line: scripts that are lost on it, and words that are laid out only when they are near."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.site.portal import Portal
from tests.site.watched import watched

PAGE = "/interviews/phare-men-tensel/"
WORDS_ALONE = "/interviews/pierre-seche/"


@pytest.fixture
def page(portal: Portal, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 500}, base_url=portal.origin)
    with watched(context) as page:
        yield page


def back_on_line(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('online'))")


@pytest.mark.parametrize("lost", ["panel.js", "say.js", "reading.js"])
def test_scripts_lost_on_the_line_are_asked_for_once_more(page: Page, lost: str) -> None:
    asked: list[str] = []

    def first_is_lost(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(f"**/{lost}", first_is_lost)
    with page.expect_event("requestfailed"):
        page.goto(PAGE)
    back_on_line(page)
    page.locator("span[data-at]").nth(2).click(modifiers=["Shift"])
    expect(page.locator("#copy-quotation")).to_be_visible()
    expect(page.locator("#find")).to_be_visible()
    expect(page.locator("#unfurnished")).to_be_hidden()
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (PAGE, "Vous pouvez lire et regarder\u202f; pour préparer un passage"),
        (f"/en{PAGE}", "You can read and watch; to prepare a passage"),
        (WORDS_ALONE, "Vous pouvez lire\u202f; pour chercher"),
    ],
)
def test_scripts_that_cannot_be_had_are_told_and_the_page_can_be_loaded_again(
    page: Page, address: str, told: str
) -> None:
    page.route("**/reading.js", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.goto(address)
    back_on_line(page)
    expect(page.locator("#unfurnished")).to_be_visible()
    expect(page.locator("#unfurnished")).to_contain_text(told)
    page.unroute("**/reading.js")
    page.click("#unfurnished button")
    expect(page.locator("#find")).to_be_visible()
    expect(page.locator("#unfurnished")).to_be_hidden()


def test_without_the_panel_s_script_a_chosen_passage_is_sent_by_the_form_itself(page: Page) -> None:
    page.route("**/panel.js", lambda route: route.abort())
    sent: list[str] = []

    def keep(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.abort()

    page.route("**/api/downloads", keep)
    with page.expect_event("requestfailed"):
        page.goto(f"{PAGE}#t=6,20")
    back_on_line(page)
    expect(page.locator("#unfurnished")).to_be_visible()
    page.click("#passage button.go")
    page.wait_for_timeout(200)
    assert ["in_ms=6000&out_ms=20000" in form for form in sent] == [True]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_room_kept_for_words_out_of_sight_is_about_what_they_take(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(PAGE)
    kept, taken = page.evaluate(
        """() => {
          const whole = leaf => leaf.nextElementSibling?.matches(".leaf, link");
          const leaves = [...document.querySelectorAll(".leaf")].filter(whole);
          const room = leaf => getComputedStyle(leaf).containIntrinsicHeight.replace("auto ", "");
          const kept = leaves.map(leaf => parseFloat(room(leaf)));
          leaves.forEach(leaf => (leaf.style.contentVisibility = "visible"));
          return [kept, leaves.map(leaf => leaf.offsetHeight)];
        }"""
    )
    assert len(kept) >= 3
    assert 0.8 < sum(kept) / sum(taken) < 1.25
    assert all(0.6 < room / height < 1.7 for room, height in zip(kept, taken, strict=True))


def test_words_out_of_sight_are_found_reached_and_printed(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(PAGE)
    last = page.locator(".turn").last
    assert page.evaluate("words => window.find(words)", last.locator(".said > span").last.text_content())
    expect(last).to_be_in_viewport()
    page.goto(f"/en{PAGE}#{last.get_attribute('id')}")
    expect(page.locator(".turn").last).to_be_in_viewport()
    page.emulate_media(media="print")
    shown = "[...document.querySelectorAll('.leaf')].map(leaf => getComputedStyle(leaf).contentVisibility)"
    assert set(page.evaluate(shown)) == {"visible"}
