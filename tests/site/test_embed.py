"""A passage in another site's page: the very frames, nothing of the reader's, and the way back to the words."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.site.portal import Portal
from tests.site.watched import watched

PAGE = "/en/interviews/chart-of-the-estuary/"
# 29.97 frames a second: in point at frame 216, out point at 240, so that 239 is the last one seen.
FIRST, LAST, RATE = 216, 239, 30_000 / 1001


class Newspaper:
    """Another site: one page, with whatever was pasted into it."""

    def __init__(self) -> None:
        self.pasted = ""
        newspaper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the name that http.server calls
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(f"<!doctype html><title>News</title><h1>News</h1>{newspaper.pasted}".encode())

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self.server.server_port}"


@pytest.fixture(scope="module")
def newspaper() -> Iterator[Newspaper]:
    paper = Newspaper()
    threading.Thread(target=paper.server.serve_forever, daemon=True).start()
    yield paper
    paper.server.shutdown()
    paper.server.server_close()


@pytest.fixture
def page(portal: Portal, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=portal.origin, permissions=["clipboard-read", "clipboard-write"])
    with watched(context) as page:
        yield page


def shown(page: Page) -> Frame:
    return page.frames[-1]


def frame_number(frame: Frame) -> int:
    return int(float(frame.evaluate("document.getElementById('film').currentTime")) * RATE)


def test_the_copied_code_shows_exactly_the_passage_and_keeps_nothing(
    page: Page, portal: Portal, newspaper: Newspaper
) -> None:
    page.goto(f"{PAGE}#t=7.2,8")
    page.click("#copy-embed")
    expect(page.locator("#passage .answer")).to_contain_text("code has been copied")
    newspaper.pasted = page.evaluate("navigator.clipboard.readText()")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(newspaper.origin)
    inside = page.frame_locator("iframe")
    expect(inside.locator(".facts")).to_contain_text("Passage from 00:07 to 00:08 · Ruth Pellow · Credit: Duplex")
    film = shown(page)
    film.wait_for_function(
        "() => document.getElementById('film').readyState > 1 && !document.getElementById('film').seeking"
    )
    assert frame_number(film) == FIRST
    for _ in range(2):  # once, and again from its in point
        film.evaluate("document.getElementById('film').play()")
        film.wait_for_function(
            "() => { const film = document.getElementById('film'); return film.paused && !film.seeking; }"
        )
        assert frame_number(film) == LAST
    film.evaluate("document.getElementById('film').currentTime = 30")
    film.evaluate("document.getElementById('film').play()")
    film.wait_for_function("() => document.getElementById('film').currentTime > 30.3")
    assert inside.locator("#page").get_attribute("href") == f"{portal.origin}{PAGE}#t=7.2,8"
    assert page.context.cookies() == []
    assert {address.split("/", 3)[2] for address in asked} == {newspaper.origin[7:], portal.origin[7:]}


@pytest.mark.parametrize("fragment", ["#t=900", "#t=9,6", "#t=abc"])
def test_a_passage_that_is_not_in_the_film_is_told_and_the_film_stands_at_its_beginning(
    page: Page, fragment: str
) -> None:
    page.goto(f"{PAGE}embed.html{fragment}")
    expect(page.locator("#nowhere")).to_be_visible()
    assert page.locator("#page").get_attribute("href").endswith(PAGE)


def test_no_other_page_lets_itself_be_shown(page: Page, portal: Portal, newspaper: Newspaper) -> None:
    newspaper.pasted = f'<iframe src="{portal.origin}{PAGE}"></iframe>'
    page.goto(newspaper.origin)
    expect(page.frame_locator("iframe").locator("article")).to_have_count(0)
    assert shown(page).url.startswith("chrome-error:")
