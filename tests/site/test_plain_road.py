"""The whole road over plain HTTP, without JavaScript: what a reader with an old or careful browser does."""

import re
import urllib.parse
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from catalogue.manifest import Entry, read_manifest
from tests.site.film_judge import frames_of_clip_equal_the_masters
from tests.site.plain_browser import PlainBrowser
from tests.site.portal import Portal

WORDS = {
    "fr": {"password": "Marée-haute_2047", "new": "Brume-du-matin_88"},
    "en": {"password": "Spring-tide_2047!", "new": "Fog_at-daybreak_88"},
}


def film_in(portal: Portal, lang: str) -> Entry:
    """An interview with a film and timed turns, in its own language."""
    entries = read_manifest(portal.site / "catalogue.json").interviews
    return next(entry for entry in entries if entry.lang == lang == entry.spoken and entry.master)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_professional_walks_the_whole_road_without_javascript(portal: Portal, lang: str, tmp_path: Path) -> None:
    root = "/" if lang == "fr" else "/en/"
    words, entry = WORDS[lang], film_in(portal, lang)
    address = f"sans-script.{lang}.{uuid4().hex[:8]}@example.org"
    visit = PlainBrowser(portal.origin)

    # Arrive, read, choose a passage; be asked to sign in; have no account yet.
    visit.open(root)
    assert visit.status == 200
    visit.open(entry.url)
    assert entry.title in visit.text
    visit.submit("/api/downloads", in_ms=first_turns(portal, entry)[0], out_ms=first_turns(portal, entry)[1])
    assert urllib.parse.urlsplit(visit.address).path == f"{root}account/sign-in/"
    visit.follow("/account/sign-up/")
    visit.submit("/api/sign-up", email=address, password=words["password"])
    assert urllib.parse.urlsplit(visit.address).path == f"{root}account/verify/", visit.address

    # A wrong code is told on the page; the right one opens the account.
    code = portal.code(address)
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    visit.submit("/api/sign-up/verify", code=wrong)
    assert visit.fragment == "bad_code"
    assert visit.document.find(f".//*[@id='{visit.fragment}']") is not None
    visit.submit("/api/sign-up/verify", code=f"{code[:4]} {code[4:]}")
    assert urllib.parse.urlsplit(visit.address).path == f"{root}account/created/", visit.address

    # Subscribe by one button, go back to the passage, ask for it, wait, download.
    visit.submit("/api/newsletter")
    assert visit.fragment == "subscribed"
    visit.follow("/account/back")
    assert urllib.parse.urlsplit(visit.address).path == entry.url
    assert visit.fragment.startswith("t=")
    in_ms, out_ms = first_turns(portal, entry)
    visit.submit("/api/downloads", in_ms=in_ms, out_ms=out_ms)
    visit.wait_for_link("/d/")
    visit.follow("/d/")
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(visit.body)
    frames_of_clip_equal_the_masters(portal, entry, clip, int(in_ms), int(out_ms))

    # Forget the password, take another; the old one no longer opens, the new one does.
    visit.open(f"{root}account/sign-in/")
    forgetful = PlainBrowser(portal.origin)
    forgetful.open(f"{root}account/reset/?return_to={urllib.parse.quote(entry.url)}")
    forgetful.submit("/api/reset", email=address)
    assert urllib.parse.urlsplit(forgetful.address).path == f"{root}account/reset/verify/"
    forgetful.submit("/api/reset/verify", code=portal.code(address, 2))
    forgetful.submit("/api/reset/password", password=words["new"])
    assert urllib.parse.urlsplit(forgetful.address).path == f"{root}account/reset/done/", forgetful.address
    forgetful.follow("/account/sign-in/")
    forgetful.submit("/api/sign-in", email=address, password=words["password"])
    assert forgetful.fragment == "bad_credentials"
    forgetful.submit("/api/sign-in", email=address, password=words["new"])
    assert urllib.parse.urlsplit(forgetful.address).path == entry.url, forgetful.address


def first_turns(portal: Portal, entry: Entry) -> tuple[str, str]:
    """In and out points, in milliseconds, of the first two timed turns."""
    page = portal.site / entry.url.strip("/") / "transcript.json"
    turns = msgspec.json.decode(page.read_bytes())["turns"]
    starts = [turn["start_ms"] for turn in turns if turn["start_ms"] is not None]
    return str(starts[0]), str(starts[2])


def test_the_edge_s_own_pages_are_set_in_the_site_s_typefaces(portal: Portal) -> None:
    visit = PlainBrowser(portal.origin)
    visit.open("/edge.css")
    fonts = re.findall(r"url\((/assets/[^)]*)\)", visit.body.decode())
    assert len(fonts) == 3
    for font in fonts:
        visit.open(font)
        assert (visit.status, visit.body[:4]) == (200, b"wOF2")
