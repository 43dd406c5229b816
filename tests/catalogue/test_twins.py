"""Compressed twins: beside every text that is worth it, always of the bytes that stand, gone with their file."""

import gzip

import brotli
import pytest

from tests.catalogue.conftest import Project

LONG = "Q : Oui ?\n\nANNE : " + "Non, merci bien. " * 200


def build(project, *, compress=True):
    return project.build_here(compress=compress)


def twins(project):
    """Every file with twins, having looked that they say the same."""
    files = project.files()
    names = {name.removesuffix(".gz") for name in files if name.endswith(".gz")}
    assert {f"{name}.br" for name in names} == {name for name in files if name.endswith(".br")}
    for name in names:
        assert gzip.decompress(files[f"{name}.gz"]) == files[name]
        assert brotli.decompress(files[f"{name}.br"]) == files[name]
    return names


@pytest.fixture(scope="module")
def compressed(tmp_path_factory, rendered):
    """A project that asked for twins from its first build on."""
    project = Project(tmp_path_factory.mktemp("compressed"), rendered)
    project.interview("phare", turns=LONG)
    project.interview("brume", turns=LONG)
    project.write("docs/fr/archive.txt", "mot " * 1000)
    project.write("docs/fr/archive.txt.gz", b"an editor's own")
    build(project)
    assert project.page("archive.txt.gz") == "an editor's own"
    assert not (project.site / "archive.txt.br").exists()
    (project.root / "docs/fr/archive.txt.gz").unlink()
    return project


def test_what_is_worth_it_has_twins(compressed):
    build(compressed)
    worth = twins(compressed)
    assert {"index.html", "interviews/phare/index.html", "interviews/phare/transcript.txt", "archive.txt"} <= worth
    sizes = {name: len(data) for name, data in compressed.files().items()}
    assert all(sizes[name] >= 1400 for name in worth)
    assert not [name for name in worth if name.endswith((".woff2", ".gz", ".br"))]


def test_only_what_changed_is_compressed_again_and_twins_go_with_their_file(compressed):
    build(compressed)
    before = {name: (compressed.site / name).stat().st_mtime_ns for name in compressed.files()}
    assert build(compressed).written == 0
    compressed.interview("phare", turns=LONG.replace("bien", "beaucoup"))
    (compressed.root / "docs/fr/interviews/brume.md").unlink()
    build(compressed)
    assert "interviews/phare/index.html" in twins(compressed)
    assert not [name for name in compressed.files() if "brume/" in name]
    same = ["about/index.html.gz", "404.html.br"]
    assert [(compressed.site / name).stat().st_mtime_ns for name in same] == [before[name] for name in same]
    assert (compressed.site / "interviews/phare/index.html.gz").stat().st_mtime_ns != before[
        "interviews/phare/index.html.gz"
    ]


def test_twins_that_are_lost_spoiled_or_no_longer_asked_for(compressed):
    build(compressed)
    before = compressed.files()
    (compressed.site / "interviews/phare/index.html.gz").unlink()
    (compressed.site / "index.html.br").write_bytes(b"defaced")
    assert build(compressed).written == 2
    assert compressed.files() == before
    plain = {name: data for name, data in before.items() if not name.endswith((".gz", ".br"))}
    assert build(compressed, compress=False).deleted == len(before) - len(plain)
    assert compressed.files() == plain
    assert build(compressed).written == len(before) - len(plain)
    assert compressed.files() == before
