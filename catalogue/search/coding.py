"""Whole numbers as printable characters, so that they are a plain string inside a small script.

Ninety characters serve, all of ASCII but the blank, `!`, `"`, `\\` and `~`: the first sixty end a number, the last
thirty continue it, most significant first. `~` parts two terms and a blank the term from its list, `!` tells that a
list lies elsewhere; the other two would need escaping.
"""

DIGITS = "".join(chr(code) for code in range(33, 127) if chr(code) not in '!"\\~')
ENDS, GOES_ON = 60, 30
_PLACE = {char: place for place, char in enumerate(DIGITS)}


def encoded(number: int) -> str:
    """`0` to `59` are one character, up to 1,799 two."""
    text = DIGITS[number % ENDS]
    rest = number // ENDS
    while rest:
        text = DIGITS[ENDS + rest % GOES_ON] + text
        rest //= GOES_ON
    return text


def number_at(text: str, at: int) -> tuple[int, int]:
    """The number that begins at a place of a text, and the place after it."""
    rest = 0
    while (place := _PLACE[text[at]]) >= ENDS:
        rest = rest * GOES_ON + place - ENDS
        at += 1
    return rest * ENDS + place, at + 1
