"""A token that was altered anywhere, or made for another purpose, says nothing."""

from __future__ import annotations

import pytest

from edge_api.tokens import read, sign

KEYS = {"k2": b"two" * 11, "k1": b"one" * 11}
TOKEN = sign("k1", KEYS["k1"], "newsletter/leave", "ab" * 16, "fr")


def test_a_token_gives_its_words_back_while_its_key_is_in_the_ring() -> None:
    assert read(KEYS, "newsletter/leave", TOKEN) == ["ab" * 16, "fr"]
    assert read({"k2": KEYS["k2"]}, "newsletter/leave", TOKEN) is None


def test_a_token_serves_one_purpose_only() -> None:
    assert read(KEYS, "newsletter/confirm", TOKEN) is None


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_any_altered_character_makes_it_worthless(place: int) -> None:
    for other in "A9_.":
        altered = TOKEN[:place] + other + TOKEN[place + 1 :]
        assert altered == TOKEN or read(KEYS, "newsletter/leave", altered) is None


@pytest.mark.parametrize(
    "strange", ["", ".", "..", "k1..", "k1.é.x", "a" * 500, TOKEN + "=", TOKEN + "\n", TOKEN + ".x"]
)
def test_what_is_no_token_is_refused_quietly(strange: str) -> None:
    assert read(KEYS, "newsletter/leave", strange) is None
