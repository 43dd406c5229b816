"""Finer times beside a page: what captions and sentences make of them, and what is told when they do not fit."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.exports.captions import read_captions
from catalogue.exports.cues import cues_of
from catalogue.exports.excerpt import CUT, turns_within
from catalogue.interview import Turn
from catalogue.reading.archive import read_archive
from catalogue.reading.sentences import sentences_of
from catalogue.reading.timing import TurnTiming, Word, read_timing, timed

PATH = "docs/fr/interviews/phare.timing.json"
TEXT = "L’eau est brune. Le vent a tourné\u202f!"


def turn(text=TEXT, start=1_000, end=11_000):
    return Turn(id=f"t{start}", key="A", name="Anne", start_ms=start, end_ms=end, paragraphs=tuple(text.split("\n\n")))


def finer(one, *words):
    (found,), problems = timed([one], read_timing(file({"turn": one.id, "words": words}), PATH))
    return found, [problem.message for problem in problems]


def file(*turns):
    return json.dumps({"turns": turns}).encode()


def beginnings(one):
    return [sentence.start_ms for line in sentences_of(one) for sentence in line]


def shown(one):
    return [(cue.start_ms, cue.end_ms) for cue in cues_of([one])]


def test_words_rule_where_a_sentence_begins_and_the_stamp_where_its_turn_does():
    one, told = finer(
        turn(),
        [1_200, 1_300, "l'"],
        [1_300, 1_700, "eau"],
        [1_700, 1_900, "est"],
        [1_900, 2_400, "brune"],
        [8_000, 8_300, "le"],
        [8_300, 8_700, "vent"],
    )
    assert (beginnings(turn()), beginnings(one), told) == ([1_000, 5_705], [1_000, 8_000], [])


def test_whole_sentences_may_be_timed_and_what_is_not_timed_is_shared_by_letters():
    one, _ = finer(turn("Un deux. Trois quatre. Cinq six."), [1_000, 2_000, "Un deux."], [4_000, 6_000, "Trois quatre"])
    assert beginnings(one) == [1_000, 4_000, 6_000]
    one, _ = finer(turn("Un. Deux. Six."), [9_000, 10_000, "Six"])
    assert beginnings(one) == [1_000, 1_000 + 8_000 * 2 // 6, 9_000]


def test_a_caption_leaves_in_a_long_pause_and_stays_through_a_short_one():
    long = "Une phrase assez longue pour remplir à elle seule tout un écran de sous-titres, oui."
    one, _ = finer(turn(f"{long} {long}"), [1_000, 3_000, long], [6_000, 10_000, long])
    assert [(start, end) for start, end in shown(one) if end == 3_000 or start == 6_000] != []
    assert shown(one)[-1][1] == 11_000
    one, _ = finer(turn(f"{long} {long}"), [1_000, 5_000, long], [6_000, 9_000, long])
    ends = [end for _, end in shown(one)]
    assert 6_000 in ends
    assert 5_000 not in ends
    assert ends[-1] == 9_000


def test_a_passage_is_cut_at_the_words_that_are_timed():
    long = "Une phrase assez longue pour remplir à elle seule tout un écran de sous-titres, oui."
    one, _ = finer(turn(f"{long} Puis {long}"), [1_000, 3_000, long], [8_000, 10_000, f"Puis {long}"])
    (heard,) = turns_within([one], 1_000, 7_600)
    assert (heard.paragraphs, heard.moments) == ((f"{long} {CUT}",), ())
    (heard,) = turns_within([turn(f"{long} Puis {long}")], 1_000, 7_600)
    assert heard.paragraphs != (f"{long} {CUT}",)


def test_corrected_words_cost_only_their_own_times():
    words = [[1_100, 1_300, "leau"], [2_000, 2_100, "est"], [3_000, 3_100, "verte"]]
    words += [[7_000, 7_200, "Le"], [7_200, 7_400, "vent"], [7_500, 7_600, "a"], [7_700, 7_900, "tourné"]]
    one, told = finer(turn(), *words)
    assert beginnings(one) == [1_000, 7_000]
    assert told == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            [[1_000, 2_000, "Autre"], [2_000, 3_000, "chose"]],
            "most words timed for “t1000” are not said there any more",
        ),
        ([[1_000, 2_000, "L’eau"], [12_000, 13_000, "est"]], "“est” at [00:00:12.000] is outside its turn"),
    ],
)
def test_times_that_do_not_fit_the_page_are_a_warning(words, said):
    _, (told,) = finer(turn(), *words)
    assert told.startswith(said)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{"turns": [\n{"turn": "t1"},\n{"turn": 3}]}', 3, "Expected `str`, got `int`"),
        ('{"turns": [\n{"turn": "t1", "words": [\n[1, 2]]}]}', 2, "this is no timing of a turn"),
        ('{"turns": [\n\n{"turn": "t1"}', 3, "this is no timing"),
        ('{\n"turn": []}', 1, "unknown field `turn`"),
        ("[]", 1, "this is no timing"),
        ("", 1, "this is no timing"),
        ('{"turns": [\n{"turn": "t1", "words": [[5, 5, "a"]]}]}', 2, "“a” ends at 5 ms, and begins at 5"),
        ('{"turns": [{"turn": "t1", "words": [[0, 9, "a"], [5, 8, "b"]]}]}', 1, "“b” begins at 5 ms, before “a” ends"),
        ('{"turns": [{"turn": "t1", "words": [[-1, 9, "a"]]}]}', 1, ">= 0"),
        ('{"turns": [\n{"turn": "t1"},\n{"turn": "t1"}]}', 3, "timed twice"),
        ("[" * 5_000, 1, "this is no timing"),
        ('{"turns": [\n"\udcff"', 2, "not UTF-8"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(text, line, said):
    (problem,) = read_timing(text.encode("utf-8", "surrogateescape"), PATH).problems
    assert (problem.path, problem.line, problem.severity) == (PATH, line, "error")
    assert said in problem.message


def test_an_empty_file_of_braces_says_nothing_and_is_right():
    assert read_timing(b"{}", PATH) == read_timing(b'\xef\xbb\xbf{"version": 1, "turns": []}', PATH)


@given(st.binary(max_size=200))
def test_no_bytes_raise(data):
    read_timing(data, PATH)
    read_timing(b'{"turns": [' + data + b"]}", PATH)


TIMES = st.lists(st.integers(0, 12_000), max_size=12, unique=True).map(sorted)


@given(
    st.lists(st.sampled_from(["Un.", "Deux\u202f!", "trois", "l’eau", "…", "Été 42"]), min_size=1, max_size=12), TIMES
)
def test_whatever_is_timed_moments_go_forward_and_cues_never_overlap(said, times):
    words = [[start, end, text] for start, end, text in zip(times[::2], times[1::2], said[::-1], strict=False)]
    one, _ = finer(turn(" ".join(said)), *words)
    moments = beginnings(one)
    assert moments == sorted(moments)
    assert moments[0] == 1_000
    edges = [edge for cue in shown(one) for edge in cue]
    assert edges == sorted(edges)
    assert edges[0] == 1_000
    assert edges[-1] <= 11_000
    assert all(start < end for start, end in shown(one))


def test_a_timing_is_read_with_its_page_and_again_when_it_changes(project):
    turns = f"[00:00:01.000] ANNE : {TEXT}\n\n[00:00:11.000] Q : Oui ?"
    project.master("phare")
    for lang in ("fr", "en"):
        project.interview("phare", lang, turns, master="phare")
    project.write(PATH, file({"turn": "t1000", "words": [[8_000, 8_200, "Le"]]}))
    result = project.build()
    assert (result.returncode, result.stderr) == (0, "")
    assert '<span data-at="8000">Le vent' in project.page("interviews/phare/index.html")
    assert '<span data-at="5705">Le vent' in project.page("en/interviews/phare/index.html")
    beside = json.loads(project.page("interviews/phare/transcript.json"))["turns"]
    assert (beside[0]["moments"], "moments" in beside[1]) == ([[12, 14, 8_000, 8_200]], False)
    project.write(PATH, file({"turn": "t1000", "words": [[9_000, 9_200, "Le"]]}, {"turn": "t5"}))
    for result in (project.build(), project.build()):
        assert result.stderr.startswith(f"{PATH}:1: warning: no timed turn “t5” in the page")
    assert '<span data-at="9000">Le vent' in project.page("interviews/phare/index.html")
    cues = read_captions(project.page("interviews/phare/captions.vtt").encode())
    assert [cue.start_ms for cue in cues] == [1_000, 11_000]
    project.write(PATH, "{}")
    project.build()
    assert '<span data-at="5705">Le vent' in project.page("interviews/phare/index.html")


def test_an_embargoed_page_has_its_timing_checked(project):
    project.interview("phare", embargo="2999-01-01T00:00:00+01:00")
    project.write(PATH, file({"turn": "t5"}))
    (told,) = read_archive(project.root, datetime(2026, 6, 1, tzinfo=UTC)).problems
    assert "no timed turn “t5”" in told.message


def test_its_schema_is_published(built):
    schema = json.loads(built.page("timing.schema.json"))
    word = schema["$defs"]["Word"]
    assert [part["type"] for part in word["prefixItems"]] == ["integer", "integer", "string"]
    assert schema["$defs"]["Timing"].get("required", []) == []


def test_the_record_is_what_the_file_says():
    reading = read_timing(file({"turn": "t1", "words": [[0, 5, "a"]]}), PATH)
    assert reading.turns == ((TurnTiming("t1", (Word(0, 5, "a"),)), 1),)
