"""A small project of its own for each test, built by the real MkDocs."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue.building.lock import only_one
from catalogue.building.progress import Silence
from catalogue.building.site import build_site
from catalogue.pages.plan import prepare
from catalogue.sheet import Audio, Sheet, Video, sheet_text

HOUSE = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
HEADINGS = {"fr": "## Transcription", "en": "## Transcript"}


class Project:
    """A project's folder, with words of its own and this house's catalogue."""

    def __init__(self, root, rendered=None):
        """`rendered` is the folder of another project's builds, in which MkDocs has rendered these same pages."""
        self.root, self.site = root, root / "site"
        for name in ("mkdocs.yml", "mkdocs_hook.py"):
            shutil.copyfile(HOUSE / name, root / name)
        (root / "catalogue").symlink_to(HOUSE / "catalogue")
        (root / "docs/masters").mkdir(parents=True)
        for lang, words in (("fr", "# Entretiens filmés\n\nBonjour."), ("en", "# Filmed interviews\n\nGood morning.")):
            self.write(f"docs/{lang}/index.md", words)
            self.write(f"docs/{lang}/about.md", f"# {lang} about\n\nWho we are.")
        if rendered is not None:
            shutil.copytree(rendered, root / "build", ignore=shutil.ignore_patterns("state", "entries", "lock"))

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def interview(self, slug, lang="fr", turns="Q : Oui ?\n\nANNE : Non, merci.", context="", **fields):
        said = {
            "title": f"{slug} in {lang}",
            "date": "2026-03-14",
            "summary": "Un résumé.",
            "spoken": "fr",
            "speakers": "[{key: Q, role: interviewer}, {key: ANNE, name: Anne Morin, function: essai}]",
        } | fields
        matter = "\n".join(f"{name}: {value}" for name, value in said.items())
        text = f"---\n{matter}\n---\n\n{context}\n\n{HEADINGS[lang]}\n\n{turns}\n"
        self.write(f"docs/{lang}/interviews/{slug}.md", text)

    def master(self, name, duration_ms=60_000):
        sheet = Sheet(
            id=name,
            version="0123456789ab",
            sha256="0123456789ab" + "0" * 52,
            bytes=42_300_000,
            container="mp4",
            duration_ms=duration_ms,
            video=Video(codec="h264", width=1280, height=720, frame_rate="25/1", frames=duration_ms // 40),
            audio=(Audio(codec="aac", sample_rate=48_000, channels=2, layout="stereo"),),
        )
        self.write(f"docs/masters/{name}.yml", sheet_text(sheet))

    def run(self, *command):
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False, timeout=120)

    def build(self, *arguments):
        return self.run(sys.executable, "-m", "duplex", "build", *arguments)

    def build_here(self, now=NOW, *, compress=False):
        """Builds in this process, with what MkDocs has rendered before."""
        plan = prepare(self.root, self.site, "http://127.0.0.1:8000", compress=compress)
        # As the command does: workers of a build that was killed hold the lock until they end.
        with only_one(plan.lock, print):
            return build_site(plan, now, Silence())[0]

    def mkdocs(self):
        return self.run(sys.executable, "-m", "mkdocs", "build", "-q")

    def page(self, path):
        return (self.site / path).read_text(encoding="utf-8")

    def files(self):
        return {
            file.relative_to(self.site).as_posix(): file.read_bytes() for file in self.site.rglob("*") if file.is_file()
        }


@pytest.fixture(scope="session")
def rendered(tmp_path_factory):
    """What MkDocs makes of the pages that every project begins with: seconds of work, done once."""
    first = Project(tmp_path_factory.mktemp("rendered"))
    result = first.build()
    assert result.returncode == 0, result.stderr
    return first.root / "build"


@pytest.fixture
def project(tmp_path, rendered):
    return Project(tmp_path, rendered)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """One project with every kind of interview, built once and only read."""
    made = Project(tmp_path_factory.mktemp("built"))
    made.master("phare")
    timed = "[00:00:01.000] Q : Oui ?\n\n[00:00:05.500] ANNE : Non, <b>merci</b>. Et @@title@@ ?\n\nQ : Fin ?"
    made.interview("phare", "fr", timed, master="phare", topics="[phares, mer]", reference="DPX-1", date="2026-03-01")
    made.interview("phare", "en", timed, master="phare", topics="[lighthouses]", reference="DPX-1", date="2026-03-01")
    evil = "<script>alert(1)</script>"
    made.interview("seul", "fr", title=f"'{evil} & Cie'", topics="[mer]", context=f"{evil} [x](javascript:alert(1))")
    made.interview("secret", "fr", embargo="2999-01-01T00:00:00+01:00", title="Rien avant 2999", topics="[lune]")
    made.interview("retire", "fr", withdrawn="à la demande de l’intervenante", title="Titre retiré", date="2020-01-01")
    made.write("docs/topics.yml", "- {fr: phares, en: lighthouses}\n- {fr: lune, en: moon}\n")
    made.write("docs/fr/interviews/phare.timing.json", "{}")
    made.write("docs/fr/images/plan.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    result = made.mkdocs()
    assert result.returncode == 0, result.stderr
    return made
