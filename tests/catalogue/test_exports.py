"""Captions as broadcasters take them, read back by ttconv; passages of a transcript; shotlists."""

import csv
import io
import struct
from datetime import date
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest
import ttconv.imsc.reader
import ttconv.stl.reader
from hypothesis import given
from hypothesis import strategies as st
from ttconv import model

from catalogue.exports.cues import Cue, cues_of
from catalogue.exports.excerpt import cues_within, turns_within
from catalogue.exports.iso6937 import encode
from catalogue.exports.reel import Reel
from catalogue.exports.shotlist import marks, shotlist_csv, shotlist_text, shots
from catalogue.exports.stl import stl_bytes
from catalogue.exports.ttml import ttml_text
from catalogue.interview import Turn
from catalogue.timecode import parse_timecode

FRENCH = (
    "« Où êtes-vous allés ? »\nL’œuvre de Noël, à 5 € près…",
    "Ça va : GARÇON, ÉTÉ, ÎLE, ÀÇÉ & <co>",
    "Naïve, ambiguë, Æthelred — “quoted” 50 %",
)


def cue(number, text, start_ms, end_ms):
    return Cue(id=f"c{number}", start_ms=start_ms, end_ms=end_ms, text=text, voice="Anne & Cie")


CUES = tuple(cue(n, text, 1000 + 2000 * n, 3000 + 2000 * n) for n, text in enumerate(FRENCH))


def reel(rate="25", start="10:00:00:00", drop_frame=False):
    return Reel(
        name="phare",
        file="phare.mov",
        rate=Fraction(rate),
        start=parse_timecode(start, Fraction(rate)),
        drop_frame=drop_frame,
        frames=100_000,
        width=1920,
        height=1080,
    )


def shown(document):
    """What a document of ttconv shows: begin and end in seconds, and the text with its lines."""
    found = []

    def walk(element, offset):
        begin = element.get_begin() if hasattr(element, "get_begin") else None
        offset += begin or 0
        if isinstance(element, model.P):
            end = element.get_end()
            found.append((offset, offset - (begin or 0) + end, "".join(words(element))))
            return
        for child in element:
            walk(child, offset)

    def words(element):
        if isinstance(element, model.Br):
            yield "\n"
        if isinstance(element, model.Text):
            yield element.get_text()
        for child in element:
            yield from words(child)

    walk(document.get_body(), Fraction(0))
    return found


def stl(cues, of, first=0, lang="fr"):
    day = date(2026, 3, 14)
    return stl_bytes(cues, reel=of, first=first, lang=lang, title="La lampe d’Émilie", reference="DPX-1", day=day)


def test_ebu_tt_d_is_read_with_its_times_lines_and_language():
    document = ttconv.imsc.reader.to_model(
        ElementTree.ElementTree(ElementTree.fromstring(ttml_text(CUES, "fr", "A & B")))
    )
    assert document.get_lang() == "fr"
    assert shown(document) == [(Fraction(c.start_ms, 1000), Fraction(c.end_ms, 1000), c.text) for c in CUES]


def test_ebu_tt_d_names_its_standard_and_who_speaks():
    text = ttml_text(CUES, "en", "T")
    root = ElementTree.fromstring(text)
    assert "urn:ebu:tt:distribution:2018-04" in text
    names = root.findall(".//{http://www.w3.org/ns/ttml#metadata}name")
    assert [name.text for name in names] == ["Anne & Cie"]
    assert root.get("{http://www.w3.org/ns/ttml#parameter}timeBase") == "media"


@given(st.text(max_size=80))
def test_no_text_breaks_ebu_tt_d(text):
    root = ElementTree.fromstring(ttml_text([cue(1, text, 0, 1000)], "fr", text))
    assert root.tag.endswith("}tt")


