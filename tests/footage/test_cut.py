"""Clips, made and then decoded beside their masters, with edit lists honoured and ignored."""

import asyncio
import hashlib
import json
import signal
import subprocess
import sys
from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footage.clips.clip import ClipRequest
from footage.clips.cut import make_clip
from footage.clips.plan import Profile
from footage.errors import BadPoint, BadTarget, DamagedFile
from footage.judging.judge import judge, luma
from footage.judging.verdict import verify_clip
from footage.reading.indexing import read_index
from footage.reading.points import Passage
from footage.reading.probe import open_film
from tests.footage.clips import Film, Named, assert_exact, clip_of, numbers
from tests.footage.masters import X264, ffmpeg, film, number_in

DUPLEX = Path(sys.executable).with_name("duplex")

ALL = ("closed", "open", "drop", "fifty", "varied", "prores", "interlaced", "hevc", "edited", "matroska", "upright")


@pytest.mark.parametrize("name", ALL)
def test_a_clip_holds_the_frames_of_its_passage_and_no_other(film_named: Named, tmp_path: Path, name: str) -> None:
    film = film_named(name)
    hidden = len(film[1].hidden)
    cut = Passage(17, 41)
    clip = tmp_path / "clip.mov"
    report = clip_of(film, cut, clip)
    assert (report.frames, report.copied + report.reencoded, report.bytes) == (24, 24, clip.stat().st_size)
    assert_exact(film, cut, clip)
    first = number_in_master(film, 17) if hidden else 17
    for ignore in "01":
        assert numbers(clip, ignore) == list(range(first, first + 24))


def number_in_master(film: Film, frame: int) -> int:
    path, index = film
    with open_film(path) as opened:
        return next(number_in(luma(seen)) for seen in opened.decode(video=0) if seen.pts == index.shown[frame])


@pytest.mark.parametrize("name", ["closed", "open", "drop", "varied", "hevc", "edited"])
def test_first_last_and_key_frames_are_cut_exactly(film_named: Named, tmp_path: Path, name: str) -> None:
    film = film_named(name)
    index = film[1]
    key = index.rank(index.pts[index.keys[1]])
    last = index.frames
    for cut in (Passage(0, 1), Passage(key - 1, key + 1), Passage(last - 1, last)):
        clip = tmp_path / f"{cut.first}.mp4"
        clip_of(film, cut, clip)
        assert_exact(film, cut, clip)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(ALL), ends=st.lists(st.integers(0, 45), min_size=2, max_size=2, unique=True))
def test_any_passage_of_any_master_is_cut_exactly(
    film_named: Named, tmp_path: Path, name: str, ends: list[int]
) -> None:
    film = film_named(name)
    cut = Passage(min(ends), max(ends))
    clip = tmp_path / "any.mp4"
    clip_of(film, cut, clip)
    assert_exact(film, cut, clip)


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("example.mp4", Passage(0, 40)),
        ("example.mp4", Passage(59, 121)),
        ("example.mp4", Passage(1240, 1272)),
        ("long-gop-24s.mp4", Passage(240, 262)),
        ("long-gop-24s.mp4", Passage(731, 732)),
        ("yuv422p-2s.mp4", Passage(7, 44)),
    ],
)
def test_real_films_are_cut_exactly(film_named: Named, tmp_path: Path, name: str, cut: Passage) -> None:
    film = film_named(name)
    clip = tmp_path / "clip.mp4"
    clip_of(film, cut, clip)
    assert_exact(film, cut, clip)
    made, master = read_index(clip).facts.picture, film[1].facts.picture
    kept = ("codec", "profile", "width", "height", "pixel_format", "rate", "pixel_aspect", "scan", "matrix", "range")
    assert {key: getattr(made, key) for key in kept} == {key: getattr(master, key) for key in kept}


def test_the_judge_sees_a_clip_that_is_one_frame_off(film_named: Named, tmp_path: Path) -> None:
    film = film_named("closed")
    clip_of(film, Passage(18, 42), tmp_path / "late.mp4")
    assert not judge(*film, Passage(17, 41), tmp_path / "late.mp4").right(30)
    assert not judge(*film, Passage(18, 41), tmp_path / "late.mp4").right(30)


@pytest.mark.parametrize("name", ["around_mp4", "around_mov", "eight_mov", "fifty"])
def test_every_rate_is_cut_exactly_beside_its_keys(film_named: Named, tmp_path: Path, name: str) -> None:
    """23.976, 59.94, 50: the frame before a key with the key, and the last frame alone."""
    film, index = film_named(name), film_named(name)[1]
    key = index.rank(index.pts[index.keys[1]])
    for cut in (Passage(key - 1, key + 1), Passage(index.frames - 1, index.frames)):
        clip_of(film, cut, tmp_path / "clip.mov")
        assert_exact(film, cut, tmp_path / "clip.mov")


