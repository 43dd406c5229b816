"""Files that are damaged, cut short, growing, encrypted, hostile: one sentence each, and nothing but that sentence."""

import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footage.confines import confined
from footage.errors import DamagedFile, FootageError, NotVideo, WorkFailed
from footage.reading.index import Index
from footage.reading.indexing import read_index
from footage.reading.wholeness import check_still, stamp_of
from tests.footage.masters import X264, ffmpeg, film

Film = tuple[Path, Index]
Named = Callable[[str], Film]

HEADER = bytes.fromhex("060e2b34020501010d0102010102")
KEY = "76a6c65c5ea762046bd749a2e632ccbb"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of a few kilobytes."""
    return film(tmp_path_factory.mktemp("small") / "small.mp4", 12, "25", *X264, "-g", "6")


def said_of(path: Path) -> str:
    with pytest.raises(FootageError) as refused:
        read_index(path)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_an_encrypted_film_is_called_encrypted(small: Path, tmp_path: Path) -> None:
    secret = ("-encryption_scheme", "cenc-aes-ctr", "-encryption_key", KEY, "-encryption_kid", KEY)
    ffmpeg("-i", small, "-c", "copy", *secret, tmp_path / "secret.mp4")
    with pytest.raises(NotVideo, match="is encrypted; ask its owner for a copy without protection"):
        read_index(tmp_path / "secret.mp4")


def test_an_mxf_that_ends_early_tells_where(film_named: Named, tmp_path: Path) -> None:
    data = film_named("xdcam_mxf")[0].read_bytes()
    (tmp_path / "short.mxf").write_bytes(data[: len(data) // 2])
    assert "is damaged: of 60 frames only" in said_of(tmp_path / "short.mxf")


def test_an_mxf_that_is_being_recorded_is_told_from_a_damaged_one(film_named: Named, tmp_path: Path) -> None:
    whole = film_named("xdcam_mxf")[0].read_bytes()
    data = bytearray(whole[: len(whole) // 2])
    at = data.index(HEADER)
    value = at + 17 + (data[at + 16] & 0x7F if data[at + 16] & 0x80 else 0)
    data[at + len(HEADER)] = 1
    data[value + 24 : value + 32] = bytes(8)
    (tmp_path / "growing.mxf").write_bytes(data)
    assert "is still being written, or its recording was broken off" in said_of(tmp_path / "growing.mxf")


def test_a_matroska_film_that_ends_early_tells_where(film_named: Named, tmp_path: Path) -> None:
    data = film_named("matroska")[0].read_bytes()
    (tmp_path / "short.mkv").write_bytes(data[: len(data) // 3])
    assert "is cut short: it ends at 00:00:0" in said_of(tmp_path / "short.mkv")


def test_a_file_that_is_written_to_while_it_is_read_is_growing(tmp_path: Path) -> None:
    path = tmp_path / "growing.mov"
    path.write_bytes(b"begun")
    before = stamp_of(path)
    check_still(path, before)
    path.write_bytes(b"begun, and gone on with")
    with pytest.raises(DamagedFile, match="it is still being written; wait until its recording or copying is finished"):
        check_still(path, before)


def test_an_avi_that_shows_a_picture_twice_is_whole(tmp_path: Path) -> None:
    """Recorders leave an empty chunk where nothing changed; the header counts it as a frame."""
    path = tmp_path / "recorded.avi"
    shown = "testsrc2=s=64x64:r=25:d=1,select='not(eq(n,7))'"
    ffmpeg("-f", "lavfi", "-i", shown, "-fps_mode", "vfr", "-c:v", "mpeg4", "-bf", "0", path)
    index = read_index(path)
    assert index.frames == 24
    assert index.start_ms(8) - index.start_ms(6) == 120


def test_a_film_that_claims_an_absurd_raster_is_refused(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:d=0.1", "-c:v", "rawvideo", "-pix_fmt", "yuv420p", tmp_path / "raw.mov")
    data = bytearray((tmp_path / "raw.mov").read_bytes())
    at = data.index(b"stsd") + 12
    data[at + 32 : at + 36] = b"\x3c\0\x3c\0"
    (tmp_path / "raw.mov").write_bytes(data)
    assert "claims to show pictures of 15360 x 15360" in said_of(tmp_path / "raw.mov")


def test_boxes_within_boxes_without_end_are_one_sentence(tmp_path: Path) -> None:
    boxes = b"".join((8 * depth).to_bytes(4) + b"moov" for depth in range(20_000, 0, -1))
    (tmp_path / "deep.mp4").write_bytes((20).to_bytes(4) + b"ftypisom\0\0\2\0isom" + boxes)
    assert "table of contents" in said_of(tmp_path / "deep.mp4")


def test_a_table_of_a_billion_samples_is_one_sentence(small: Path, tmp_path: Path) -> None:
    data = bytearray(small.read_bytes())
    at = data.index(b"stsz")
    data[at + 8 : at + 16] = b"\0\0\0\1\x7f\xff\xff\xff"
    (tmp_path / "many.mp4").write_bytes(data)
    with confined(tmp_path / "many.mp4"):
        said_of(tmp_path / "many.mp4")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoilt=st.lists(st.tuples(st.integers(0, 1 << 30), st.binary(min_size=1, max_size=8)), min_size=1, max_size=4))
def test_whatever_is_spoilt_in_a_film_it_is_read_or_refused_in_one_sentence(
    small: Path, tmp_path: Path, spoilt: list[tuple[int, bytes]]
) -> None:
    data = bytearray(small.read_bytes())
    head = data.index(b"moov")
    for place, noise in spoilt:
        at = head + place % (len(data) - head)
        data[at : at + len(noise)] = noise
    path = tmp_path / "spoilt.mp4"
    path.write_bytes(data)
    try:
        said = f"{read_index(path).frames} frames"
    except FootageError as error:
        said = str(error)
    assert "\n" not in said


def test_a_film_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    def decode_without_end() -> None:
        with confined(tmp_path, 0):
            while True:
                pass

    with pytest.raises(WorkFailed, match="more processor time than a film of its size may"):
        decode_without_end()


def test_a_film_that_takes_too_much_memory_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(WorkFailed, match="takes more memory than"), confined(tmp_path, 600):
        bytearray(1 << 34)


def test_limits_end_with_their_block(tmp_path: Path) -> None:
    before = [resource.getrlimit(what) for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS)]
    with confined(tmp_path, 600):
        assert resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
    assert [resource.getrlimit(what) for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS)] == before


@pytest.mark.parametrize("flags", ["frag_keyframe+empty_moov", "frag_every_frame+empty_moov+default_base_moof"])
def test_a_film_in_fragments_that_ends_within_one_is_cut_short(small: Path, tmp_path: Path, flags: str) -> None:
    ffmpeg("-i", small, "-c", "copy", "-movflags", flags, tmp_path / "whole.mp4")
    assert read_index(tmp_path / "whole.mp4").frames == 12
    data = (tmp_path / "whole.mp4").read_bytes()
    last = data.rindex(b"mdat")
    for end in (last + 30, last, last - 100):  # within a picture, within the head of a box, within what tells of it
        (tmp_path / "short.mp4").write_bytes(data[:end])
        assert "is cut short or still being written" in said_of(tmp_path / "short.mp4")


def test_a_picture_that_claims_to_last_for_days_has_a_rate_all_the_same(small: Path, tmp_path: Path) -> None:
    data = bytearray(small.read_bytes())
    at = data.index(b"stts") + 16
    data[at : at + 4] = (0x7FFFFFFF).to_bytes(4)
    (tmp_path / "days.mp4").write_bytes(data)
    assert read_index(tmp_path / "days.mp4").rate > 0
