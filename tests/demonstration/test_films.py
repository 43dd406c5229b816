"""A short film is made as the long ones are, and everything it promises is read back from its bytes."""

from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import pytest
from av import VideoFrame
from numpy.typing import NDArray

from catalogue.sheet import read_sheet
from catalogue.timecode import parse_timecode
from demonstration.canvas import Canvas
from demonstration.cast import Film
from demonstration.furniture import Numbers
from demonstration.making import Places, finish, make_part, part_frames, recipe_of, standing
from demonstration.picture import HEIGHT, WIDTH, Planes
from demonstration.show import times_of
from footage.store import Store
from tests.demonstration.short import FILMS, project

_BOX = slice(32, 116), slice(984, 1240)


def make(film: Film, places: Places) -> Path:
    recipe = recipe_of(film, places)
    for number in range(len(part_frames(film, places))):
        make_part(film, recipe, places, number, lambda frames: None)
    sheet = finish(film, recipe, places, lambda part: None)
    return Store(places.media).master(film.name, sheet.version)


class Master(NamedTuple):
    """A film that was made, and where."""

    film: Film
    places: Places
    path: Path


@pytest.fixture(scope="module", params=FILMS.values(), ids=FILMS.keys())
def master(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Master:
    """Each of the films, made once for all that is asked of it."""
    places = project(tmp_path_factory.mktemp("project"))
    return Master(request.param, places, make(request.param, places))


def pictures(path: Path) -> list[NDArray[np.uint8]]:
    """The luma of every frame, in the order in which they are shown."""
    with av.open(str(path)) as source:
        return [_luma(frame) for frame in source.decode(video=0)]


def _luma(frame: VideoFrame) -> NDArray[np.uint8]:
    plane = frame.planes[0]
    raster = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return raster[:, : plane.width].copy()


def numbers(label: str, frame: int) -> NDArray[np.uint8]:
    """The numbers as they are drawn."""
    empty = Planes(np.zeros((HEIGHT, WIDTH), np.uint8), *(np.zeros((HEIGHT // 2, WIDTH // 2), np.uint8) for _ in "uv"))
    Numbers("fr").draw(Canvas(empty, empty), label, frame)
    return empty.y[_BOX]


def distance(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return float(np.abs(a.astype(np.int16) - b.astype(np.int16)).mean())


def test_every_frame_shows_its_own_number_and_timecode(master: Master) -> None:
    shown, times = pictures(master.path), times_of(master.film, 3000)
    assert len(shown) == times.frames
    drawn = [numbers(times.label(frame), frame) for frame in range(times.frames + 1)]
    for frame, picture in enumerate(shown):
        own = distance(picture[_BOX], drawn[frame])
        assert own < 4
        assert own < distance(picture[_BOX], drawn[frame + 1]) / 2


def test_the_first_frame_is_light_and_the_last_one_is_not_black(master: Master) -> None:
    shown = pictures(master.path)
    assert shown[0].mean() > 180
    assert shown[-1].std() > 20


def test_the_file_is_what_its_sheet_and_its_streams_promise(master: Master) -> None:
    path = master.path
    sheet, times = read_sheet(master.places.sheets / f"{master.film.name}.yml"), times_of(master.film, 3000)
    assert sheet.start_timecode == master.film.start
    assert sheet.drop_frame == master.film.drop_frame
    assert (sheet.video.frames, sheet.video.profile) == (times.frames, "High")
    with av.open(str(path)) as source:
        picture, sound = source.streams.video[0], source.streams.audio[0]
        assert picture.average_rate == master.film.rate
        assert any(stream.type == "data" for stream in source.streams)
        assert picture.metadata["timecode"] == master.film.start
        context = picture.codec_context
        assert (context.colorspace, context.color_primaries, context.color_trc, context.color_range) == (1, 1, 1, 1)
        assert (sound.codec_context.sample_rate, sound.codec_context.channels) == (48_000, 2)
        packets = [packet for packet in source.demux(picture) if packet.dts is not None]
    decode_times = [packet.dts for packet in packets if packet.dts is not None]
    assert decode_times == sorted(set(decode_times))
    assert any(packet.pts != packet.dts for packet in packets)
    assert max(np.diff([number for number, packet in enumerate(packets) if packet.is_keyframe], append=0)) <= 60


def test_the_voice_is_heard_where_its_turns_are_stamped(master: Master) -> None:
    with av.open(str(master.path)) as source:
        frames = list(source.decode(audio=0))
        begins = float(frames[0].pts * frames[0].time_base) if frames[0].pts is not None else 0.0
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=48_000)
        sound = np.concatenate([piece.to_ndarray() for frame in frames for piece in resampler.resample(frame)], axis=1)
    heard = np.nonzero(np.abs(sound).max(axis=0) > 0.08)[0] / 48 + begins * 1000
    edges = [
        heard[0],
        *(value for pair in pairwise(heard) if pair[1] - pair[0] > 200 for value in pair),
    ]
    assert [*edges, heard[-1]] == pytest.approx([1000, 1400, 2000, 2600], abs=20)


def test_parts_joined_show_the_same_pictures_as_one(places: Places) -> None:
    one, three = (pictures(make(FILMS[name], places)) for name in ("25", "25 in three parts"))
    different = slice(116, HEIGHT)
    assert len(one) == len(three)
    assert max(distance(a[different], b[different]) for a, b in zip(one, three, strict=True)) < 2


def test_the_same_recipe_makes_the_same_bytes(master: Master, places: Places) -> None:
    assert make(master.film, places).read_bytes() == master.path.read_bytes()


def test_a_film_stands_until_its_page_its_store_or_its_sheet_changes(places: Places) -> None:
    film = FILMS["25"]
    assert not standing(film, recipe_of(film, places), places)
    make(film, places)
    recipe = recipe_of(film, places)
    assert standing(film, recipe, places)
    page = places.docs / "fr" / "interviews" / f"{film.name}.md"
    page.write_text(page.read_text().replace("Trois secondes", "Quatre secondes"))
    assert not standing(film, recipe_of(film, places), places)
    (places.sheets / f"{film.name}.yml").unlink()
    assert not standing(film, recipe, places)


def test_a_stopped_run_keeps_its_parts_and_nothing_is_left_when_all_is_done(places: Places) -> None:
    film = FILMS["25 in three parts"]
    recipe, told = recipe_of(film, places), []
    make_part(film, recipe, places, 0, told.append)
    first = next(places.work.rglob("*.mp4"))
    before = first.stat().st_mtime_ns
    make_part(film, recipe, places, 0, told.append)
    assert first.stat().st_mtime_ns == before
    assert sum(told) == 2 * len(part_frames(film, places)[0])
    make(film, places)
    assert [path.name for path in places.work.iterdir()] == [f"{film.name}.json"]


def test_labels_leave_out_what_drop_frame_leaves_out() -> None:
    film = FILMS["29.97 drop-frame"]
    times = times_of(film, 3000)
    assert [times.label(frame) for frame in (9, 10)] == ["01:00:59;29", "01:01:00;02"]
    assert times.first == parse_timecode("01:00:59;20", film.rate)
