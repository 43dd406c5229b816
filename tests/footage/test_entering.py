"""Masters whose pictures cannot be copied, or at whose key frames decoding cannot begin."""

import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av import Packet

from footage.errors import DamagedFile
from footage.judging.judge import luma
from footage.judging.verdict import verify_clip
from footage.reading.coding import IN_FIELDS
from footage.reading.entering import REFRESHED
from footage.reading.index import Index
from footage.reading.indexing import read_index
from footage.reading.points import Passage
from footage.reading.probe import open_film
from tests.footage import paff
from tests.footage.clips import assert_exact, clip_of, numbers
from tests.footage.masters import X264, ffmpeg, film, picture

Film = tuple[Path, Index]
Named = Callable[[str], Film]


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """A master refreshed column by column: its key frames but the first are none."""
    options = ("-x264-params", "intra-refresh=1:keyint=25:bframes=0")
    path = film(tmp_path_factory.mktemp("refreshed") / "refreshed.mp4", 80, "25", *X264, *options)
    return path, read_index(path)


@pytest.mark.parametrize("cut", [Passage(0, 9), Passage(24, 27), Passage(40, 70), Passage(79, 80)])
def test_a_master_refreshed_little_by_little_is_cut_exactly(refreshed: Film, tmp_path: Path, cut: Passage) -> None:
    clip_of(refreshed, cut, tmp_path / "clip.mp4")
    assert_exact(refreshed, cut, tmp_path / "clip.mp4")
    assert numbers(tmp_path / "clip.mp4", "1") == list(range(cut.first, cut.last))


def test_a_film_that_begins_in_the_middle_of_another_shows_what_can_be_decoded(tmp_path: Path) -> None:
    """Its first group is open: frames shown before its I picture look back at frames that were cut away."""
    coding = ("-x264-params", "open-gop=1:keyint=20:min-keyint=20:scenecut=0:b-adapt=2:bframes=5:b-pyramid=normal")
    whole, path = film(tmp_path / "whole.mp4", 60, "25", *X264, *coding, sound=()), tmp_path / "begun.mp4"
    ffmpeg("-ss", "0.9", "-i", whole, "-c", "copy", "-use_editlist", "0", path)
    index = read_index(path)
    assert index.hidden
    with open_film(path) as opened:
        assert index.frames == sum(1 for _ in opened.decode(video=0)) == len(index.pts) - len(index.hidden)
    clip_of((path, index), Passage(0, 7), tmp_path / "clip.mp4")
    assert_exact((path, index), Passage(0, 7), tmp_path / "clip.mp4")


def test_why_clips_of_such_a_master_are_dear_is_told(refreshed: Film) -> None:
    assert (refreshed[1].keys, refreshed[1].encoded) == ((0,), REFRESHED)
    line = [Path(sys.executable).with_name("duplex"), "probe", refreshed[0]]
    told = subprocess.run(line, capture_output=True, text=True, check=True, env=os.environ | {"COLUMNS": "200"}).stdout
    assert "decoded from its start" in told


def test_key_frames_of_other_masters_are_believed(film_named: Named) -> None:
    for name in ("closed", "open", "matroska"):
        index = film_named(name)[1]
        assert len(index.keys) > 2
        assert index.encoded == ""


RASTERS = [np.pad(picture(number), ((0, 12), (0, 0)), constant_values=80) for number in range(15)]


@pytest.fixture
def fields(tmp_path: Path) -> Path:
    """A byte stream of fields coded apart."""
    (tmp_path / "fields.h264").write_bytes(paff.stream(iter(RASTERS)))
    return tmp_path / "fields.h264"


def in_pairs(stream: Path, target: Path) -> Path:
    """Both fields of a frame in one sample, as ISO/IEC 14496-15, 5.3.4.2, has them."""
    with av.open(str(stream)) as source, av.open(str(target), "w") as output:
        picture = output.add_stream_from_template(source.streams.video[0])
        picture.time_base = Fraction(1, 25)
        each = [bytes(packet) for packet in source.demux(video=0) if packet.size]
        for frame in range(len(each) // 2):
            packet = Packet(each[2 * frame] + each[2 * frame + 1])
            packet.stream, packet.time_base, packet.duration = picture, Fraction(1, 25), 1
            packet.pts = packet.dts = frame
            packet.is_keyframe = frame % 6 == 0
            output.mux(packet)
    return target


def test_fields_coded_apart_are_encoded_whole_and_exactly(fields: Path, tmp_path: Path) -> None:
    path = in_pairs(fields, tmp_path / "fields.mp4")
    index = read_index(path)
    assert (index.frames, index.coding, index.encoded) == (15, None, IN_FIELDS)
    with open_film(path) as opened:
        seen = [luma(frame) for frame in opened.decode(video=0)]
    assert np.array_equal(seen, RASTERS)
    for cut in (Passage(0, 1), Passage(4, 13), Passage(14, 15)):
        report = clip_of((path, index), cut, tmp_path / "clip.mp4")
        assert (report.copied, report.reencoded) == (0, cut.frames)
        judged = verify_clip(path, index, cut, tmp_path / "clip.mp4")
        assert judged.exact, judged.faults


def test_fields_with_a_time_each_are_refused_because_frames_cannot_be_counted(fields: Path, tmp_path: Path) -> None:
    for name in ("fields.ts", "fields.mp4"):
        ffmpeg("-r", "50", "-f", "h264", "-i", fields, "-c", "copy", tmp_path / name)
        with pytest.raises(DamagedFile, match="a time of its own, so its frames cannot be counted; export it again"):
            read_index(tmp_path / name)
