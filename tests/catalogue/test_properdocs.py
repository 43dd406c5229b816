"""The same project under ProperDocs, a fork of MkDocs that answers for it when plugins import it: the same site."""

import re
import shutil
import sys

import pytest


@pytest.fixture(scope="module")
def sites(tmp_path_factory, built):
    """The files of one project, built by MkDocs and by ProperDocs."""
    other = type(built)(tmp_path_factory.mktemp("properdocs"))
    shutil.rmtree(other.root / "docs")
    shutil.copytree(built.root / "docs", other.root / "docs")
    done = other.run(sys.executable, "-m", "properdocs", "build", "--quiet")
    assert done.returncode == 0, done.stderr
    return built.files(), other.files()


def test_properdocs_gives_the_same_addresses(sites):
    ours, theirs = sites
    assert theirs.keys() == ours.keys()
    assert "interviews/phare/index.html" in theirs


def test_properdocs_gives_the_same_anchors(sites):
    ours, theirs = sites
    for name in ours:
        if name.endswith(".html"):
            assert re.findall(rb'\bid="([^"]+)"', theirs[name]) == re.findall(rb'\bid="([^"]+)"', ours[name]), name


def test_properdocs_gives_the_same_search_index(sites):
    ours, theirs = sites
    index = [name for name in ours if name.startswith("search/") and not name.endswith(".html")]
    assert index
    assert {name: theirs[name] for name in index} == {name: ours[name] for name in index}


def test_properdocs_gives_every_byte_alike(sites):
    ours, theirs = sites
    assert [name for name in ours if theirs[name] != ours[name]] == []
