"""The judge, as editors call it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from footage.judging.verdict import verify_clip
from footage.reading.index import Index
from footage.reading.indexing import read_index
from footage.reading.points import Passage
from tests.footage.clips import clip_of
from tests.footage.masters import ffmpeg

Film = tuple[Path, Index]
Named = Callable[[str], Film]

DUPLEX = Path(sys.executable).with_name("duplex")


@pytest.fixture(scope="module")
def clip(film_named: Named, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("verify") / "clip.mp4"
    clip_of(film_named("closed"), Passage(20, 61), target)
    return target


def verify(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([DUPLEX, "verify", *arguments], capture_output=True, text=True, check=False)


def test_an_exact_clip_is_told_in_a_table_and_the_status_is_0(film_named: Named, clip: Path) -> None:
    done = verify(film_named("closed")[0], clip, "--in", "f20", "--out", "f61")
    assert (done.returncode, done.stderr) == (0, "")
    assert "41 of 41" in done.stdout
    assert done.stdout.endswith("exact: the frames of the passage, all of them, and no other\n")


def test_a_clip_one_frame_off_is_told_and_the_status_is_1(film_named: Named, clip: Path) -> None:
    done = verify(film_named("closed")[0], clip, "--in", "f21", "--out", "f61", "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["exact"], said["wanted"], said["honoured"]["frames"]) == (1, False, 40, 41)
    assert "edit lists honoured: 41 frames instead of 40" in said["faults"]


def test_frames_that_an_edit_list_hides_are_a_fault(film_named: Named, tmp_path: Path) -> None:
    ffmpeg("-ss", "0.8", "-i", film_named("closed")[0], "-t", "1", "-c", "copy", tmp_path / "copied.mp4")
    report = verify_clip(*film_named("closed"), Passage(20, 45), tmp_path / "copied.mp4")
    assert not report.exact
    assert report.ignored.frames > report.honoured.frames


def test_sound_that_is_missing_or_late_is_a_fault(film_named: Named, clip: Path, tmp_path: Path) -> None:
    film, cut = film_named("closed"), Passage(20, 61)
    ffmpeg("-i", clip, "-c", "copy", "-an", tmp_path / "mute.mp4")
    assert "edit lists honoured: sound 1 is missing" in verify_clip(*film, cut, tmp_path / "mute.mp4").faults
    late = ("-i", clip, "-itsoffset", "0.08", "-i", clip, "-map", "0:v", "-map", "1:a", "-c", "copy")
    ffmpeg(*late, tmp_path / "late.mp4")
    faults = verify_clip(*film, cut, tmp_path / "late.mp4").faults
    assert any("sound 1 lies 80" in fault for fault in faults)


def test_a_worse_picture_is_a_fault_only_for_who_asks_for_a_better(
    film_named: Named, clip: Path, tmp_path: Path
) -> None:
    ffmpeg("-i", clip, "-c:v", "libx264", "-crf", "30", "-bf", "0", "-c:a", "copy", tmp_path / "worse.mp4")
    film, cut = film_named("closed"), Passage(20, 61)
    assert any("more than 45 dB" in fault for fault in verify_clip(*film, cut, tmp_path / "worse.mp4").faults)
    assert verify_clip(*film, cut, tmp_path / "worse.mp4", least=25).faults == ()


def test_a_film_that_cannot_be_read_is_one_sentence(film_named: Named, tmp_path: Path) -> None:
    (tmp_path / "none.mp4").write_bytes(b"nothing")
    done = verify(film_named("closed")[0], tmp_path / "none.mp4", "--in", "f0", "--out", "f9")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_a_line_up_tone_is_in_place_and_other_sound_is_not(tmp_path: Path) -> None:
    tone = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=3", "-f", "lavfi", "-i", "sine=1000:r=48000:d=3")
    path, clip = tmp_path / "tone.mov", tmp_path / "clip.mov"
    ffmpeg(*tone, "-c:v", "libx264", "-preset", "ultrafast", "-g", "12", "-c:a", "pcm_s16le", path)
    master, cut = (path, read_index(path)), Passage(20, 61)
    clip_of(master, cut, clip)
    assert verify_clip(*master, cut, clip).faults == ()
    hiss = ("-i", clip, "-f", "lavfi", "-i", "anoisesrc=r=48000:d=1.64:s=7", "-map", "0:v", "-map", "1:a")
    ffmpeg(*hiss, "-c:v", "copy", "-c:a", "pcm_s16le", tmp_path / "other.mov")
    faults = verify_clip(*master, cut, tmp_path / "other.mov").faults
    assert any("sound 1 lies" in fault for fault in faults)
