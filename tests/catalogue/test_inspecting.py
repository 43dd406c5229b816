"""A site looked over before it is brought up to date: all of a small one, the changed folders of a large one."""

import os
import shutil
import time
from pathlib import PurePath

import pytest

from catalogue.building import inspecting
from catalogue.building.inspecting import inspect
from catalogue.building.outline import load_outline
from catalogue.building.state import load_state
from catalogue.pages.plan import prepare

_HOUR_NS = 3_600_000_000_000


@pytest.fixture
def large(project, monkeypatch):
    """A site that counts as a large one; tells what an inspection finds some hours after its build."""
    monkeypatch.setattr(inspecting, "_MANY", 0)
    project.interview("phare")
    project.build_here()

    def found(hours=1):
        memory = prepare(project.root, project.site, "http://127.0.0.1:8000").state
        return inspect(project.site, memory, time.time_ns() + hours * _HOUR_NS)

    project.found = found
    return project


def test_folders_that_were_changed_are_looked_into(large):
    assert not large.found().wrong
    assert not large.found().strangers
    page = large.site / "interviews/phare"
    (page / "captions.vtt").unlink()
    shutil.rmtree(large.site / "topics")
    # Moved over what stood, as a synchronising program does.
    (page / "new").write_bytes(b"x" * (page / "index.html").stat().st_size)
    os.replace(page / "new", page / "index.html")
    (large.site / "speakers/mine").mkdir()
    (large.site / "speakers/mine/stranger.html").write_text("mine")
    found = large.found()
    assert found.wrong == {"interviews/phare/captions.vtt", "interviews/phare/index.html", "topics/index.html"}
    assert found.strangers == ("speakers/mine/stranger.html",)
    before = large.files()
    large.build_here()
    assert large.found() == inspecting.Found(frozenset(), (), found.looked_ns)
    assert "speakers/mine/stranger.html" not in large.files()
    assert large.files().keys() == before.keys() - {"speakers/mine/stranger.html"} | found.wrong


def test_what_was_written_over_where_it_stood_is_found_within_a_day(large):
    (large.site / "about/index.html").write_text("defaced")
    assert not large.found().wrong
    later = large.found(hours=25)
    assert later.wrong == {"about/index.html"}
    assert later.looked_ns > large.found().looked_ns


def test_a_clock_that_was_set_back_has_all_looked_over(large):
    (large.site / "about/index.html").write_text("defaced")
    assert large.found(hours=-2).wrong == {"about/index.html"}


def test_an_outline_tells_of_a_memory_where_files_stand(project):
    project.interview("phare")
    project.interview("seul", "fr")
    project.build_here(compress=True)
    memory = prepare(project.root, project.site, "http://127.0.0.1:8000").state
    whole, outline = load_state(memory, project.site), load_outline(memory, project.site)
    assert outline.count() == whole.count() == len(dict(whole.outputs()))
    folders = {folder.as_posix() for name in whole.sizes() for folder in PurePath(name).parents}
    assert outline.places() == {"" if folder == "." else f"{folder}/" for folder in folders}
    assert load_outline(memory, project.root).places() == {""}
