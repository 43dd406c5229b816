"""What is spoken is what is written: sentences lose no word, an excerpt ends with an answer."""

import pytest

from catalogue.interview import Turn
from demonstration.script import excerpt, sayable, sentences


def turn(key: str, words: int) -> Turn:
    return Turn(id="turn-1", key=key, name=key, start_ms=None, paragraphs=(" ".join(["mot"] * words),))


@pytest.mark.parametrize(
    ("paragraph", "parts"),
    [
        ("Une seule.", ["Une seule."]),
        ("« Le robinet goutte. » « Je sais. » Bon.", ["« Le robinet goutte. »", "« Je sais. »", "Bon."]),
        (
            "He said, ‘All quiet, Moira.’ And I’d send a reporter!",
            ["He said, ‘All quiet, Moira.’", "And I’d send a reporter!"],
        ),
        ("C’était loin… Dedans, ça sentait.", ["C’était loin…", "Dedans, ça sentait."]),
        ("Il a dit 9.5 mètres. 1974 fut froid.", ["Il a dit 9.5 mètres.", "1974 fut froid."]),
    ],
)
def test_a_paragraph_parts_into_its_sentences(paragraph: str, parts: list[str]) -> None:
    assert sentences(paragraph) == parts


def test_a_synthesiser_gets_plain_marks() -> None:
    assert sayable("« Tu dors ? » Je l’ai dit… enfin – presque.") == "Tu dors? Je l'ai dit. enfin, presque."


def test_an_excerpt_ends_with_an_answer_once_it_is_long_enough() -> None:
    turns = [turn("Q", 10), turn("A", 40), turn("Q", 60), turn("A", 5), turn("Q", 9)]
    assert [item.key for item in excerpt(turns, 100)] == ["Q", "A", "Q", "A"]
    assert excerpt(turns, None) == tuple(turns)
    assert excerpt(turns, 10_000) == tuple(turns)
