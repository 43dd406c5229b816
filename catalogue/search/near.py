"""The words themselves, by their first letter: what a search offers when it found nothing, and what begins as typed."""

from collections.abc import Iterable

from catalogue.search.coding import DIGITS
from catalogue.search.places import FACET, PAIR
from catalogue.search.shards import BETWEEN, front_coded, front_decoded

_SHORTEST = 3


def is_near(term: str) -> bool:
    """A word that may be asked for by its beginning. Near spellings are only those of letters."""
    return len(term) >= _SHORTEST and term[0] not in (PAIR, FACET)


def weight_of(documents: int) -> int:
    """How common a word is, so roughly that one more document seldom changes it."""
    return min(documents.bit_length() // 2, len(DIGITS) - 1)


def near_text(words: Iterable[tuple[str, int]]) -> str:
    """Words in order with their weights, front-coded, then the weights in the same order."""
    listed = list(words)
    return front_coded([word for word, _ in listed]) + BETWEEN + "".join(DIGITS[weight] for _, weight in listed)


def near_words(text: str) -> dict[str, int]:
    """What `near_text` wrote."""
    words, _, weights = text.rpartition(BETWEEN)
    return dict(zip(front_decoded(words), map(DIGITS.index, weights), strict=True))
