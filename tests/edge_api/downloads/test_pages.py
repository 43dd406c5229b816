"""Downloads without script: a form, a page that waits by itself, and where refusals are shown."""

import urllib.parse
from datetime import UTC, datetime

import pytest

from catalogue.manifest import Entry
from edge_api.downloads.download_page import shown_in
from edge_api.downloads.schema import Download
from tests.edge_api.downloads.asking import film, ready
from tests.edge_api.served import PASSWORD, House, Someone
from tests.edge_api.shelf import SLUG


def test_a_form_is_led_to_a_page_that_waits_and_then_gives_the_link(running: House, reader: Someone) -> None:
    fields = {"interview": SLUG, "lang": "fr", "kind": "clip", "in_ms": "40", "out_ms": "1240"}
    led = reader.form("/api/downloads", **fields)
    assert led.status == 303
    path = urllib.parse.urlsplit(led.headers["Location"]).path
    ready(reader, {"id": path.rpartition("/")[2]})
    page = reader.ask("GET", path, Accept="text/html")
    assert page.status == 200
    text = page.body.decode()
    assert 'lang="fr"' in text
    assert "http-equiv" not in text
    for said in ("30 images", "10:00:00:01", "10:00:01:06", "valable 24 heures", "Citer la source.", "#t=0.04,1.24"):
        assert said in text
    link = text.split('href="/d/')[1].split('"')[0]
    assert reader.ask("GET", f"/d/{link}").status == 200


def test_a_page_that_waits_asks_again_by_itself_in_the_members_language(running: House) -> None:
    reader = running.member("reader", "en")
    fields = {"interview": SLUG, "lang": "en", "kind": "film", "profile": "h264"}
    path = urllib.parse.urlsplit(reader.form("/api/downloads", **fields).headers["Location"]).path
    text = reader.ask("GET", path, Accept="text/html").body.decode()
    assert 'lang="en"' in text
    assert ('http-equiv="refresh"' in text) == ('href="/d/' not in text)


def test_a_stranger_with_a_form_is_led_to_sign_in_and_back_to_the_passage(running: House) -> None:
    fields = {"interview": SLUG, "lang": "en", "kind": "clip", "in_ms": "83200", "out_ms": "97400"}
    led = running.stranger().form("/api/downloads", **fields)
    assert led.status == 303
    to = urllib.parse.urlsplit(led.headers["Location"])
    assert to.path == "/en/account/sign-in/"
    assert urllib.parse.parse_qs(to.query) == {"return_to": ["/en/interviews/la-lampe/#t=83.2,97.4"]}


def test_who_finds_the_page_of_a_download_closed_is_led_to_sign_in_and_back_to_it(running: House) -> None:
    page = f"/downloads/{film(running.member('revenante', 'en'))['id']}"
    stranger = running.stranger()
    led = stranger.ask("GET", page, Accept="text/html", Accept_Language="en-GB")
    door = urllib.parse.urlsplit(led.headers["Location"])
    assert (led.status, door.path) == (303, "/en/account/sign-in/")
    back = urllib.parse.parse_qs(door.query)["return_to"][0]
    fields: dict[str, object] = {"email": "revenante@example.org", "password": PASSWORD, "return_to": back}
    assert stranger.ask("POST", "/api/sign-in", fields).json == {"return_to": page}


def test_a_forms_refusal_stands_on_the_interviews_page(running: House, reader: Someone) -> None:
    fields = {"interview": SLUG, "lang": "fr", "kind": "clip", "in_ms": "2000", "out_ms": "400"}
    led = reader.form("/api/downloads", **fields)
    assert led.status == 303
    assert led.headers["Location"].endswith("/interviews/la-lampe/#bad_passage")


@pytest.mark.parametrize(("lang", "until"), [("fr", "1er décembre 2026 à 07:05"), ("en", "1 December 2026 at 07:05")])
def test_the_page_says_until_when_a_link_holds_as_its_language_writes_days(lang: str, until: str) -> None:
    entry = Entry(
        slug=SLUG, lang=lang, url="/", title="", date="2026-03-14", place="", summary="", spoken="fr", translated=False,
        languages=("fr",), master="m", version="v", duration_ms=9000, turns=1, timed_turns=1, reference="", credit="",
        terms="", speakers=(), topics=(),
    )  # fmt: skip
    download = Download(
        id="d", user_id="u", interview=SLUG, lang=lang, kind="film", profile="master", master="m", version="v",
        in_frame=0, out_frame=225, in_ms=0, out_ms=9000, clip=None, clip_order=None, filename="f.mp4",
        bytes=1, state="ready",
        reason=None, created_ms=0, expires_ms=int(datetime(2026, 12, 1, 7, 5, tzinfo=UTC).timestamp() * 1000),
        revoked_ms=None, hits=0,
    )  # fmt: skip
    assert shown_in(lang, download, {"state": "ready"}, entry, ("", "")).until_text == until
