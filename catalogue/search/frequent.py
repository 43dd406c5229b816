"""The words that every turn is full of, commonest first, folded.

Two of them side by side are a term of their own, so that a phrase made of them is found without reading where each of
them stands. Every other word remembers instead what kind of word stood before and after it: its neighbours' classes.
"""

from collections.abc import Mapping

# A kind tells both classes: of a word on the left one of six, of a word on the right one of five, five bits together.
LEFT, RIGHT = 6, 5
KINDS = LEFT * RIGHT
# Pairs of these say in which unit they stand, others in which block of the text.
COMMONEST = 12
_FRENCH = """
de la le les et a des en un une du il que qui on est dans pas je ce pour y elle au nous ils par plus sur avec se ne ca
vous ou tout mais etait comme cette si ai bien fait sont meme tres deux sans alors ces aussi quand leur mon ont son sa
ses avait faut peu etre moi
"""
_ENGLISH = """
the and of to a in it that you is was i for on with they we at he are as had not but have be one there this from or by
what so were she an all when if them which up out my do can about would no more people their like who just your how
his then some our has two
"""
FREQUENT = {"fr": tuple(_FRENCH.split()), "en": tuple(_ENGLISH.split())}


def is_common(pair: str, frequent: Mapping[str, int]) -> bool:
    """A pair of frequent words, `_de_la`, is common when both are of the commonest."""
    return all(frequent[word] < COMMONEST for word in pair[1:].split(pair[0]))


def kind_of(word: str, frequent: Mapping[str, int]) -> int:
    """One of thirty kinds; the commonest words are each the first of their classes."""
    place = frequent.get(word)
    return (sum(map(ord, word)) if place is None else place) % KINDS


def mark_of(before: int, after: int) -> int:
    """What a word remembers of the kinds of its neighbours."""
    return before % LEFT * RIGHT + after % RIGHT
