"""Sentences and their moments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.interview import Turn
from catalogue.reading.sentences import sentences_of, split


def turn(*paragraphs: str, start: int | None = 1000, end: int | None = 5000) -> Turn:
    return Turn(id="t1000", key="Q", name="Q", start_ms=start, end_ms=end, paragraphs=paragraphs)


@pytest.mark.parametrize(
    ("paragraph", "sentences"),
    [
        ("S’inquiéter. C’est un beau verbe.", ["S’inquiéter.", "C’est un beau verbe."]),
        ("Vous aviez peur\u202f? Du retour, oui.", ["Vous aviez peur\u202f?", "Du retour, oui."]),
        (
            "«\u202fLe robinet goutte.\u202f» «\u202fJe sais.\u202f»",
            ["«\u202fLe robinet goutte.\u202f»", "«\u202fJe sais.\u202f»"],
        ),
        ("«\u202fBien sûr\u202f!\u202f» dit-il. Puis rien.", ["«\u202fBien sûr\u202f!\u202f» dit-il.", "Puis rien."]),
        ("M. Duval et J. Guivarc’h sont venus. Pas moi.", ["M. Duval et J. Guivarc’h sont venus.", "Pas moi."]),
        ("Et puis… rien. Mr. Hall left… Yes.", ["Et puis… rien.", "Mr. Hall left…", "Yes."]),
        ("sans point", ["sans point"]),
        ("", [""]),
    ],
)
def test_a_paragraph_is_cut_where_a_reader_would_pause(paragraph: str, sentences: list[str]) -> None:
    assert split(paragraph) == sentences


@given(st.lists(st.text(alphabet="aÉb.!?»” M", min_size=1, max_size=40), min_size=1, max_size=4))
def test_no_letter_is_lost_and_moments_go_forward(texts: list[str]) -> None:
    paragraphs = [" ".join(text.split()) or "x" for text in texts]
    found = sentences_of(turn(*paragraphs))
    assert [" ".join(one.text for one in line) for line in found] == paragraphs
    moments = [one.start_ms for line in found for one in line]
    assert moments[0] == 1000
    assert moments == sorted(moments)
    assert all(ms is not None and ms < 5000 for ms in moments)


def test_a_turn_outside_the_film_has_sentences_without_moments() -> None:
    assert [one.start_ms for line in sentences_of(turn("Un. Deux.", start=None, end=None)) for one in line] == [
        None,
        None,
    ]
