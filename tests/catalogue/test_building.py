"""Building twice, building with mistakes, and publishing file by file."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from catalogue.building.publishing import NotASite, check_site
from catalogue.building.templating import template_fault
from catalogue.reading.archive import read_archive
from catalogue.workers import spread
from tests.catalogue.conftest import HOUSE, NOW


def problems(project, now=NOW):
    return [str(problem) for problem in read_archive(project.root, now).problems]


def test_a_mistake_names_every_page_and_leaves_the_site_that_stood(project):
    project.interview("phare")
    assert project.build().returncode == 0
    before = project.files()
    project.interview("aube", turns="[00:00:02.000] BERTHE : Oui.")
    project.interview("brume", date="2026-02-31")
    project.write("docs/en/about.md", "Été".encode("latin-1"))
    for result in (project.build(), project.mkdocs()):
        assert result.returncode == 1
        said = result.stdout + result.stderr
        for place in (
            "fr/interviews/aube.md:13: unknown",
            "fr/interviews/brume.md:3: date",
            "en/about.md:1: not UTF-8",
        ):
            assert f"docs/{place}" in said
        assert "Traceback" not in said
    assert project.files() == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fine\n{{ nothing.at_all }}", "home.html:2: 'nothing' is undefined. Mend the template;"),
        ("{{ 'fine' }}\n\n{% if %}", "home.html:3: Expected an expression, got 'end of statement block'. Mend"),
        ("{% include 'gone.html' %}", "There is no template gone.html;"),
    ],
)
@pytest.mark.parametrize("workers", [1, 2], ids=["here", "in a worker"])
def test_a_template_that_fails_is_told_with_its_line_wherever_it_failed(tmp_path, text, told, workers):
    (tmp_path / "home.html").write_text(text)
    templates = Environment(loader=FileSystemLoader(tmp_path), undefined=StrictUndefined)
    with pytest.raises(TemplateError) as caught:
        list(spread(lambda _: templates.get_template("home.html").render(), [1, 2], workers))
    assert template_fault(caught.value).startswith(told)


def test_a_broken_template_stops_the_build_with_one_sentence(project):
    (project.root / "catalogue").unlink()
    shutil.copytree(HOUSE / "catalogue", project.root / "catalogue", ignore=shutil.ignore_patterns("__pycache__"))
    (project.root / "catalogue/templates/home.html").write_text("{{ nothing }}")
    result = project.build()
    (line,) = result.stderr.splitlines()
    assert (result.returncode, line.startswith("duplex: home.html:1: 'nothing' is undefined.")) == (1, True), line
    assert project.files() == {}


def test_a_place_that_cannot_be_worked_in_stops_the_build_with_one_sentence(project):
    shutil.rmtree(project.root / "build", ignore_errors=True)
    (project.root / "build").touch()
    result = project.build()
    (line,) = result.stderr.splitlines()
    assert (result.returncode, line.startswith("duplex: the site cannot be built")) == (1, True), line


@pytest.mark.parametrize(
    "origin",
    ["https://x.example/archive", "x.example", "https://x:abc", "javascript:alert(1)", 'https://x.example"><b>'],
)
def test_an_origin_that_is_more_or_less_than_one_stops_the_build(project, monkeypatch, origin):
    monkeypatch.setenv("DUPLEX_ORIGIN", origin)
    result = project.build()
    assert result.returncode == 1
    assert (
        result.stderr
        == f"duplex: DUPLEX_ORIGIN is {origin}: write scheme and host only, like https://duplex.example.\n"
    )


def test_an_empty_setting_counts_as_absent(project, monkeypatch):
    for name in ("ORIGIN", "SITE", "COMPRESS"):
        monkeypatch.setenv(f"DUPLEX_{name}", "")
    project.interview("phare")
    for result in (project.build(), project.mkdocs()):
        assert (result.returncode, "rror" in result.stderr) == (0, False), result.stderr
    assert '<link rel="canonical" href="http://127.0.0.1:8000/about/">' in project.page("about/index.html")


def test_a_wish_for_compressed_files_that_is_neither_yes_nor_no_stops_both_builds(project, monkeypatch):
    monkeypatch.setenv("DUPLEX_COMPRESS", "maybe")
    sentence = "DUPLEX_COMPRESS is maybe: write true or false."
    by_us, by_mkdocs = project.build(), project.mkdocs()
    assert (by_us.returncode, by_us.stderr) == (1, f"duplex: {sentence}\n")
    assert (by_mkdocs.returncode, sentence in by_mkdocs.stdout + by_mkdocs.stderr) == (1, True), by_mkdocs
    assert project.files() == {}
    for word in ("on", "off"):
        monkeypatch.setenv("DUPLEX_COMPRESS", word)
        assert project.build().returncode == 0
        assert ("about/index.html.gz" in project.files()) is (word == "on")


def test_only_what_changed_is_written_and_what_is_gone_is_deleted(project):
    project.interview("phare")
    project.interview("brume")
    assert project.build().returncode == 0
    before = {path: (project.site / path).stat().st_mtime_ns for path in project.files()}
    project.interview("phare", turns="Q : Oui ?\n\nANNE : Peut-être pas.")
    (project.root / "docs/fr/interviews/brume.md").unlink()
    assert project.build().returncode == 0
    after = project.files()
    assert "interviews/brume/index.html" not in after
    assert not (project.site / "interviews/brume").exists()
    assert "Peut-être pas." in project.page("interviews/phare/index.html")
    same = ["about/index.html", "404.html", "en/about/index.html"]
    assert [(project.site / path).stat().st_mtime_ns for path in same] == [before[path] for path in same]


def test_a_lost_site_is_made_again(project):
    project.interview("phare")
    project.build()
    before = project.files()
    (project.site / "index.html").unlink()
    assert project.build().returncode == 0
    assert project.files() == before


def test_an_embargo_ends_at_its_moment_without_any_other_change(project):
    project.interview("phare", embargo="2026-06-01T10:00:00+02:00")

    def seen(now):
        return [one.slug for one in read_archive(project.root, now).interviews]

    assert seen(NOW - timedelta(seconds=1)) == []
    assert seen(NOW) == ["phare"]


def test_a_build_publishes_an_interview_at_its_hour_and_a_withdrawal_takes_it_back(project):
    hour = datetime(2999, 1, 1, tzinfo=UTC)
    turns = "[00:00:01.000] Q : Et le quetzalcoatl ?\n\n[00:00:05.000] ANNE : Il vole."
    fields = {"title": "Quetzalcoatl", "topics": "[quetzalcoatl]", "master": "quetzalcoatl", "place": "Quetzalcoatl"}
    project.master("quetzalcoatl")
    project.interview("seul")

    def write(**more):
        for lang in ("fr", "en"):
            project.interview("quetzalcoatl", lang, turns, **fields, **more)

    def told():
        return [name for name, data in project.files().items() if b"quetzalcoatl" in (name.encode() + data).lower()]

    write(embargo=hour.isoformat())
    assert project.build().returncode == 0
    assert told() == []
    project.build_here(hour - timedelta(seconds=1))
    assert told() == []
    project.build_here(hour)
    kinds = ("captions.vtt", "catalogue.json", "feed.xml", "topics/quetzalcoatl/index.html", "sitemaps/lists.xml")
    assert {*kinds, "interviews/index.html", "search/index.html"} <= {
        name.split("quetzalcoatl/")[-1] for name in told()
    } | {*told()}
    write(embargo=hour.isoformat(), withdrawn="sur demande")
    project.build_here(hour)
    assert told() == ["en/interviews/quetzalcoatl/index.html", "interviews/quetzalcoatl/index.html"]


def test_a_page_where_the_catalogue_writes_a_list_is_told(project):
    project.interview("phare", topics="[mer]")
    for lang in ("fr", "en"):
        project.write(f"docs/{lang}/topics.md", "# Mine")
    result = project.build()
    assert result.returncode == 1
    assert "docs/fr/topics.md:1: the catalogue writes /topics/ itself. Give this file another name" in result.stderr
    assert project.files() == {}


def test_two_spellings_of_one_speaker_are_a_warning(project):
    project.interview("a", speakers="[{key: Q, role: interviewer}, {key: ANNE, name: Zoe Rio}]")
    project.interview("b", speakers="[{key: Q, role: interviewer}, {key: ANNE, name: Zoé Rio}]")
    (line,) = problems(project)
    assert line.startswith("docs/fr/interviews/b.md:1: warning: “Zoé Rio” and “Zoe Rio” in docs/fr/interviews/a.md")


def test_twins_that_disagree_are_told_with_their_lines(project):
    project.master("a")
    project.master("b")
    project.interview("phare", "fr", master="a")
    project.interview("phare", "en", master="b", date="2026-03-15", spoken="en")
    said = problems(project)
    assert [line.partition(": ")[0] for line in said] == [
        "docs/en/interviews/phare.md:3",
        "docs/en/interviews/phare.md:5",
        "docs/en/interviews/phare.md:7",
    ]


def test_an_embargo_on_one_twin_only_is_an_error(project):
    project.interview("phare", "fr", embargo="2999-01-01T00:00:00+01:00")
    project.interview("phare", "en")
    assert any("embargo is absent here" in line for line in problems(project))


@pytest.mark.parametrize("slug", ["Phare", "phare d-ete", "phare_2", "été", "index", "phare--2"])
def test_a_name_that_is_no_address_is_told(project, slug):
    project.interview(slug)
    assert problems(project)[0].startswith(f"docs/fr/interviews/{slug}.md:1: “{slug}” is no name")


def test_two_names_that_differ_by_case_only_are_told(project):
    project.interview("phare", "fr")
    project.interview("Phare", "en")
    assert ["differs from" in line for line in problems(project)] == [True, True]


def test_an_unknown_master_a_late_time_and_a_doubled_reference_are_told(project):
    project.master("phare-2026")
    project.interview("a", master="phare-2025", reference="DPX-1")
    project.interview("b", master="phare-2026", reference="DPX-1", turns="[00:02:00.000] Q : Oui ?")
    said = problems(project)
    assert "docs/fr/interviews/a.md:7: no sheet docs/masters/phare-2025.yml" in said[0]
    assert "Did you mean “phare-2026”?" in said[0]
    assert "docs/fr/interviews/b.md:8: the reference DPX-1" in said[1]
    assert "docs/fr/interviews/b.md:15: [00:02:00.000] is beyond the end of the film (00:01:00.000)" in said[2]


def test_a_sheet_that_is_none_is_told(project):
    project.write("docs/masters/phare.yml", "id: [")
    assert problems(project)[0].startswith("docs/masters/phare.yml:1: this is no asset sheet")


def test_files_that_nobody_reads_are_named(project):
    project.interview("phare")
    for name in ("digue.md.txt", "digue.MD", "fare.timing.json", "phare.md~", ".phare.md.swp"):
        project.write(f"docs/fr/interviews/{name}", "{}")
    digue, renamed, fare = problems(project)
    assert digue.startswith("docs/fr/interviews/digue.MD:1: warning: not read. Name a page `.md`")
    assert renamed.startswith("docs/fr/interviews/digue.md.txt:1: warning: ")
    assert fare.startswith("docs/fr/interviews/fare.timing.json:1: warning: no fare.md beside these times")


def test_a_sheet_without_a_page_is_no_problem(project):
    project.master("phare")
    assert problems(project) == []


def test_an_editorial_page_without_twin_is_a_warning_that_strict_makes_an_error(project):
    project.interview("phare")
    project.write("docs/fr/plus.md", "# Plus")
    assert project.build("--strict").returncode == 1
    result = project.build()
    assert result.returncode == 0
    assert "docs/fr/plus.md:1: warning: no docs/en/plus.md" in result.stderr


def test_a_folder_that_is_no_site_is_never_cleared(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(NotASite, match="Empty it"):
        check_site(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]
