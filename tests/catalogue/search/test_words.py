"""The words by which a text is found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.search.entry import _Chunks
from catalogue.search.words import chunk_of, closed_up, fold, grouped_numbers
from tests.catalogue.search.pages import SENTENCES, plainly


def words(text, lang="fr"):
    return [word for chunk in closed_up(text).split() for word in chunk_of(chunk, lang).words]


def others(text, lang="fr"):
    return {word for chunk in text.split() for word in chunk_of(chunk, lang).others} | set(grouped_numbers(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("l’usine", ["usine"]),
        ("L'USINE", ["usine"]),
        ("Œuvre", ["oeuvre"]),
        ("ex æquo", ["ex", "aequo"]),
        ("aujourd’hui", ["aujourdhui"]),
        ("d’aujourd'hui", ["aujourdhui"]),
        ("qu’aujourd’hui", ["aujourdhui"]),
        ("quelqu’un", ["quelquun"]),
        ("jusqu’à l’aube", ["a", "aube"]),
        ("lorsqu’elle puisqu’on quoiqu’il", ["elle", "on", "il"]),
        ("c’est-à-dire", ["est", "a", "dire"]),
        ("peut-être qu’il", ["peut", "etre", "il"]),
        ("« Va-t’en »,", ["va", "en"]),
        ("cœur", ["coeur"]),
        ("e\u0301cole", ["ecole"]),
        ("ﬁn", ["fin"]),
        ("nᵀ", ["nt"]),
        ("por\u00adter", ["porter"]),
        ("20h30", ["20h30"]),
        ("La S.N.C.F.,", ["la", "sncf"]),
        ("l’O.N.U", ["onu"]),
        ("S. N. C. F. et l’O. N. U.", ["sncf", "et", "onu"]),
        ("S. N. C. F", ["sncf"]),
        ("J. P. Duval, J.-P. Duval", ["j", "p", "duval", "j", "p", "duval"]),
        ("le plan B. A. a dit", ["le", "plan", "b", "a", "a", "dit"]),
        ("3,50 €", ["3", "50"]),
        ("'cité'", ["cite"]),
        ("— !", []),
    ],
)
def test_a_french_text_has_these_words(text, told):
    assert words(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The lighthouse’s lamp", ["the", "lighthouse", "lamp"]),
        ("don't", ["dont"]),
        ("O’Brien", ["obrien"]),
        ("l’estuaire", ["lestuaire"]),
        ("sea-level", ["sea", "level"]),
    ],
)
def test_an_english_text_has_these_words(text, told):
    assert words(text, "en") == told


@pytest.mark.parametrize(
    ("text", "also"),
    [
        ("porte-avions", "porteavions"),
        ("porte‑avions", "porteavions"),
        ("presqu’île", "ile"),
        ("prud’hommes", "hommes"),
        ("1 200", "1200"),
        ("1\u202f200\u202f000", "1200000"),
        ("1,200", "1200"),
    ],
)
def test_a_text_is_also_found_by_another_way_to_write_it(text, also):
    assert also in others(text)


def test_today_is_one_word():
    assert others("aujourd’hui") == set()


def test_golden_sentences_have_the_words_another_reading_finds():
    for sentence in SENTENCES:
        told = set(words(sentence)) | others(sentence)
        for word in plainly(sentence):
            parts = {word, word.replace("'", ""), *word.split("'")}
            assert parts & told, (word, sentence)


@given(st.text())
def test_any_text_folds_to_letters_and_digits_and_folding_again_changes_nothing(text):
    once = fold(text)
    assert once == "" or once.isalnum()
    assert fold(once) == once


@given(st.text(st.characters(codec="utf-8")))
def test_how_a_text_is_composed_changes_no_word(text):
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_chunk_met_before_with_other_capitals_and_marks_says_what_it_would_say_alone(lang):
    known = _Chunks(lang)
    for chunk in (f"{before}{chr(code)}b," for code in range(0x21, 0x3000) for before in ("A", "L’", "qu'", "’")):
        if len(chunk.split()) == 1:
            assert tuple(word.text for word in known[chunk]) == chunk_of(chunk, lang).words, chunk
