"""A page from its bytes: what is read, and what is reported with which line."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.reading.frontmatter import FrontMatter
from catalogue.reading.parsing import read_page

PAGE = """---
title: La lampe
date: 2026-03-14
place: Île de Sein
summary: Trente ans de veille.
spoken: fr
speakers:
  - {key: Q, role: interviewer}
  - {key: ANNE, name: Anne, function: gardienne}
topics: [phares]
---

Un *contexte*.

## Transcription

Q : Oui ?

ANNE : Non.
"""


def page(text, lang="fr"):
    data = text if isinstance(text, bytes) else text.encode()
    return read_page(data, path="docs/fr/interviews/x.md", slug="x", lang=lang)


def lines(text, severity="error"):
    return [problem.line for problem in page(text).problems if problem.severity == severity]


def test_a_right_page_has_no_problem():
    read = page(PAGE)
    assert read.problems == ()
    assert read.interview.title == "La lampe"
    assert read.interview.context == "Un *contexte*."
    assert [turn.line for turn in read.interview.turns] == [17, 19]


def test_windows_lines_and_a_byte_order_mark_change_nothing():
    other = page(b"\xef\xbb\xbf" + PAGE.replace("\n", "\r\n").encode())
    assert other == page(PAGE)


def test_a_decomposed_key_is_the_composed_one():
    text = PAGE.replace("key: ANNE", "key: ÉLIE").replace("ANNE :", "E\u0301LIE :")
    assert page(text).problems == ()


@pytest.mark.parametrize(
    ("wrong", "right", "line", "said"),
    [
        ("title: La lampe\n", "", 1, "no title"),
        ("title: La lampe", "title: ' '", 2, "no title"),
        ("2026-03-14", "2026-02-31", 3, "YYYY-MM-DD"),
        ("spoken: fr", "spoken: français", 6, "spoken"),
        ("spoken: fr", "spokn: fr", 6, "Did you mean `spoken`?"),
        ("topics: [phares]", "topics: phares", 10, "list"),
        ("topics: [phares]", "embargo: 2026-12-01T09:00:00", 10, "offset"),
        ("topics: [phares]", "master: Phare 2026", 10, "id of an ingested master"),
        ("name: Anne, ", "", 9, "no name"),
        ("key: ANNE", "key: Q", 9, "listed twice"),
        ("role: interviewer", "role: journaliste", 8, "interviewer"),
        ("function: gardienne", "metier: gardienne", 9, "metier"),
        ("topics: [phares]", "topics: [phares", 10, "not YAML"),
        ("topics: [phares]", "title: Encore", 10, "written twice"),
        ("---\ntitle", "title", 1, "Begin the file"),
        ("\n---\n\nUn", "\n\nUn", 1, "never ends"),
        ("## Transcription", "# Transcription", 19, "no transcript"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_cure(wrong, right, line, said):
    problems = [problem for problem in page(PAGE.replace(wrong, right)).problems if problem.severity == "error"]
    assert (line, True) in [(problem.line, said in problem.message) for problem in problems]


def test_every_problem_is_told_at_once():
    text = PAGE.replace("title: La lampe\n", "").replace("2026-03-14", "hier").replace("ANNE : Non", "BERTHE : Non")
    assert lines(text) == [1, 2, 18]


def test_a_file_that_is_not_utf8_is_told_with_its_line():
    (problem,) = page(PAGE.encode("latin-1")).problems
    assert problem.line == 4
    assert "Save the file as UTF-8" in problem.message


def test_turns_are_read_although_the_front_matter_is_wrong():
    assert len(page(PAGE.replace("title: La lampe\n", "")).turns) == 2


def test_the_heading_of_the_other_language_is_a_warning():
    assert lines(PAGE.replace("## Transcription", "## Transcript"), "warning") == [15]


def test_a_withdrawn_page_needs_no_transcript():
    text = PAGE.partition("## Transcription")[0].replace("topics:", "withdrawn: à sa demande\ntopics:")
    assert page(text).problems == ()


def test_a_value_that_yaml_would_guess_stays_text():
    assert page(PAGE.replace("La lampe", "no")).interview.title == "no"
    assert page(PAGE.replace("La lampe", "2026")).interview.title == "2026"


def test_aliases_that_hold_themselves_end():
    assert lines(PAGE.replace("topics: [phares]", "topics: &a [*a]")) != []
    assert lines(PAGE.replace("topics: [phares]", "topics: " + "[" * 3000)) != []


@given(st.binary(max_size=400))
def test_no_bytes_raise(data):
    page(data)


@given(st.text(alphabet=st.sampled_from("---\n:[]{}&*!|>'\"aQ# \t,?%@`\x85\u2028"), max_size=80))
def test_no_front_matter_raises(text):
    page(f"---\n{text}\n---\n\n## Transcription\n\nQ : Oui ?\n")


def test_the_front_matter_has_a_json_schema():
    schema = msgspec.json.schema(FrontMatter)
    assert schema["$defs"]["FrontMatter"]["required"] == ["title", "date", "summary", "spoken", "speakers"]
