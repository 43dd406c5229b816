"""While a file is made: what is said, what a second click does, and how it is given up."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.members import signed_up
from tests.site.portal import Portal

PAGE = "/interviews/chart-of-the-estuary/"


@pytest.fixture
def page(portal: Portal, browser: Browser) -> Iterator[Page]:
    """The page of a member's browser."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, base_url=portal.origin)
    signed_up(portal, context)
    yield context.new_page()
    context.close()


def test_a_file_that_is_being_made_can_be_stopped_and_clicking_twice_harms_nothing(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: request.method == "POST" and asked.append(request.url))
    page.goto(f"{PAGE}#t=4,9")
    # Encoded anew from end to end, it takes long enough to be stopped.
    page.select_option("#whole-profile", "h264")
    page.locator("#whole button:not([type])").dblclick()
    answer, stop = page.locator("#whole .answer"), page.get_by_role("button", name="Arrêter la préparation")
    expect(answer.locator("progress")).to_be_visible()
    stop.dblclick()
    expect(answer).to_contain_text("Vous avez arrêté la préparation de ce fichier.")
    expect(answer).not_to_have_class(re.compile("alarm"))
    expect(page.locator("#whole button:not([type])")).to_be_focused()
    assert [address.rsplit("/", 1)[1] for address in asked] == ["downloads", "cancel"], "one request, one stop"


def test_a_stop_that_is_not_heard_is_told_and_the_file_comes(page: Page) -> None:
    page.route("**/cancel", lambda route: route.abort())
    page.goto(f"/en{PAGE}#t=4,9")
    page.select_option("#profile", "h264")
    page.click("#passage button.go")
    stop = page.get_by_role("button", name="Stop the preparation")
    stop.click()
    expect(page.locator("#passage .answer")).to_contain_text("The stop was not heard")
    expect(stop).not_to_have_attribute("aria-disabled", "true")
    expect(page.locator("#passage .answer a.go")).to_be_visible(timeout=60_000)


def test_the_member_s_page_shows_what_was_downloaded_and_stops_what_is_being_made(page: Page) -> None:
    page.goto(f"{PAGE}#t=7.2,12.4")
    page.click("#passage button.go")
    expect(page.locator("#passage .answer a.go")).to_be_visible(timeout=60_000)
    page.select_option("#whole-profile", "h264")
    page.click("#whole button:not([type])")
    expect(page.locator("#whole .answer progress")).to_be_attached()
    page.goto("/account/")
    film, passage = page.locator("#downloads li").first, page.locator("#downloads li").last
    expect(passage.locator("[data-words]")).to_contain_text("«\u202fLa date. Tout le monde va droit au bleu")
    expect(passage.locator("img")).to_have_js_property("complete", True)
    assert passage.locator("img").evaluate("image => image.naturalWidth") >= 360
    stop = film.get_by_role("button", name="Arrêter la préparation")
    stop.dblclick()
    expect(film.locator("[data-state]")).to_have_text("arrêté à votre demande")
    expect(film.get_by_role("button", name="Nouveau lien")).to_be_focused()


def test_captions_and_edit_lists_are_had_alone_by_the_keys_and_found_again_on_the_member_s_page(page: Page) -> None:
    page.goto(f"{PAGE}#t=7.2,12.4")
    form, language = page.locator("#passage"), page.locator("#profile-words")
    expect(language).to_be_hidden()
    page.locator("#profile").focus()
    page.keyboard.type("sous-titres sub")
    expect(page.locator("#profile")).to_have_value("srt")
    expect(page.locator("#package")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(language).to_be_focused()
    page.keyboard.type("E")
    form.locator("button.go").focus()
    page.keyboard.press("Enter")
    link = form.locator(".answer a.go")
    expect(link).to_be_visible()
    # Words are counted in bytes, not in frames.
    expect(form.locator(".answer")).not_to_contain_text("images")
    with page.expect_download() as taken:
        link.click()
    assert taken.value.suggested_filename == "Une carte de l’estuaire 01.00.07.06-01.00.12.12.en.srt"
    assert taken.value.path().read_text("utf-8").startswith("1\n00:00:00,")
    page.select_option("#whole-profile", "edl")
    expect(page.locator("#whole-profile-words")).to_be_hidden()
    page.click("#whole button:not([type])")
    expect(page.locator("#whole .answer a.go")).to_contain_text("Une carte de l’estuaire.edl")
    # Before the first turn nobody is heard.
    page.goto(f"{PAGE}?again#t=0,0.4")
    page.select_option("#profile", "vtt")
    form.locator("button.go").click()
    expect(form.locator(".answer")).to_contain_text("Personne n’est entendu dans ce passage")
    page.goto("/account/")
    film, passage = page.locator("#downloads li").first, page.locator("#downloads li").last
    expect(film.locator("[data-as]")).to_have_text("liste de montage CMX 3600")
    expect(passage.locator("[data-as]")).to_have_text("sous-titres SubRip, en anglais")
    expect(passage.locator("[data-words]")).to_contain_text("«\u202fLa date.")
    expect(passage.locator("img")).to_have_js_property("complete", True)


def heavy(order: dict[str, object]) -> str:
    """The same order for a passage encoded anew, if it is the long one: copying is over before anybody can stop it."""
    return json.dumps(order | {"profile": "h264"} if order["out_ms"] == 40_000 else order)


def test_a_passage_of_the_basket_is_stopped_and_the_others_go_on(page: Page) -> None:
    for path, passage in (("ce-que-la-montagne-retient", "#t=3,40"), ("chart-of-the-estuary", "#t=7.2,8")):
        page.goto(f"/interviews/{path}/{passage}")
        page.click("#keep")
    page.goto("/basket/")
    first, second = page.locator("#kept li").first, page.locator("#kept li").last
    page.route("**/api/downloads", lambda route: route.continue_(post_data=heavy(route.request.post_data_json)))
    page.click("#basket-all")
    first.get_by_role("button", name="Arrêter la préparation").click()
    expect(first.locator("[data-state]")).to_contain_text("Vous avez arrêté la préparation")
    expect(second.locator("[data-state] a")).to_be_visible(timeout=60_000)
    expect(first.get_by_role("button", name="Arrêter la préparation")).to_be_hidden()
