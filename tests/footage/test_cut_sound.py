"""The sound of clips beside that of their masters: where it lies, how long it is, which channels it has."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from footage.clips.plan import Profile
from footage.clips.sound import samples_of
from footage.judging.judge import hear
from footage.judging.verdict import verify_clip
from footage.reading.indexing import read_index
from footage.reading.points import Passage, sample_window
from footage.reading.probe import open_film
from tests.footage.clips import Named, assert_exact, clip_of
from tests.footage.masters import X264, ffmpeg


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("closed", ".mp4"), ("closed", ".mkv"), ("drop", ".mov"), ("drop", ".mp4"), ("prores", ".mov"), ("edited", ".mp4"),
     ("matroska", ".mp4")],
)  # fmt: skip
def test_sound_lies_where_the_picture_is(film_named: Named, tmp_path: Path, name: str, suffix: str) -> None:
    film = film_named(name)
    cut = Passage(3, 43)
    clip = tmp_path / f"clip{suffix}"
    clip_of(film, cut, clip)
    for track in range(len(film[1].facts.sounds)):
        honoured = hear(*film, cut, clip, track)
        ignored = hear(*film, cut, clip, track, ignore_edit_lists=True)
        assert honoured.head_ms is not None
        assert ignored.head_ms is not None
        assert max(abs(honoured.head_ms), abs(honoured.tail_ms or 0)) <= 11
        assert max(abs(ignored.head_ms), abs(ignored.tail_ms or 0)) <= 50


@pytest.mark.parametrize(("name", "suffix"), [("closed", ".mp4"), ("drop", ".mov"), ("drop", ".mp4")])
def test_sound_is_as_long_as_the_picture(film_named: Named, tmp_path: Path, name: str, suffix: str) -> None:
    film = film_named(name)
    clip = tmp_path / f"clip{suffix}"
    clip_of(film, Passage(10, 57), clip)
    picture = 47 / film[1].rate
    with open_film(clip) as opened:
        frames = list(opened.decode(audio=0))
    begins = frames[0].pts * frames[0].time_base
    ends = frames[-1].pts * frames[-1].time_base + Fraction(frames[-1].samples, frames[-1].sample_rate)
    assert abs(begins) <= Fraction(1024, 48_000)
    assert abs(ends - picture) <= Fraction(1024, 48_000)


def test_pcm_is_cut_to_the_sample(film_named: Named, tmp_path: Path) -> None:
    film = film_named("drop")
    clip = tmp_path / "clip.mov"
    clip_of(film, Passage(10, 40), clip)
    with open_film(film[0]) as master, open_film(clip) as made:
        right = b"".join(frame.to_ndarray().tobytes() for frame in master.decode(audio=0))
        seen = b"".join(frame.to_ndarray().tobytes() for frame in made.decode(audio=0))
    first, last = (round(frame * Fraction(1001, 30_000) * 48_000) * 4 for frame in (10, 40))
    assert seen == right[first:last]


@pytest.mark.parametrize(("suffix", "profile"), [(".mov", "master"), (".mp4", "master"), (".mp4", "h264")])
def test_tracks_keep_their_languages_and_names(tmp_path: Path, suffix: str, profile: Profile) -> None:
    said = [("fra", "Version française"), ("eng", "English"), ("", "M&E")]
    shown = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=1", "-f", "lavfi", "-i", "anoisesrc=r=48000:d=1")
    mapped: list[str] = ["-map", "0", *("-map", "1") * 3]
    for track, (language, name) in enumerate(said):
        mapped += [f"-metadata:s:a:{track}", f"language={language}", f"-metadata:s:a:{track}", f"title={name}"]
    path, clip = tmp_path / f"three{suffix}", tmp_path / f"clip{suffix}"
    ffmpeg(*shown, *mapped, "-c:v", "libx264", "-preset", "ultrafast", "-g", "5", path)
    clip_of((path, read_index(path)), Passage(3, 20), clip, profile)
    for film in (path, clip):
        assert [(sound.language, sound.name) for sound in read_index(film).facts.sounds] == said


def heard_apart(film: Path, start: int, count: int) -> NDArray[Any]:
    """So many samples of the first sound track, (channels, samples)."""
    with open_film(film) as opened:
        stream = opened.streams.audio[0].index
    return np.concatenate(list(samples_of(film, stream, 48_000, start, count, "flt")), axis=1)


def sound_bytes(film: Path) -> bytes:
    """The first sound track as it lies in the file."""
    with open_film(film) as opened:
        return b"".join(bytes(packet) for packet in opened.demux(audio=0) if packet.size)


def channels_alike(right: NDArray[Any], seen: NDArray[Any]) -> list[int]:
    """For each channel of one sound, which of the other it is most like."""
    both = np.corrcoef(np.concatenate((right, seen)))
    return [int(place) for place in both[: len(right), len(right) :].argmax(axis=1)]


@pytest.mark.parametrize(("name", "suffix"), [("around_mp4", ".mp4"), ("around_mov", ".mov")])
def test_six_channels_of_aac_keep_their_places(film_named: Named, tmp_path: Path, name: str, suffix: str) -> None:
    film, clip = film_named(name), tmp_path / f"clip{suffix}"
    cut = Passage(5, 50)
    clip_of(film, cut, clip)
    report = verify_clip(*film, cut, clip)
    assert report.exact, report.faults
    (sound,) = read_index(clip).facts.sounds
    assert (sound.codec, sound.layout) == ("aac", "5.1")
    start, count = sample_window(film[1], cut.first, cut.last, 48_000)
    assert channels_alike(heard_apart(film[0], start, count), heard_apart(clip, 0, count)) == list(range(6))


def test_eight_channels_of_pcm_are_cut_to_the_sample(film_named: Named, tmp_path: Path) -> None:
    film, cut = film_named("eight_mov"), Passage(5, 33)
    report = clip_of(film, cut, tmp_path / "clip.mov")
    assert report.copied == cut.frames
    assert_exact(film, cut, tmp_path / "clip.mov")
    start, count = sample_window(film[1], cut.first, cut.last, 48_000)
    block = 8 * 3
    assert sound_bytes(tmp_path / "clip.mov") == sound_bytes(film[0])[start * block : (start + count) * block]
    clip_of(film, cut, tmp_path / "web.mp4", profile="h264")
    (sound,) = read_index(tmp_path / "web.mp4").facts.sounds
    assert (sound.codec, sound.layout) == ("aac", "7.1")
    right, seen = heard_apart(film[0], start, count), heard_apart(tmp_path / "web.mp4", 0, count)
    assert channels_alike(right, seen) == list(range(8))


def test_sound_of_96_khz_is_cut_into_mp4_too(tmp_path: Path) -> None:
    path = tmp_path / "fine.mov"
    heard = ("-f", "lavfi", "-i", "anoisesrc=r=96000:d=1:a=0.3:seed=1")
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=1", *heard, *X264, "-g", "5", "-c:a", "pcm_s24le", path)
    index, cut = read_index(path), Passage(3, 23)
    clip_of((path, index), cut, tmp_path / "clip.mp4")
    report = verify_clip(path, index, cut, tmp_path / "clip.mp4")
    assert report.exact, report.faults
    assert read_index(tmp_path / "clip.mp4").facts.sounds[0].sample_rate == 96_000
