"""The files of an index: small scripts, each calling one function with its name and what it holds."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from catalogue.search.shards import name_of

FUNCTION = "duplexIndex"


class Top(msgspec.Struct, frozen=True, kw_only=True):
    """What a search reads first. `made` names the code that made the index; `pages` is the number of documents,
    `years` the first number and the room of each year; `starts` are the first terms of the shards, front-coded;
    `frequent` the words that count as such."""

    made: str
    pages: int
    years: tuple[tuple[int, int, int], ...]
    starts: str
    frequent: str


def program() -> str:
    """A hash of the code that lays out an index: what another code laid out is never edited, but made anew."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def script(lang: str, name: str, value: Any) -> bytes:
    """The bytes of one file."""
    return raw_script(lang, name, msgspec.json.encode(value))


def raw_script(lang: str, name: str, value: bytes) -> bytes:
    """The bytes of one file whose value is JSON already."""
    return f'{FUNCTION}("{lang}/{name}",'.encode() + value + b")\n"


def unwrapped(data: bytes) -> bytes:
    """The value of a file, as JSON."""
    return data[data.index(b",") + 1 : -2]


def path_of(lang: str, name: str) -> str:
    """The path of a file from the root of the site."""
    return f"search/{lang}/{name}.js"


def top_name() -> str:
    """The file that is read first."""
    return "top"


def shard_name(first: str) -> str:
    """The shard that begins with a term."""
    return f"words/{name_of(first)}"


def block_name(term: str, first: int) -> str:
    """The block of a term's list that begins with a document."""
    return f"lists/{name_of(term)}/{first}"


def text_name(number: int, block: int) -> str:
    """A block of a document's text. A folder holds those of some hundred documents."""
    return f"texts/{number >> 8}/{number}-{block}"


def near_name(letter: str) -> str:
    """The words that begin with a letter."""
    return f"near/{name_of(letter)}"


def documents_path(lang: str, year: str) -> str:
    """What the documents of a year were when the index was made: the build's own memory, not read by a search."""
    return f"search/{lang}/documents/{year}.txt"
