"""The committed speech says what the pages say, when the pages say it, and can be heard there."""

from pathlib import Path

import numpy as np
import pytest

from demonstration.cast import FILMS, VOICES, Film
from demonstration.scenes.all import scene_of
from demonstration.script import heard_interview, page_path, read_interview, words_mark
from demonstration.speech import read_sound, read_speech, sound_path

_DOCS = Path(__file__).parents[2] / "docs"
_RATE = 16_000
_MOST_BYTES = 1_400_000

each_film = pytest.mark.parametrize("film", FILMS, ids=[film.name for film in FILMS])


@each_film
def test_a_voice_says_the_words_of_the_page(film: Film) -> None:
    turns = heard_interview(_DOCS, film.name).turns
    spoken = read_speech(film.name).turns
    assert [(turn.key, turn.words) for turn in spoken] == [
        (turn.key, words_mark(turn)) for turn in turns[: len(spoken)]
    ]


@each_film
def test_both_pages_carry_the_times_of_the_speech(film: Film) -> None:
    spoken = read_speech(film.name).turns
    for lang in ("fr", "en"):
        if page_path(_DOCS, lang, film.name).exists():
            turns = read_interview(_DOCS, lang, film.name).turns
            stamps = [turn.start_ms for turn in turns if turn.start_ms is not None]
            assert stamps == [turn.start_ms for turn in spoken]


@each_film
def test_speech_is_heard_when_a_turn_begins_and_silence_before_it(film: Film) -> None:
    speech, sound = read_speech(film.name), read_sound(sound_path(film.name), _RATE)
    for turn in speech.turns:
        at = (turn.start_ms - speech.lead_ms) * _RATE // 1000
        assert np.abs(sound[at : at + _RATE // 5]).max() > 0.05
        assert np.abs(sound[max(0, at - _RATE // 5) : max(0, at - _RATE // 50)]).max(initial=0) < 0.02
        last = (turn.end_ms - speech.lead_ms) * _RATE // 1000
        assert np.abs(sound[last + _RATE // 20 : last + _RATE // 4]).max(initial=0) < 0.02


@each_film
def test_an_excerpt_lasts_one_to_two_minutes_and_the_whole_one_ten(film: Film) -> None:
    seconds = read_speech(film.name).duration_ms / 1000
    assert 60 <= seconds <= 120 if film.words else seconds >= 600
    assert sound_path(film.name).stat().st_size < _MOST_BYTES


@each_film
def test_every_film_has_a_page_that_names_it_voices_and_a_scene(film: Film) -> None:
    interview = heard_interview(_DOCS, film.name)
    assert interview.master == film.name
    assert {speaker.name for speaker in interview.speakers} <= set(VOICES)
    assert scene_of(film.name).background.y.shape == (720, 1280)
