"""Which words a text has for whoever searches it. The browser does the same in search-words.js; a test compares them.

Capitals, accents and ligatures are folded (`Œuvre`, `ŒUVRE` and `oeuvre` are one word). What is elided is dropped
(`l’usine` and `d'usine` are `usine`), but `aujourd’hui`, `presqu’île` and `quelqu’un` are words. Initials are one word:
`S.N.C.F.`, `S. N. C. F.` and `SNCF` are `sncf`. Beside the words in their order stand `others`, by which a text is
found too: `porteavions` for `porte-avions`, `1200` for `1 200`, `ile` for `presqu’île`.
"""

import re
import unicodedata
from typing import NamedTuple

from catalogue.search.frequent import FREQUENT

LONGEST = 40
PARTICLES = {
    "fr": frozenset(["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"]),
    "en": frozenset[str](),
}
_ALIKE = str.maketrans(
    {"’": "'", "ʼ": "'", "‘": "'", "＇": "'", "‐": "-", "‑": "-"}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)
AROUND = '.,;:!?…«»“”"()–—'
_WORD = re.compile(r"(?:[^\W_]+')?(?:[^\W\d_]\.){2,}[^\W_]?(?![^\W_])|[^\W_]+(?:['-][^\W_]+)*")
# Three or more: `M. A. Duval` is found by `Duval` and by `A`. The last, if it is a capital, may have no full stop.
_SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\. ){2,}(?:[^\W\d_]\.|[A-ZÀ-ÖØ-Þ](?![^\W_]))")
_GROUPED = re.compile(r"(?<![0-9])[0-9]{1,3}(?:[ \u00a0\u2009\u202f.,][0-9]{3})+(?![0-9])")
# What every such number has: looked for first, since few turns have one.
_THOUSAND = re.compile(r"[ \u00a0\u2009\u202f.,][0-9]{3}")
# All but letters and digits.
_NOTHING = re.compile(r"[\W_]+")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"})
# Not a place of its own in any text, so that `hui` finds nothing.
_WHOLE = "aujourdhui"


class Chunk(NamedTuple):
    """What stands between two blanks: its words in order, and the others it is found by."""

    words: tuple[str, ...]
    others: tuple[str, ...]


def fold(text: str) -> str:
    """Small letters without accents or ligatures, and nothing but letters and digits."""
    plain = text.lower()
    if not plain.isascii():
        # Small once more: a raised capital is a plain one only now.
        plain = unicodedata.normalize("NFKD", plain).lower().translate(_LETTERS)
    if not plain.isalnum():
        plain = _NOTHING.sub("", plain)
    return plain[:LONGEST]


def chunk_of(text: str, lang: str) -> Chunk:
    """The words of a text without blanks."""
    bare = text.strip(AROUND)
    if is_plain(bare):
        # What nearly every chunk is: one word, with a mark or none.
        word = fold(bare)
        return Chunk((word,) if word else (), ())
    plain = unicodedata.normalize("NFC", text).translate(_ALIKE)
    words: list[str] = []
    others: list[str] = []
    for found in _WORD.findall(plain):
        parts = found.replace(".", "").split("-")
        kept = [_word(part, lang, others) for part in parts]
        words += [word for word in kept if word]
        if len(parts) > 1:
            others.append("".join(kept)[:LONGEST])
    return Chunk(tuple(words), tuple(word for word in others if word))


def closed_up(text: str) -> str:
    """A text whose initials stand together: `S.N.C.F.` for `S. N. C. F.`. Its blanks are plain ones."""
    return _SPACED.sub(lambda found: found[0].replace(" ", ""), text)


def is_initial(chunk: str) -> bool:
    """`S.`: whether a chunk may be one of several initials."""
    return len(chunk) == 2 and chunk[1] == "." and chunk[0].isalnum()


def is_plain(text: str) -> bool:
    """Whether a text is one word of letters, which capitals and marks around it change nothing of."""
    return text.isalpha() and (text.isascii() or ("ʼ" not in text and unicodedata.is_normalized("NFC", text)))


def grouped_numbers(text: str) -> list[str]:
    """`1200000` for `1 200 000`, `1,200,000` and `1.200.000`."""
    return [re.sub("[^0-9]", "", found)[:LONGEST] for found in _GROUPED.findall(text)] if _THOUSAND.search(text) else []


def _word(part: str, lang: str, others: list[str]) -> str:
    pieces = [fold(piece) for piece in part.split("'")]
    while len(pieces) > 1 and pieces[0] in PARTICLES[lang]:
        del pieces[0]
    if lang == "en" and len(pieces) > 1 and pieces[-1] == "s":
        del pieces[-1]
    whole = "".join(pieces)[:LONGEST]
    last = pieces[-1]
    if len(pieces) > 1 and len(last) > 2 and last not in FREQUENT[lang] and whole != _WHOLE:
        others.append(last)
    return whole
