"""Masters as broadcasters keep them: XDCAM HD422 in MXF and MOV, and codecs whose every frame stands alone in MXF."""

import hashlib
import re
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from catalogue.sheet import read_sheet
from footage.clips.clip import ClipReport
from footage.clips.labels import Labels
from footage.clips.plan import plan_clip
from footage.clips.still import write_still
from footage.errors import BadTarget, DamagedFile
from footage.judging.judge import judge
from footage.judging.verdict import FINE_DB, verify_clip
from footage.masters.ingest import ingest
from footage.reading.facts import TOP_FIRST
from footage.reading.index import Index
from footage.reading.indexing import read_index
from footage.reading.points import Passage, sample_window
from footage.reading.precharge import presented
from footage.reading.probe import open_film
from footage.store import Store
from tests.footage.clips import assert_exact, clip_of, numbers
from tests.footage.masters import X264, ffmpeg, film, studio_film, track_samples

Film = tuple[Path, Index]
Named = Callable[[str], Film]

LONG = (("xdcam_mxf", ".mov"), ("xdcam_mxf", ".mxf"), ("xdcam_mov", ".mov"), ("xdcam_drop_mxf", ".mxf"))
LONG += (("xdcam_drop_mov", ".mov"),)
INTRA = (("dnxhd_mxf", ".mov"), ("dnxhr_mov", ".mov"), ("prores_mxf", ".mxf"), ("prores_mxf", ".mov"))
INTRA += (("imx_mxf", ".mxf"), ("xavc_mxf", ".mov"))


def mono(path: Path, track: int) -> NDArray[Any]:
    """Every sample of a sound track of one channel."""
    with open_film(path) as opened:
        return np.concatenate([frame.to_ndarray().reshape(-1) for frame in opened.decode(audio=track)])


def assert_whole(film: Film, cut: Passage, clip: Path, report: ClipReport) -> None:
    """Exact frames, copied ones bit for bit; scan, timecode, and eight sounds to the sample."""
    path, index = film
    verdict = judge(*film, cut, clip)
    assert verdict.right(FINE_DB), verdict
    for view in (verdict.honoured, verdict.ignored):
        assert view.start_ms == 0
        assert sum(value == inf for value in view.psnr) >= report.copied
    made = read_index(clip)
    assert (made.frames, made.facts.picture.scan, made.timecode(0), made.facts.drop_frame) == (
        cut.frames,
        index.facts.picture.scan,
        index.timecode(cut.first),
        index.facts.drop_frame,
    )
    kept = ("codec", "profile", "width", "height", "pixel_format", "rate")
    assert [getattr(made.facts.picture, key) for key in kept] == [getattr(index.facts.picture, key) for key in kept]
    start, count = sample_window(index, cut.first, cut.last, 48_000)
    assert len(made.facts.sounds) == len(index.facts.sounds)
    for track in range(len(index.facts.sounds)):
        assert np.array_equal(mono(clip, track), mono(path, track)[start : start + count])


@pytest.mark.parametrize(("name", "suffix"), LONG)
def test_groups_of_mpeg_2_are_copied_and_edges_alone_encoded(
    film_named: Named, tmp_path: Path, name: str, suffix: str
) -> None:
    film, clip = film_named(name), tmp_path / f"clip{suffix}"
    report = clip_of(film, Passage(9, 47), clip)
    assert (report.copied, report.reencoded) == (34, 4)
    assert_whole(film, Passage(9, 47), clip, report)
    assert numbers(clip, "1") == list(range(9, 47))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(("xdcam_mxf", "xdcam_drop_mov")),
    ends=st.lists(st.sampled_from((0, 1, 9, 11, 12, 13, 23, 24, 25, 46, 59, 60)), min_size=2, max_size=2, unique=True),
)
def test_mpeg_2_is_cut_exactly_at_its_ends_and_beside_its_keys(
    film_named: Named, tmp_path: Path, name: str, ends: list[int]
) -> None:
    film, cut = film_named(name), Passage(min(ends), max(ends))
    clip_of(film, cut, tmp_path / "any.mov")
    assert_exact(film, cut, tmp_path / "any.mov")


