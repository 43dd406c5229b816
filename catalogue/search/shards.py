"""Terms in the order of the alphabet, with their lists, cut in shards of a few kilobytes.

A term begins a shard where its line is longer than a number of its own, its hash: no cut depends on another term, so a
new word changes one shard. Neighbours in the alphabet lie together: a word, its plural, and what it may become while
it is being typed.
"""

from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

from catalogue.search.coding import DIGITS

SHARD = 6000
BETWEEN = "~"


def order(term: str) -> bytes:
    """How JavaScript compares: by UTF-16 units."""
    return term.encode("utf-16-be", "surrogatepass")


def begins_shard(term: str, line: str) -> bool:
    """A shard is cut before this term."""
    return len(line) > crc32(term.encode()) % SHARD


def shards_of(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Each shard's first term and its lines; `lines` are terms, in order, with their lines."""
    first, shard = "", list[str]()
    for term, line in lines:
        if shard and begins_shard(term, line):
            yield first, shard
            shard = []
        if not shard:
            first = term
        shard.append(line)
    if shard:
        yield first, shard


def name_of(term: str) -> str:
    """A term as the name of a file on any system."""
    return "-" + "".join(char if char.isascii() and char.isalnum() else f".{ord(char):x}." for char in term)


def front_coded(words: Sequence[str]) -> str:
    """Words in order, each as what it shares with the one before and what is its own."""
    text, before = "", ""
    for word in words:
        shared = next((at for at, (one, other) in enumerate(zip(before, word, strict=False)) if one != other), -1)
        shared = min(len(before), len(word)) if shared < 0 else shared
        text += f"{DIGITS[shared]}{word[shared:]}{BETWEEN}"
        before = word
    return text


def front_decoded(text: str) -> list[str]:
    """What `front_coded` wrote."""
    words, before = list[str](), ""
    for part in text.split(BETWEEN)[:-1]:
        before = before[: DIGITS.index(part[0])] + part[1:]
        words.append(before)
    return words