@pytest.mark.parametrize(
    ("rate", "start", "drop_frame", "base"),
    [
        ("25", "10:00:00:00", False, 25),
        ("50", "10:00:00:00", False, 25),
        ("24", "01:00:00:00", False, 25),
        ("30000/1001", "01:00:58;20", True, 30),
        ("60000/1001", "00:59:59;50", True, 30),
    ],
)
def test_stl_shows_each_cue_at_its_source_timecode(rate, start, drop_frame, base):
    of = reel(rate, start, drop_frame)
    data = stl(CUES, of, first=40)
    assert data[3:11] == f"STL{base}.01".encode()
    blocks = [data[at : at + 128] for at in range(1024, len(data), 128)]
    for block, one in zip(blocks, CUES, strict=True):
        frame = 40 + -(-(one.start_ms * 2 - 1) * of.rate.numerator // (2000 * of.rate.denominator))
        hours, minutes, seconds, frames = of.timecode(frame).replace(";", ":").split(":")
        assert tuple(block[5:9]) == (int(hours), int(minutes), int(seconds), int(frames) * base // round(of.rate))
    # The programme begins where the passage does, its first subtitle where the first block says.
    assert of.timecode(40).replace(";", "").replace(":", "")[:6] == data[256:262].decode()
    assert data[264:272] == b"".join(f"{part:02d}".encode() for part in blocks[0][5:9])
    assert data[16:48].rstrip() == "La lampe d'Émilie".encode("cp437")


def test_the_title_of_an_stl_keeps_to_its_code_page():
    day = date(2026, 3, 14)
    data = stl_bytes(CUES, reel=reel(), first=0, lang="fr", title="L’œuvre d’À côté – 2", reference="", day=day)
    assert data[16:48].rstrip() == "L'oeuvre d'A côté - 2".encode("cp437")


def test_ttconv_reads_stl_with_french_letters_whole():
    document = ttconv.stl.reader.to_model(io.BytesIO(stl(CUES, reel())))
    assert document.get_lang() == "fr"
    read = shown(document)
    assert [(begin - 36000, end - 36000) for begin, end, _ in read] == [(1, 3), (3, 5), (5, 7)]
    said = [text.replace("\u00a0", " ") for _, _, text in read]
    assert said[0] == "« Où êtes-vous allés ? »\nL’œuvre de Noël, à 5 EUR près..."
    assert said[1] == FRENCH[1]
    assert said[2] == FRENCH[2]


def test_a_long_subtitle_goes_over_several_blocks_and_loses_nothing():
    text = "à" * 30 + "é" * 30 + " œuvre" * 20
    data = stl([cue(1, text, 0, 4000)], reel())
    extensions = [data[at + 3] for at in range(1024, len(data), 128)]
    assert extensions == [0, 1, 0xFF]
    assert int(data[238:243]) == 3
    [(_, _, read)] = shown(ttconv.stl.reader.to_model(io.BytesIO(data)))
    assert read.split() == text.split()


@given(st.text(max_size=200))
def test_any_text_makes_whole_blocks(text):
    data = stl([cue(1, text, 0, 1000)], reel())
    assert len(data) % 128 == 0
    assert struct.unpack("5s", data[238:243])[0] == f"{len(data) // 128 - 8:05d}".encode()


def test_letters_outside_the_table_become_the_nearest():
    assert encode("ḿ漢ﬀ") == b"m??"
    assert encode("prix : 3 $ – 4\u202f%") == b"prix : 3 \xa4 - 4\xa0%"


def turn(start_ms, end_ms, *paragraphs, key="A"):
    name = f"t{start_ms}"
    return Turn(id=name, key=key, name="Anne", start_ms=start_ms, end_ms=end_ms, paragraphs=paragraphs)


LONG = " ".join(f"Phrase {n}, longue comme une ligne et demie d’un écran de télévision." for n in (1, 2, 3))
COLUMNS = ("number", "in", "out", "at", "length", "speaker", "function", "words")
TURNS = (turn(0, 4000, "Une question ?", key="Q"), turn(4000, 16_000, LONG), turn(16_000, 20_000, "Fin."))


def test_a_passage_that_holds_whole_turns_has_their_words_and_counts_from_zero():
    [first, second] = turns_within(TURNS, 4000, 20_000)
    assert (first.start_ms, first.end_ms, first.paragraphs) == (0, 12_000, (LONG,))
    assert (second.start_ms, second.end_ms, second.paragraphs) == (12_000, 16_000, ("Fin.",))


def test_a_turn_that_is_cut_keeps_what_is_heard_and_says_where_it_was_cut():
    cues = cues_of(TURNS[1:2])
    assert len(cues) == 3
    [only] = turns_within(TURNS, cues[1].start_ms, cues[1].end_ms)
    assert only.paragraphs == (f"[…] {cues[1].text.replace(chr(10), ' ')} […]",)
    assert (only.start_ms, only.end_ms) == (0, cues[1].end_ms - cues[1].start_ms)


def test_a_cue_that_would_only_flash_is_left_out() -> None:
    shown = [cue(1, "La date.", 0, 1_000), cue(2, "Tout le monde", 1_000, 3_000), cue(3, "Si.", 3_000, 3_200)]
    assert [one.text for one in cues_within(shown, 800, 3_200)] == ["Tout le monde", "Si."]
    assert [one.text for one in cues_within(shown, 600, 1_200)] == ["La date."]


def test_a_turn_without_times_is_in_no_passage():
    assert turns_within([Turn(id="turn-1", key="A", name="A", start_ms=None, paragraphs=("x",))], 0, 1000) == ()


@given(st.integers(0, 19_999), st.integers(1, 20_000))
def test_cues_of_a_passage_lie_inside_it_and_in_order(start, length):
    cues = cues_within(cues_of(TURNS), start, start + length)
    assert all(0 <= cue.start_ms < cue.end_ms <= length for cue in cues)
    assert [cue.start_ms for cue in cues] == sorted(cue.start_ms for cue in cues)
    for turn in turns_within(TURNS, start, start + length):
        assert 0 <= turn.start_ms < turn.end_ms <= length
        assert turn.paragraphs


def test_a_shotlist_says_source_timecodes_and_functions():
    names = {"A": ("Anne Le Goff", "gardienne"), "Q": ("Question", "")}
    made = shots(turns_within(TURNS, 2000, 20_000), reel(), 50, names)
    assert [(shot.first, shot.last) for shot in made] == [
        ("10:00:02:00", "10:00:04:00"),
        ("10:00:04:00", "10:00:16:00"),
        ("10:00:16:00", "10:00:20:00"),
    ]
    text = shotlist_csv(made, COLUMNS, ";")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0] == list(COLUMNS)
    assert rows[2][1:7] == ["10:00:04:00", "10:00:16:00", "00:00:02.000", "00:00:12.000", "Anne Le Goff", "gardienne"]
    assert "2.  10:00:04:00 – 10:00:16:00  Anne Le Goff, gardienne\n" in shotlist_text(made)
    assert [(mark.frame, mark.text) for mark in marks(turns_within(TURNS, 2000, 20_000), reel(), 50, names)] == [
        (50, "Question"),
        (100, "Anne Le Goff"),
        (400, "Anne Le Goff"),
    ]


def test_words_in_a_table_are_no_formula():
    made = shots([turn(0, 1000, "=1+1; dit-il “là”")], reel(), 0, {})
    assert '" =1+1; dit-il “là”"' in shotlist_csv(made, COLUMNS, ";")


def test_subtitles_of_a_passage_are_written_to_the_letter():
    golden = Path(__file__).parent / "golden" / "passage.stl"
    assert stl(CUES, reel(), first=40) == golden.read_bytes()
