"""The words themselves, by their first letter: what a search offers when it found nothing, and what begins as typed."""

from collections.abc import Mapping

from catalogue.search.coding import DIGITS
from catalogue.search.places import FACET, PAIR
from catalogue.search.shards import BETWEEN, front_coded, front_decoded, ordered

_SHORTEST = 3


def is_near(term: str) -> bool:
    """A word that may be asked for by its beginning. Near spellings are only those of letters."""
    return len(term) >= _SHORTEST and term[0] not in (PAIR, FACET)


def weight_of(documents: int) -> int:
    """How common a word is, so roughly that one more document seldom changes it."""
    return min(documents.bit_length() // 2, len(DIGITS) - 1)


def near_text(words: Mapping[str, int]) -> str:
    """Words, each with its weight: front-coded in order, then the weights in the same order."""
    listed = ordered(words)
    return front_coded(listed) + BETWEEN + "".join([DIGITS[words[word]] for word in listed])


def near_words(text: str) -> dict[str, int]:
    """What `near_text` wrote."""
    words, _, weights = text.rpartition(BETWEEN)
    return dict(zip(front_decoded(words), map(DIGITS.index, weights), strict=True))
