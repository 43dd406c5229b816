"""The made-up archive of the benchmarks: always the same, and like what it stands for."""

import re
import sys

import pytest

from bench.archive import LANGUAGES, TURNS, change_a_title, change_a_word, interview, page, write_archive
from bench.content import plain_page, read_interviews
from bench.contestants import words_of
from bench.measuring import CommandFailed, measure
from bench.snapshot import difference, snapshot
from catalogue.reading.parsing import read_page


def contents(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_small_archive_is_the_beginning_of_every_larger_one(tmp_path):
    write_archive(3, tmp_path / "three")
    write_archive(6, tmp_path / "six")
    three, six = contents(tmp_path / "three"), contents(tmp_path / "six")
    assert three.items() <= six.items()
    assert len([name for name in three if "/interviews/" in name]) == sum(len(interview(n).languages) for n in range(3))


def test_pages_have_the_length_and_the_turns_of_an_interview_and_nothing_to_mend():
    for number in range(6):
        for lang in interview(number).languages:
            text = page(interview(number), lang)
            read = read_page(text.encode(), path="p.md", slug="p", lang=lang)
            assert read.problems == ()
            assert len(read.interview.timed_turns) == TURNS
            spoken = " ".join(paragraph for turn in read.turns for paragraph in turn.paragraphs)
            assert 1_200 < len(spoken.split()) < 1_800


def test_french_is_accented_and_elided():
    french = [page(interview(number), "fr") for number in range(6) if "fr" in interview(number).languages]
    words = re.findall(r"[\w’]+", " ".join(french))
    assert sum("’" in word for word in words) > len(words) / 100
    assert sum(re.search("[éèêàçôûîœ]", word) is not None for word in words) > len(words) / 20


@pytest.mark.parametrize("change", [change_a_word, change_a_title])
def test_a_change_is_of_one_page(tmp_path, change):
    write_archive(3, tmp_path)
    before = contents(tmp_path)
    path = change(tmp_path, 1)
    after = contents(tmp_path)
    assert [name for name in before if before[name] != after[name]] == [path]


def test_other_builders_are_given_every_word(tmp_path):
    write_archive(2, tmp_path)
    for one in read_interviews(tmp_path, 2):
        given = plain_page(one, words_of(one.lang))
        assert [turn["text"] for turn in given["turns"]] == [list(turn.paragraphs) for turn in one.turns]
        said = [[" ".join(each["text"] for each in paragraph) for paragraph in turn["said"]] for turn in given["turns"]]
        assert said == [list(turn.paragraphs) for turn in one.turns]
    assert LANGUAGES == ("fr", "en")


def test_a_rewritten_file_is_told_from_a_changed_one(tmp_path):
    for name in ("same", "other", "left"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    before = snapshot(tmp_path)
    (tmp_path / "other").write_text("new", encoding="utf-8")
    (tmp_path / "more").write_text("new", encoding="utf-8")
    (tmp_path / "same").unlink()
    (tmp_path / "same").write_text("same", encoding="utf-8")
    did = difference(before, snapshot(tmp_path))
    assert (did.changed, did.rewritten) == (("more", "other"), ("same",))


def test_the_cost_of_a_command_is_that_of_all_its_processes(tmp_path):
    child = "x = bytearray(80_000_000); [i * i for i in range(2_000_000)]"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    cost = measure([sys.executable, "-c", parent], tmp_path)
    assert cost.peak_bytes > 80_000_000
    assert cost.cpu_seconds > 0.05
    with pytest.raises(CommandFailed, match="no such thing"):
        measure([sys.executable, "-c", "import sys; sys.exit('no such thing')"], tmp_path)
