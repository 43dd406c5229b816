"""The whole road in a real browser: arrive, choose a passage, sign up, come back to it, download, check its frames."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from catalogue.manifest import Entry, read_manifest
from tests.site.film_judge import frames_of_clip_equal_the_masters
from tests.site.portal import Portal

WIDE = {"width": 1440, "height": 1000}
NARROW = {"width": 390, "height": 844}
VISITS = [("fr", WIDE, "light"), ("en", WIDE, "dark"), ("fr", NARROW, "dark"), ("en", NARROW, "light")]
PASSWORD = "Marée-haute_2047"
NEW_PASSWORD = "Brume-du-matin_88"
IN_MS, OUT_MS = 6000, 9000


class Album:
    """Keeps a numbered picture of each step, for a person to look at."""

    def __init__(self, page: Page, folder: Path, name: str) -> None:
        self.page, self.folder, self.name, self.number = page, folder, name, 0

    def take(self, what: str) -> None:
        """Takes the whole page as it stands."""
        self.number += 1
        self.page.screenshot(path=self.folder / f"{self.name}-{self.number:02d}-{what}.png", full_page=True)


def film_in(portal: Portal, lang: str) -> Entry:
    entries = read_manifest(portal.site / "catalogue.json").interviews
    return next(entry for entry in entries if entry.lang == lang == entry.spoken and entry.master)


@pytest.mark.parametrize(("lang", "viewport", "scheme"), VISITS, ids=lambda value: str(value)[:12])
def test_a_professional_walks_the_whole_road(
    portal: Portal, browser: Browser, screenshots: Path, tmp_path: Path, lang: str, viewport: dict, scheme: str
) -> None:
    entry = film_in(portal, lang)
    root = "/" if lang == "fr" else "/en/"
    width = "wide" if viewport is WIDE else "narrow"
    address = f"{width}.{scheme}.{lang}.{uuid4().hex[:8]}@example.org"
    context = browser.new_context(
        viewport=viewport, color_scheme=scheme, base_url=portal.origin, locale=lang, accept_downloads=True
    )
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    foreign: list[str] = []
    page.on("request", lambda request: request.url.startswith(portal.origin) or foreign.append(request.url))
    album = Album(page, screenshots, f"road-{lang}-{width}-{scheme}")

    page.goto(root)
    album.take("home")
    page.goto(entry.url)
    expect(page.get_by_role("heading", level=1)).to_have_text(entry.title)
    assert context.cookies() == [], "a reader gets no cookie"
    album.take("interview")

    page.fill("#in-time", "0:06.000")
    page.fill("#out-time", "0:09.000")
    page.locator("#out-time").blur()
    expect(page).to_have_url(re.compile(r"#t=6,9$"))
    album.take("passage")
    page.click("form#passage button.go")
    page.wait_for_url(f"**{root}account/sign-in/?return_to=*")
    album.take("sign-in")

    page.click("main a[href*='account/sign-up/']")
    page.fill("form[action='/api/sign-up'] input[name=email]", address)
    page.fill("form[action='/api/sign-up'] input[name=password]", "trop-court")
    expect(page.locator("li[data-rule=length]")).not_to_have_class(re.compile("met"))
    page.fill("form[action='/api/sign-up'] input[name=password]", PASSWORD)
    expect(page.locator("li[data-rule=length]")).to_have_class(re.compile("met"))
    album.take("sign-up")
    page.click("form[action='/api/sign-up'] button.go")
    page.wait_for_url(f"**{root}account/verify/**")
    code = portal.code(address)
    page.fill("input[name=code]", f"{(int(code) + 1) % 10**8:08d}")
    page.click("form[action='/api/sign-up/verify'] button.go")
    expect(page.locator("#bad_code")).to_be_visible()
    album.take("wrong-code")
    page.fill("input[name=code]", f"{code[:4]} {code[4:]}")
    page.click("form[action='/api/sign-up/verify'] button.go")
    page.wait_for_url(f"**{root}account/created/**")
    album.take("created")
    page.click("main form[action='/api/newsletter'] button")
    expect(page.locator("#subscribed")).to_be_visible()
    album.take("subscribed")

    page.click("main a.go, main a[href*='account/back'], main a[href*='interviews']")
    page.wait_for_url(f"**{entry.url}#t=6,9")
    page.wait_for_load_state()
    assert page.evaluate("fetch('/api/me').then(answer => answer.json()).then(me => me.newsletter)") is True
    page.click("form#passage button.go")
    link = page.locator("form#passage .answer a[href*='/d/']")
    expect(link).to_be_visible(timeout=60_000)
    album.take("ready")
    with page.expect_download() as caught:
        link.click()
    clip = tmp_path / "clip.mp4"
    caught.value.save_as(clip)
    frames_of_clip_equal_the_masters(portal, entry, clip, IN_MS, OUT_MS)

    page.goto(f"{root}account/")
    expect(page.get_by_text(address).first).to_be_visible()
    album.take("member")
    page.goto(entry.url)
    page.locator("form[action='/api/sign-out'] button").first.click()
    page.wait_for_load_state()

    page.goto(f"{root}account/reset/")
    page.fill("form[action='/api/reset'] input[name=email]", address)
    album.take("reset")
    page.click("form[action='/api/reset'] button.go")
    page.wait_for_url(f"**{root}account/reset/verify/**")
    page.fill("input[name=code]", portal.code(address, 2))
    album.take("reset-code")
    page.click("form[action='/api/reset/verify'] button.go")
    page.wait_for_url(f"**{root}account/reset/password/**")
    page.fill("input[name=password]", NEW_PASSWORD)
    album.take("new-password")
    page.click("form[action='/api/reset/password'] button.go")
    page.wait_for_url(f"**{root}account/reset/done/**")
    album.take("updated")
    page.click("main a[href*='account/sign-in/']")
    page.fill("input[name=email]", address)
    page.fill("input[name=password]", NEW_PASSWORD)
    page.click("form[action='/api/sign-in'] button.go")
    page.wait_for_url(lambda url: "/account/sign-in/" not in url)

    # On a blank page: the portal's own policy would take the letters' style away.
    album.page = context.new_page()
    for letter_number, one in enumerate(portal.letters(address), start=1):
        part = one.get_body(("html",))
        assert part is not None
        album.page.set_content(part.get_content())
        album.take(f"letter-{letter_number}")
    assert not said, said
    assert not foreign, foreign
    context.close()
