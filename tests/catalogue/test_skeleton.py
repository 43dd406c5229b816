"""A new interview: a page that says what is missing, and is right once it is filled in."""

import sys
from datetime import date

import pytest

from catalogue.reading.parsing import read_page
from catalogue.reading.skeleton import skeleton

DAY = date(2026, 11, 30)


def read(text, lang):
    return read_page(text.encode(), path="p.md", slug="p", lang=lang)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", ["Claire Duval", "Paul O'Neil: dit [Paulo]", "No", 'Anne "Nan" Ó Riain', "{x} # y"])
def test_a_skeleton_tells_what_is_missing_and_is_right_when_filled_in(lang, name):
    text = skeleton(lang, DAY, spoken="fr", speakers=[name, "Zoé"], master="phare-2026")
    told = [(problem.line, problem.severity) for problem in read(text, lang).problems]
    assert told == [(2, "error"), (5, "error"), (20, "warning"), (22, "warning")]
    filled = text.replace("title:", "title: Un phare").replace("summary:", "summary: Une lampe.")
    lines = [f"{line} Oui." if line.startswith("[00:") else line for line in filled.split("\n")]
    page = read("\n".join(lines), lang)
    assert page.problems == ()
    assert [speaker.name for speaker in page.interview.answering] == [name, "Zoé"]
    assert (page.interview.master, page.interview.date, page.interview.spoken) == ("phare-2026", DAY, "fr")
    assert [turn.start_ms for turn in page.interview.turns] == [0, 10_000]
    assert page.interview.turns[1].name == name


def test_without_a_name_the_name_is_asked_for():
    told = [problem.message for problem in read(skeleton("fr", DAY, spoken="en"), "fr").problems]
    assert any("“NOM” has no name" in message for message in told)


def test_both_pages_are_written_once_and_nothing_is_overwritten(project):
    def new(*arguments):
        return project.run(sys.executable, "-m", "duplex", "new", *arguments)

    written = new("phare", "--speaker", "Anne Morin", "--speaker", "Paul Rio")
    assert written.stdout.split() == ["docs/fr/interviews/phare.md", "docs/en/interviews/phare.md"]
    french = (project.root / "docs/fr/interviews/phare.md").read_text()
    assert "name: Paul Rio" in french
    (project.root / "docs/fr/interviews/phare.md").unlink()
    again = new("phare")
    assert (again.returncode, again.stderr.split(" stands")[0]) == (1, "duplex: docs/en/interviews/phare.md")
    assert not (project.root / "docs/fr/interviews/phare.md").exists()
    assert "is no name for an address" in new("../phare").stderr
