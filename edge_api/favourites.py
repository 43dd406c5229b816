"""Passwords that obey every rule and are the first a thief tries: favourite words, keyboard walks, one's own name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

_LEET = str.maketrans("0134578@$!€", "oieastbasie")
_LEET_L = str.maketrans("0134578@$!€", "oleastbasle")
_ROWS = (
    "azertyuiop", "qsdfghjklm", "wxcvbn",
    "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "qwertzuiop", "yxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
)  # fmt: skip
_COLUMNS = ("aqw", "zsx", "edc", "rfv", "tgb", "yhn", "ujm", "qaz", "wsx")
_DIGITS = ("01234567890", "09876543210")
_SHORTEST_WALK = 3
_LONGEST_WALK = max(map(len, _ROWS))
_SHORTEST_NAME = 4
# From here on even few different characters are many to guess.
_LONG = 24


def is_favourite(password: str, email: str = "") -> bool:
    """Whether a password that obeys the rules is a well-known one in disguise.

    Capitals, accents, digits and symbols around a word, letters written as digits, and separators inside it are no
    disguise. `email` is the address of the person, whose own name is as easy to guess.
    """
    plain = _plain(password)
    letters = re.sub(r"[^a-z]", "", plain)
    few = len(plain) < _LONG and len(set(plain)) < 6
    if few or (len(letters) < 4 and _counts(plain)) or _is_walk(letters) or _once(letters) in _roots():
        return True
    if any(name in plain or name in plain.translate(_LEET) for name in _names(email)):
        return True
    tight = re.sub(r"[-_.,:;'’+*/&]", "", plain)
    return any(_wraps_a_root(form) for form in (plain, tight))


def _plain(text: str) -> str:
    """Small letters without accents, one character for each."""
    parts = unicodedata.normalize("NFD", text.lower())
    return "".join(character for character in parts if unicodedata.category(character) != "Mn")


def _wraps_a_root(plain: str) -> bool:
    """Whether all the letters lie in one favourite word, or in one written several times over."""
    at = [place for place, character in enumerate(plain) if character.isalpha()]
    if not at:
        return False
    first, last = at[0], at[-1] + 1
    for folded in {plain.translate(_LEET), plain.translate(_LEET_L)}:
        for start in range(first + 1):
            for length in _lengths():
                word, end = folded[start : start + length], start + length
                if word not in _roots():
                    continue
                while end < last and folded.startswith(word, end):
                    end += length
                if end >= last:
                    return True
    return False


def _once(text: str) -> str:
    """`soleilsoleil` as `soleil`."""
    again = (text + text).find(text, 1)
    return text[:again]


def _is_walk(letters: str) -> bool:
    """Whether the letters are nothing but walks over a keyboard or the alphabet, of three keys or more each."""
    if len(letters) < 5:
        return False
    reached = {0}
    for end in range(_SHORTEST_WALK, len(letters) + 1):
        begins = range(max(0, end - _LONGEST_WALK), end - _SHORTEST_WALK + 1)
        if any(start in reached and letters[start:end] in _walks() for start in begins):
            reached.add(end)
    return len(letters) in reached


@cache
def _walks() -> frozenset[str]:
    """Every walk of three keys or more along a row or a column, there and back."""
    ways = [way for row in (*_ROWS, *_COLUMNS) for way in (row, row[::-1])]
    ends = range(_SHORTEST_WALK, _LONGEST_WALK + 1)
    return frozenset(way[start:end] for way in ways for end in ends for start in range(end - _SHORTEST_WALK + 1))


def _counts(plain: str) -> bool:
    """Whether the digits only count up or down: Aa1234567890! has nothing else to remember."""
    return any(run in order for run in re.findall(r"\d{4,}", plain) for order in _DIGITS)


def _names(email: str) -> set[str]:
    """What somebody is called in front of the @: the whole, and each part of four letters or more."""
    local = _plain(email.rpartition("@")[0])
    return {name for name in (local, *re.split(r"[._+\-]|\d+", local)) if len(name) >= _SHORTEST_NAME}


@cache
def _lengths() -> tuple[int, ...]:
    """How long favourite words are, each length once."""
    return tuple(sorted({len(word) for word in _roots()}))


@cache
def _roots() -> frozenset[str]:
    lines = (files("edge_api") / "favourites.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
