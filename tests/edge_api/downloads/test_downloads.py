"""A reader's downloads over HTTP, from asking to the last byte, on real footage in a real process."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import pytest

from footage.reading.indexing import read_index
from tests.edge_api.downloads.asking import clip, film, ready
from tests.edge_api.downloads.encoders import begun, workers
from tests.edge_api.served import House, Someone, served
from tests.edge_api.shelf import Shelf
from tests.footage.masters import number_in


def numbers_in(path: Path) -> list[int]:
    """The numbers that the frames of a file show, whatever its edit list says."""
    with av.open(str(path), options={"ignore_editlist": "1"}) as container:
        return [number_in(frame.to_ndarray(format="gray")) for frame in container.decode(video=0)]


def test_a_passage_holds_its_frames_and_no_other(running: House, reader: Someone, tmp_path: Path) -> None:
    asked = clip(reader)
    assert asked.status == 201
    assert asked.headers["Location"] == f"/api/downloads/{asked.json['id']}"
    told = ready(reader, asked.json)
    assert told["state"] == "ready"
    assert told["frames"] == 40
    assert told["filename"] == "La lampe d’Émilie 10.00.00.10-10.00.02.00.mp4"
    fetched = reader.ask("GET", str(told["url"]))
    assert fetched.status == 200
    assert len(fetched.body) == told["bytes"]
    (tmp_path / "clip.mp4").write_bytes(fetched.body)
    assert numbers_in(tmp_path / "clip.mp4") == list(range(10, 50))
    assert fetched.headers["Content-Disposition"] == (
        'attachment; filename="La lampe d\'Emilie 10.00.00.10-10.00.02.00.mp4"; '
        "filename*=UTF-8''La%20lampe%20d%E2%80%99%C3%89milie%2010.00.00.10-10.00.02.00.mp4"
    )


def test_a_film_is_the_master_byte_for_byte(running: House, reader: Someone, shelf: Shelf) -> None:
    told = film(reader)
    assert told["state"] == "ready"
    assert told["frames"] == 75
    assert told["filename"] == "La lampe d’Émilie.mp4"
    master = shelf.store.master(shelf.sheet.id, shelf.sheet.version)
    assert reader.ask("GET", str(told["url"])).body == master.read_bytes()


def test_a_whole_film_for_the_web_is_made_first(running: House, reader: Someone) -> None:
    told = film(reader, profile="h264")
    assert told["state"] in ("queued", "making")
    assert told["frames"] == 75
    assert "url" not in told
    assert ready(reader, told)["state"] == "ready"


def test_downloads_are_shown_to_their_member_alone(running: House, reader: Someone) -> None:
    """Requirement 40."""
    id = film(reader)["id"]
    other = running.member("autre")
    for method, path in (("GET", f"/api/downloads/{id}"), ("POST", f"/api/downloads/{id}/link")):
        assert other.ask(method, path).status == 404
    hidden = other.ask("GET", f"/downloads/{id}", Accept="text/html", Accept_Language="en-GB,en;q=0.9")
    assert hidden.status == 404
    assert b'lang="en"' in hidden.body
    assert other.ask("GET", "/api/downloads").json == {"downloads": []}
    recent = reader.ask("GET", "/api/downloads").json["downloads"]
    assert isinstance(recent, list)
    assert id in [download["id"] for download in recent]


def test_the_recent_ones_are_told_with_the_poster_and_the_words_of_the_passage(running: House) -> None:
    reader = running.member("souvenir")
    base = f"/media/{running.shelf.sheet.id}/{running.shelf.sheet.version}/poster-360.jpg"
    film(reader)
    clip(reader, in_ms=0, out_ms=3000)
    whole, passage = sorted(
        reader.ask("GET", "/api/downloads").json["downloads"], key=lambda one: one["kind"] == "clip"
    )
    assert (whole["poster"], whole.get("words")) == (base, None)
    assert (passage["poster"], passage["words"]) == (base, "Que voyez-vous ? La mer… et le feu, surtout.")
    assert reader.ask("GET", base).headers["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"interview": "inconnu"}, 404, "unknown_interview"),
        ({"interview": "sans-film"}, 404, "no_film"),
        ({"in_ms": 2000, "out_ms": 400}, 400, "bad_passage"),
        ({"in_ms": 400, "out_ms": 400}, 400, "bad_passage"),
        ({"in_ms": -1}, 400, "bad_passage"),
        ({"in_ms": 2900, "out_ms": 3900}, 400, "bad_passage"),
        ({"in_ms": 0, "out_ms": 999_999_999_999}, 400, "passage_too_long"),
        ({"in_ms": "un"}, 400, "bad_form"),
        ({"in_ms": 1.5}, 400, "bad_form"),
        ({"in_ms": 10**30}, 400, "bad_form"),
        ({"in_ms": None}, 400, "bad_form"),
        ({"kind": "film"}, 400, "bad_form"),
        ({"kind": "reel"}, 400, "bad_form"),
        ({"lang": "de"}, 400, "bad_form"),
        ({"profile": "dvd"}, 400, "bad_form"),
        ({"user_id": "x"}, 400, "bad_form"),
        ({"package": "perhaps"}, 400, "bad_form"),
        ({"profile": "still", "in_ms": None}, 400, "bad_form"),
        ({"profile": "still", "kind": "film", "in_ms": None, "out_ms": None}, 400, "bad_form"),
        ({"profile": "still", "in_ms": 3000}, 400, "bad_passage"),
    ],
)
def test_what_cannot_be_had_is_refused_by_its_code(
    running: House, reader: Someone, changed: dict[str, object], status: int, code: str
) -> None:
    answer = clip(reader, **changed)
    assert (answer.status, answer.json) == (status, {"code": code})


def test_each_profile_comes_as_its_own_kind_of_file(running: House, reader: Someone) -> None:
    kinds = {"h264": "video/mp4", "proxy": "video/mp4", "wav": "audio/wav", "mp3": "audio/mpeg", "still": "image/jpeg"}
    for profile, kind in kinds.items():
        told = ready(reader, clip(reader, 400, 1000, profile=profile, package=profile == "still").json)
        assert (told["state"], told["profile"], told["package"]) == ("ready", profile, False)
        answer = reader.ask("GET", told["url"])
        assert answer.headers["Content-Type"] == kind
        assert len(answer.body) == told["bytes"]
    assert told["filename"] == "La lampe d’Émilie 10.00.00.10.jpg"
    assert told["frames"] == 1


def test_the_proxy_of_a_film_is_there_at_once(running: House, reader: Someone, shelf: Shelf) -> None:
    told = film(reader, profile="proxy")
    assert (told["state"], told["filename"]) == ("ready", "La lampe d’Émilie proxy.mp4")
    proxy = shelf.store.public(shelf.sheet.id, shelf.sheet.version, "proxy.mp4")
    assert proxy is not None
    assert reader.ask("GET", told["url"]).body == proxy.read_bytes()


def test_asking_again_renews_the_grant_instead_of_making_another(running: House, reader: Someone) -> None:
    first = ready(reader, clip(reader, 0, 1000).json)
    again = clip(reader, 0, 1000)
    assert again.status == 201
    assert (again.json["id"], again.json["state"]) == (first["id"], "ready")
    renewed = reader.ask("POST", f"/api/downloads/{first['id']}/link")
    assert renewed.status == 200
    bodies = {reader.ask("GET", str(told["url"])).body for told in (first, again.json, renewed.json)}
    assert len(bodies) == 1


def test_the_same_clip_asked_two_hundred_times_at_once_is_made_once(running: House, reader: Someone) -> None:
    members = [reader, running.member("deuxieme"), running.member("troisieme", "en")]
    before = set(running.clips.iterdir())
    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(lambda number: clip(members[number % 3], 80, 2600), range(200)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 3
    urls = [str(ready(members[number], answers[number].json)["url"]) for number in range(3)]
    made = [path for path in set(running.clips.iterdir()) - before if path.suffix == ".mp4"]
    assert len(made) == 1
    assert len({reader.ask("GET", url).body for url in urls}) == 1


def test_a_clip_promised_by_a_killed_service_is_made_by_the_next(shelf: Shelf, tmp_path: Path) -> None:
    with served(shelf, tmp_path) as running:
        someone = running.member("patiente")
        told = begun(someone, running, profile="h264")
        made_by = workers(running.process.pid) if running.process else []
        running.stop(signal.SIGKILL)
        for worker in made_by:  # nobody hears it any more
            os.kill(worker, signal.SIGCONT)
        assert list(running.clips.glob("*.mp4")) == []
        running.start()
        again = ready(someone, told)
        assert (again["id"], again["state"]) == (told["id"], "ready")
        whole = tmp_path / "whole.mp4"
        whole.write_bytes(someone.ask("GET", str(again["url"])).body)
        assert read_index(whole).frames == 75
