"""Whole numbers as printable characters, so that a list of places is a plain string inside a small script.

Ninety characters serve, all of ASCII but the blank, `!`, `"`, `\\` and `~`: the first sixty end a number, the last
thirty continue it, most significant first. A document is always written with two characters or more, so that what
begins with one of the thirty is a document and all else a place in it. `~` parts two terms and a blank the term from
its list; the other two would need escaping.
"""

DIGITS = "".join(chr(code) for code in range(33, 127) if chr(code) not in '!"\\~')
ENDS, GOES_ON = 60, 30
# So many places further: there are not often that many between two.
FAR = "!"
_MOST_KEPT = 6000
_PLACE = {char: place for place, char in enumerate(DIGITS)}


def encoded(number: int) -> str:
    """`0` to `59` are one character, up to 1,799 two."""
    text = DIGITS[number % ENDS]
    rest = number // ENDS
    while rest:
        text = DIGITS[ENDS + rest % GOES_ON] + text
        rest //= GOES_ON
    return text


def leap(number: int) -> str:
    """A number with which a document begins: the same in two characters or more."""
    return LEAPS[number] if number < len(LEAPS) else encoded(number)


class _Steps(dict[int, str]):
    """Numbers of places further within a document, written when they are first asked for."""

    def __missing__(self, number: int) -> str:
        text = FAR * (number // ENDS) + DIGITS[number % ENDS]
        if number < _MOST_KEPT:
            self[number] = text
        return text


STEPS = _Steps()


def number_at(text: str, at: int) -> tuple[int, int]:
    """The number that begins at a place of a text, and the place after it."""
    rest = 0
    while (place := _PLACE[text[at]]) >= ENDS:
        rest = rest * GOES_ON + place - ENDS
        at += 1
    return rest * ENDS + place, at + 1


# What nearly every number is: looked up, never counted.
LEAPS = tuple(DIGITS[ENDS] + encoded(number) if number < ENDS else encoded(number) for number in range(ENDS * GOES_ON))