def test_a_copied_group_is_closed_and_counts_from_its_first_picture(film_named: Named, tmp_path: Path) -> None:
    film = film_named("xdcam_mxf")
    assert film[1].coding is not None
    assert film[1].coding.opened
    clip_of(film, Passage(12, 40), tmp_path / "clip.mov")
    made = read_index(tmp_path / "clip.mov")
    assert made.coding is not None
    assert made.coding.idr[0] == 0
    with open_film(tmp_path / "clip.mov") as opened:
        first = bytes(next(packet for packet in opened.demux(video=0) if packet.size))
    picture = first.index(b"\0\0\1\0")
    assert first[picture + 4] << 2 | first[picture + 5] >> 6 == 0


def test_mpeg_2_without_headers_of_its_own_is_encoded_whole_and_exact(tmp_path: Path) -> None:
    """A transport stream does not say where its samples lie as they are."""
    coding = ("-c:v", "mpeg2video", "-b:v", "8M", "-g", "12", "-bf", "2")
    path = film(tmp_path / "stream.ts", 30, "25", *coding, sound=())
    master = path, read_index(path)
    report = clip_of(master, Passage(5, 20), tmp_path / "clip.mov")
    assert (report.copied, report.reencoded) == (0, 15)
    assert_exact(master, Passage(5, 20), tmp_path / "clip.mov")
    assert read_index(tmp_path / "clip.mov").facts.picture.codec == "mpeg2video"


def test_mpeg_2_in_mp4_is_h264(film_named: Named, tmp_path: Path) -> None:
    film = film_named("xdcam_mov")
    clip_of(film, Passage(9, 20), tmp_path / "clip.mp4")
    verdict = judge(*film, Passage(9, 20), tmp_path / "clip.mp4")
    assert verdict.right(FINE_DB)
    assert read_index(tmp_path / "clip.mp4").facts.picture.codec == "h264"


@pytest.mark.parametrize(("name", "suffix"), INTRA)
def test_what_stands_alone_is_copied_whole_out_of_mxf(
    film_named: Named, tmp_path: Path, name: str, suffix: str
) -> None:
    film = film_named(name)
    cut = Passage(1, film[1].frames - 1)
    report = clip_of(film, cut, tmp_path / f"clip{suffix}")
    assert (report.copied, report.reencoded) == (cut.frames, 0)
    assert_whole(film, cut, tmp_path / f"clip{suffix}", report)


def test_a_clip_in_mxf_is_the_same_each_time_and_leaves_nothing_beside_it(film_named: Named, tmp_path: Path) -> None:
    sums = set()
    for attempt in range(2):
        clip_of(film_named("xdcam_drop_mxf"), Passage(3, 30), tmp_path / f"{attempt}.mxf")
        sums.add(hashlib.sha256((tmp_path / f"{attempt}.mxf").read_bytes()).hexdigest())
    assert len(sums) == 1
    assert sorted(left.name for left in tmp_path.iterdir()) == ["0.mxf", "1.mxf"]


def test_a_clip_is_mxf_only_when_its_master_is(film_named: Named, tmp_path: Path) -> None:
    with pytest.raises(BadTarget, match=r"end the name in \.mov"):
        clip_of(film_named("xdcam_mov"), Passage(9, 20), tmp_path / "clip.mxf")
    assert list(tmp_path.iterdir()) == []


def test_clips_of_mxf_can_be_read_out_of_it(film_named: Named) -> None:
    assert plan_clip(film_named("xdcam_mxf")[1], Passage(9, 47), "master", "mov").kept
    assert not plan_clip(film_named("xdcam_mxf")[1], Passage(9, 47), "master", "mxf").kept


