"""Cues made from turns, and caption files written and read."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.exports.captions import NotCaptions, captions_of, read_captions
from catalogue.exports.cues import cues_of, screens
from catalogue.interview import Turn

REAL = Path(__file__).resolve().parents[3] / "shared" / "real"
WORDS = st.lists(st.text(alphabet="abcé’-.!?,…<>&\u202f", min_size=1, max_size=60), min_size=1, max_size=60).map(
    " ".join
)


def turn(text, start_ms=1_000, end_ms=9_000):
    return Turn(id=f"t{start_ms}", key="A", name="Anne & <Co>", start_ms=start_ms, end_ms=end_ms, paragraphs=(text,))


def letters(text):
    return "".join(text.split(" ")).replace("\n", "")


@given(WORDS)
def test_a_screen_holds_two_lines_of_42_characters_and_no_letter_is_lost(text):
    shown = screens(text)
    assert all(len(screen.split("\n")) <= 2 for screen in shown)
    assert all(len(line) <= 42 for screen in shown for line in screen.split("\n"))
    assert "".join(letters(screen) for screen in shown) == letters(text)


@given(WORDS, st.integers(1, 20_000))
def test_cues_follow_each_other_and_fill_the_turn(text, length):
    cues = cues_of([turn(text, 1_000, 1_000 + length)])
    assert cues[0].start_ms == 1_000
    assert cues[-1].end_ms == 1_000 + length
    assert all(cue.start_ms < cue.end_ms for cue in cues)
    assert all(before.end_ms == after.start_ms for before, after in pairwise(cues))


@given(WORDS)
def test_webvtt_written_here_is_read_as_it_was(text):
    cues = cues_of([turn(text)])
    read = read_captions(captions_of(cues).vtt.encode())
    assert [(cue.id, cue.start_ms, cue.end_ms) for cue in read] == [(cue.id, cue.start_ms, cue.end_ms) for cue in cues]
    plain = [cue.text.partition(">")[2].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for cue in read]
    assert plain == [cue.text for cue in cues]


def test_a_long_sentence_is_spread_over_screens_of_like_length():
    text = (
        "Ordinaire, je ne sais pas, on montait au crépuscule, on allumait, et l’on écoutait le bruit que fait le feu."
    )
    sizes = [len(screen) for screen in screens(text)]
    assert len(sizes) == 2
    assert abs(sizes[0] - sizes[1]) < 20


def test_short_sentences_share_a_screen():
    assert screens("Oui. Non. Peut-être.") == ["Oui. Non. Peut-être."]


def test_the_time_of_a_turn_is_shared_by_length():
    first, second = cues_of([turn("a" * 40 + " " + "b" * 40 + ". " + "c" * 20 + " " + "d" * 18 + ".", 0, 12_100)])
    assert first.end_ms == second.start_ms == 12_100 * 82 // 122


def test_a_turn_outside_the_film_has_no_cue():
    assert cues_of([turn("a", None, None)]) == ()


def test_srt_has_numbers_and_commas():
    assert captions_of(cues_of([turn("Oui.", 1_000, 2_500)])).srt == "1\n00:00:01,000 --> 00:00:02,500\nOui.\n"


def test_webvtt_names_the_voice_and_lets_no_tag_through():
    text = captions_of(cues_of([turn("<script>alert(1)</script> --> fin")])).vtt
    assert "<v Anne &amp; &lt;Co&gt;>&lt;script&gt;alert(1)&lt;/script&gt; --&gt; fin" in text


def test_srt_of_windows_is_read():
    (cue,) = read_captions("1\r\n00:00:01,5 --> 00:00:02,000\r\nÉté\r\n\r\n".encode("cp1252"), "a.srt")
    assert (cue.id, cue.start_ms, cue.end_ms, cue.text) == ("1", 1_500, 2_000, "Été")


@pytest.mark.parametrize(("data", "name"), [(b"WEBVTTx\n", "a.vtt"), (b"bonjour", "a.srt"), (b"", "a")])
def test_a_file_that_holds_no_captions_is_refused_with_a_cure(data, name):
    with pytest.raises(NotCaptions, match=r"\. (Write|Give)"):
        read_captions(data, name)


@given(st.binary(max_size=300))
def test_no_webvtt_raises(data):
    read_captions(b"WEBVTT\n\n" + data)


COUNTS = {
    "arrows": 6, "comment-in-cue-text": 2, "header-garbage": 1, "header-space": 1, "header-tab": 1, "header-timings": 1,
    "newlines": 4, "nulls": 7, "signature-bom": 0, "signature-no-newline": 0, "signature-timings": 0,
    "timings-60": 2, "timings-eof": 0,
    "timings-garbage": 0, "timings-omitted-hours": 3, "timings-too-long": 2, "timings-too-short": 2,
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTS)
def test_the_files_of_the_w3c_give_the_cues_of_the_w3c(name):
    file = REAL / "w3c-vtt" / f"{name}.vtt"
    if not file.exists():
        pytest.skip("the W3C's caption files lie beside the project only where it is developed")
    assert len(read_captions(file.read_bytes(), file.name)) == COUNTS[name]


def test_the_settings_of_the_w3c_are_read_as_valid_or_left_out():
    text = (
        "WEBVTT\n\nREGION\nid:foo\n\n"
        "00:00.000 --> 00:01.000 align:end align:CENTER position:1%,center line:-1 size:101%\na\n\n"
        "00:00.000 --> 00:01.000 region:foo\nb\n\n00:00.000 --> 00:01.000 region:bar vertical:up\nc\n"
    )
    settings = [cue.settings for cue in read_captions(text.encode())]
    assert settings == [{"align": "end", "position": "1%,center", "line": "-1"}, {"region": "foo"}, {}]
