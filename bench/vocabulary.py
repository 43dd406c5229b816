"""Two vocabularies with the shape of a language's: few words very often, very many words hardly ever (Zipf's law).

The frequent words are those of French and English, in about their order; the others are real stems under real endings,
shuffled once and for all. What is said means nothing, but it is spelled, accented and elided as speech is.
"""

import random
from functools import cache
from itertools import accumulate

import msgspec

from bench.words import ENDS, STEMS, SYLLABLES, Stems

# Zipf-Mandelbrot: the chance of the word of rank r is proportional to 1 / (r + SHIFT) ** SLOPE.
_SHIFT, _SLOPE = 2.7, 1.2
# The part of all speech that is made of the frequent words.
_FREQUENT = 0.6
_ELIDED = {"le": "l’", "la": "l’", "de": "d’", "que": "qu’", "ne": "n’", "se": "s’", "ce": "c’", "je": "j’", "me": "m’"}
_ELIDED |= {"te": "t’", "jusque": "jusqu’", "lorsque": "lorsqu’", "puisque": "puisqu’", "quoique": "quoiqu’"}
_VOWELS = tuple("aeiouàâéèêëîïôöûùœæh")
# An h that is breathed, and a yes: nothing is elided before them.
_BREATHED = ("haut", "hêtre", "oui")


class Vocabulary(msgspec.Struct, frozen=True):
    """Words by rank, and their chances added up, as `random.choices` wants them."""

    words: tuple[str, ...]
    chances: tuple[float, ...]

    def draw(self, chance: random.Random, number: int) -> list[str]:
        """So many words, drawn as a language would."""
        return chance.choices(self.words, cum_weights=self.chances, k=number)


@cache
def vocabulary(lang: str) -> Vocabulary:
    """The vocabulary of "fr" or "en"."""
    stems = STEMS[lang]
    frequent = stems.frequent.split()
    plain = sorted(set(_forms(stems)) - set(frequent))
    rare = sorted(set(_prefixed(stems)) - set(plain) - set(frequent))
    chance = random.Random(f"vocabulary {lang}")
    chance.shuffle(plain)
    chance.shuffle(rare)
    words = (*frequent, *plain, *rare)
    weights = [1 / (rank + _SHIFT) ** _SLOPE for rank in range(1, len(words) + 1)]
    # The tail here is shorter and flatter than a language's: the frequent words are given back their part.
    head = sum(weights[: len(frequent)])
    share = _FREQUENT * (sum(weights) - head) / ((1 - _FREQUENT) * head)
    weights[: len(frequent)] = [weight * share for weight in weights[: len(frequent)]]
    return Vocabulary(words, tuple(accumulate(weights)))


def joined(words: list[str], lang: str) -> str:
    """Words as a text: in French, `le` before a vowel is `l’`."""
    if lang != "fr":
        return " ".join(words)
    parts = []
    for word, following in zip(words, [*words[1:], ""], strict=True):
        elides = following.startswith(_VOWELS) and not following.startswith(_BREATHED)
        short = _ELIDED.get(word) if elides else None
        parts.append(short or f"{word} ")
    return "".join(parts).rstrip()


def proper_name(chance: random.Random) -> str:
    """A family name or a hamlet that no list has: a language's vocabulary never ends."""
    return "".join([*chance.choices(SYLLABLES, k=chance.randint(1, 2)), chance.choice(ENDS)]).capitalize()


def _forms(stems: Stems) -> list[str]:
    endings = [*stems.verb_endings.split(), *([""] if stems.bare else [])]
    verbs = [stem + ending for stem in stems.verbs.split() for ending in endings]
    nouns = [noun + ending for noun in stems.nouns.split() for ending in ["", *stems.noun_endings.split()]]
    adjectives = [one + ending for one in stems.adjectives.split() for ending in ["", *stems.adjective_endings.split()]]
    return verbs + nouns + adjectives


def _prefixed(stems: Stems) -> list[str]:
    """Rarer words made of the verbs: `ramener`, `désoccuper`, `overheard`."""
    return [
        (joint if stem.startswith(_VOWELS) else prefix) + stem + ending
        for prefix, joint in (pair.split("/") for pair in stems.prefixes.split())
        for stem in stems.verbs.split()
        for ending in stems.verb_endings.split()
    ]
