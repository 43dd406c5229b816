"""The main journeys in Firefox: read and watch, search, choose a passage, embed it, sign up, download."""

import os
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.site.film_judge import frames_of_clip_equal_the_masters
from tests.site.fox import Fox, running_fox
from tests.site.members import PASSWORD
from tests.site.portal import Portal
from tests.site.test_browser_road import film_in

PAGE = "/interviews/phare-men-tensel/"
PLAYS = "document.createElement('video').canPlayType('video/mp4; codecs=\"avc1.640028\"')"
FILM = "document.getElementById('film')"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fox]:
    """A real Firefox. Unlike Chromium it may be missing: whoever has one browser only still tests nearly all."""
    path = os.environ.get("DUPLEX_TEST_FIREFOX")
    if not path:
        pytest.skip("no Firefox here: install one (Debian: apt install firefox-esr), or name it in DUPLEX_TEST_FIREFOX")
    with running_fox(path, tmp_path_factory.mktemp("firefox")) as fox:
        if not fox.run(PLAYS):
            pytest.skip(f"{path} plays no H.264: install FFmpeg's libavcodec")
        yield fox


@pytest.fixture
def firefox(started: Fox) -> Iterator[Fox]:
    """The same for every journey; none may leave an error of a script."""
    yield started
    assert not started.wrong, started.wrong


def test_a_sentence_plays_and_is_followed(firefox: Fox, portal: Portal) -> None:
    firefox.open(portal.origin + PAGE)
    firefox.click("span[data-at]", "On montait au crépuscule")
    firefox.until("document.querySelector('.said > .now')?.textContent.startsWith('On montait au crépuscule')")
    firefox.says("#play", "Pause")
    firefox.until(f"{FILM}.currentTime > document.querySelector('.said > .now').dataset.at / 1000 + 0.3")
    firefox.click("#play")
    firefox.until(f"{FILM}.paused")


def test_words_are_found_without_their_accents_and_lead_to_their_second(firefox: Fox, portal: Portal) -> None:
    firefox.open(f"{portal.origin}/search/")
    firefox.fill("#q", "crepuscule")
    firefox.says("#results", "crépuscule")
    firefox.click(f"#results a[href*='{PAGE}']")
    firefox.comes_to(f"{PAGE}?q=crepuscule#t")
    firefox.until(f"{FILM}.currentTime > 1")


def test_a_passage_is_chosen_kept_and_opens_elsewhere_at_its_frames(firefox: Fox, portal: Portal) -> None:
    firefox.open(f"{portal.origin}{PAGE}#t=6,20")
    firefox.until("document.querySelectorAll('.said > .chosen').length > 1")
    firefox.fill("#out-time", "0:09.000")
    firefox.click("#in-time")
    firefox.comes_to("#t=6,9")
    firefox.click("#keep")
    firefox.says(".bar .basket", "Panier (1)")
    firefox.open(f"{portal.origin}{PAGE}embed.html#t=6,6.6")
    firefox.until(f"Math.abs({FILM}.currentTime - 6.02) < 0.001")
    firefox.run(f"{FILM}.play()")
    # 25 frames a second: the last one before the out point is shown, and no further.
    firefox.until(f"{FILM}.paused && Math.abs({FILM}.currentTime - 6.58) < 0.001")


def test_a_stranger_becomes_a_member_and_has_the_passage_cut(firefox: Fox, portal: Portal, tmp_path: Path) -> None:
    entry = film_in(portal, "fr")
    address = f"renard.{uuid4().hex[:8]}@example.org"
    firefox.open(f"{portal.origin}{entry.url}#t=6,9")
    firefox.click("#passage button.go")
    firefox.comes_to("/account/sign-in/?return_to=")
    firefox.click("main a[href*='account/sign-up/']")
    firefox.comes_to("/account/sign-up/")
    firefox.fill("form[action='/api/sign-up'] input[name=email]", address)
    firefox.fill("form[action='/api/sign-up'] input[name=password]", PASSWORD)
    firefox.click("form[action='/api/sign-up'] button.go")
    firefox.comes_to("/account/verify/")
    code = portal.code(address)
    firefox.fill("input[name=code]", f"{code[:4]} {code[4:]}")
    firefox.click("form[action='/api/sign-up/verify'] button.go")
    firefox.comes_to("/account/created/")
    firefox.click("main a.go, main a[href*='account/back'], main a[href*='interviews']")
    firefox.comes_to(f"{entry.url}#t=6,9")
    firefox.click("#passage button.go")
    firefox.shown("#passage .answer a[href*='/d/']")
    clip = tmp_path / "clip.mp4"
    with urllib.request.urlopen(firefox.run("document.querySelector('#passage .answer a.go').href")) as answer:
        clip.write_bytes(answer.read())
    frames_of_clip_equal_the_masters(portal, entry, clip, 6000, 9000)
    select(firefox, "profile", "vtt")
    firefox.until("document.getElementById('package').disabled")
    select(firefox, "profile-words", "en")
    firefox.click("#passage button.go")
    with urllib.request.urlopen(linked(firefox, ".en.vtt")) as answer:
        assert answer.read().startswith(b"WEBVTT")
    select(firefox, "profile", "mp3")
    firefox.click("#package")
    firefox.click("#passage button.go")
    with urllib.request.urlopen(linked(firefox, ".zip")) as answer:
        assert answer.read(4) == b"PK\x03\x04"
    firefox.open(f"{portal.origin}/account/")
    firefox.says("#downloads [data-words]", "«")
    assert firefox.run("document.querySelectorAll('#downloads li').length") == 3


def select(firefox: Fox, name: str, value: str) -> None:
    """Takes an option, as choosing it from the list does."""
    field = f"document.getElementById('{name}')"
    firefox.run(f"({field}.value = '{value}', {field}.dispatchEvent(new Event('change', {{bubbles: true}})))")


def linked(firefox: Fox, ending: str) -> str:
    """The address of the file that the panel has ready, once it is one so named."""
    link = "document.querySelector('#passage .answer a.go')"
    firefox.until(f"{link}?.download.endsWith('{ending}')")
    return str(firefox.run(f"{link}.href"))
