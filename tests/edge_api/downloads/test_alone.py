"""What lies beside the media of a package, downloaded alone: ready at once, counted from the passage's beginning, read
back by other programs."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import opentimelineio as otio
import pytest
import ttconv.imsc.reader
import ttconv.srt.reader
import ttconv.stl.reader
import ttconv.vtt.reader
from ttconv.model import ContentDocument, P

from edge_api.downloads.orders import Order
from edge_api.errors import TooManyRequests
from edge_api.limits import PAPERS_ACCOUNT
from tests.edge_api.databases import Store
from tests.edge_api.desk import NOON, Desk, at_desk
from tests.edge_api.downloads.asking import clip, film, ready
from tests.edge_api.served import Answer, House, Someone
from tests.edge_api.shelf import SLUG, Shelf, entry, write_site

NAME = "La lampe d’Émilie 10.00.00.10-10.00.02.10"


def had(reader: Someone, profile: str, **changed: object) -> tuple[dict[str, object], Answer]:
    """A paper of frames 10 to 60, fetched by the link that came with the answer to the asking."""
    asked = clip(reader, 400, 2400, profile=profile, **changed)
    assert (asked.status, asked.json["state"]) == (201, "ready"), asked.json
    fetched = reader.ask("GET", str(asked.json["url"]))
    assert (fetched.status, len(fetched.body)) == (200, asked.json["bytes"])
    return asked.json, fetched


def imsc(data: bytes) -> ContentDocument:
    return ttconv.imsc.reader.to_model(ElementTree.ElementTree(ElementTree.fromstring(data)))


READERS: dict[str, Callable[[bytes], ContentDocument]] = {
    "vtt": lambda data: ttconv.vtt.reader.to_model(io.StringIO(data.decode())),
    "srt": lambda data: ttconv.srt.reader.to_model(io.StringIO(data.decode())),
    "ttml": imsc,
    "stl": lambda data: ttconv.stl.reader.to_model(io.BytesIO(data)),
}
KINDS = {
    "vtt": "text/vtt; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "ttml": "application/ttml+xml; charset=utf-8",
    "stl": "application/octet-stream",
}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("profile", list(READERS))
def test_captions_come_in_the_language_that_is_chosen(running: House, reader: Someone, profile: str, lang: str) -> None:
    told, fetched = had(reader, profile, words_lang=lang)
    assert (told["profile"], told["words_lang"], told["package"]) == (profile, lang, False)
    # A player shows `film.fr.srt` beside `film.mp4`; one frame more or less means nothing for words.
    assert told["filename"] == f"{NAME}.{lang}.{profile}"
    assert "frames" not in told
    assert fetched.headers["Content-Type"] == KINDS[profile]
    assert quote(f"{NAME}.{lang}.{profile}", safe="") in fetched.headers["Content-Disposition"]
    shown = list(READERS[profile](fetched.body).get_body().dfs_iterator())
    said = "".join(each.get_text() for each in shown if hasattr(each, "get_text"))
    assert ("surtout" in said, "above all" in said) == (lang == "fr", lang == "en")
    begins = [float(each.get_begin() or 0) for each in shown if isinstance(each, P)]
    # EBU STL counts in the source's timecode.
    assert begins == pytest.approx([36_000.4, 36_001] if profile == "stl" else [0, 0.6])


def test_captions_name_their_master_its_timecode_and_the_terms(running: House, reader: Someone, shelf: Shelf) -> None:
    french, english = had(reader, "vtt")[1].body.decode(), had(reader, "vtt", words_lang="en")[1].body.decode()
    head = (
        "WEBVTT\n\nNOTE\nLa lampe d’Émilie\n"
        f"Passage de 10:00:00:10 à 10:00:02:10 · {shelf.sheet.id}.mp4\n"
        "Référence\u202f: DPX-1\nCrédit\u202f: Duplex\nConditions d’usage\u202f: Citer la source.\n"
    )
    assert french.startswith(head)
    assert "NOTE\nÉmilie’s lamp\nPassage from 10:00:00:10 to 10:00:02:10" in english
    assert "/en/interviews/la-lampe/\n\nt0.1\n" in english
    described = ElementTree.fromstring(had(reader, "ttml")[1].body).find(".//{http://www.w3.org/ns/ttml#metadata}desc")
    assert described is not None
    assert (described.text or "").startswith("Passage de 10:00:00:10 à 10:00:02:10")
    text = had(reader, "text", words_lang="en")
    assert text[0]["filename"] == f"{NAME}.en.txt"
    lines = text[1].body.decode().split("\n\n")
    assert lines[:2] == ["Émilie’s lamp", "14 March 2026 · Brest"]
    assert f"Passage from 10:00:00:10 to 10:00:02:10 · {shelf.sheet.id}.mp4" in lines
    assert "[00:00:00.600] Émilie" in text[1].body.decode()


def test_a_shotlist_is_a_table_in_source_timecode(running: House, reader: Someone) -> None:
    told, fetched = had(reader, "shotlist")
    assert (told["filename"], fetched.headers["Content-Type"]) == (
        f"{NAME} shotlist.fr.csv",
        "text/csv; charset=utf-8",
    )
    rows = list(csv.reader(io.StringIO(fetched.body.decode("utf-8-sig")), delimiter=";"))
    assert rows[2][1:3] + rows[2][5:7] == ["10:00:01:00", "10:00:02:10", "Émilie Kerbrat", "gardienne"]


def test_edit_lists_name_the_master_and_open_the_clip_beside_them(
    running: House, reader: Someone, shelf: Shelf
) -> None:
    # Whoever asks without script sends a language too; a list has none.
    lists = {profile: had(reader, profile, words_lang="en") for profile in ("edl", "fcpxml", "otio")}
    for profile, (told, fetched) in lists.items():
        assert told["filename"] == f"{NAME}.{profile}"
        assert "words_lang" not in told
        kind = {"edl": "text/plain; charset=utf-8", "fcpxml": "application/xml; charset=utf-8"}
        assert fetched.headers["Content-Type"] == kind.get(profile, "application/json")
    edl = lists["edl"][1].body.decode()
    [picture, *_] = list(otio.adapters.read_from_string(edl, "cmx_3600", rate=25).find_clips())
    assert (picture.source_range.start_time.to_frames(), picture.source_range.duration.to_frames()) == (900_010, 50)
    assert f"* SOURCE FILE: {shelf.sheet.id}.mp4\n" in edl
    for passage in otio.adapters.read_from_string(lists["otio"][1].body.decode(), "otio_json").find_clips():
        assert passage.source_range.start_time.value == 900_010
        assert passage.media_reference.target_url == f"{shelf.sheet.id}.mp4"
        # The name under which the clip itself is downloaded: saved in one folder, they find each other.
        beside = passage.media_references()["passage"].target_url
    assert beside == ready(reader, clip(reader, 400, 2400).json)["filename"]
    source = ElementTree.fromstring(lists["fcpxml"][1].body).find(".//media-rep")
    assert source is not None
    assert source.get("src") == quote(beside)


def test_the_whole_film_has_its_papers_too(running: House, reader: Someone) -> None:
    told = film(reader, profile="srt", words_lang="en")
    assert (told["state"], told["kind"], told["filename"]) == ("ready", "film", "La lampe d’Émilie.en.srt")
    body = reader.ask("GET", str(told["url"])).body.decode()
    assert body.startswith("1\n00:00:00,000 --> 00:00:01,000\nWhat do you see?")
    listed = film(reader, profile="edl")
    assert b"10:00:00:00 10:00:03:00" in reader.ask("GET", str(listed["url"])).body
    assert listed["filename"] == "La lampe d’Émilie.edl"


def test_a_paper_is_sent_like_any_download(running: House, reader: Someone) -> None:
    # A form without script offers the package beside it.
    told, fetched = had(reader, "vtt", package=True)
    url, etag = str(told["url"]), fetched.headers["ETag"]
    assert reader.ask("GET", url, If_None_Match=etag).status == 304
    rest = reader.ask("GET", url, Range="bytes=10-", If_Range=etag)
    assert (rest.status, rest.body) == (206, fetched.body[10:])
    assert reader.ask("GET", url.replace(".fr.vtt", ".en.vtt")).status == 404
    assert had(reader, "vtt")[0]["id"] == told["id"]
    assert had(reader, "vtt", words_lang="en")[1].headers["ETag"] != etag
    stranger = running.stranger()
    assert stranger.ask("GET", url).status == 200
    asked = {"interview": SLUG, "lang": "fr", "kind": "film", "profile": "vtt"}
    assert stranger.ask("POST", "/api/downloads", asked).json == {"code": "not_signed_in"}


def test_a_page_without_script_names_what_was_asked_for(running: House, reader: Someone) -> None:
    fields = {"interview": SLUG, "lang": "fr", "kind": "film", "profile": "ttml", "words_lang": "en"}
    led = reader.form("/api/downloads", **fields)
    page = reader.ask("GET", "/" + led.headers["Location"].split("/", 3)[3], Accept="text/html").body.decode()
    assert "Sous-titres EBU-TT-D, en anglais" in page
    assert "Citer la source." in page
    assert "http-equiv" not in page


def test_words_that_are_not_there_are_refused_by_a_code_and_lists_are_made(
    running: House, reader: Someone, shelf: Shelf
) -> None:
    assert clip(reader, profile="vtt", words_lang="de").json == {"code": "bad_form"}
    write_site(shelf, entry(shelf))
    try:
        for profile in ("vtt", "shotlist", "text"):
            answer = clip(reader, 400, 2400, profile=profile, words_lang="en")
            assert (answer.status, answer.json) == (404, {"code": "no_words"})
        beside = shelf.site / "interviews" / SLUG / "transcript.json"
        beside.write_text('{"turns": []}', "utf-8")
        assert clip(reader, 400, 2400, profile="srt").json == {"code": "no_words"}
        assert had(reader, "edl")[0]["state"] == "ready"
    finally:
        write_site(shelf)


def test_a_corrected_interview_gives_other_captions_and_a_new_link_the_words_of_today(
    running: House, reader: Someone, shelf: Shelf
) -> None:
    first, before = had(reader, "vtt")
    path = shelf.site / "interviews" / SLUG / "transcript.json"
    words = path.read_text("utf-8")
    path.write_text(words.replace("et le feu", "et la nuit"), "utf-8")
    try:
        again, after = had(reader, "vtt")
        assert again["id"] != first["id"]
        assert b"et la nuit" in after.body
        assert reader.ask("GET", str(first["url"])).body == before.body
        renewed = reader.ask("POST", f"/api/downloads/{first['id']}/link").json
        assert renewed["state"] == "ready"
        assert b"et la nuit" in reader.ask("GET", str(renewed["url"])).body
        path.write_text('{"turns": []}', "utf-8")
        assert reader.ask("POST", f"/api/downloads/{first['id']}/link").json == {"code": "not_found"}
    finally:
        path.write_text(words, "utf-8")


def test_a_paper_does_not_wait_behind_films(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        long = await desk.downloads.ask("m1", Order(interview=SLUG, lang="fr", kind="film", profile="h264"))
        told = await desk.downloads.ask("m1", Order(interview=SLUG, lang="fr", kind="film", profile="vtt"))
        assert (long.state, told.state) == ("queued", "ready")
        # What housekeeping threw away is written again for a new link, just as quickly.
        assert desk.downloads.stock.evict(NOON * 2, 0, 0) == [told.clip]
        again = await desk.downloads.renew("m1", told.id)
        assert (again.state, again.clip, again.bytes) == ("ready", told.clip, told.bytes)
        await desk.downloads.cancel("m1", long.id)

    at_desk(store, shelf, tmp_path, visit)


def test_who_asks_for_very_many_papers_waits_and_what_stands_costs_nothing(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    def list_of(first: int, last: int) -> Order:
        points = {"in_ms": 40 * first, "out_ms": 40 * last}
        return Order(interview=SLUG, lang="fr", kind="clip", profile="edl", **points)

    async def visit(desk: Desk) -> None:
        points = [(first, last) for first in range(10) for last in range(20, 30)][: PAPERS_ACCOUNT.burst]
        for first, last in points:
            await desk.downloads.ask("m1", list_of(first, last))
        with pytest.raises(TooManyRequests):
            await desk.downloads.ask("m1", list_of(0, 40))
        assert (await desk.downloads.ask("m1", list_of(*points[0]))).state == "ready"
        assert (await desk.downloads.ask("m2", list_of(0, 40))).state == "ready"

    at_desk(store, shelf, tmp_path, visit)


def test_a_disk_that_takes_nothing_is_told_like_any_failure(store: Store, shelf: Shelf, tmp_path: Path) -> None:
    async def visit(desk: Desk) -> None:
        (tmp_path / "clips").write_text("a file where a folder belongs")
        told = await desk.downloads.ask("m1", Order(interview=SLUG, lang="fr", kind="film", profile="otio"))
        assert (told.state, told.reason, told.bytes) == ("failed", "disk_failed", None)
        (tmp_path / "clips").unlink()
        assert (await desk.downloads.renew("m1", told.id)).state == "ready"

    at_desk(store, shelf, tmp_path, visit)
