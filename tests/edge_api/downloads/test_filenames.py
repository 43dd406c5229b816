"""Names of downloaded files: what a person reads in their folder, whatever the title holds."""

import re
from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_api.downloads.filenames import clip_name, content_disposition, film_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("La lampe de Men Tensel", "La lampe de Men Tensel.mp4"),
        ("« Où va l’île ? »", "Où va l’île.mp4"),
        ("L’œuvre « à côté », n° 2", "L’œuvre à côté, n° 2.mp4"),
        ("Cœur : dehors/dedans", "Cœur - dehors - dedans.mp4"),
        ("../../etc/passwd", "etc - passwd.mp4"),
        ("C:\\films\\nul", "C - films - nul.mp4"),
        ("deux\r\nlignes\0", "deux lignes.mp4"),
        ("e\u0301te\u0301", "été.mp4"),
        ("...", "film.mp4"),
        ("x" * 300, "x" * 80 + ".mp4"),
    ],
)
def test_a_film_is_named_after_its_title(title: str, name: str) -> None:
    assert film_name(title, ".mp4") == name


def test_a_passage_carries_its_timecodes() -> None:
    name = clip_name("La lampe de Men Tensel", "10:01:18:02", "10:01:32:03", ".mov")
    assert name == "La lampe de Men Tensel 10.01.18.02-10.01.32.03.mov"
    assert clip_name("A", "00:01:00;02", "00:01:01;00", ".mp4") == "A 00.01.00.02-00.01.01.00.mp4"


def test_accents_are_kept_for_those_who_read_them_and_spelled_for_those_who_do_not() -> None:
    assert content_disposition("Cœur d’été.mp4") == (
        "attachment; filename=\"Coeur d'ete.mp4\"; filename*=UTF-8''C%C5%93ur%20d%E2%80%99%C3%A9t%C3%A9.mp4"
    )
    assert 'filename="film.mp4"' in content_disposition("Ωκεανός.mp4")


@given(st.text(max_size=120))
def test_no_title_breaks_the_header_or_leaves_the_folder(title: str) -> None:
    """Requirement 42."""
    name = film_name(title, ".mp4")
    assert not re.search(r'[\\/:*?"<>|\x00-\x1f]', name)
    assert name[0] not in ". "
    assert 4 < len(name) <= 84
    header = content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    read = Message()
    read["Content-Disposition"] = header.partition("; filename*")[0]
    assert read.get_filename()
    assert unquote(header.partition("''")[2]) == name
