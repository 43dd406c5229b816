"""Clips of H.264 masters whose groups are copied and whose edges alone are encoded."""

import hashlib
from collections.abc import Callable
from math import inf
from pathlib import Path

import av
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footage.clips.clip import ClipReport
from footage.clips.plan import plan_clip
from footage.judging.judge import hear, judge
from footage.judging.verdict import FINE_DB
from footage.reading.entering import proven
from footage.reading.groups import Piece, copied_samples
from footage.reading.index import Index
from footage.reading.indexing import read_index
from footage.reading.points import Passage
from tests.footage.clips import assert_exact, clip_of, numbers
from tests.footage.masters import X264, ffmpeg

Film = tuple[Path, Index]
Named = Callable[[str], Film]

CLOSED = ("closed", "drop", "fifty", "varied", "pyramid", "long", "sliced", "deep", "forward", "edited", "upright")
OPEN = ("open", "led", "fields", "studio")
SPLICED = (*CLOSED, *OPEN, "interlaced", "hevc", "broken")
REAL = ("example.mp4", "long-gop-24s.mp4")


def keys_shown(index: Index) -> list[int]:
    """The frames at which a copy can start."""
    assert index.coding is not None
    hidden = frozenset(index.hidden)
    keys = sorted((*index.coding.idr, *index.coding.opened))
    return [index.rank(index.pts[sample]) for sample in keys if sample not in hidden]


def spliced(film: Film, cut: Passage, clip: Path) -> ClipReport:
    """Makes a clip and has it judged: every copied frame is the master's to the last bit."""
    report = clip_of(film, cut, clip)
    assert_exact(film, cut, clip)
    verdict = judge(*film, cut, clip)
    for view in (verdict.honoured, verdict.ignored):
        for piece in plan_clip(film[1], cut, "master", "mp4").pieces:
            seen = view.psnr[piece.first - cut.first : piece.last - cut.first]
            assert all(value == inf if piece.how == "copy" else value >= FINE_DB for value in seen)
    return report


@pytest.mark.parametrize("name", [*SPLICED, *REAL])
def test_from_before_one_key_to_after_another_only_the_edges_are_encoded(
    film_named: Named, tmp_path: Path, name: str
) -> None:
    film = film_named(name)
    keys = [key for key in keys_shown(film[1]) if key > 3]
    out = keys[1] + 3 if len(keys) > 1 else film[1].frames
    report = spliced(film, Passage(keys[0] - 3, out), tmp_path / "clip.mp4")
    assert report.copied >= out - keys[0] - 9
    assert 3 <= report.reencoded <= 12


@pytest.mark.parametrize("name", ["interlaced", "studio", "closed"])
@pytest.mark.parametrize("behind", [1, 3])
def test_one_copied_picture_between_encoded_ones_is_shown(
    film_named: Named, tmp_path: Path, name: str, behind: int
) -> None:
    """The encoder's stream says that nothing is reordered, the master's that two pictures are."""
    film = film_named(name)
    key = keys_shown(film[1])[1]
    cut = Passage(key - 5, key + behind)
    clip_of(film, cut, tmp_path / "clip.mp4")
    assert_exact(film, cut, tmp_path / "clip.mp4")


@pytest.mark.parametrize("name", SPLICED)
def test_points_on_and_beside_key_frames_are_cut_exactly(film_named: Named, tmp_path: Path, name: str) -> None:
    film = film_named(name)
    key = next(key for key in keys_shown(film[1]) if key > 3)
    for first, last in ((key - 1, key + 1), (key, key + 2), (key, key + 1), (key + 1, key + 4), (key - 2, key)):
        spliced(film, Passage(first, last), tmp_path / "clip.mov")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([*SPLICED, *REAL]), data=st.data())
def test_any_passage_of_any_spliced_master_is_exact(
    film_named: Named, tmp_path: Path, name: str, data: st.DataObject
) -> None:
    film = film_named(name)
    first = data.draw(st.integers(0, film[1].frames - 1), "in")
    last = data.draw(st.integers(first + 1, min(film[1].frames, first + 90)), "out")
    spliced(film, Passage(first, last), tmp_path / "any.mp4")


@pytest.mark.parametrize("name", ["closed", "pyramid", "sliced"])
def test_copied_samples_are_the_master_s_bit_for_bit(film_named: Named, tmp_path: Path, name: str) -> None:
    path, index = film_named(name)
    cut = Passage(keys_shown(index)[1] - 2, keys_shown(index)[2] + 5)
    clip_of((path, index), cut, tmp_path / "clip.mp4")
    head, copy = plan_clip(index, cut, "master", "mp4").pieces[:2]
    assert (head.how, copy.how) == ("encode", "copy")
    with av.open(str(path)) as master, av.open(str(tmp_path / "clip.mp4")) as made:
        right = [bytes(packet) for packet in master.demux(video=0) if packet.size]
        seen = [bytes(packet) for packet in made.demux(video=0) if packet.size]
    samples = copied_samples(index, copy)
    start = head.last - head.first
    assert seen[start : start + len(samples)] == [right[sample] for sample in samples]


