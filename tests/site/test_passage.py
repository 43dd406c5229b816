"""Choosing a passage: by click, selection, keys, typed times, address."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.site.portal import Portal
from tests.site.watched import watched

PAGE = "/interviews/phare-men-tensel/"


@pytest.fixture
def page(portal: Portal, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, base_url=portal.origin)
    with watched(context) as page:
        yield page


def sentence(page: Page, words: str) -> Locator:
    return page.locator("span[data-at]", has_text=words).first


def chosen(page: Page) -> Locator:
    return page.locator(".said > .chosen")


def now(page: Page) -> float:
    return float(page.evaluate("document.getElementById('film').currentTime"))


def test_a_click_on_a_sentence_plays_it_and_the_film_is_followed(page: Page) -> None:
    page.goto(PAGE)
    heard = sentence(page, "On montait au crépuscule")
    heard.click()
    expect(heard).to_have_class(re.compile("now"))
    at = int(heard.get_attribute("data-at") or 0) / 1000
    assert at <= now(page) < at + 3
    expect(page.locator("#play")).to_have_text("Pause")
    page.mouse.wheel(0, 400)
    expect(page.locator("#follow")).to_be_visible()
    page.click("#follow")
    expect(page.locator("#follow")).to_be_hidden()
    expect(heard).to_be_in_viewport()


def test_shift_and_a_click_chooses_from_sentence_to_sentence(page: Page) -> None:
    page.goto(PAGE)
    sentence(page, "Les gens croient").click(modifiers=["Shift"])
    expect(chosen(page)).to_have_text(["Les gens croient à la solitude."])
    sentence(page, "Et quand le bruit").click(modifiers=["Shift"])
    expect(chosen(page)).to_have_count(3)
    sentence(page, "Le feu fait un bruit").click(modifiers=["Shift"])
    expect(chosen(page)).to_have_count(4)
    expect(chosen(page).first).to_have_text(re.compile("^Le feu fait"))


def test_selected_words_become_whole_sentences_and_the_address_says_so(page: Page) -> None:
    page.goto(PAGE)
    start, end = (sentence(page, words).bounding_box() for words in ("Les gens croient", "On n’était jamais seul"))
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 90, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 8, steps=4)
    page.mouse.up()
    expect(page.locator(".said > .chosen")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"#t=[\d.]+,[\d.]+$"))
    before = chosen(page).all_inner_texts()
    page.reload()
    expect(chosen(page), "a reload keeps the passage").to_have_text(before)


def test_the_words_are_walked_by_keys_and_the_passage_with_them(page: Page) -> None:
    page.goto(PAGE)
    first = page.locator("span[data-at]").first
    expect(first).to_have_attribute("tabindex", "0")
    assert page.locator(".words [data-at][tabindex='0']").count() == 1, "the transcript is one stop of the Tab key"
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(chosen(page)).to_have_count(3)
    page.keyboard.press("Shift+ArrowUp")
    expect(chosen(page)).to_have_text(
        ["Ordinaire, je ne sais pas.", "On montait au crépuscule, on allumait, et l’on écoutait."]
    )
    page.keyboard.press("Enter")
    expect(page.locator("#play")).to_have_text("Pause")
    page.keyboard.press("k")
    expect(page.locator("#play")).to_have_text("Lecture")
    page.keyboard.press("o")
    page.keyboard.press("i")
    expect(chosen(page), "i and o take the sentence that has the focus").to_have_count(1)
    before = now(page)
    page.keyboard.press("l")
    page.wait_for_function("before => document.getElementById('film').currentTime > before + 9", arg=before)
    page.click("#settings")
    page.uncheck("#letters")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert now(page) > before + 9, "single letters can be turned off"


def test_points_are_nudged_by_a_frame_and_their_pictures_shown(page: Page) -> None:
    page.goto(f"{PAGE}#t=6,9")
    expect(page.locator("#in-time")).to_have_value("10:00:06:00")
    page.click("#adjust")
    page.wait_for_function("() => document.getElementById('out-frame').dataset.frame === '224'")
    assert (
        page.evaluate(
            """(() => {
                const canvas = document.getElementById("in-frame");
                return new Set(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data).size;
            })()"""
        )
        > 20
    ), "a picture of the film"
    page.get_by_role("button", name="Sortie une image plus tôt").click()
    expect(page.locator("#out-time")).to_have_value("10:00:08:24")
    expect(page.locator("#length")).to_have_text(re.compile(r"2,96\ss · 74\simages · environ \d"))
    page.wait_for_function("() => document.getElementById('out-frame').dataset.frame === '223'")
    for typed, told in [("25:00", "hors du film"), ("abc", "ne se lit pas"), ("0:01", "après l’entrée")]:
        page.fill("#out-time", typed)
        page.press("#out-time", "Enter")
        expect(page.locator("#point-problem")).to_contain_text(told)
        expect(page.locator("#out-time")).to_have_attribute("aria-invalid", "true")


def test_a_point_that_cannot_be_read_is_asked_for_again_and_the_other_is_kept(page: Page) -> None:
    page.goto(PAGE)
    page.click("#passage button.go")
    expect(page.locator("#passage .answer.alarm")).to_contain_text("Choisissez d’abord un passage")
    page.fill("#in-time", "abc")
    page.fill("#out-time", "0:20")
    page.press("#out-time", "Tab")
    expect(page.locator("#point-problem")).to_contain_text("ne se lit pas")
    expect(page.locator("#in-time")).to_have_value("abc")
    assert "#t" not in page.url
    page.fill("#in-time", "0:06")
    page.press("#in-time", "Tab")
    page.wait_for_url("**#t=6,20")
    expect(page.locator("#passage .answer")).to_be_empty()


def test_a_loop_stays_within_the_passage(page: Page) -> None:
    page.goto(f"{PAGE}#t=6,6.6")
    page.click("#loop")
    page.evaluate(
        """new Promise(done => {
            const film = document.getElementById("film");
            window.seen = [];
            let [turns, last] = [0, 0];
            film.addEventListener("timeupdate", () => {
                seen.push(film.currentTime);
                if (film.currentTime < last - 0.2) turns += 1;
                last = film.currentTime;
                if (turns === 2) done();
            });
        })"""
    )
    seen = page.evaluate("seen.filter(at => at > 1)")
    assert min(seen) >= 5.99
    assert max(seen) < 6.75
    page.click("#loop")
    expect(page.locator("#loop")).to_have_text("Voir en boucle")


def test_a_moment_in_the_query_as_search_engines_write_it_is_gone_to_until_something_is_chosen(page: Page) -> None:
    page.goto(f"{PAGE}?t=32.602")
    page.wait_for_function("() => Math.abs(document.getElementById('film').currentTime - 32.62) < 0.03")
    page.goto(f"{PAGE}?t=32.602#t=6,9")
    expect(page.locator("#in-time")).to_have_value("10:00:06:00")


@pytest.mark.parametrize("fragment", ["#t=900", "#t=9,6", "#t=900,950"])
def test_an_address_outside_the_film_is_told_and_harms_nothing(page: Page, fragment: str) -> None:
    page.goto(PAGE + fragment)
    expect(page.locator("#passage .answer")).to_contain_text("pas dans ce film")
    expect(chosen(page)).to_have_count(0)


def test_a_passage_that_runs_over_the_end_is_cut_there(page: Page) -> None:
    page.goto(f"{PAGE}#t=60,900")
    expect(page.locator("#out-time")).to_have_value(re.compile(r"^10:01:0"))


def test_a_film_and_captions_that_do_not_load_are_told_once(page: Page) -> None:
    page.route("**/proxy.mp4", lambda route: route.abort())
    page.goto(f"/en{PAGE}")
    page.click("#play")
    expect(page.locator("#film-missing")).to_be_visible()
    page.unroute("**/proxy.mp4")
    page.route("**/captions.vtt", lambda route: route.abort())
    page.reload()
    page.click("#play")
    expect(page.locator("#captions-missing")).to_be_visible()
    expect(page.locator(".turn").first).to_be_visible()


def test_words_are_found_in_the_transcript_without_their_accents(page: Page) -> None:
    page.goto(PAGE)
    page.click("#find")
    page.fill("#find-words", "a l'encre")
    expect(page.locator("#find-count")).to_have_text("1 sur 1")
    page.fill("#find-words", "escalier")
    expect(page.locator("#find-count")).to_have_text(re.compile(r"^[12] sur 2$"))
    before = page.locator("#find-count").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#find-count")).not_to_have_text(before)
    assert page.evaluate("CSS.highlights.get('found').size") >= 2
    page.fill("#find-words", "xyzzy")
    expect(page.locator("#find-count")).to_have_text("Introuvable")
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_focused()


def test_both_languages_stand_side_by_side_and_the_switch_keeps_the_moment(page: Page) -> None:
    page.goto(f"{PAGE}#t=6,20")
    page.click("#beside")
    twin = page.locator(".turn .twin").first
    expect(twin).to_have_attribute("lang", "en")
    mine, other = page.locator(".turn").first.locator("> .said").bounding_box(), twin.bounding_box()
    assert mine is not None
    assert other is not None
    assert other["x"] > mine["x"] + mine["width"] - 1
    assert page.locator(".turn > .twin").count() == page.locator(".turn").count()
    page.locator(".twin span[data-at]").nth(1).click()
    expect(page.locator(".twin span[data-at]").nth(1)).to_have_class("now")
    expect(page.locator(".said > .now")).to_have_count(2)
    page.keyboard.press("k")
    page.set_viewport_size({"width": 390, "height": 844})
    mine, other = page.locator(".turn").first.locator("> .said").bounding_box(), twin.bounding_box()
    assert mine is not None
    assert other is not None
    assert other["y"] >= mine["y"] + mine["height"] - 1
    page.click(".lang a")
    expect(page).to_have_url(re.compile(rf"/en{PAGE}#t=6,20$"))
    expect(page.locator(".said > .chosen").first).to_be_visible()


def test_one_button_a_state_is_blue_and_the_file_comes_next_to_it(page: Page) -> None:
    blue = """[...document.querySelectorAll('#passage button')]
      .filter(one => one.checkVisibility() && getComputedStyle(one).backgroundColor === 'rgb(29, 79, 145)')
      .map(one => one.id || one.className)"""
    page.emulate_media(color_scheme="light")
    page.goto(PAGE)
    expect(page.locator("#choose")).to_be_visible()
    assert page.evaluate(blue) == ["choose"]
    page.goto("about:blank")
    page.goto(f"{PAGE}#t=6,20")
    expect(page.locator("#loop")).to_be_visible()
    assert page.evaluate(blue) == ["go"]
    page.evaluate("document.querySelector('#passage .answer').innerHTML = '<a id=file href=#main>file</a>'")
    page.focus("#passage button.go")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "file"


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_nothing_moves_when_the_scripts_come_and_the_package_can_be_asked_for(
    page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 660})
    page.route("**/interview.js", lambda route: route.abort())
    page.goto(PAGE)
    top = "document.fonts.ready.then(() => document.getElementById('transcript').getBoundingClientRect().top)"
    clock, before = page.locator("#clock").text_content(), page.evaluate(top)
    page.unroute("**/interview.js")
    page.goto("about:blank")
    page.goto(PAGE)
    expect(page.locator(".tools")).to_be_visible()
    assert (page.locator("#clock").text_content(), page.evaluate(top)) == (clock, before)
    page.goto("about:blank")
    page.goto(f"{PAGE}#t=6,20")
    expect(page.locator("#package")).to_be_visible()
    expect(page.locator("#passage button.go")).to_be_in_viewport(ratio=1)
