"""Queries drawn from what an archive says and from sentences of our own, and what each of them ought to find."""

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

KINDS = (
    "as typed",
    "without accents",
    "after an élision",
    "plural for singular",
    "first four letters",
    "two words",
    "phrase",
)
_ELIDED = "l|d|j|m|t|s|c|n|qu|jusqu|lorsqu|puisqu|quoiqu"
_VOWELS = tuple("aeiouh")


class Query(msgspec.Struct, frozen=True):
    """What is typed, and the folded words that must stand in one turn, side by side when it is a phrase."""

    kind: str
    typed: str
    words: tuple[str, ...]


def plainly(text: str) -> list[str]:
    """The words of a French text, told in another way than the index tells them."""
    return [bare(word) for word in spelled(text)]


def spelled(text: str) -> list[str]:
    """Words as they are written, what is elided thrown away."""
    text = text.lower().replace("’", "'").replace("aujourd'hui", "aujourdhui")
    return re.findall(r"[^\W_]+", re.sub(rf"(?<![^\W_])(?:{_ELIDED})'", " ", text))


def bare(word: str) -> str:
    """Without accents and ligatures."""
    plain = word.replace("œ", "oe").replace("æ", "ae")
    return "".join(each for each in unicodedata.normalize("NFD", plain) if not unicodedata.combining(each))


def queries(turns: Sequence[str], each: int) -> list[Query]:
    """So many queries of each kind, from turns drawn by the caller."""
    chance = random.Random("queries")
    found: list[Query] = []
    while len(found) < each * len(KINDS):
        kind = KINDS[len(found) % len(KINDS)]
        words = spelled(chance.choice(turns))
        if query := _query(kind, words, chance):
            found.append(query)
    return found


def _query(kind: str, words: list[str], chance: random.Random) -> Query | None:
    at = chance.randrange(max(1, len(words) - 3))
    word = words[at]
    plain = bare(word)
    match kind:
        case "as typed":
            return Query(kind, word, (plain,))
        case "without accents" if plain != word:
            return Query(kind, plain, (plain,))
        case "after an élision" if plain.startswith(_VOWELS) and len(plain) > 2:
            return Query(kind, f"{chance.choice(['l', 'd', 'qu'])}{chance.choice('’' + chr(39))}{word}", (plain,))
        case "plural for singular" if len(plain) > 4 and plain[-1] not in "sxz" and plain.isalpha():
            return Query(kind, f"{word}s", (plain,))
        case "first four letters" if len(plain) > 5 and plain.isalpha():
            return Query(kind, plain[:4], (plain,))
        case "two words":
            other = chance.choice(words)
            return Query(kind, f"{word} {other}", (plain, bare(other)))
        case "phrase" if len(words) > 6:
            part = words[at : at + chance.randint(2, 4)]
            return Query(kind, f"« {' '.join(part)} »", tuple(map(bare, part)))
    return None


class Oracle:
    """Reads every turn and remembers which documents answer which query."""

    def __init__(self, asked: Iterable[Query]) -> None:
        self.answers: Mapping[Query, set[str]] = {query: set() for query in asked}
        self.by_word = defaultdict[str, list[Query]](list)
        for query in self.answers:
            self.by_word[query.words[0]].append(query)

    def read(self, slug: str, text: str) -> None:
        """One turn, or one of the lines above the turns."""
        said = plainly(text)
        present = set(said)
        for word in present & self.by_word.keys():
            for query in self.by_word[word]:
                if present.issuperset(query.words) and (query.kind != "phrase" or _stands(query.words, said)):
                    self.answers[query].add(slug)


def _stands(phrase: tuple[str, ...], said: list[str]) -> bool:
    return any(tuple(said[at : at + len(phrase)]) == phrase for at in _places(phrase[0], said))


def _places(word: str, said: list[str]) -> Iterator[int]:
    return (at for at, each in enumerate(said) if each == word)