def test_an_mxf_master_is_taken_in(film_named: Named, tmp_path: Path) -> None:
    sheet = ingest(film_named("xdcam_drop_mxf")[0], "emission", Store(tmp_path / "media"), tmp_path)
    assert read_sheet(tmp_path / "emission.yml") == sheet
    assert (sheet.container, sheet.video.codec, sheet.video.scan) == ("mxf", "mpeg2video", TOP_FIRST)
    assert (sheet.start_timecode, sheet.drop_frame, len(sheet.audio)) == ("01:00:00;00", True, 8)
    # Of eight tracks of one channel readers hear the first two, left and right.
    with open_film(tmp_path / "media" / "emission" / sheet.version / "public" / "proxy.mp4") as proxy:
        heard = np.concatenate([frame.to_ndarray() for frame in proxy.decode(audio=0)], axis=1)
    assert len(heard) == 2
    assert heard.std(axis=1).min() > 0.01
    assert abs(np.corrcoef(heard)[0, 1]) < 0.8


def test_an_mxf_that_does_not_say_in_which_order_its_frames_are_shown_is_refused(tmp_path: Path) -> None:
    path = studio_film(tmp_path / "long.mxf", 20, "25", *X264, "-g", "12", "-bf", "2", tracks=1)
    with pytest.raises(DamagedFile, match="not in which they are shown; export it again"):
        read_index(path)


def test_tracks_of_a_studio_master_differ(film_named: Named) -> None:
    """Or a mix-up of sounds would not be seen."""
    path = film_named("xdcam_mxf")[0]
    assert not np.array_equal(mono(path, 0), mono(path, 7))
    assert np.array_equal(mono(path, 3)[:48_000] >> 16, track_samples(3, 48_000))


def test_for_the_web_the_first_two_mono_tracks_are_one_in_stereo(film_named: Named, tmp_path: Path) -> None:
    path, index = film_named("xdcam_mxf")
    clip = tmp_path / "clip.mp4"
    clip_of((path, index), Passage(5, 45), clip, "h264")
    with open_film(clip) as opened:
        assert [track.codec_context.layout.name for track in opened.streams.audio] == ["stereo"]
        heard = np.concatenate([frame.to_ndarray() for frame in opened.decode(audio=0)], axis=1)
    start, count = sample_window(index, 5, 45, 48_000)
    for place in (0, 1):
        likeness = [
            np.corrcoef(heard[place][: count - 2048], mono(path, track)[start : start + count - 2048])[0, 1]
            for track in range(8)
        ]
        assert int(np.argmax(likeness)) == place
        assert likeness[place] > 0.5


