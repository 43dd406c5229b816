"""The search page, walked as readers do: by keyboard, by ear, from a shared address, without script or server."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.portal import Portal

ADDRESS = {"fr": "/search/", "en": "/en/search/"}


@pytest.fixture
def reading(browser: Browser, portal: Portal) -> Iterator[Page]:
    page = browser.new_page(base_url=portal.origin)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: problems.append(request.url) if portal.origin not in request.url else None)
    yield page
    page.close()
    assert not problems


@pytest.mark.parametrize(
    ("lang", "query", "count", "first"),
    [
        ("fr", "bruit de la mer", re.compile(r"^\d résultats?$"), "La lampe de Men Tensel"),
        ("fr", "ECOUTAIT L'AUTOMATE", "1 résultat", "La lampe de Men Tensel"),
        ("en", "lighthouse", re.compile(r"^\d results?$"), "lamp"),
    ],
)
def test_words_said_are_found_and_counted_aloud(
    reading: Page, lang: str, query: str, count: str | re.Pattern[str], first: str
) -> None:
    reading.goto(ADDRESS[lang])
    field = reading.get_by_role("searchbox")
    expect(field).to_be_focused()
    field.fill(query)
    status = reading.get_by_role("status")
    expect(status).to_have_text(count)
    expect(status).to_have_attribute("aria-live", "polite")
    expect(reading.locator(".found h2").first).to_contain_text(first, ignore_case=True)
    expect(reading.locator("#browse")).to_be_hidden()
    assert reading.locator(".found mark").count() > 0


def test_sentences_found_keep_french_spaces_and_who_finds_nothing_may_browse(reading: Page) -> None:
    reading.goto("/search/?q=distingue")
    expect(reading.locator(".found .said").first).to_contain_text("un autre\u202f; à force")
    reading.goto("/search/?q=xyzzyk")
    expect(reading.locator("#beside")).to_contain_text("Personne ne dit cela")
    expect(reading.locator("#browse")).to_be_visible()
    reading.fill("#q", "distingue")
    expect(reading.locator("#browse")).to_be_hidden()


def test_a_result_lands_on_its_turn_and_its_second_with_the_words_marked(reading: Page) -> None:
    reading.goto("/search/?q=« le bruit changeait »")
    line = reading.locator(".found li a").first
    expect(line).to_contain_text("00:07")
    line.click()
    reading.wait_for_url(re.compile(r"/interviews/phare-men-tensel/\?q=.*#t7802$"))
    reading.wait_for_function("() => CSS.highlights.get('looked')?.size === 1")
    words = reading.evaluate("[...CSS.highlights.get('looked')].map(range => range.toString())")
    assert words == ["le bruit changeait"]
    reading.wait_for_function("() => Math.abs(document.getElementById('film').currentTime - 7.802) < 0.1")
    assert reading.evaluate("document.querySelector(':target').getBoundingClientRect().top") >= 0


def test_words_found_for_those_typed_are_marked_on_arrival_too(reading: Page) -> None:
    for typed, found in (("lumi", {"lumière"}), ("tissait", {"tisse", "tisser", "tissez"})):
        reading.goto(f"/search/?q={typed}")
        reading.locator(".found li a").first.click()
        reading.wait_for_url(re.compile(r"/interviews/.*#"))
        reading.wait_for_function("() => CSS.highlights.get('looked')?.size > 0")
        assert set(reading.evaluate("[...CSS.highlights.get('looked')].map(range => range.toString())")) == found


def test_what_is_still_to_be_typed_takes_no_result_away(reading: Page) -> None:
    reading.goto("/search/?q=bruit")
    status = reading.get_by_role("status")
    expect(status).to_have_text("3 résultats")
    reading.evaluate("""() => {
      globalThis.told = new Set();
      const status = document.getElementById("search-status");
      new MutationObserver(() => told.add(status.textContent)).observe(status, { childList: true });
    }""")
    for typed in ("bruit m", "bruit de l’", "bruit de l’a", "bruit d' "):
        reading.fill("#q", typed)
        reading.press("#q", "Enter")
        reading.wait_for_function("() => !document.getElementById('search').hasAttribute('aria-busy')")
    reading.fill("#q", "")
    expect(status).to_have_text("")
    reading.fill("#q", "b")
    reading.wait_for_url("**/?q=b")
    reading.wait_for_function("() => !document.getElementById('search').hasAttribute('aria-busy')")
    assert "Aucun résultat" not in reading.evaluate("[...told]")


def test_an_address_with_choices_that_are_none_shows_what_it_searches(reading: Page) -> None:
    reading.goto("/search/?q=mer&year=abc&topic=nothing&sort=worst")
    expect(reading.locator(".found").first).to_be_visible()
    chosen = reading.evaluate("[...document.querySelectorAll('form select')].map(each => each.selectedIndex)")
    assert chosen == [0, 0, 0, 0]


def test_marks_move_nothing_on_the_page_one_lands_on(reading: Page) -> None:
    heights = []
    for query in ("", "?q=bruit mer le la de nuit"):
        reading.goto(f"/interviews/phare-men-tensel/{query}")
        if query:
            reading.wait_for_function("() => CSS.highlights.get('looked')?.size > 3")
        heights.append(reading.evaluate("[...document.querySelectorAll('.said')].map(each => each.offsetTop)"))
    assert heights[0] == heights[1]


def test_the_keyboard_goes_down_up_in_and_back(reading: Page) -> None:
    reading.goto("/search/?q=mer")
    field = reading.get_by_role("searchbox")
    expect(reading.locator(".found").first).to_be_visible()
    links = reading.locator("#results a")
    field.focus()
    reading.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    reading.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    reading.keyboard.press("ArrowUp")
    reading.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    reading.keyboard.press("ArrowDown")
    reading.keyboard.press("Escape")
    expect(field).to_be_focused()
    reading.keyboard.press("ArrowDown")
    reading.keyboard.press("Enter")
    reading.wait_for_url(re.compile("/interviews/"))


def test_the_address_of_a_search_can_be_shared_and_gone_back_to(reading: Page) -> None:
    reading.goto("/search/")
    field = reading.get_by_role("searchbox")
    field.fill("nuit")
    field.press("Enter")
    expect(reading).to_have_url(re.compile(r"\?q=nuit$"))
    expect(reading.get_by_role("status")).to_have_text(re.compile(r"^\d+ résultats$"))
    before = reading.get_by_role("status").inner_text()
    reading.get_by_text("Affiner").click()
    reading.get_by_label("Langue du film").select_option("en")
    expect(reading).to_have_url(re.compile("q=nuit&spoken=en"))
    expect(reading.get_by_role("status")).not_to_have_text(before)
    narrowed, address = reading.get_by_role("status").inner_text(), reading.url
    reading.go_back()
    expect(reading.get_by_role("status")).to_have_text(before)
    reading.goto(address)
    expect(reading.get_by_role("status")).to_have_text(narrowed)
    expect(reading.get_by_label("Langue du film")).to_have_value("en")


def test_filters_alone_list_what_they_leave(reading: Page) -> None:
    reading.goto("/search/?speaker=Claire+Duval")
    expect(reading.locator(".found h2")).to_have_text(["La lampe de Men Tensel"])
    reading.goto("/search/?topic=mer&year=2026&film=1&sort=newest")
    expect(reading.locator(".found").first).to_be_visible()
    reading.goto("/search/?year=2026")
    expect(reading.locator(".found").first).to_be_visible()


def test_filters_that_leave_nothing_are_named_as_the_reason(reading: Page) -> None:
    reading.goto("/search/?q=nuit&speaker=Personne")
    expect(reading.locator("#beside")).to_contain_text("Aucun entretien ne répond à tous ces critères.")
    reading.get_by_role("link", name="Chercher sans filtre").click()
    expect(reading.locator(".found").first).to_be_visible()
    expect(reading.get_by_label("Intervenant")).to_have_value("")


def test_what_was_typed_is_marked_however_frequent_and_wherever_it_stands(reading: Page) -> None:
    reading.goto("/search/?q=de+la")
    marks = set(reading.locator(".found mark").all_inner_texts())
    assert {mark.lower() for mark in marks} >= {"de", "la"}
    reading.goto("/search/?q=patrimoine")
    expect(reading.locator(".found .by mark", has_text="patrimoine").first).to_be_visible()
    # Found by another form of the word, which every other sentence has.
    reading.goto("/search/?q=elles")
    expect(reading.get_by_role("status")).to_contain_text("résultats")
    assert reading.locator(".found").count() > 1
    expect(reading.locator(".found", has_not=reading.locator("mark"))).to_have_count(0)


def test_nothing_found_offers_what_is_spelled_nearly_so(reading: Page) -> None:
    reading.goto("/search/?q=pharre")
    expect(reading.get_by_role("status")).to_have_text("Aucun résultat")
    reading.locator("#beside").get_by_role("link", name="phare", exact=True).click()
    expect(reading.get_by_role("searchbox")).to_have_value("phare")
    expect(reading.locator(".found").first).to_be_visible()


def test_what_is_said_in_one_language_is_not_found_in_the_other(reading: Page) -> None:
    reading.goto("/search/?q=lighthouse")
    expect(reading.get_by_role("status")).to_have_text("Aucun résultat")


def test_the_field_of_every_page_leads_to_the_search(reading: Page) -> None:
    reading.goto("/en/about/")
    field = reading.get_by_role("searchbox", name="Search what was said")
    field.fill("light")
    field.press("Enter")
    reading.wait_for_url(re.compile(r"/en/search/\?q=light$"))
    expect(reading.locator(".found").first).to_be_visible()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_without_script_the_page_is_a_way_to_everything(browser: Browser, portal: Portal, lang: str) -> None:
    page = browser.new_page(base_url=portal.origin, java_script_enabled=False)
    page.goto(f"{ADDRESS[lang]}?q=mer")
    expect(page.locator("#search")).to_be_hidden()
    assert page.locator(".titles a").count() >= 9
    assert page.locator(".run a[href*='/topics/']").count() > 5
    assert page.locator(".run a[href*='/speakers/']").count() > 5
    page.locator(".titles a").first.click()
    expect(page.locator("article h1")).to_be_visible()
    page.close()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_search_works_from_a_folder(browser: Browser, portal: Portal, lang: str) -> None:
    page = browser.new_page()
    page.goto((portal.site / ADDRESS[lang].strip("/") / "index.html").as_uri())
    page.get_by_role("searchbox").fill("nuit" if lang == "fr" else "night")
    expect(page.locator(".found").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.found h2')).fontFamily").startswith(
        '"Source Serif"'
    )
    page.locator(".found a").first.click()
    expect(page.locator("article h1")).to_be_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 1000), (390, 800)])
def test_the_page_fits_and_is_kept_to_be_looked_at(
    browser: Browser, portal: Portal, screenshots: object, scheme: str, width: int, height: int
) -> None:
    for lang, query in (("fr", "la mer la nuit"), ("en", "light")):
        page = browser.new_page(
            base_url=portal.origin, color_scheme=scheme, viewport={"width": width, "height": height}
        )
        page.goto(f"{ADDRESS[lang]}?q={query}&film=1")
        expect(page.locator(".found").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=f"{screenshots}/search-{lang}-{scheme}-{width}.png")
        page.close()
