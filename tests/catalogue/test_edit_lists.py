"""Edit lists written from passages, read back by OpenTimelineIO and its adapters: every rate, real start timecodes."""

import json
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentimelineio.opentime import RationalTime, TimeRange

from catalogue.exports.edl import edl_text, reel_name
from catalogue.exports.fcpxml import fcpxml_text
from catalogue.exports.otio import MEDIA, otio_text
from catalogue.exports.reel import Mark, Passage, Reel
from catalogue.timecode import parse_timecode

RATES = [
    ("25", "10:00:00:00", False),
    ("30000/1001", "01:00:00;00", True),
    ("30000/1001", "09:59:58:12", False),
    ("24000/1001", "19:22:12:03", False),
    ("24", "00:00:00:00", False),
    ("50", "11:00:00:00", False),
    ("60000/1001", "23:10:00;04", True),
]


REELS = ["ETEADBF8", "ETEA1FB8", "F2DF", "PHAR61F4", "PHAR46D0"]
GOLDEN = Path(__file__).parent / "golden"


def reel(rate="25", start="10:00:00:00", drop_frame=False, **changed):
    values = {
        "name": "phare-2026",
        "file": "phare-2026.mov",
        "rate": Fraction(rate),
        "start": parse_timecode(start, Fraction(rate)),
        "drop_frame": drop_frame,
        "frames": 90_000,
        "width": 1920,
        "height": 1080,
        "sample_rate": 48_000,
        "channels": 2,
    }
    return Reel(**{**values, **changed})


def passage(of=None, first=1795, last=1915, **changed):
    values = {
        "reel": of or reel(),
        "title": "La lampe d’Émilie & <C°>",
        "first": first,
        "last": last,
        "marks": (Mark(frame=first, text="Question"), Mark(frame=first + 50, text="Émilie “A”")),
        "media": "film/La lampe.mov",
    }
    return Passage(**{**values, **changed})


def read_edl(text, rate):
    timeline = otio.adapters.read_from_string(text, "cmx_3600", rate=float(Fraction(rate)))
    clips = list(timeline.find_clips())
    assert clips
    return clips


@pytest.mark.parametrize(("rate", "start", "drop_frame"), RATES)
def test_an_edl_gives_an_edit_program_the_frames_of_the_source(rate, start, drop_frame):
    one = passage(reel(rate, start, drop_frame))
    text = edl_text("Le titre", [one])
    assert f"FCM: {'DROP FRAME' if drop_frame else 'NON-DROP FRAME'}\n" in text
    for clip in read_edl(text, rate):
        assert clip.source_range.start_time.to_frames() == one.reel.start + one.first
        assert clip.source_range.duration.to_frames() == one.frames
        assert clip.metadata["cmx_3600"]["reel"] == "PHAR61F4"
        assert clip.name == one.title


@given(st.integers(0, 100_000), st.integers(1, 20_000), st.sampled_from(RATES))
def test_any_passage_keeps_its_frames_in_an_edl(first, frames, counted):
    one = passage(reel(*counted, frames=200_000), first, first + frames, marks=())
    clip = read_edl(edl_text("T", [one]), counted[0])[0]
    day = round(24 * 3600 * Fraction(counted[0])) if not counted[2] else None
    start = one.reel.start + first
    assert clip.source_range.duration.to_frames() == frames
    if day is None or start < day:
        assert clip.source_range.start_time.to_frames() == start


def test_passages_follow_each_other_on_the_record_side():
    text = edl_text("T", [passage(first=0, last=100), passage(first=500, last=525)])
    events = [line for line in text.splitlines() if line[:3].isdigit()]
    assert [line.split()[-2:] for line in events] == [["01:00:00:00", "01:00:04:00"], ["01:00:04:00", "01:00:05:00"]]
    assert [line.split()[4] for line in events] == ["10:00:00:00", "10:00:20:00"]


def test_a_drop_frame_record_begins_at_the_hour_too():
    text = edl_text("T", [passage(reel("30000/1001", "01:00:00;00", True), 1795, 1825)])
    assert "01:00:59;25 01:01:00;27 01:00:00;00 01:00:01;00" in text


def test_marks_are_locators():
    clip = read_edl(edl_text("T", [passage()]), "25")[0]
    assert [marker.name for marker in clip.markers] == ["Question", "Émilie “A”"]
    assert "* LOC: 01:00:02:00 WHITE" in edl_text("T", [passage()])


def test_passages_that_count_differently_are_refused():
    with pytest.raises(ValueError, match="one rate"):
        edl_text("T", [passage(), passage(reel("24"))])


def test_a_reel_has_eight_letters_and_digits_at_most_and_is_always_the_same():
    assert reel_name(reel(name="A001")) == "A001"
    names = ["été au phare/2", "été au phare/3", "灯台", "phare-2026", "phare 2026"]
    assert [reel_name(reel(name=name)) for name in names] == REELS
    assert len(set(REELS)) == len(names)
    assert all(len(short) <= 8 and short.isalnum() for short in REELS)


