"""A package over HTTP: one archive with the media and everything an editor needs, fetched in parts, made of no copy."""

import asyncio
import csv
import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import opentimelineio as otio
import pytest
import ttconv.stl.reader

from catalogue.exports.captions import read_captions
from edge_api.downloads.clip_order import Papers
from tests.edge_api.downloads.asking import ready
from tests.edge_api.served import House, Someone, served
from tests.edge_api.shelf import FRAMES, SLUG, Shelf, entry, write_site

ROOT = "La lampe d’Émilie 10.00.00.10-10.00.02.10"


@pytest.fixture(scope="module")
def house(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(shelf, tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="module")
def member(house: House) -> Someone:
    return house.member("lectrice")


def ask(member: Someone, **changed: object) -> dict[str, Any]:
    fields: dict[str, object] = {
        "interview": SLUG, "lang": "fr", "kind": "clip", "in_ms": 400, "out_ms": 2400, "package": True,
    }  # fmt: skip
    answer = member.ask("POST", "/api/downloads", {**fields, **changed})
    assert answer.status == 201, answer.body
    return ready(member, answer.json)


@pytest.fixture(scope="module")
def archive(member: Someone) -> dict[str, bytes]:
    told = ask(member)
    assert told["filename"] == f"{ROOT}.zip"
    assert told["package"] is True
    whole = member.ask("GET", str(told["url"]))
    assert len(whole.body) == told["bytes"]
    assert whole.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(whole.body)) as found:
        assert found.testzip() is None
        return {info.filename.removeprefix(f"{ROOT}/"): found.read(info) for info in found.infolist()}


def test_a_package_holds_media_words_of_both_languages_and_edit_lists(archive: dict[str, bytes]) -> None:
    told = ("captions.srt", "captions.stl", "captions.ttml", "captions.vtt", "shotlist.csv", "shotlist.txt")
    told += ("transcript.json", "transcript.txt")
    wanted = {f"{lang}/{name}" for lang in ("fr", "en") for name in told}
    wanted |= {f"edit/{SLUG}.{kind}" for kind in ("edl", "fcpxml", "otio")}
    assert set(archive) == wanted | {"LISEZ-MOI.txt", "README.txt", "SHA256SUMS", f"{ROOT}.mp4"}


