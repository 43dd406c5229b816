"""Words of one family, by Snowball: only here, at build time, so that no browser has to agree with it."""

from functools import cache

import Stemmer

from catalogue.search.shards import alike

_NAMES = {"fr": "french", "en": "english"}
_SHORTEST = 4


@cache
def _stemmer(lang: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_NAMES[lang])


def stem_of(word: str, lang: str) -> str:
    """What a word and its plural, its feminine and its tenses have in common. Short words and numbers stay whole; where
    a stem would be short, only a plural is taken off: `mers` is near `mer`, `mère` is not."""
    if len(word) < _SHORTEST or not word.isalpha():
        return word
    stem = str(_stemmer(lang).stemWord(word))
    return stem if len(stem) >= _SHORTEST else word.removesuffix("s").removesuffix("x")


def mark_of(word: str, lang: str) -> str:
    """How a word's line tells its stem: nothing, or `|`, how many letters to take off, and what to put there."""
    stem = stem_of(word, lang)
    if stem == word:
        return ""
    kept = alike(word, stem)
    return f"|{len(word) - kept}{stem[kept:]}"
