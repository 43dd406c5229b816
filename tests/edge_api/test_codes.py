"""Codes are eight digits that only the key can find."""

from __future__ import annotations

from collections import Counter

import pytest

from edge_api.codes import code_of, read_code, same, shown

KEY = b"k" * 32


def test_a_code_is_eight_digits_and_stays_the_same() -> None:
    code = code_of(KEY, "sign-up", "c1")
    assert len(code) == 8
    assert code.isdigit()
    assert code == code_of(KEY, "sign-up", "c1")


def test_a_hundred_thousand_codes_are_spread_evenly() -> None:
    """Requirement 1: chi-square over the first two digits, the last two, and each place (99 and 9 degrees)."""
    codes = [code_of(KEY, "sign-up", f"{number:032x}") for number in range(100_000)]
    for part, limit in [(slice(0, 2), 149), (slice(6, 8), 149), *((slice(n, n + 1), 28) for n in range(8))]:
        seen = Counter(code[part] for code in codes)
        width = len(codes[0][part])
        expected = len(codes) / 10**width
        cells = [seen[f"{cell:0{width}d}"] for cell in range(10**width)]
        assert sum((cell - expected) ** 2 / expected for cell in cells) < limit, part
    assert len(set(codes)) > 99_900


def test_the_key_the_purpose_and_the_challenge_each_change_the_code() -> None:
    four = {
        code_of(KEY, "sign-up", "c1"),
        code_of(b"other" * 8, "sign-up", "c1"),
        code_of(KEY, "reset", "c1"),
        code_of(KEY, "sign-up", "c2"),
    }
    assert len(four) == 4


def test_codes_keep_their_leading_noughts() -> None:
    codes = [code_of(KEY, "sign-up", str(n)) for n in range(400)]
    assert all(len(code) == 8 for code in codes)
    assert any(code.startswith("0") for code in codes)


@pytest.mark.parametrize(
    "typed",
    ["12345678", "1234 5678", "1234-5678", " 1234\u00a05678 ", "1234\u202f5678", "12 34 56 78", "1234\u20135678\n"],
)
def test_spaces_and_dashes_are_forgiven(typed: str) -> None:
    assert read_code(typed) == "12345678"


@pytest.mark.parametrize(
    "typed",
    ["", "1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨", "１２３４５６７８", "123456²", "+1234567", "1" * 33],
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


def test_what_a_letter_shows_can_be_typed_back() -> None:
    code = code_of(KEY, "reset", "c9")
    assert shown(code) == f"{code[:4]} {code[4:]}"
    assert read_code(shown(code)) == code


def test_only_equal_codes_are_the_same() -> None:
    assert same("12345678", "12345678")
    assert not same("12345678", "12345679")