def test_a_shortened_reel_is_told_in_full_beside_it():
    text = edl_text("T", [passage(reel(name="été au phare/2"))])
    assert "* REEL: été au phare/2" in text
    assert "* REEL" not in edl_text("T", [passage(reel(name="A001"))])


@pytest.mark.parametrize(("rate", "start", "drop_frame"), RATES)
def test_opentimelineio_reads_master_and_passage_of_each_clip(rate, start, drop_frame):
    one = passage(reel(rate, start, drop_frame))
    timeline = otio.adapters.read_from_string(otio_text("Le titre", [one]), "otio_json")
    assert timeline.name == "Le titre"
    assert [track.kind for track in timeline.tracks] == ["Video", "Audio"]
    at = float(Fraction(rate))
    for clip in timeline.find_clips():
        wanted = TimeRange(RationalTime(one.reel.start + one.first, at), RationalTime(one.frames, at))
        assert clip.source_range == wanted
        assert clip.media_reference.target_url == "phare-2026.mov"
        assert clip.media_reference.available_range.duration.value == one.reel.frames
        beside = clip.media_references()[MEDIA]
        assert (beside.target_url, beside.available_range) == ("film/La lampe.mov", wanted)
        assert clip.media_reference.metadata["duplex"]["rate"] == str(Fraction(rate)).partition("/")[0] + (
            "/1001" if "/" in rate else "/1"
        )
    assert timeline.duration().value == one.frames
    assert timeline.global_start_time.to_timecode(at, drop_frame) == f"01:00:00{';' if drop_frame else ':'}00"
    [clip] = timeline.video_tracks()[0].find_clips()
    assert [marker.marked_range.start_time.value - one.reel.start for marker in clip.markers] == [1795, 1845]


def test_opentimelineio_writes_the_same_timeline_again():
    text = otio_text("T", [passage(), passage(first=3000, last=3010, media="")])
    again = otio.adapters.write_to_string(otio.adapters.read_from_string(text, "otio_json"), "otio_json")
    timeline = otio.adapters.read_from_string(again, "otio_json")
    assert timeline.is_equivalent_to(otio.adapters.read_from_string(text, "otio_json"))
    assert list(json.loads(text)) == ["OTIO_SCHEMA", "name", "global_start_time", "metadata", "tracks"]


def seconds(text):
    assert text.endswith("s")
    return Fraction(text.removesuffix("s"))


@pytest.mark.parametrize(("rate", "start", "drop_frame"), RATES)
def test_fcpxml_says_exact_times_in_frames(rate, start, drop_frame):
    one = passage(reel(rate, start, drop_frame))
    root = ElementTree.fromstring(fcpxml_text(one))
    assert (root.tag, root.get("version")) == ("fcpxml", "1.9")
    form, asset = root.find("resources/format"), root.find("resources/asset")
    assert seconds(form.get("frameDuration")) == 1 / Fraction(rate)
    assert asset.get("name") == "phare-2026"
    assert asset.find("media-rep").get("src") == "film/La%20lampe.mov"
    assert seconds(asset.get("start")) * Fraction(rate) == one.reel.start + one.first
    sequence = root.find("library/event/project/sequence")
    assert sequence.get("tcFormat") == ("DF" if drop_frame else "NDF")
    clip = sequence.find("spine/asset-clip")
    assert seconds(clip.get("start")) * Fraction(rate) == one.reel.start + one.first
    assert seconds(clip.get("duration")) * Fraction(rate) == one.frames
    assert clip.get("offset") == sequence.get("tcStart")
    for mark, marker in zip(one.marks, clip.findall("marker"), strict=True):
        assert seconds(marker.get("start")) * Fraction(rate) == one.reel.start + mark.frame
        assert marker.get("value") == mark.text
    for element in root.iter():
        if (ref := element.get("ref")) is not None:
            assert root.find(f"resources/*[@id='{ref}']") is not None


def test_the_fcpx_adapter_reads_the_passage():
    one = passage()
    read = otio.adapters.read_from_string(fcpxml_text(one), "fcpx_xml")
    clips = [clip for item in read for clip in item.find_clips()] if isinstance(read, list) else read.find_clips()
    found = [clip for clip in clips if clip.source_range is not None]
    assert found
    assert {clip.name for clip in found} == {one.title}
    assert {clip.source_range.duration.to_frames() for clip in found} == {one.frames}
    assert {clip.source_range.start_time.to_frames() for clip in found} == {one.reel.start + one.first}


@pytest.mark.parametrize("name", ["edl", "fcpxml", "otio"])
def test_passages_of_a_drop_frame_reel_are_written_to_the_letter(name):
    one = passage(reel("30000/1001", "01:00:00;00", True))
    both = [one, passage(one.reel, first=3000, last=3010, media="", marks=())]
    written = {"edl": edl_text("Émilie", both), "otio": otio_text("Émilie", both), "fcpxml": fcpxml_text(one)}
    assert written[name] == (GOLDEN / f"passages.{name}").read_text()
