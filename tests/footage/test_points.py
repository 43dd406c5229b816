"""In and out points, on tables of frames made by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footage.errors import BadPoint
from footage.reading.facts import Facts, Picture
from footage.reading.index import Index
from footage.reading.points import Passage, frame_at, passage, passage_of_ms


def index_of(pts: list[int], rate: str, time_base: str, last: int, start: int = 0, drop_frame: bool = False) -> Index:
    picture = Picture(
        stream=0, codec="h264", tag="avc1", profile="High", width=320, height=180, pixel_format="yuv420p", rate=rate,
        time_base=time_base, pixel_aspect="1/1", scan="progressive", range=1, primaries=1, transfer=1, matrix=1,
        rotation=0, bit_rate=0,
    )  # fmt: skip
    facts = Facts(container="mp4", bytes=1, start=start, drop_frame=drop_frame, picture=picture, sounds=())
    same = tuple(pts)
    return Index(facts=facts, pts=same, dts=same, positions=same, sizes=same, keys=(0,), last_duration=last)


PAL = index_of([512 * n for n in range(250)], "25/1", "1/12800", 512, start=900_000)
NTSC = index_of([1001 * n for n in range(3000)], "30000/1001", "1/30000", 1001, start=107_892, drop_frame=True)
UNEVEN = index_of([1000, 1040, 1160, 1200, 1500], "25/1", "1/1000", 40)


@pytest.mark.parametrize(
    ("ms", "frame"),
    [
        (0, 0),
        (1, 1),  # frame 0 started before 1 ms
        (40, 1),
        (41, 2),
        (9960, 249),
        (10_000, 250),  # the end: no frame starts there
    ],
)
def test_a_time_selects_the_first_frame_that_starts_at_or_after_it(ms: int, frame: int) -> None:
    assert frame_at(PAL, ms) == frame


def test_a_rounded_millisecond_still_selects_its_frame() -> None:
    # Frame 1 starts at 33.3667 ms: a person reads 33, and means that frame.
    assert frame_at(NTSC, 33) == 1
    assert frame_at(NTSC, 34) == 2  # 34 is 0.6 ms late, more than is forgiven


@given(st.integers(0, 2999))
def test_every_frame_is_found_by_its_own_start_in_whole_milliseconds(frame: int) -> None:
    assert frame_at(NTSC, round(NTSC.start_ms(frame))) == frame


def test_frames_of_a_variable_rate_are_found_by_their_own_times() -> None:
    assert [frame_at(UNEVEN, ms) for ms in (0, 40, 41, 160, 200, 201, 500)] == [0, 1, 2, 2, 3, 4, 4]


def test_a_passage_is_written_in_milliseconds_frames_or_programme_timecode() -> None:
    assert passage(PAL, "x", "00:00:01.000", "00:00:02.000") == Passage(25, 50)
    assert passage(PAL, "x", "f25", "f50") == Passage(25, 50)
    assert passage(PAL, "x", "10:00:01:00", "10:00:02:00", programme=True) == Passage(25, 50)
    assert passage_of_ms(PAL, "x", 1000, 2000) == Passage(25, 50)


def test_drop_frame_timecode_is_counted_as_labels_not_as_time() -> None:
    # 01:00:59;29 is frame 1799 of a film that starts at 01:00:00;00, and the next label is 01:01:00;02.
    assert passage(NTSC, "x", "01:00:59;29", "01:01:00;02", programme=True) == Passage(1799, 1800)
    assert NTSC.timecode(1800) == "01:01:00;02"


def test_an_out_point_at_the_end_takes_every_frame_however_it_was_rounded() -> None:
    assert NTSC.duration_ms == 100_100
    for end in ("00:01:40.100", "00:01:40.101", "00:01:40.099", "f3000"):
        assert passage(NTSC, "x", "00:01:39.000", end).last == 3000


@pytest.mark.parametrize(
    ("first", "last", "programme", "said"),
    [
        ("00:00:02.000", "00:00:02.000", False, "not after the in point"),
        ("00:00:03.000", "00:00:02.000", False, "not after the in point"),
        ("00:00:02.001", "00:00:02.002", False, "not after the in point"),
        ("00:00:10.000", "00:00:10.000", False, "selects no frame"),
        ("00:00:01.000", "00:00:11.000", False, "beyond the end"),
        ("f0", "f251", False, "beyond the end"),
        ("soon", "f3", False, "is not a time"),
        ("10:00:01:00", "10:00:02:00", False, "add --timecode"),
        ("09:59:59:24", "10:00:02:00", True, "before the film starts, at 10:00:00:00"),
        ("10:00:01;00", "10:00:02;00", True, "without drop-frame"),
        ("10:00:01:25", "10:00:02:00", True, "frames at 24"),
    ],
)
def test_a_bad_point_is_refused_with_its_cure(first: str, last: str, programme: bool, said: str) -> None:
    with pytest.raises(BadPoint) as refused:
        passage(PAL, "phare.mov", first, last, programme=programme)
    assert said in str(refused.value)
    assert str(refused.value).startswith("phare.mov: ")


def test_a_film_may_run_past_midnight() -> None:
    late = index_of(list(range(250)), "25/1", "1/25", 1, start=25 * 86_400 - 125)
    assert passage(late, "x", "23:59:59:24", "00:00:00:01", programme=True) == Passage(124, 126)


def test_start_and_duration_are_exact_fractions() -> None:
    assert NTSC.start_ms(1) == Fraction(1001, 30)
