"""Clips that are never written: their ranges are the ranges of the same clip written out."""

import asyncio
import io
import os
import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footage.clips.clip import ClipRequest
from footage.clips.cut import make_clip
from footage.clips.virtual import KeptFile, kept_contents
from footage.errors import BadTarget
from footage.reading.index import Index
from footage.reading.points import Passage
from tests.footage.clips import assert_exact, clip_of

Film = tuple[Path, Index]
Named = Callable[[str], Film]


def request_of(film: Film, cut: Passage, target: Path) -> ClipRequest:
    path, index = film
    return ClipRequest(
        source=path, index=index, in_frame=cut.first, out_frame=cut.last, profile="master", target=target, title="Phare"
    )


def kept(film: Film, cut: Passage, target: Path) -> io.BufferedReader:
    """The clip kept at `target`, open for reading."""
    asyncio.run(make_clip(request_of(film, cut, target), kept=True))
    return io.BufferedReader(KeptFile(target, film[0]))


def ranged(clip: io.BufferedReader, start: int, stop: int) -> bytes:
    clip.seek(start)
    return clip.read(stop - start)


@pytest.mark.parametrize(
    ("name", "suffix", "cut"),
    [
        ("closed", ".mp4", Passage(10, 80)),
        ("drop", ".mov", Passage(25, 100)),
        ("prores", ".mov", Passage(5, 40)),
        ("pyramid", ".mp4", Passage(24, 72)),
        ("example.mp4", ".mp4", Passage(100, 700)),
    ],
)
def test_every_range_is_that_of_the_clip_written_out(
    film_named: Named, tmp_path: Path, name: str, suffix: str, cut: Passage
) -> None:
    film, written = film_named(name), tmp_path / f"written{suffix}"
    clip_of(film, cut, written, title="Phare")
    data = written.read_bytes()
    chance = random.Random(5)
    with kept(film, cut, tmp_path / f"kept{suffix}") as clip:
        assert clip.seek(0, io.SEEK_END) == len(data)
        assert ranged(clip, 0, len(data)) == data
        for _ in range(50):
            start = chance.randrange(len(data))
            stop = start + chance.choice((1, 100, 5000, 300_000))
            assert ranged(clip, start, stop) == data[start:stop]
        assert ranged(clip, len(data), len(data) + 9) == b""


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ends=st.lists(st.integers(0, 100), min_size=2, max_size=2, unique=True), at=st.integers(0, 400_000))
def test_any_passage_can_be_kept(film_named: Named, tmp_path: Path, ends: list[int], at: int) -> None:
    film, cut = film_named("closed"), Passage(min(ends), max(ends))
    clip_of(film, cut, tmp_path / "written.mp4", title="Phare")
    with kept(film, cut, tmp_path / "kept.mp4") as clip:
        assert ranged(clip, at, at + 9000) == (tmp_path / "written.mp4").read_bytes()[at : at + 9000]


def test_what_is_kept_is_small_beside_what_is_served(film_named: Named, tmp_path: Path) -> None:
    kept(film_named("example.mp4"), Passage(60, 1200), tmp_path / "kept.mp4").close()
    _, contents = kept_contents(tmp_path / "kept.mp4")
    assert (tmp_path / "kept.mp4").stat().st_size < contents.size / 10
    assert sum(not piece.made for piece in contents.pieces) < 40


def test_a_kept_clip_says_the_same_when_made_again_and_another_when_it_is_another(
    film_named: Named, tmp_path: Path
) -> None:
    film, made = film_named("closed"), []
    for last in (80, 80, 81):
        kept(film, Passage(10, last), tmp_path / "kept.mp4").close()
        made.append((tmp_path / "kept.mp4").read_bytes())
    assert made[0] == made[1] != made[2]


def test_a_clip_that_must_be_encoded_is_not_kept(film_named: Named, tmp_path: Path) -> None:
    request = request_of(film_named("hevc"), Passage(3, 9), tmp_path / "kept.mp4")
    assert not msgspec.structs.replace(request, profile="h264").plan.laid
    with pytest.raises(BadTarget, match="needs a file of its own"):
        asyncio.run(make_clip(msgspec.structs.replace(request, profile="h264"), kept=True))
    assert list(tmp_path.iterdir()) == []


def test_a_master_that_became_shorter_is_noticed_while_it_is_read(film_named: Named, tmp_path: Path) -> None:
    path, index = film_named("closed")
    master = tmp_path / "master.mp4"
    master.write_bytes(path.read_bytes())
    with kept((master, index), Passage(30, 90), tmp_path / "kept.mp4") as clip:
        master.write_bytes(path.read_bytes()[:50_000])
        with pytest.raises(OSError, match="shorter"):
            clip.read()


def test_a_clip_whose_master_is_gone_leaves_no_file_open(film_named: Named, tmp_path: Path) -> None:
    kept(film_named("closed"), Passage(10, 20), tmp_path / "kept.mp4").close()
    file = KeptFile.__new__(KeptFile)
    with pytest.raises(FileNotFoundError, match=r"gone\.mp4"):
        KeptFile.__init__(file, tmp_path / "kept.mp4", tmp_path / "gone.mp4")
    held = [os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()]
    assert str(tmp_path.resolve() / "kept.mp4") not in held
    file.close()
    assert file.closed


def test_sound_and_picture_are_copied_where_the_master_has_aac(film_named: Named, tmp_path: Path) -> None:
    film, cut = film_named("example.mp4"), Passage(60, 300)
    clip_of(film, cut, tmp_path / "clip.mp4")
    assert_exact(film, cut, tmp_path / "clip.mp4")
    assert all(recipe.taken for recipe in request_of(film, cut, tmp_path / "clip.mp4").plan.sounds)
