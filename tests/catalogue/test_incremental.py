"""Builds one after another: each equals a clean one, touches nothing else, and survives being killed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import msgspec
import pytest

from catalogue.building.progress import Silence
from catalogue.building.publishing import Journal, resume
from catalogue.building.site import BrokenPages, build_site
from catalogue.pages.plan import prepare
from tests.catalogue.conftest import NOW

WORDS = ["phare", "mer", "vent", "pierre", "lampe", "quai", "brume", "marée", "lune", "sable", "corde", "voile"]


def stamps(project):
    return {
        file.relative_to(project.site).as_posix(): (file.stat().st_mtime_ns, file.stat().st_ino)
        for file in project.site.rglob("*")
        if file.is_file()
    }


def clean(project, tmp_path_factory, *arguments, rendered=None):
    """The files of a first build of the same words, in another folder."""
    other = type(project)(tmp_path_factory.mktemp("clean"), rendered)
    shutil.rmtree(other.root / "docs")
    shutil.copytree(project.root / "docs", other.root / "docs")
    result = other.build(*arguments)
    assert result.returncode == 0, result.stderr
    return other.files()


class Editor:
    """Somebody who writes, corrects, moves and withdraws, always in the same way for the same seed."""

    def __init__(self, project, seed):
        self.project, self.chance, self.slugs = project, random.Random(seed), []

    def write(self, slug):
        chance = self.chance
        said = " ".join(chance.choices(WORDS, k=12))
        turns = f"[00:00:01.000] Q : Oui ?\n\n[00:00:05.500] ANNE : {said}."
        name = chance.choice(["Anne Morin", "Paul Rio", "Zoé Le Gall"])
        fields = {
            "speakers": f"[{{key: Q, role: interviewer}}, {{key: ANNE, name: {name}}}]",
            "topics": f"[{chance.choice(WORDS[:4])}, {chance.choice(WORDS[4:6])}]",
            "date": f"20{chance.randint(10, 26)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
            "place": chance.choice(["Brest", "Sein", "Molène"]),
            "title": f"{slug} {chance.choice(WORDS)}",
        }
        if chance.random() < 0.5:
            fields["master"] = "film"
        if chance.random() < 0.2:
            fields["withdrawn"] = "sur demande"
        self.project.interview(slug, "fr", turns, **fields)
        english = self.project.root / f"docs/en/interviews/{slug}.md"
        if chance.random() < 0.7:
            self.project.interview(slug, "en", turns, **fields)
        else:
            english.unlink(missing_ok=True)

    def act(self):
        kind = self.chance.choice(["new", "new", "change", "change", "delete", "sheet", "page", "pairs"])
        if kind == "new" or not self.slugs:
            self.slugs.append(f"entretien-{len(list(self.project.root.rglob('*.md')))}-{self.chance.randint(0, 999)}")
            self.write(self.slugs[-1])
        elif kind == "change":
            self.write(self.chance.choice(self.slugs))
        elif kind == "delete":
            slug = self.slugs.pop(self.chance.randrange(len(self.slugs)))
            for lang in ("fr", "en"):
                (self.project.root / f"docs/{lang}/interviews/{slug}.md").unlink(missing_ok=True)
        elif kind == "sheet":
            self.project.master("film", duration_ms=self.chance.randint(6, 90) * 1000)
        elif kind == "page":
            for lang in ("fr", "en"):
                self.project.write(f"docs/{lang}/about.md", f"# About\n\n{self.chance.choice(WORDS)}")
        else:
            pair = self.chance.choice(WORDS[:4])
            self.project.write("docs/topics.yml", f"- {{fr: {pair}, en: {pair}}}\n")


def test_a_series_of_edits_makes_what_a_clean_build_makes(project, tmp_path_factory):
    project.master("film")
    editor = Editor(project, 2)
    for edits, arguments in ((20, ["--compress"]), (1, []), (3, ["--compress"]), (2, ["--compress"])):
        for _ in range(edits):
            editor.act()
        result = project.build(*arguments)
        assert result.returncode == 0, result.stderr
    assert project.files() == clean(project, tmp_path_factory, "--compress")


def test_one_changed_word_writes_its_page_and_nothing_that_does_not_show_it(project):
    for number in range(12):
        project.interview(f"page-{number:02d}", date=f"2026-01-{number + 1:02d}", topics=f"[sujet-{number // 4}]")
    project.build()
    before = stamps(project)
    project.interview(
        "page-03", date="2026-01-04", topics="[sujet-0]", turns="Q : Oui ?\n\nANNE : Non, jamais de la vie."
    )
    assert project.build().returncode == 0
    changed = {name for name, stamp in stamps(project).items() if before.get(name) != stamp}
    assert "interviews/page-03/index.html" in changed
    assert "interviews/page-03/transcript.txt" in changed
    assert not changed & {
        "interviews/page-11/index.html",
        "topics/sujet-2/index.html",
        "about/index.html",
        "index.html",
    }
    assert not any(name.startswith("interviews/page-10/") for name in changed)


def test_lists_change_with_what_is_said_of_no_interview(project):
    project.interview("phare", topics="[mer]")
    project.interview("phare", "en", topics="[sea]")
    project.build_here()
    before = project.page("topics/mer/index.html")
    project.write("docs/fr/index.md", "# Entretiens filmés\n\nBonsoir.")
    project.build_here()
    assert "Bonsoir" in project.page("index.html")
    project.write("docs/topics.yml", "- {fr: mer, en: sea}\n")
    project.build_here()
    assert 'href="/en/topics/sea/"' not in before
    assert 'href="/en/topics/sea/"' in project.page("topics/mer/index.html")


def test_a_file_that_somebody_spoiled_in_the_site_is_made_again(project):
    project.interview("phare")
    project.build()
    before = project.files()
    (project.site / "interviews/phare/index.html").write_text("defaced")
    for name in ("about/index.html", "interviews/phare/captions.vtt", "en/index.html"):
        (project.site / name).write_bytes(b"x" * len(before[name]))
    os.utime(project.site / "404.html")
    (project.site / "topics/index.html").unlink()
    (project.site / "stranger.html").write_text("mine")
    assert project.build().returncode == 0
    assert project.files() == before


def test_a_wrong_name_is_told_whenever_it_comes_and_as_long_as_it_stands(project):
    project.interview("phare", "fr")
    project.build_here()
    project.interview("Phare", "en")
    for _ in range(2):
        with pytest.raises(BrokenPages) as broken:
            project.build_here()
        assert "differs from phare.md by case only" in str(broken.value.problems)
    (project.root / "docs/en/interviews/Phare.md").unlink()
    project.interview("phare", "en")
    assert project.build_here().written


def test_a_site_that_is_gone_is_made_again_in_one_go(project):
    begun = []

    class Told(Silence):
        def begin(self, what, total=0):
            begun.append(what)

    project.interview("phare")
    project.build_here()
    before = project.files()
    shutil.rmtree(project.site)
    build_site(prepare(project.root, project.site, "http://127.0.0.1:8000"), NOW, Told())
    assert project.files() == before
    assert begun.count("Making interviews") == 1


def test_a_lost_memory_costs_a_build_and_rewrites_nothing(project):
    project.interview("phare")
    project.build()
    before = stamps(project)
    shutil.rmtree(project.root / "build")
    assert project.build().returncode == 0
    assert stamps(project) == before


def test_a_build_killed_anywhere_leaves_whole_files_and_the_next_one_is_right(project, tmp_path_factory, rendered):
    project.master("film")
    editor = Editor(project, 3)
    for number in range(24):
        editor.write(f"entretien-{number}")
    project.build_here(compress=True)
    old = project.files()
    for number in range(0, 24, 2):
        editor.write(f"entretien-{number}")
    new = clean(project, tmp_path_factory, "--compress", rendered=rendered)
    keep = project.root.with_name("keep")
    shutil.copytree(project.root, keep, symlinks=True)
    began = time.monotonic()
    project.build("--compress")
    lasts = time.monotonic() - began
    assert project.files() == new
    for part in (0.5, 0.75, 0.95):
        for name in ("site", "build"):
            shutil.rmtree(project.root / name)
            shutil.copytree(keep / name, project.root / name)
        run = subprocess.Popen(
            [sys.executable, "-m", "duplex", "build", "--compress"], cwd=project.root, stdout=subprocess.DEVNULL
        )
        try:
            run.wait(lasts * part)
        except subprocess.TimeoutExpired:
            os.kill(run.pid, signal.SIGKILL)
            run.wait()
        for name, data in project.files().items():
            assert data in (old.get(name), new.get(name)), name
        project.build_here(compress=True)
        assert project.files() == new


@pytest.mark.parametrize("done", range(5))
def test_a_move_stopped_at_any_file_is_ended_by_the_next_build(tmp_path, done):
    laid, site, journal = tmp_path / "next", tmp_path / "site", tmp_path / "journal"
    names = ("a/x.txt", "a/index.html", "b/index.html", "catalogue.json")
    for name in names:
        for folder, text in ((laid, "new"), (site, "old")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    (site / "gone.html").write_text("old")
    (tmp_path / "state.next").write_text("new")
    moves = ((str(laid), str(site)), (str(tmp_path / "state.next"), str(tmp_path / "state")))
    journal.write_bytes(msgspec.msgpack.encode(Journal(moves, (str(site / "gone.html"),))))
    for name in names[:done]:
        os.replace(laid / name, site / name)
    assert resume(journal)
    assert not resume(journal)
    found = {file.relative_to(site).as_posix(): file.read_text() for file in site.rglob("*") if file.is_file()}
    assert found == dict.fromkeys(names, "new")
    assert (tmp_path / "state").read_text() == "new"
    assert not laid.exists()
