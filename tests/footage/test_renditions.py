"""What is shown of a master: its proxy, posters, storyboard and waveform."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from footage.clips.picture import frames_of
from footage.judging.judge import luma
from footage.masters.ingest import ingest
from footage.masters.poster import write_poster
from footage.reading.index import Index
from footage.reading.indexing import read_index
from footage.reading.probe import open_film
from footage.store import SMALLER, Store
from tests.footage.masters import ffmpeg

Named = Callable[[str], tuple[Path, Index]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "media")


def public(store: Store, id: str, name: str) -> Path:
    found = store.public(id, store.current(id) or "", name)
    assert found is not None
    return found


def test_the_proxy_shows_the_master_s_frames_at_540_lines_or_fewer(
    film_named: Named, store: Store, tmp_path: Path
) -> None:
    path, index = film_named("example.mp4")
    heard: list[float] = []
    ingest(path, "exemple", store, tmp_path, heard.append)
    assert any(0 < part < 0.9 for part in heard), "how far it is was told at its end only"
    proxy = read_index(public(store, "exemple", "proxy.mp4"))
    picture = proxy.facts.picture
    assert (picture.codec, picture.width, picture.height) == ("h264", 960, 540)
    assert [sound.codec for sound in proxy.facts.sounds] == ["aac"]
    assert (proxy.frames, proxy.duration_ms) == (index.frames, index.duration_ms)
    data = public(store, "exemple", "proxy.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with open_film(public(store, "exemple", "proxy.mp4")) as film:
        assert film.start_time == 0


def test_poster_storyboard_and_waveform_can_be_shown(film_named: Named, store: Store, tmp_path: Path) -> None:
    ingest(film_named("closed")[0], "cadre", store, tmp_path)
    with Image.open(public(store, "cadre", "poster.jpg")) as poster:
        assert (poster.format, poster.size) == ("JPEG", (1280, 720))
    for width, name in SMALLER.items():
        with Image.open(public(store, "cadre", name)) as smaller:
            assert (smaller.format, smaller.size) == ("JPEG", (width, width * 9 // 16))
    with Image.open(public(store, "cadre", "storyboard.jpg")) as board:
        width, height = board.size
    cues = public(store, "cadre", "storyboard.vtt").read_text().split("\n\n")
    assert cues[0] == "WEBVTT"
    assert cues[1] == "00:00:00.000 --> 00:00:02.000\nstoryboard.jpg#xywh=0,0,160,90"
    assert cues[2].strip() == "00:00:02.000 --> 00:00:04.000\nstoryboard.jpg#xywh=160,0,160,90"
    assert width >= 320
    assert height == 90
    wave = json.loads(public(store, "cadre", "peaks.json").read_text())
    assert len(wave["peaks"]) == 4 * wave["per_second"]
    # A click stands at each whole second, and nowhere else.
    loud = [place for place, peak in enumerate(wave["peaks"]) if peak > 50]
    assert {round(place / wave["per_second"]) for place in loud} == {0, 1, 2, 3}
    assert len(loud) <= 8


def test_a_film_taken_in_before_there_were_smaller_posters_shows_its_poster_until_it_is_taken_in_again(
    film_named: Named, store: Store, tmp_path: Path
) -> None:
    path = film_named("closed")[0]
    ingest(path, "ancien", store, tmp_path)
    for name in SMALLER.values():
        public(store, "ancien", name).unlink()
        assert public(store, "ancien", name).name == "poster.jpg"
    ingest(path, "ancien", store, tmp_path)
    assert [public(store, "ancien", name).name for name in SMALLER.values()] == list(SMALLER.values())


def test_a_poster_of_two_fields_is_one_picture(tmp_path: Path) -> None:
    """A bar that moves from field to field has steps of one line in the frame, and none in its poster."""
    path = tmp_path / "fields.mp4"
    moving = "nullsrc=s=320x180:r=50:d=2,geq=lum='if(lt(mod(X+9*N\\,80)\\,40)\\,40\\,210)':cb=128:cr=128"
    coding = ("-c:v", "libx264", "-flags", "+ildct+ilme", "-x264-params", "tff=1", "-g", "10", "-qp", "8")
    ffmpeg("-f", "lavfi", "-i", f"{moving},interlace=scan=tff:lowpass=off", *coding, path)
    index = read_index(path)
    write_poster(path, index, tmp_path / "poster.jpg")
    with Image.open(tmp_path / "poster.jpg") as poster:
        shown = np.asarray(poster.convert("L").resize((320, 180))).astype(int)
    frame = luma(next(frames_of(path, index, 10, 11))).astype(int)
    combed, whole = (float(abs(rows[40:140] - rows[41:141]).mean()) for rows in (frame, shown))
    assert combed > 20 > 5 * whole


def test_a_film_taken_upright_is_shown_upright(film_named: Named, store: Store, tmp_path: Path) -> None:
    ingest(film_named("upright")[0], "debout", store, tmp_path)
    picture = read_index(public(store, "debout", "proxy.mp4")).facts.picture
    assert (picture.width, picture.height, picture.rotation) == (180, 320, 0)
    with Image.open(public(store, "debout", "poster.jpg")) as poster:
        assert poster.height > poster.width
        # Turned anticlockwise, the row of cells at the bottom stands at the right; the tenth, dark, at its top.
        assert poster.convert("L").getpixel((poster.width - 100, 100)) < 80


def test_a_film_without_sound_is_a_film(film_named: Named, store: Store, tmp_path: Path) -> None:
    sheet = ingest(film_named("fifty")[0], "muet", store, tmp_path)
    assert (sheet.audio, sheet.loudness_lufs) == ((), None)
    assert json.loads(public(store, "muet", "peaks.json").read_text())["peaks"] == []