def test_frames_that_stand_alone_are_copied_bit_for_bit(film_named: Named, tmp_path: Path) -> None:
    film = film_named("prores")
    report = clip_of(film, Passage(5, 30), tmp_path / "clip.mov")
    assert (report.copied, report.reencoded) == (25, 0)
    with av.open(str(film[0])) as master, av.open(str(tmp_path / "clip.mov")) as made:
        right = [bytes(packet) for packet in master.demux(video=0) if packet.size][5:30]
        assert [bytes(packet) for packet in made.demux(video=0) if packet.size] == right


def test_variable_rate_keeps_every_frame_s_own_time(film_named: Named, tmp_path: Path) -> None:
    film = film_named("varied")
    clip_of(film, Passage(4, 60), tmp_path / "clip.mp4")
    made = read_index(tmp_path / "clip.mp4")
    assert [made.start_ms(frame) for frame in range(56)] == [
        film[1].start_ms(frame) - film[1].start_ms(4) for frame in range(4, 60)
    ]


def test_a_clip_says_its_source_timecode_and_whose_it_is(film_named: Named, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mov"
    clip_of(film_named("drop"), Passage(45, 60), clip, title="La lampe", credit="© Duplex", reference="DPX-2026-001")
    with av.open(str(clip)) as made:
        said = made.metadata
        assert (said["title"], said["artist"], said["comment"]) == ("La lampe", "© Duplex", "DPX-2026-001")
        assert [stream.metadata["timecode"] for stream in made.streams.data] == ["01:00:01;15"]
    made_index = read_index(clip)
    assert (made_index.timecode(0), made_index.facts.drop_frame) == ("01:00:01;15", True)


def test_drop_frame_labels_are_counted_across_the_minute(tmp_path: Path) -> None:
    coding = (*X264, "-g", "30", "-timecode", "01:00:59;00")
    master = film(tmp_path / "minute.mov", 60, "30000/1001", *coding, sound=())
    clip_of((master, read_index(master)), Passage(30, 40), tmp_path / "clip.mov")
    assert read_index(tmp_path / "clip.mov").timecode(0) == "01:01:00;02"


def test_a_clip_starts_fast(film_named: Named, tmp_path: Path) -> None:
    clip_of(film_named("closed"), Passage(0, 50), tmp_path / "clip.mp4")
    data = (tmp_path / "clip.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("name", ["closed", "hevc", "drop"])
def test_the_same_request_makes_the_same_bytes(film_named: Named, tmp_path: Path, name: str) -> None:
    sums = set()
    for attempt in range(2):
        clip = tmp_path / f"{attempt}.mov"
        clip_of(film_named(name), Passage(3, 40), clip, title="Une fois")
        sums.add(hashlib.sha256(clip.read_bytes()).hexdigest())
    assert len(sums) == 1


def test_a_clip_of_a_film_taken_upright_is_turned_too(film_named: Named, tmp_path: Path) -> None:
    clip_of(film_named("upright"), Passage(3, 8), tmp_path / "clip.mp4")
    assert read_index(tmp_path / "clip.mp4").facts.picture.rotation == 90


def test_the_web_profile_keeps_every_frame(film_named: Named, tmp_path: Path) -> None:
    film = film_named("interlaced")
    clip_of(film, Passage(3, 40), tmp_path / "web.mp4", profile="h264")
    index = read_index(tmp_path / "web.mp4")
    assert (index.frames, index.facts.picture.codec, index.facts.picture.scan) == (37, "h264", "progressive")
    assert numbers(tmp_path / "web.mp4", "1") == list(range(3, 40))
    report = verify_clip(*film, Passage(3, 40), tmp_path / "web.mp4", 20)
    assert report.exact, report.faults  # two fields made one, in time with the sound


@pytest.mark.parametrize(("name", "suffix", "profile"), [("dnxhr_mov", ".mkv", "master"), ("prores", ".mp4", "h264")])
def test_what_a_container_cannot_hold_is_encoded_and_judged_in_fewer_bits_too(
    film_named: Named, tmp_path: Path, name: str, suffix: str, profile: Profile
) -> None:
    film, cut = film_named(name), Passage(1, 5)
    report = clip_of(film, cut, tmp_path / f"clip{suffix}", profile)
    verdict = verify_clip(*film, cut, tmp_path / f"clip{suffix}", 30)
    assert (report.copied, verdict.exact) == (0, True), verdict.faults


X265 = ("-c:v", "libx265", "-x265-params", "log-level=none:keyint=10:min-keyint=10:open-gop=0", "-tag:v", "hvc1")


@pytest.mark.parametrize("coding", [("-c:v", "libx264", "-g", "10"), X265], ids=["h264", "hevc"])
@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_whatever_is_encoded_of_a_noisy_film_is_as_near_as_promised(
    tmp_path: Path, coding: tuple[str, ...], suffix: str
) -> None:
    """The grain of a dark room is what encoders save first: here a rate factor left 39 dB, and quantiser 15 43."""
    path, cut = tmp_path / "noisy.mov", Passage(3, 17)
    shown = ("-f", "lavfi", "-i", "testsrc2=s=192x112:r=25:d=0.8,noise=alls=16:allf=t,format=yuv420p")
    ffmpeg(*shown, *coding, "-preset", "ultrafast", "-qp", "4", path)
    film = path, read_index(path)
    report = clip_of(film, cut, tmp_path / f"clip{suffix}")
    assert (report.copied > 0) == (suffix == ".mov")
    assert_exact(film, cut, tmp_path / f"clip{suffix}")


def test_a_film_of_a_screen_in_rgb_keeps_its_colours(tmp_path: Path) -> None:
    path, cut = tmp_path / "screen.mp4", Passage(2, 6)
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=160x90:r=25:d=0.4", "-c:v", "libx264rgb", "-qp", "0", path)
    film = path, read_index(path)
    with open_film(path) as opened:
        right = [frame.to_ndarray(format="rgb24").astype(int) for frame in opened.decode(video=0)][2:6]
    for profile, near in (("master", 2), ("h264", 8)):
        clip_of(film, cut, tmp_path / "clip.mp4", profile)
        with open_film(tmp_path / "clip.mp4") as opened:
            seen = [frame.to_ndarray(format="rgb24").astype(int) for frame in opened.decode(video=0)]
        assert max(float(abs(a - b).mean()) for a, b in zip(right, seen, strict=True)) < near, profile
        if profile == "master":
            assert_exact(film, cut, tmp_path / "clip.mp4")


def test_twelve_bits_beside_ten_are_judged_by_what_they_show(tmp_path: Path) -> None:
    path, cut = tmp_path / "fine.mov", Passage(1, 4)
    shown = ("-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=0.2,format=yuva444p10le")
    ffmpeg(*shown, "-c:v", "prores_ks", "-profile:v", "4444", path)
    film = path, read_index(path)
    assert "12" in film[1].facts.picture.pixel_format
    clip_of(film, cut, tmp_path / "clip.mp4")
    assert_exact(film, cut, tmp_path / "clip.mp4")


def test_impossible_requests_leave_nothing_behind(film_named: Named, tmp_path: Path) -> None:
    film = film_named("closed")
    with pytest.raises(BadPoint):
        clip_of(film, Passage(50, 101), tmp_path / "clip.mp4")
    with pytest.raises(BadTarget, match="no container"):
        clip_of(film, Passage(0, 10), tmp_path / "clip.avi")
    with pytest.raises(BadTarget, match="cannot be written"):
        clip_of(film, Passage(0, 10), tmp_path / "absent" / "clip.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_master_that_changed_since_it_was_read_is_noticed(film_named: Named, tmp_path: Path) -> None:
    path, index = film_named("example.mp4")
    short = tmp_path / "short.mp4"
    short.write_bytes(path.read_bytes()[:1_000_000])
    with pytest.raises(DamagedFile, match="not as long as when it was ingested"):
        clip_of((short, index), Passage(400, 420), tmp_path / "clip.mp4")
    assert [left.name for left in tmp_path.iterdir()] == ["short.mp4"]


def test_cancelling_ends_the_work_and_leaves_nothing(film_named: Named, tmp_path: Path) -> None:
    path, index = film_named("example.mp4")
    target = tmp_path / "clip.mp4"
    request = ClipRequest(source=path, index=index, in_frame=0, out_frame=1272, profile="master", target=target)

    async def cancelled() -> None:
        begun = asyncio.Event()
        work = asyncio.create_task(make_clip(request, lambda done: begun.set()))
        await begun.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(cancelled())
    assert list(tmp_path.iterdir()) == []


def cut(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([DUPLEX, "cut", *arguments], capture_output=True, text=True, check=False)


def test_the_command_cuts_a_file_that_was_never_ingested(film_named: Named, tmp_path: Path) -> None:
    film = film_named("drop")
    clip = tmp_path / "clip.mov"
    done = cut(film[0], "--in", "01:00:00;10", "--out", "01:00:01;00", "--timecode", "-o", clip)
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert list(said) == ["frames", "copied", "reencoded", "bytes", "seconds"]
    assert (said["frames"], said["bytes"]) == (20, clip.stat().st_size)
    assert_exact(film, Passage(10, 30), clip)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [("f10", "f10", "choose a later one"), ("f0", "f101", "beyond the end"), ("never", "f3", "is not a time")],
)
def test_the_command_refuses_in_one_sentence(
    film_named: Named, tmp_path: Path, first: str, last: str, said: str
) -> None:
    done = cut(film_named("closed")[0], "--in", first, "--out", last, "-o", tmp_path / "clip.mp4")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("how", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_cut_that_is_ended_leaves_nothing_behind(
    film_named: Named, tmp_path: Path, how: signal.Signals, status: int
) -> None:
    path = film_named("example.mp4")[0]
    line = [DUPLEX, "cut", path, "--in", "f0", "--out", "f1200", "--profile", "h264", "-o", tmp_path / "clip.mp4"]
    run = subprocess.Popen(line)
    while not list(tmp_path.iterdir()):
        assert run.poll() is None
    run.send_signal(how)
    assert run.wait() == status
    assert list(tmp_path.iterdir()) == []
