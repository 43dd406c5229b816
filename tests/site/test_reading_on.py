"""A reader stays where the reader is: in the other language, after scrolling, and when a film fails for a while."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.portal import Portal
from tests.site.watched import watched

PAGE = "/interviews/phare-men-tensel/"
WORDS_ALONE = "/interviews/pierre-seche/"


@pytest.fixture
def page(portal: Portal, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 500}, base_url=portal.origin)
    with watched(context) as page:
        yield page


def play_from(page: Page, number: int) -> None:
    page.locator("span[data-at]").nth(number).click()
    page.wait_for_function("() => document.querySelector('.said > .now')")


def film_at(page: Page, seconds: float) -> None:
    page.wait_for_function("at => Math.abs(document.getElementById('film').currentTime - at) < 1.5", arg=seconds)


def seen(page: Page, element: str) -> None:
    expect(page.locator(element).first).to_be_in_viewport()


def test_the_other_language_opens_at_the_moment_that_plays(page: Page) -> None:
    page.goto(PAGE)
    play_from(page, 6)
    page.keyboard.press("k")
    at = page.evaluate("document.getElementById('film').currentTime")
    page.click(".lang a")
    page.wait_for_url(f"**/en{PAGE}#t=*")
    film_at(page, at)
    seen(page, ".said > .now")


def test_a_chosen_passage_and_the_moment_that_plays_are_both_kept(page: Page) -> None:
    page.goto(f"{PAGE}#t=6,9")
    play_from(page, 10)
    page.keyboard.press("k")
    at = page.evaluate("document.getElementById('film').currentTime")
    page.click(".lang a")
    expect(page).to_have_url(re.compile(rf"/en{PAGE}#t=6,9$"))
    expect(page.locator("#in-time")).to_have_value("10:00:06:00")
    film_at(page, at)
    seen(page, ".said > .now")


def test_the_sentence_that_is_read_is_kept_whatever_the_film_does(page: Page) -> None:
    top = "[...document.querySelectorAll('.turn')].find(turn => turn.getBoundingClientRect().bottom > 30).id"
    for path, playing in ((WORDS_ALONE, False), (PAGE, False), (PAGE, True)):
        page.goto("about:blank")
        page.goto(path)
        if playing:
            play_from(page, 1)
        page.evaluate("document.querySelectorAll('.turn')[8].scrollIntoView({behavior: 'instant'})")
        page.wait_for_timeout(50)
        here = page.evaluate(top)
        page.evaluate("document.querySelector('.lang a').click()")
        page.wait_for_url(f"**/en{path}**")
        page.wait_for_function(f"here => {top} === here", arg=here)


def test_whatever_moves_the_page_away_from_what_is_said_ends_the_following(page: Page) -> None:
    page.goto(PAGE)
    play_from(page, 1)
    expect(page.locator("#follow")).to_be_hidden()
    # As the bar at the window's edge does, and the browser's own search: without wheel, touch or key.
    page.evaluate("scrollTo({top: 1800, behavior: 'instant'})")
    expect(page.locator("#follow")).to_be_visible()
    page.evaluate("document.getElementById('film').currentTime = 40")
    page.wait_for_function("() => document.querySelector('.said > .now')?.dataset.at > 30000")
    assert page.evaluate("scrollY") == 1800
    page.click("#follow")
    seen(page, ".said > .now")
    expect(page.locator("#follow")).to_be_hidden()


@pytest.mark.parametrize("fragment", ["#t=abc", "#t=-5,3", "#t99999999", "#turn-999"])
def test_an_address_that_names_no_moment_of_the_film_is_told(page: Page, fragment: str) -> None:
    page.goto(PAGE + fragment)
    expect(page.locator("#passage .answer")).to_contain_text("pas dans ce film")


def test_the_address_says_the_passage_and_nothing_else_after_every_leap(page: Page) -> None:
    page.goto(f"{PAGE}#t=6,20")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#t=6,20$"))
    page.evaluate("location.hash = '#t=32'")
    expect(page.locator("#in-time")).to_have_value("")
    expect(page).to_have_url(re.compile("#t=32$"))


def test_keys_are_known_while_capitals_are_locked(page: Page) -> None:
    page.goto(PAGE)
    page.keyboard.press("K")
    expect(page.locator("#play")).to_have_text("Pause")


def test_a_film_that_failed_is_asked_for_again_from_the_same_place(page: Page) -> None:
    page.route("**/proxy.mp4", lambda route: route.abort())
    page.goto(PAGE)
    page.locator("span[data-at]").nth(6).click()
    expect(page.locator("#film-missing")).to_be_visible()
    expect(page.locator("#play")).to_have_text("Lecture")
    page.unroute("**/proxy.mp4")
    page.click("#play")
    expect(page.locator("#film-missing")).to_be_hidden()
    page.wait_for_function("() => document.querySelector('.said > .now')?.dataset.at > 20000")


def test_a_translation_that_does_not_load_is_told_once(page: Page) -> None:
    page.route("**/en/interviews/**", lambda route: route.abort())
    page.goto(PAGE)
    for _ in range(2):
        page.click("#beside")
        expect(page.locator("#beside")).to_have_attribute("aria-busy", "false")
        page.wait_for_timeout(100)
        assert page.locator(".tools .alarm").count() == 1


def test_settings_open_under_their_button_and_close_again(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 1200})
    page.goto(PAGE)
    button = page.locator("#settings")
    before = button.bounding_box()
    button.click()
    expect(page.locator("#set")).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    assert button.bounding_box() == before, "whoever clicks twice does not hit something else"
    line, panel = page.locator(".line").bounding_box(), page.locator("#set").bounding_box()
    assert line is not None
    assert panel is not None
    assert panel["width"] == pytest.approx(line["width"], abs=1)
    page.get_by_role("combobox", name="Sous-titres").select_option("en")
    page.wait_for_function("() => document.getElementById('film').textTracks[1].mode === 'showing'")
    button.click()
    expect(page.locator("#set")).to_be_hidden()


@pytest.mark.parametrize("size", [(1440, 700), (390, 844)])
def test_what_a_button_of_the_passage_answers_is_seen(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.route("**/api/**", lambda route: route.abort())
    page.goto(f"{PAGE}#t=6,20")
    for button in ("#keep", "#passage button.go"):
        page.locator(button).evaluate("each => each.scrollIntoView({block: 'end'})")
        page.click(button)
        expect(page.locator("#passage .answer p").first).to_be_in_viewport(ratio=0.9)


def test_a_page_without_script_promises_nothing_that_needs_one(portal: Portal, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=portal.origin)
    page = context.new_page()
    page.goto(PAGE)
    expect(page.get_by_text("Les questions sont en italique.")).to_be_visible()
    expect(page.get_by_text("Cliquez sur une phrase")).to_be_hidden()
    page.goto("/basket/")
    expect(page.locator("#basket-none")).to_be_hidden()
    context.close()


def test_who_goes_back_to_a_code_that_was_used_is_led_on_to_the_new_password(page: Page) -> None:
    for root in ("/", "/en/"):
        page.goto(f"{root}account/reset/verify/#code_used")
        expect(page.locator("#code_used a")).to_have_attribute("href", f"{root}account/reset/password/")


def test_who_asks_for_another_sentence_during_a_loop_hears_it(page: Page) -> None:
    page.goto(f"{PAGE}#t=40,41")
    page.click("#loop")
    page.wait_for_function("() => document.getElementById('film').currentTime > 40.5")
    page.wait_for_function("() => document.getElementById('film').currentTime < 40.5", timeout=5000)
    expect(page.locator("#loop")).to_have_text("Arrêter la boucle")
    play_from(page, 1)
    expect(page.locator("#loop")).to_have_text("Voir en boucle")
    page.wait_for_timeout(1200)
    assert page.evaluate("!document.getElementById('film').paused && document.getElementById('film').currentTime < 15")


def test_on_a_phone_the_passage_hides_neither_what_is_said_nor_the_way_back_to_it(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{PAGE}#t=6,9")
    play_from(page, 2)
    page.evaluate("document.getElementById('film').currentTime = 36")
    page.wait_for_function("() => document.querySelector('.said > .now')?.dataset.at > 32000")
    page.wait_for_timeout(700)
    uncovered = """each => {
        const [box] = each.getClientRects();
        return each.contains(document.elementFromPoint(box.left + box.width / 2, box.top + 10));
    }"""
    assert page.locator(".said > .now").first.evaluate(uncovered)
    page.evaluate("scrollTo({top: 4000, behavior: 'instant'})")
    expect(page.locator("#follow")).to_be_visible()
    assert page.locator("#follow").evaluate(uncovered)


def test_a_click_does_not_hold_the_page_and_a_walk_by_keys_does(page: Page) -> None:
    page.goto(PAGE)
    # The first sentence is the stop of the Tab key, so a click gives it the focus.
    play_from(page, 0)
    page.evaluate("document.getElementById('film').currentTime = 58")
    page.wait_for_function("() => document.querySelector('.said > .now')?.dataset.at > 50000")
    seen(page, ".said > .now")
    page.keyboard.press("k")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    page.reload()
    page.locator("span[data-at]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.said > .now')")
    before = page.evaluate("scrollY")
    page.evaluate("document.getElementById('film').currentTime = 58")
    expect(page.locator("#follow")).to_be_visible()
    assert page.evaluate("scrollY") == before


@pytest.mark.parametrize("root", ["", "/en"])
def test_a_small_computer_shows_the_download_of_the_passage_with_its_terms(page: Page, root: str) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{root}{PAGE}#t=6,20")
    for part in ("#film", "#passage .rights", "#passage button.go"):
        expect(page.locator(part)).to_be_in_viewport(ratio=0.95)


@pytest.mark.parametrize("root", ["/", "/en/"])
def test_the_letter_at_the_foot_is_asked_for_and_a_service_that_is_down_is_said_politely(page: Page, root: str) -> None:
    page.goto(f"{root}interviews/")
    page.fill("#letter-email", "reader@example.org")
    page.dblclick(".letter button")
    page.wait_for_url(f"**{root}newsletter/#sent")
    page.goto(f"{root}interviews/")
    page.route("**/api/**", lambda route: route.abort())
    page.fill("#letter-email", "reader@example.org")
    page.click(".letter button")
    page.wait_for_url(f"**{root}newsletter/#offline")
    expect(page.locator("#offline")).to_be_visible()


@pytest.mark.parametrize("root", ["", "/en"])
def test_without_script_a_time_opens_the_film_at_that_moment(portal: Portal, browser: Browser, root: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=portal.origin)
    page = context.new_page()
    page.goto(f"{root}{PAGE}")
    turn = page.locator(".turn").nth(2)
    at = int(turn.get_attribute("data-ms") or 0) / 1000
    assert at > 5
    turn.locator("a.time").click()
    page.wait_for_url("**/media/phare-men-tensel/*/proxy.mp4#t=*")
    film = page.locator("video")
    expect(film).to_have_js_property("error", None)
    expect(film).to_have_js_property("videoWidth", 960)
    assert at <= film.evaluate("film => film.currentTime") < at + 5
    page.go_back()
    page.goto(f"{root}{PAGE}#{turn.get_attribute('id')}")
    expect(turn).to_be_in_viewport()
    context.close()


def test_with_script_a_time_is_a_place_in_the_page(page: Page) -> None:
    page.goto(PAGE)
    time = page.locator("a.time").nth(2)
    expect(time).to_have_attribute("href", re.compile(r"^#t=[\d.]+$"))
    time.click()
    page.wait_for_function("() => document.querySelector('.said > .now')")
    assert page.url.endswith(PAGE)