@pytest.fixture(scope="module")
def d10(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """IMX 50 as SMPTE ST 386 wraps it: one value holds all channels of a frame, and none lies there as it is. The lines
    above the picture are white."""
    path = tmp_path_factory.mktemp("d10") / "d10.mxf"
    rate = ("-b:v", "50M", "-minrate", "50M", "-maxrate", "50M", "-bufsize", "2M", "-aspect", "4:3")
    shown = ("-f", "lavfi", "-i", "testsrc2=s=720x576:r=25:d=1,pad=720:608:0:32:white,setfield=tff")
    heard = ("-f", "lavfi", "-i", "aevalsrc=random(0)/2|random(1)/2:s=48000:d=1")
    imx = ("-c:v", "mpeg2video", "-pix_fmt", "yuv422p", "-g", "1", "-intra_vlc", "1", "-non_linear_quant", "1")
    full = ("-qmin", "1", "-qmax", "12", "-rc_init_occupancy", "2M", "-rc_max_vbv_use", "1", "-rc_min_vbv_use", "1")
    coding = (*imx, *full, *rate, "-flags", "+ildct+low_delay", "-dc", "10", "-ps", "1", "-c:a", "pcm_s16le")
    ffmpeg(*shown, *heard, *coding, "-timecode", "10:00:00:00", "-f", "mxf_d10", path)
    return path


def test_d10_with_its_sound_in_aes3_is_cut_exactly(d10: Path, tmp_path: Path) -> None:
    path, index, cut = d10, read_index(d10), Passage(4, 21)
    for suffix in (".mov", ".mxf"):
        report = clip_of((path, index), cut, tmp_path / f"clip{suffix}")
        verdict = verify_clip(path, index, cut, tmp_path / f"clip{suffix}")
        assert (report.reencoded, verdict.exact, verdict.honoured.identical) == (0, True, 17), verdict.faults
        assert np.array_equal(mono(tmp_path / f"clip{suffix}", 0), mono(path, 0)[2 * 4 * 1920 : 2 * 21 * 1920])


def test_lines_above_the_picture_are_seen_nowhere_but_in_the_master_s_quality(d10: Path, tmp_path: Path) -> None:
    index = read_index(d10)
    sheet = ingest(d10, "imx", store := Store(tmp_path / "media"), tmp_path / "sheets")
    assert (sheet.video.width, sheet.video.height) == (720, 608)
    write_still(d10, index, 5, tmp_path / "still.jpg", Labels())
    clip_of((d10, index), Passage(4, 9), tmp_path / "web.mp4", "h264")
    proxy, poster = (store.public("imx", sheet.version, name) for name in ("proxy.mp4", "poster.jpg"))
    assert isinstance(proxy, Path)
    assert isinstance(poster, Path)
    raster = {"still.jpg": (768, 576), "web.mp4": (768, 576), "proxy.mp4": (720, 540), "poster.jpg": (1280, 960)}
    for path in (tmp_path / "still.jpg", tmp_path / "web.mp4", proxy, poster):
        with av.open(str(path)) as opened:
            picture = next(opened.decode(video=0)).to_ndarray(format="gray")
        assert picture.shape[::-1] == raster[path.name]
        assert picture[:4].mean() < 200, path.name


def test_long_groups_of_h264_in_mxf_are_shown_in_their_order(tmp_path: Path) -> None:
    wide = ("-pix_fmt", "yuv422p10le", "-g", "12", "-bf", "0")
    path = film(tmp_path / "long.mxf", 40, "25", *X264[:-2], *wide, sound=("-c:a", "pcm_s16le"))
    index, cut = read_index(path), Passage(5, 35)
    clip_of((path, index), cut, tmp_path / "clip.mxf")
    verdict = verify_clip(path, index, cut, tmp_path / "clip.mxf")
    assert verdict.exact, verdict.faults


# A track's number and rate, then its Origin; where a clip starts; how long sequences and clips are.
ORIGIN = re.compile(rb"(H\x04\x00\x04[\x15\x16]...K\x01\x00\x08.{8}K\x02\x00\x08)\x00{8}", re.DOTALL)
START, DURATION = re.compile(rb"(\x12\x01\x00\x08)\x00{8}"), re.compile(rb"(\x02\x02\x00\x08)\x00{7}\x3c")


@pytest.mark.parametrize("where", [ORIGIN, START])
def test_frames_that_an_mxf_leaves_out_are_not_shown(
    film_named: Named, tmp_path: Path, where: re.Pattern[bytes]
) -> None:
    """Five before the first and five behind the last of sixty, as a part copied by a server has them."""
    path = tmp_path / "part.mxf"
    data, changed = where.subn(lambda found: found[1] + bytes(7) + b"\5", film_named("xdcam_mxf")[0].read_bytes())
    assert changed
    path.write_bytes(DURATION.sub(lambda found: found[1] + bytes(7) + b"\x32", data))
    index = read_index(path)
    assert (index.frames, index.timecode(0)) == (50, "10:00:00:00")
    clip_of((path, index), Passage(0, 50), tmp_path / "clip.mov")
    assert numbers(tmp_path / "clip.mov", "1") == list(range(5, 55))
    start, count = 5 * 1920, 50 * 1920
    assert np.array_equal(mono(tmp_path / "clip.mov", 3), mono(path, 3)[start : start + count])
    sheet = ingest(path, "partie", store := Store(tmp_path / "media"), tmp_path / "sheets")
    proxy = store.public("partie", sheet.version, "proxy.mp4")
    assert isinstance(proxy, Path)
    assert numbers(proxy, "0") == list(range(5, 55))


def test_a_spoilt_header_leaves_nothing_out(tmp_path: Path) -> None:
    path = tmp_path / "spoilt.mxf"
    for data in (
        b"",
        bytes.fromhex("060e2b34025301010d0101010101"),
        bytes.fromhex("060e2b34" + "00" * 12 + "ff" * 200),
    ):
        path.write_bytes(data)
        assert presented(path) == (0, 0)
