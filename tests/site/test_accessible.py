"""Accessibility measured: axe-core on every kind of page, and by hand of a script what axe cannot see (WCAG 2.2 AA)."""

import os
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page

from tests.site.kinds import FILM, KINDS
from tests.site.portal import Portal

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WIDE, PHONE, SMALL = (1440, 1000), (390, 844), (320, 640)
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What depends on width and colours; every other rule reads the document, which is the same at all of them.
BY_STYLE = [
    "color-contrast",
    "target-size",
    "scrollable-region-focusable",
    "link-in-text-block",
    "label-content-name-mismatch",
]
# Each theme and each width once; all of them together when a run is asked to.
SOME = [("light", PHONE), ("dark", SMALL)]
EVERY = [("light", PHONE), ("light", SMALL), ("dark", WIDE), ("dark", PHONE), ("dark", SMALL)]


@pytest.fixture(scope="module")
def page(portal: Portal, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=portal.origin, viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture(autouse=True)
def afresh(page: Page) -> None:
    """Going to the same address again would leave the page as it was."""
    page.goto("about:blank")


def violations(page: Page, only: dict[str, object]) -> list[str]:
    found = page.evaluate("only => axe.run(document, {resultTypes: ['violations'], runOnly: only})", only)
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]


def resize(page: Page, size: tuple[int, int], scheme: str = "light") -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})


