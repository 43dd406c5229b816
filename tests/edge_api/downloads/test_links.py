"""Tokens of download links: one spelling is valid, every other is not."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_api.downloads.links import Link, read_token, write_token

KEYS = {"k1": b"first key of thirty-two bytes...", "k2": b"second key of thirty-two bytes.."}
LINK = Link("Zm9vYmFyYmF6cXV4MTIzNA", 1_800_000_000)
LETTERS = string.ascii_letters + string.digits + "-_"


def test_a_token_is_read_back_as_it_was_written() -> None:
    token = write_token(LINK, "k1", KEYS["k1"])
    assert read_token(token, KEYS) == LINK
    assert token.count(".") == 3


def test_any_single_character_exchanged_makes_it_invalid() -> None:
    """Requirement 40."""
    token = write_token(LINK, "k1", KEYS["k1"])
    for at, letter in enumerate(token):
        for other in (LETTERS + ".=%~ \0é").replace(letter, ""):
            assert read_token(token[:at] + other + token[at + 1 :], KEYS) is None


def test_the_idle_bits_of_the_last_letter_count_too() -> None:
    token = write_token(LINK, "k1", KEYS["k1"])
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    same_bits = [letter for letter in alphabet if alphabet.index(letter) // 16 == alphabet.index(token[-1]) // 16]
    assert len(same_bits) == 16
    assert [letter for letter in same_bits if read_token(token[:-1] + letter, KEYS)] == [token[-1]]


@given(st.data())
def test_characters_added_or_left_out_make_it_invalid(data: st.DataObject) -> None:
    token = write_token(LINK, "k1", KEYS["k1"])
    at = data.draw(st.integers(0, len(token)))
    added = data.draw(st.text(min_size=1, max_size=3))
    assert read_token(token[:at] + added + token[at:], KEYS) is None
    if at < len(token):
        assert read_token(token[:at], KEYS) is None


def test_a_key_signs_only_under_its_own_name() -> None:
    assert read_token(write_token(LINK, "k2", KEYS["k1"]), KEYS) is None
    assert read_token(write_token(LINK, "k3", KEYS["k1"]), KEYS) is None
    assert read_token(write_token(LINK, "k3", b"nobody"), KEYS) is None


def test_a_key_taken_from_the_ring_ends_its_links() -> None:
    token = write_token(LINK, "k1", KEYS["k1"])
    assert read_token(token, {"k2": KEYS["k2"]}) is None


def test_an_expiry_has_one_spelling() -> None:
    for expires in ("01800000000", "+1800000000", "1800000000 ", "١٨٠٠٠٠٠٠٠٠"):
        token = write_token(LINK, "k1", KEYS["k1"]).replace("1800000000", expires)
        assert read_token(token, KEYS) is None


def test_a_link_lives_until_its_second_and_through_its_grace() -> None:
    assert LINK.alive(1_799_999_999)
    assert not LINK.alive(1_800_000_000)
    assert LINK.alive(1_800_000_000, grace=3600)
    assert not LINK.alive(1_800_003_600, grace=3600)


@pytest.mark.parametrize("grant", ["", "a.b", "a/b", "é", "a b", "x" * 65])
def test_a_grant_that_could_not_be_read_back_is_not_written(grant: str) -> None:
    with pytest.raises(ValueError, match="cannot be a token"):
        write_token(Link(grant, 1), "k1", KEYS["k1"])


@given(st.text(max_size=200))
def test_no_text_makes_it_stumble(text: str) -> None:
    assert read_token(text, KEYS) is None
