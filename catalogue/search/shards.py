"""Terms in the order of the alphabet, with their lists, cut in shards of a few kilobytes.

A term begins a shard where its line is longer than a number of its own, its hash: no cut depends on another term, so a
new word changes one shard. Neighbours in the alphabet lie together: a word, its plural, and what it may become while
it is being typed.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from zlib import crc32

from catalogue.search.coding import DIGITS

SHARD = 8000
BETWEEN = "~"


def order(term: str) -> bytes:
    """How JavaScript compares: by UTF-16 units."""
    return term.encode("utf-16-be", "surrogatepass")


def ordered(terms: Collection[str]) -> list[str]:
    """Terms in that order, which is their own unless one is beyond the first 65,536 characters."""
    size = sum(map(len, terms))
    plain = len("".join(terms).encode("utf-16-le", "surrogatepass")) == 2 * size
    return sorted(terms) if plain else sorted(terms, key=order)


def begins_shard(term: str, line: str) -> bool:
    """A shard is cut before this term."""
    return len(line) > crc32(term.encode()) % SHARD


def shards_of(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each shard's first term and its part of `lines`, which are terms, in order, with their lines."""
    first, shard = "", list[tuple[str, str]]()
    for term, line in lines:
        if shard and begins_shard(term, line):
            yield first, shard
            shard = []
        if not shard:
            first = term
        shard.append((term, line))
    if shard:
        yield first, shard


def name_of(term: str) -> str:
    """A term as the name of a file on any system."""
    return "-" + "".join(char if char.isascii() and char.isalnum() else f".{ord(char):x}." for char in term)


def front_coded(words: Sequence[str]) -> str:
    """Words in order, each as what it shares with the one before and what is its own."""
    return "".join([part + BETWEEN for part in front_parts(words)])


def alike(one: str, other: str) -> int:
    """How many letters two words share at their beginning."""
    most = min(len(one), len(other))
    # Neighbours in the alphabet share most of them.
    while one[:most] != other[:most]:
        most -= 1
    return most


def front_parts(words: Iterable[str]) -> Iterator[str]:
    """Each word as what it shares with the one before and what is its own."""
    before = ""
    for word in words:
        shared = alike(before, word)
        yield DIGITS[shared] + word[shared:]
        before = word


def front_decoded(text: str) -> list[str]:
    """What `front_coded` wrote."""
    words, before = list[str](), ""
    for part in text.split(BETWEEN)[:-1]:
        before = before[: DIGITS.index(part[0])] + part[1:]
        words.append(before)
    return words