@pytest.mark.parametrize("name", [*OPEN, "broken"])
def test_open_groups_are_found_and_proven(film_named: Named, name: str) -> None:
    coding = film_named(name)[1].coding
    assert coding is not None
    assert (coding.idr, len(coding.opened)) == ((0,), 3 if name in ("studio", "broken") else 4)


@pytest.mark.parametrize("name", ["open", "fields"])
def test_pictures_of_an_open_group_lose_no_bit_but_those_that_number_them(
    film_named: Named, tmp_path: Path, name: str
) -> None:
    path, index = film_named(name)
    assert index.coding is not None
    cut = Passage(keys_shown(index)[1], keys_shown(index)[3])
    assert clip_of((path, index), cut, tmp_path / "clip.mp4").reencoded <= 4
    samples = copied_samples(index, plan_clip(index, cut, "master", "mp4").pieces[0])
    with av.open(str(path)) as master, av.open(str(tmp_path / "clip.mp4")) as made:
        right = [bytes(packet) for packet in master.demux(video=0) if packet.size]
        seen = [bytes(packet) for packet in made.demux(video=0) if packet.size]
    for sample, copy in zip(samples[1:], seen[1:], strict=False):
        assert right[sample][-20:] == copy[-20:] or name == "fields"


def test_a_group_that_cannot_stand_alone_is_not_taken_for_one(film_named: Named) -> None:
    path, index = film_named("long")
    assert index.coding is not None
    # A picture that is predicted from others, said to open a group.
    wrong = msgspec.structs.replace(index, coding=msgspec.structs.replace(index.coding, opened=(7,)))
    assert proven(path, wrong).coding == index.coding


def test_a_passage_that_ends_where_a_group_ends_is_copied_whole(film_named: Named, tmp_path: Path) -> None:
    film = film_named("closed")
    first, last = keys_shown(film[1])[1:3]
    report = spliced(film, Passage(first, last), tmp_path / "clip.mp4")
    assert (report.copied, report.reencoded) == (last - first, 0)


def test_what_is_not_understood_to_the_letter_is_encoded_whole(film_named: Named) -> None:
    index = film_named("matroska")[1]
    cut = Passage(15, 55)
    assert plan_clip(index, cut, "master", "mp4").pieces == (Piece("encode", 15, 55),)


def test_other_profiles_and_containers_are_encoded_whole(film_named: Named) -> None:
    index, cut = film_named("closed")[1], Passage(15, 55)
    for plan in (plan_clip(index, cut, "h264", "mp4"), plan_clip(index, cut, "master", "matroska")):
        assert plan.pieces == (Piece("encode", 15, 55),)


def test_an_index_of_before_copies_nothing(film_named: Named) -> None:
    index = msgspec.structs.replace(film_named("closed")[1], coding=None)
    assert plan_clip(index, Passage(15, 55), "master", "mp4").frames("copy") == 0


@pytest.mark.parametrize(("name", "suffix"), [("closed", ".mp4"), ("drop", ".mov"), ("pyramid", ".mov")])
def test_a_spliced_picture_lies_where_its_sound_is(film_named: Named, tmp_path: Path, name: str, suffix: str) -> None:
    film = film_named(name)
    cut = Passage(14, 87)
    clip = tmp_path / f"clip{suffix}"
    assert clip_of(film, cut, clip).copied > 0
    for ignored, most in ((False, 11), (True, 50)):
        heard = hear(*film, cut, clip, 0, ignore_edit_lists=ignored)
        assert heard.head_ms is not None
        assert max(abs(heard.head_ms), abs(heard.tail_ms or 0)) <= most


def test_a_splice_keeps_numbers_timecode_and_bytes(film_named: Named, tmp_path: Path) -> None:
    film = film_named("drop")
    sums = set()
    for attempt in range(2):
        clip = tmp_path / f"{attempt}.mov"
        clip_of(film, Passage(25, 71), clip, title="Une fois")
        sums.add(hashlib.sha256(clip.read_bytes()).hexdigest())
        assert numbers(clip, "0") == numbers(clip, "1") == list(range(25, 71))
        with av.open(str(clip)) as opened:
            assert any(stream.metadata.get("timecode") == "01:00:00;25" for stream in opened.streams)
    assert len(sums) == 1


def test_groups_of_a_telephone_s_full_range_are_copied(tmp_path: Path) -> None:
    path = tmp_path / "phone.mp4"
    shown = ("-f", "lavfi", "-i", "testsrc2=s=128x96:r=25:d=1.2")
    ffmpeg(*shown, *X264[:-2], "-pix_fmt", "yuvj420p", "-color_range", "pc", "-g", "10", path)
    index, cut = read_index(path), Passage(3, 28)
    report = clip_of((path, index), cut, tmp_path / "clip.mp4")
    assert index.facts.picture.range == 2
    assert report.copied >= 10
    assert_exact((path, index), cut, tmp_path / "clip.mp4")