@pytest.mark.parametrize("root", ["/", "/en/"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_in_two_themes_and_three_widths(page: Page, root: str, kind: str) -> None:
    resize(page, WIDE)
    page.goto(root + KINDS[kind])
    page.evaluate(AXE)
    wrong = violations(page, {"type": "tag", "values": STANDARDS})
    for scheme, size in EVERY if os.environ.get("DUPLEX_TEST_EVERY_WIDTH") else SOME:
        resize(page, size, scheme)
        wrong += [f"{scheme} {size[0]}: {one}" for one in violations(page, {"type": "rule", "values": BY_STYLE})]
    assert not wrong, "\n".join(wrong)


FOCUSED = """() => {
    const one = document.activeElement;
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one.type === 'range' ? one.parentElement : one);
    const after = getComputedStyle(one, '::after');
    const ring = [style, after].some(each => each.outlineStyle !== 'none' && parseFloat(each.outlineWidth) >= 2);
    const middle = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + box.height / 2);
    return {
        path: one.tagName + '#' + one.id + '.' + one.className + ' ' + one.textContent.trim().slice(0, 24),
        body: one === document.body, ring, inline: one.closest('p, dd') !== null,
        seen: middle !== null && (one.contains(middle) || middle.contains(one)), height: box.height, width: box.width,
    }
}"""


def walk(page: Page, most: int = 160) -> list[dict[str, object]]:
    """Every stop of the Tab key from the top of the page until the browser's own bars."""
    stops: list[dict[str, object]] = []
    page.evaluate("document.activeElement.blur()")
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["body"] or (stops and stop["path"] == stops[0]["path"]):
            return stops
        stops.append(stop)
    raise AssertionError(f"the keyboard does not leave the page: {stops[-3:]}")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("path", ["/", f"/{FILM}#t=6,20", "/account/sign-up/"], ids=["home", "film", "sign-up"])
def test_the_keyboard_reaches_everything_and_always_sees_where_it_is(
    page: Page, path: str, size: tuple[int, int]
) -> None:
    resize(page, size)
    page.goto(path)
    stops = walk(page)
    assert str(stops[0]["path"]).startswith("A#.skip")
    assert len(stops) > 12
    for stop in stops:
        assert stop["ring"], f"no ring of focus on {stop['path']}"
        assert stop["seen"], f"covered while it has the focus: {stop['path']}"
    small = [one for one in stops if not one["inline"] and (float(one["height"]) < 24 or float(one["width"]) < 24)]
    assert not small, [one["path"] for one in small]
    back = []
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
        back.append(page.evaluate(FOCUSED)["path"])
    assert len(set(back)) == 3, "the keyboard is not held anywhere on its way back"


@pytest.mark.parametrize("path", ["/", "/interviews/", f"/{FILM}#t=6,20", "/help/", "/account/sign-up/", "/editors/"])
def test_a_page_of_320_pixels_needs_no_sideways_scrolling(page: Page, path: str) -> None:
    # 1280 pixels at 400 % are 320 (WCAG 1.4.10).
    resize(page, SMALL)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    spilling = page.evaluate(
        """() => [...document.querySelectorAll('main *, header *, footer *')].filter(one => {
            const box = one.getBoundingClientRect();
            const shown = getComputedStyle(one).clipPath === 'none' && one.checkVisibility() && box.width > 1;
            return shown && box.right > 321 && !one.closest('.rises .acts, table, .unseen, noscript, pre');
        }).map(one => one.outerHTML.slice(0, 90))"""
    )
    assert not spilling


def test_text_twice_as_large_loses_nothing(page: Page) -> None:
    resize(page, WIDE)
    page.goto(f"/{FILM}")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    cut = page.evaluate(
        """() => [...document.querySelectorAll('button, a, h1, h2, p')].filter(one =>
            one.checkVisibility() && !one.closest('.unseen') && getComputedStyle(one).overflow === 'hidden'
            && one.scrollHeight > one.clientHeight + 2).map(one => one.outerHTML.slice(0, 80))"""
    )
    assert not cut


def test_a_timecode_is_seen_whole_on_a_phone_with_text_twice_as_large(page: Page) -> None:
    for size in (PHONE, SMALL):
        resize(page, size)
        page.goto(f"/{FILM}#t=6,20")
        for scale in ("100%", "200%"):
            page.evaluate("scale => document.documentElement.style.fontSize = scale", scale)
            for point in ("#in-time", "#out-time"):
                room = page.locator(point).evaluate("field => [field.scrollWidth, field.clientWidth]")
                assert room[0] <= room[1], f"{size} {scale} {point}"
        page.goto("about:blank")


def test_a_wide_screen_gives_search_the_room_of_its_column(page: Page) -> None:
    resize(page, (2560, 1400))
    page.goto("/search/?q=mer")
    page.wait_for_selector(".found")
    for part in ("#q", ".found h2"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["width"] > 700, part


MIDDLES = """names => names.map(name => {
    const box = document.querySelector(name).getBoundingClientRect();
    return box.y + box.height / 2;
})"""


@pytest.mark.parametrize("width", [320, 390, 768, 900, 1024, 1280])
def test_rows_break_where_they_are_meant_to(page: Page, width: int) -> None:
    resize(page, (width, 900))
    page.goto(f"/{FILM}")
    page.wait_for_selector(".transport:not([hidden])")
    together = [[".mark", ".lang", ".sign"], ["#play", "#clock"], ["#in-now", "#out-now", "#settings"]]
    for row in together:
        middles = page.evaluate(MIDDLES, row)
        assert max(middles) - min(middles) < 3, (row, middles)
    page.click("#beside")
    page.wait_for_selector(".twin")
    for row in together[1:]:
        middles = page.evaluate(MIDDLES, row)
        assert max(middles) - min(middles) < 3, ("side by side", row, middles)


def test_paper_shows_words_and_no_controls(page: Page) -> None:
    resize(page, WIDE)
    page.goto(f"/{FILM}#t=6,20")
    page.emulate_media(media="print")
    for part in (".seek", ".desk", ".tools", ".with-script", ".foot"):
        assert not page.locator(part).first.is_visible(), part
    assert page.locator(".cite").is_visible()
    page.emulate_media(media="screen")


def test_nothing_moves_for_who_asked_for_stillness(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce", color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 600})
    page.goto(f"/{FILM}")
    page.locator("span[data-at]").nth(1).click()
    page.wait_for_function("() => document.querySelector('.said > .now')")
    before = page.evaluate("scrollY")
    page.evaluate("document.getElementById('film').currentTime = 57")
    page.wait_for_function("() => document.querySelector('.said > .now')?.dataset.at > 50000")
    assert page.evaluate("scrollY") == before, "the words are marked, and the page stays where it is"
    assert page.evaluate("document.getAnimations().length") == 0
    page.emulate_media(reduced_motion="no-preference")


def test_forced_colours_still_tell_what_is_chosen_and_what_is_said(page: Page) -> None:
    page.emulate_media(forced_colors="active", color_scheme="light")
    page.goto(f"/{FILM}#t=6,20")
    page.wait_for_selector(".said > .chosen")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.said > .chosen')).textDecorationLine") == "underline"
    )
    assert page.locator(".grip button").count() == 2
    page.click("#adjust")
    pressed = "getComputedStyle(document.querySelector('#adjust')).borderTopWidth"
    assert page.evaluate(pressed) != page.evaluate(pressed.replace("adjust", "loop")), "what is pressed is seen"
    page.emulate_media(forced_colors="none")


def test_the_tree_for_screen_readers_names_the_player_and_the_words(page: Page) -> None:
    resize(page, WIDE)
    page.goto(f"/{FILM}#t=6,20")
    for role, name in [
        ("slider", "Position dans le film"),
        ("button", "Lecture"),
        ("combobox", "Sous-titres"),
        ("textbox", "Entrée"),
        ("button", "Entrée ici"),
        ("button", "Télécharger le passage"),
        ("button", "Déplacer l’entrée d’une phrase"),
        ("region", "Transcription"),
        ("region", "Film"),
    ]:
        assert page.get_by_role(role, name=name, exact=False, include_hidden=role == "combobox").count() >= 1, name
    slider = page.get_by_role("slider", name="Position dans le film")
    assert "sur" in (slider.get_attribute("aria-valuetext") or "")
    before = float(slider.input_value())
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => Number(document.getElementById('line').value) > before + 4000", arg=before)


def test_a_reader_is_given_nothing_to_keep_and_nobody_else_is_asked(portal: Portal, browser: Browser) -> None:
    context = browser.new_context(base_url=portal.origin, viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    asked: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    for path in (*KINDS.values(), f"en/{FILM}", "en/account/sign-up/"):
        page.goto("about:blank")
        answer = page.goto(f"/{path}")
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0, path
    assert context.cookies() == []
    assert len(asked) > 60
    assert not [url for url in asked if not url.startswith(portal.origin)]
    assert not [url for url in asked if "/api/" in url], "a reader asks the service nothing"
    assert not refused, refused
    context.close()
