"""What a film is, and what is said of a file that is none."""

from collections.abc import Callable
from contextlib import chdir
from itertools import pairwise
from pathlib import Path

import pytest

from footage.errors import DamagedFile, FootageError, NotVideo, UnreadableFile
from footage.masters.ingest import sheet_of
from footage.reading.index import Index, index_bytes, index_from
from footage.reading.indexing import read_index
from footage.reading.probe import probe
from tests.footage.masters import ffmpeg

Film = tuple[Path, Index]


def test_a_film_tells_its_facts(film_named: Callable[[str], Film]) -> None:
    path, index = film_named("drop")
    facts, picture = index.facts, index.facts.picture
    assert (picture.codec, picture.width, picture.height, picture.rate) == ("h264", 320, 180, "30000/1001")
    assert (facts.drop_frame, index.timecode(0), index.frames) == (True, "01:00:00;00", 120)
    assert [(sound.codec, sound.sample_rate, sound.channels) for sound in facts.sounds] == [("pcm_s16le", 48_000, 2)]
    assert probe(path) == facts


@pytest.mark.parametrize(
    ("name", "frames", "intra"),
    [("closed", 100, False), ("open", 100, False), ("varied", 90, False), ("prores", 50, True), ("fifty", 100, False)],
)
def test_every_frame_of_a_film_is_in_its_index(
    film_named: Callable[[str], Film], name: str, frames: int, intra: bool
) -> None:
    index = film_named(name)[1]
    assert (index.frames, index.intra) == (frames, intra)
    assert list(index.shown) == sorted(set(index.shown))


def test_frames_hidden_by_the_master_s_own_edit_list_are_not_counted(film_named: Callable[[str], Film]) -> None:
    index = film_named("edited")[1]
    assert index.frames + len(index.hidden) == len(index.pts)
    assert index.hidden
    assert index.start_ms(0) == 0


def test_scan_and_variable_rate_are_seen(film_named: Callable[[str], Film]) -> None:
    assert film_named("interlaced")[1].facts.picture.scan == "top field first"
    shown = film_named("varied")[1].shown
    assert len({late - early for early, late in pairwise(shown)}) > 1


def test_a_rate_is_seen_where_the_average_misleads(tmp_path: Path) -> None:
    """Of DV without a wrapping libavformat's average is 60000 frames a second."""
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=720x576:r=25:d=0.2,format=yuv420p", "-c:v", "dvvideo", tmp_path / "tape.dv")
    assert probe(tmp_path / "tape.dv").picture.rate == "25/1"


def test_an_index_is_the_same_after_storing(film_named: Callable[[str], Film]) -> None:
    index = film_named("open")[1]
    assert index_from(index_bytes(index)) == index


def test_a_real_film_is_read_to_its_last_frame(film_named: Callable[[str], Film]) -> None:
    index = film_named("example.mp4")[1]
    assert (index.frames, index.duration_ms, len(index.keys)) == (1272, 42_400, 22)


def _text(master: bytes) -> bytes:
    return b"[00:00:01.000] Q: what is a lighthouse?\n" * 50


@pytest.mark.parametrize(
    ("spoil", "kind", "said"),
    [
        (lambda master: b"", UnreadableFile, "is empty (0 bytes)"),
        (lambda master: master[: len(master) // 2], DamagedFile, "cut short or still being written"),
        (_text, NotVideo, "is not a video file"),
        (lambda master: b"\x00" * 4096, NotVideo, "is not a video file"),
        (lambda master: master[:24] + b"\xff" * 4000, DamagedFile, "its table of contents"),
    ],
    ids=["empty", "half", "text", "zeros", "noise"],
)
def test_a_bad_file_is_told_in_one_sentence(
    film_named: Callable[[str], Film],
    tmp_path: Path,
    spoil: Callable[[bytes], bytes],
    kind: type[FootageError],
    said: str,
) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(spoil(film_named("closed")[0].read_bytes()))
    with pytest.raises(kind) as refused:
        read_index(bad)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_film_whose_end_is_missing_tells_where_it_stops(film_named: Callable[[str], Film], tmp_path: Path) -> None:
    short = tmp_path / "short.mp4"
    whole = film_named("example.mp4")[0].read_bytes()  # its table of contents comes first
    short.write_bytes(whole[:1_000_000])
    with pytest.raises(DamagedFile, match=r"of 1272 frames only \d+ are there, the last at 00:00:1"):
        read_index(short)


def test_sound_alone_is_no_film(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=440:d=1", tmp_path / "sound.m4a")
    with pytest.raises(NotVideo, match="has no picture"):
        read_index(tmp_path / "sound.m4a")


@pytest.mark.parametrize("script", ["#EXTM3U\n#EXTINF:4,\n{}\n#EXT-X-ENDLIST\n", "ffconcat version 1.0\nfile {}\n"])
def test_a_playlist_that_calls_itself_a_film_opens_no_other_file(
    film_named: Callable[[str], Film], tmp_path: Path, script: str
) -> None:
    (tmp_path / "list.mp4").write_text(script.format(film_named("closed")[0]))
    with pytest.raises(NotVideo):
        read_index(tmp_path / "list.mp4")


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is a folder"):
        read_index(tmp_path)
    with pytest.raises(UnreadableFile, match="does not exist"):
        read_index(tmp_path / "absent.mov")


def test_a_file_named_after_an_hour_is_not_taken_for_an_address(
    film_named: Callable[[str], Film], tmp_path: Path
) -> None:
    path, index = film_named("closed")
    (tmp_path / "12:30.mp4").symlink_to(path)
    with chdir(tmp_path):
        assert read_index(Path("12:30.mp4")) == index


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_a_film_tells_its_chapters(tmp_path: Path, suffix: str) -> None:
    told = tmp_path / "chapters.txt"
    chapter = "[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n"
    told.write_text(";FFMETADATA1\n" + chapter.format(0, 400, "Ouverture") + chapter.format(400, 1000, "L’île"))
    path = tmp_path / f"film{suffix}"
    shown = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=1", "-i", told, "-map_metadata", "1")
    ffmpeg(*shown, "-c:v", "libx264", "-preset", "ultrafast", path)
    index = read_index(path)
    assert [(each.start_ms, each.title) for each in index.facts.chapters] == [(0, "Ouverture"), (400, "L’île")]
    sheet = sheet_of("film", path, index, "0" * 64, None)
    assert [(each.start_ms, each.title) for each in sheet.chapters] == [(0, "Ouverture"), (400, "L’île")]
