"""Places that cannot be written: full disks, and files that belong to somebody else."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.catalogue.hostile import PAGE
from tests.catalogue.launched import SECONDS, duplex


def test_a_place_that_cannot_be_written_is_told_in_one_sentence(project):
    project.interview("phare")
    code, lines = duplex(project, "build", DUPLEX_SITE="/proc/duplex/site")
    assert code == 1
    assert len(lines) == 1
    assert "/proc/duplex" in lines[0]


@contextmanager
def disk_at(folder):
    """A disk of memory whose size can be set; only root may mount one."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield lambda kilobytes: subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", folder], check=True)
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def small_disk(tmp_path):
    with disk_at(tmp_path) as resize:
        yield resize


def test_a_full_disk_is_told_and_the_site_that_stood_stays(small_disk, project):
    project.interview("phare")
    assert duplex(project, "build")[0] == 0
    stood = project.files()
    project.write("docs/fr/interviews/long.md", PAGE + "\nANNE : " + "mot " * 400_000 + "\n")
    state = os.statvfs(project.root)
    small_disk((state.f_blocks - state.f_bfree) * state.f_frsize // 1024 + 600)
    code, lines = duplex(project, "build")
    assert code == 1
    assert lines
    assert all(re.search("space", line) for line in lines)
    assert project.files() == stood
    small_disk(65_536)
    assert duplex(project, "build")[0] == 0
    assert "interviews/long/index.html" in project.files()


def test_a_disk_that_is_too_small_for_the_site_alone_leaves_it_as_it_was(project, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with disk_at(folder) as resize:
        site = folder / "site"
        project.interview("phare")
        assert duplex(project, "build", DUPLEX_SITE=str(site))[0] == 0
        stood = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
        for number in range(40):
            project.interview(f"digue-{number}")
        state = os.statvfs(folder)
        resize((state.f_blocks - state.f_bfree) * state.f_frsize // 1024 + 600)
        code, lines = duplex(project, "build", DUPLEX_SITE=str(site))
        assert code == 1
        assert re.search(r"No space left on device for \d+ MB more.*it is as it was", lines[0])
        assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == stood
        resize(65_536)
        assert duplex(project, "build", DUPLEX_SITE=str(site))[0] == 0
        assert (site / "interviews/digue-39/index.html").exists()


# Without the right of root to read and write everything.
HUMBLE = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
NOBODY = 65_534


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root can give files away")
def test_what_belongs_to_somebody_else_is_told_in_one_sentence(project):
    def humbly(*arguments):
        command = [*HUMBLE, sys.executable, "-m", "duplex", *arguments]
        done = subprocess.run(command, cwd=project.root, capture_output=True, check=False, text=True, timeout=SECONDS)
        assert "Traceback" not in done.stderr, done.stderr[-3000:]
        return done.returncode, done.stderr.splitlines()

    project.interview("phare")
    project.interview("phare", lang="en")
    assert humbly("build") == (0, [])
    os.chown(project.site / "interviews/phare", NOBODY, 0)
    project.interview("phare", turns="Q : Oui ?\n\nANNE : Non, jamais.")
    code, (line,) = humbly("build")
    assert (code, "only partly in the site" in line, "interviews/phare" in line) == (1, True, True)
    os.chown(project.site / "interviews/phare", 0, 0)
    assert humbly("build") == (0, [])
    assert b"jamais" in project.files()["interviews/phare/index.html"]
    for folder in ("docs/en/interviews", "build/staged"):
        os.chown(project.root / folder, NOBODY, 0)
        (project.root / folder).chmod(0o700)
    code, lines = humbly("check")
    assert (code, len(lines), "docs/en/interviews" in lines[0]) == (1, 1, True)
    (project.root / "docs/en/interviews").chmod(0o755)
    code, lines = humbly("new", "digue")
    assert (code, len(lines), "docs/en/interviews/digue.md" in lines[0]) == (1, 1, True)
    (project.root / "docs/fr/interviews/digue.md").unlink()
    project.write("docs/fr/about.md", "# Autre")
    code, lines = humbly("build")
    assert (code, len(lines), "build/staged" in lines[0]) == (1, 1, True)