def test_every_file_is_vouched_for(archive: dict[str, bytes]) -> None:
    sums = dict(line.split("  ", 1)[::-1] for line in archive["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(data).hexdigest() for name, data in archive.items() if name != "SHA256SUMS"}


def test_its_media_is_the_clip_itself(member: Someone, archive: dict[str, bytes]) -> None:
    told = ask(member, package=False)
    assert member.ask("GET", str(told["url"])).body == archive[f"{ROOT}.mp4"]


def test_its_words_count_from_the_beginning_of_the_clip(archive: dict[str, bytes]) -> None:
    for lang, words in (("fr", "La mer… et le feu, surtout."), ("en", "The sea, and the fire above all.")):
        cues = read_captions(archive[f"{lang}/captions.vtt"])
        assert [(cue.start_ms, cue.end_ms) for cue in cues] == [(0, 600), (600, 2000)]
        assert words in cues[1].text
        assert len(read_captions(archive[f"{lang}/captions.srt"])) == 2
        turns = json.loads(archive[f"{lang}/transcript.json"])["turns"]
        assert [turn["start_ms"] for turn in turns] == [0, 600]
        assert words in archive[f"{lang}/transcript.txt"].decode()


def test_its_shotlist_and_stl_tell_the_source_timecode(archive: dict[str, bytes]) -> None:
    rows = list(csv.reader(io.StringIO(archive["fr/shotlist.csv"].decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Numéro", "Entrée", "Sortie"]
    assert rows[2][1:3] == ["10:00:01:00", "10:00:02:10"]
    assert rows[2][5:7] == ["Émilie Kerbrat", "gardienne"]
    document = ttconv.stl.reader.to_model(io.BytesIO(archive["en/captions.stl"]))
    assert document.get_lang() == "en"
    assert archive["fr/captions.stl"][1024 + 128 + 5 : 1024 + 128 + 9] == bytes((10, 0, 1, 0))


def test_its_edit_lists_name_the_master_and_its_timecode(archive: dict[str, bytes], shelf: Shelf) -> None:
    edl = archive[f"edit/{SLUG}.edl"].decode()
    [picture, *_] = list(otio.adapters.read_from_string(edl, "cmx_3600", rate=25).find_clips())
    assert picture.metadata["cmx_3600"]["reel"].startswith("LAMP")
    assert f"* REEL: {shelf.sheet.id}\n" in edl
    assert (picture.source_range.start_time.to_frames(), picture.source_range.duration.to_frames()) == (900_010, 50)
    timeline = otio.adapters.read_from_string(archive[f"edit/{SLUG}.otio"].decode(), "otio_json")
    for clip in timeline.find_clips():
        assert clip.media_reference.target_url == f"{shelf.sheet.id}.mp4"
        assert clip.source_range.start_time.value == 900_010
        assert clip.media_references()["passage"].target_url == f"../{ROOT}.mp4"
    assert f'name="{shelf.sheet.id}" start="900010/25s"' in archive[f"edit/{SLUG}.fcpxml"].decode()


def test_the_page_to_read_first_is_in_both_languages_with_their_typography(archive: dict[str, bytes]) -> None:
    french, english = (archive[name].decode("utf-8-sig") for name in ("LISEZ-MOI.txt", "README.txt"))
    for said in (
        "La lampe d’Émilie\r\n14 mars 2026 · Brest · entretien en français",
        "Émilie Kerbrat, gardienne",
        "Durée\u202f: 00:00:02.000 (50 images à 25\u202fi/s)",
        "Entrée\u202f: 10:00:00:10",
        "Citer la source.",
        "/interviews/la-lampe/",
        "fr/captions.ttml\u202f: sous-titres EBU-TT-D (en français)",
    ):
        assert said in french
    for said in (
        "Émilie’s lamp\r\n14 March 2026",
        "Émilie Kerbrat, keeper",
        "50 frames at 25\u202ffps",
        "/en/interviews/",
    ):
        assert said in english
    assert " :" not in french.replace("\u202f:", "")


def test_a_package_is_fetched_in_parts_like_any_download(house: House, member: Someone) -> None:
    told = ask(member)
    whole = member.ask("GET", str(told["url"]))
    half = len(whole.body) // 2
    parts = [
        member.ask("GET", str(told["url"]), Range=span, If_Range=whole.headers["ETag"])
        for span in (f"bytes=0-{half - 1}", f"bytes={half}-")
    ]
    assert [part.status for part in parts] == [206, 206]
    assert parts[0].body + parts[1].body == whole.body
    assert member.ask("GET", str(told["url"]), Range=f"bytes={len(whole.body)}-").status == 416


def test_a_package_of_the_whole_film_copies_nothing(house: House, member: Someone, shelf: Shelf) -> None:
    before = {path: path.stat().st_size for path in house.clips.iterdir()}
    told = ask(member, kind="film", in_ms=None, out_ms=None)
    grown = sum(path.stat().st_size for path in house.clips.iterdir() if path not in before)
    assert told["bytes"] > shelf.sheet.bytes
    assert grown < 200_000
    with zipfile.ZipFile(io.BytesIO(member.ask("GET", str(told["url"])).body)) as found:
        media = found.read("La lampe d’Émilie/La lampe d’Émilie.mp4")
    assert hashlib.sha256(media).hexdigest() == shelf.sheet.sha256


@pytest.mark.parametrize("profile", ["proxy", "h264", "wav", "mp3"])
def test_any_media_comes_as_a_package(member: Someone, profile: str) -> None:
    told = ask(member, profile=profile)
    with zipfile.ZipFile(io.BytesIO(member.ask("GET", str(told["url"])).body)) as found:
        assert found.testzip() is None
        [root] = {name.partition("/")[0] for name in found.namelist()}
        assert f"{root}.zip" == told["filename"]
        edl = found.read(f"{root}/edit/{SLUG}.edl").decode()
    assert (" A     C " in edl) == (profile in ("wav", "mp3"))


def test_a_corrected_interview_is_another_package(shelf: Shelf, member: Someone) -> None:
    first = ask(member, in_ms=0, out_ms=1000)
    path = shelf.site / "interviews" / SLUG / "transcript.json"
    before = path.read_text("utf-8")
    path.write_text(before.replace("Que voyez-vous", "Que regardez-vous"), "utf-8")
    try:
        again = ask(member, in_ms=0, out_ms=1000)
        body = member.ask("GET", str(again["url"])).body
        assert again["id"] != first["id"]
        assert b"Que regardez-vous" in body
        assert b"Que voyez-vous" in member.ask("GET", str(first["url"])).body
    finally:
        path.write_text(before, "utf-8")


def test_an_interview_in_one_language_has_a_package_in_one(shelf: Shelf, member: Someone) -> None:
    write_site(shelf, entry(shelf))
    try:
        told = ask(member, in_ms=0, out_ms=2000)
        with zipfile.ZipFile(io.BytesIO(member.ask("GET", str(told["url"])).body)) as found:
            names = {name.split("/")[1] for name in found.namelist()}
        assert "fr" in names
        assert "en" not in names
        assert {"LISEZ-MOI.txt", "README.txt"} <= names
    finally:
        write_site(shelf)


def test_how_far_it_is_made_is_told_where_people_wait_for_news(shelf: Shelf, tmp_path: Path) -> None:
    """The media is read in a thread of its own; what wakes the loop from there may come late, or break."""
    heard: set[int] = set()

    async def make() -> None:
        workshop = shelf.workshop(tmp_path)
        edition = await workshop.edition(SLUG, shelf.sheet.id)
        told = Papers(interview=SLUG, lang="fr", edition=edition, media="film.mp4")
        order = msgspec.structs.replace(shelf.order(0, FRAMES), as_is=True, papers=told)
        await workshop.make(order, lambda share: heard.add(threading.get_ident()))

    asyncio.run(make())
    assert heard == {threading.get_ident()}
