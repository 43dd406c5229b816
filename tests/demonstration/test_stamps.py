"""Stamps go in front of the turns that are heard, and no word of a page is touched."""

import re

import pytest

from demonstration.making import Places
from demonstration.script import page_path
from demonstration.speech import Speech
from demonstration.stamps import stamp_pages, stamped
from tests.demonstration.short import NAME, PAGE

_ENGLISH = PAGE.replace("## Transcription", "## Transcript").replace(" :", ":")


def test_heard_turns_get_their_time_and_the_others_none(speech: Speech) -> None:
    lines = stamped(PAGE, "fr", NAME, speech).split("\n")
    assert "[00:00:01.000] Q : Vous entendez ?" in lines
    assert "[00:00:02.000] CLAIRE DUVAL : « Oui. » Et puis [rires] non." in lines
    assert "Q : Encore une question, qui n’est pas dans le film." in lines


def test_only_stamps_are_inserted(speech: Speech) -> None:
    text = stamped(PAGE, "fr", NAME, speech)
    assert re.sub(r"(?m)^\[[\d:.]+\] ", "", text) == PAGE


def test_stamping_twice_is_stamping_once(speech: Speech) -> None:
    once = stamped(PAGE, "fr", NAME, speech)
    assert stamped(once, "fr", NAME, speech) == once


def test_new_times_take_the_place_of_old_ones(speech: Speech) -> None:
    old = PAGE.replace("Q : Vous", "[00:00:09.999] Q : Vous").replace("Q : Encore", "[00:01:00.000] Q : Encore")
    assert stamped(old, "fr", NAME, speech) == stamped(PAGE, "fr", NAME, speech)


def test_other_speakers_than_in_the_film_are_refused(speech: Speech) -> None:
    with pytest.raises(ValueError, match="other speakers"):
        stamped(PAGE.replace("Q : Vous", "CLAIRE DUVAL : Vous"), "fr", NAME, speech)


def test_both_languages_get_the_same_times(places: Places, speech: Speech) -> None:
    page_path(places.docs, "en", NAME).write_text(_ENGLISH)
    assert len(stamp_pages(places.docs, NAME, speech)) == 2
    times = [re.findall(r"(?m)^\[[\d:.]+\]", page_path(places.docs, lang, NAME).read_text()) for lang in ("fr", "en")]
    assert times[0] == times[1] == ["[00:00:01.000]", "[00:00:02.000]"]
    assert stamp_pages(places.docs, NAME, speech) == []
