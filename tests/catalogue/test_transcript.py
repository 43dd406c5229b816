"""The grammar of turns, through `read_transcript` and `read_page`."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalogue.interview import Speaker
from catalogue.reading.transcript import end_turns, lines_of, read_transcript
from catalogue.timecode import format_clock

SPEAKERS = (Speaker(key="Q", role="interviewer"), Speaker(key="CLAIRE DUVAL", name="Claire Duval"))


def read(text, speakers=SPEAKERS):
    return read_transcript(lines_of(text), speakers)


def words(text):
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("gap", ["", " ", "\u00a0", "\u202f", "\u202f "])
def test_any_space_or_none_may_stand_before_the_colon(gap):
    reading = read(f"Q{gap}: Oui ?\n\nCLAIRE DUVAL{gap}: Non.")
    assert [(turn.key, turn.paragraphs) for turn in reading.turns] == [("Q", ("Oui ?",)), ("CLAIRE DUVAL", ("Non.",))]
    assert reading.problems == ()


def test_a_turn_keeps_every_paragraph_and_joins_wrapped_lines():
    (turn,) = read("Q : un\ndeux\n\ntrois\r\n\r\nquatre").turns
    assert turn.paragraphs == ("un deux", "trois", "quatre")


def test_a_timed_turn_is_named_after_its_milliseconds_and_another_after_its_place():
    reading = read("[00:00:04.200] Q : a\n\nCLAIRE DUVAL : b")
    assert [(turn.id, turn.start_ms) for turn in reading.turns] == [("t4200", 4200), ("turn-2", None)]


def test_two_turns_at_one_moment_keep_different_names_and_are_reported():
    reading = read("[00:00:04.200] Q : a\n\n[00:00:04.200] CLAIRE DUVAL : b")
    assert [turn.id for turn in reading.turns] == ["t4200", "t4200-2"]
    assert [problem.line for problem in reading.problems] == [3]


@pytest.mark.parametrize(
    "line", ["Note : ceci est une phrase.", "Il dit : non.", "http://example.org", "12:30, déjà.", "[rires] Ah : bon"]
)
def test_a_paragraph_that_holds_a_colon_is_no_turn(line):
    reading = read(f"Q : Oui ?\n\n{line}")
    assert len(reading.turns) == 1
    assert reading.turns[0].paragraphs == ("Oui ?", line)
    assert reading.problems == ()


def test_an_unknown_speaker_is_reported_with_a_close_key_and_keeps_its_words():
    reading = read("Q : Oui ?\n\nCLAIR DUVAL : Non.")
    assert [turn.paragraphs for turn in reading.turns] == [("Oui ?",), ("Non.",)]
    (problem,) = reading.problems
    assert problem.line == 3
    assert "CLAIR DUVAL" in problem.message
    assert "“CLAIRE DUVAL”" in problem.message


def test_a_key_is_read_exactly_as_listed():
    reading = read("Q : Oui ?\n\nClaire Duval : Non.")
    assert len(reading.turns) == 1
    assert [(problem.severity, problem.line) for problem in reading.problems] == [("warning", 3)]


@pytest.mark.parametrize("stamp", ["00:75:01.000", "00:00:01", "1:02.5", "00:00:0x.000", "00:00:61.000"])
def test_a_malformed_time_is_reported_where_it_stands_and_the_turn_is_kept(stamp):
    reading = read(f"Q : Oui ?\n\n[{stamp}] CLAIRE DUVAL : Non.")
    assert reading.turns[1].start_ms is None
    assert reading.turns[1].paragraphs == ("Non.",)
    assert [problem.line for problem in reading.problems] == [3]


def test_time_that_goes_back_is_reported():
    reading = read("[00:00:09.000] Q : a\n\n[00:00:02.000] CLAIRE DUVAL : b\n\n[00:00:03.000] Q : c")
    assert [problem.line for problem in reading.problems] == [3, 5]
    assert "time goes back" in reading.problems[0].message


def test_words_before_the_first_turn_are_reported_and_kept():
    reading = read("Bonjour.\n\nQ : Oui ?")
    assert reading.turns[0].paragraphs == ("Bonjour.",)
    assert [problem.line for problem in reading.problems] == [1]


def test_a_transcript_without_a_turn_is_reported():
    assert [problem.line for problem in read("\n\n").problems] == [1]


def test_the_longest_key_wins():
    speakers = (Speaker(key="ANNE", name="Anne"), Speaker(key="ANNE MARIE", name="Anne-Marie"))
    assert read("ANNE MARIE : Oui.", speakers).turns[0].name == "Anne-Marie"


def test_a_turn_ends_where_the_next_timed_turn_starts_and_the_last_at_the_end_of_the_film():
    turns = read("[00:00:01.000] Q : a\n\n[00:00:02.000] CLAIRE DUVAL : b\n\nQ : c").turns
    assert [turn.end_ms for turn in end_turns(turns, 9_000)] == [2_000, 9_000, None]
    assert [turn.end_ms for turn in end_turns(turns, None)] == [2_000, None, None]


@given(st.text())
def test_no_input_raises_and_no_word_is_lost(text):
    reading = read(text)
    kept = " ".join(f"{turn.key} {' '.join(turn.paragraphs)}" for turn in reading.turns)
    # Keys and times are told apart from words, so every word read is a word written, in the same order.
    written = iter(words(text))
    assert all(word in written for word in words(kept))


LINES = st.sampled_from(
    ["", "Q : un", "CLAIRE DUVAL\u202f: deux trois", "quatre : cinq", "[00:00:01.000] Q: six",
    "[00:75:00.000] Q : sept",
    "OTAN : huit",
     "[00:00:02.500] neuf", "[rires] dix", "# onze", "Q :", "- douze"]
)  # fmt: skip


@given(st.lists(LINES, max_size=12))
def test_no_spoken_word_is_lost_whatever_the_lines(lines):
    spoken = set(words("un deux trois quatre cinq six sept huit neuf rires dix onze douze"))
    turns = read("\n".join(lines)).turns
    got = [word for turn in turns for paragraph in turn.paragraphs for word in words(paragraph) if word in spoken]
    assert got == [word for line in lines for word in words(line) if word in spoken]


def written(turns):
    """The turns as an editor writes them."""
    text = ""
    for turn in turns:
        stamp = "" if turn.start_ms is None else f"[{format_clock(turn.start_ms)}] "
        text += (f"{stamp}{turn.key} : " if turn.key else "") + "\n\n".join(turn.paragraphs) + "\n\n"
    return text


@given(st.lists(LINES, max_size=12))
def test_what_was_read_can_be_written_and_read_again(lines):
    def said(turns):
        return [(turn.key, turn.start_ms, turn.paragraphs) for turn in turns]

    reading = read("\n".join(lines))
    # Such a line is an error, and its time may claim the colon of the line below once both are one paragraph.
    assume(not any("a time without a speaker" in problem.message for problem in reading.problems))
    assert said(read(written(reading.turns)).turns) == said(reading.turns)


def test_names_of_turns_are_unique_whatever_the_times():
    turns = read("\n\n".join(["[00:00:01.000] Q : a"] * 4)).turns
    assert len({turn.id for turn in turns}) == 4


def test_a_control_character_is_reported():
    assert [problem.line for problem in read("Q : a\x00b").problems] == [1]
