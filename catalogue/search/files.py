"""The files of an index: small scripts, each calling one function with its name and what it holds."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from catalogue.search.frequent import FREQUENT
from catalogue.search.numbering import Document, Numbering
from catalogue.search.shards import front_coded, name_of

FUNCTION = "duplexIndex"
TOP = "top"
File = tuple[str, bytes]


class Top(msgspec.Struct, frozen=True, kw_only=True):
    """What a search reads first. `made` names the code that made the index; `pages` is the number of documents,
    `years` the first number and the room of each year; `starts` are the first terms of the shards, front-coded;
    `letters` those with which words begin, `frequent` the words that count as such."""

    made: str
    pages: int
    years: tuple[tuple[int, int, int], ...]
    starts: str
    letters: str
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


def documents_path(lang: str, year: int) -> str:
    """What the documents of a year were when the index was made: the build's own memory, not read by a search."""
    return f"search/{lang}/documents/{year}.txt"


def documents_files(lang: str, numbering: Numbering) -> Iterator[File]:
    """The build's memory of the documents, a file for each year."""
    years = defaultdict[str, list[str]](list)
    for number, one in numbering.documents:
        years[one.date[:4]].append(f"{number} {one.date} {one.digest} {one.slug}\n")
    for year, lines in years.items():
        yield documents_path(lang, int(year)), "".join(lines).encode()


def read_documents(data: bytes) -> Iterator[tuple[int, Document]]:
    """What a file of `documents_files` says. ValueError when it says nothing of the kind."""
    for line in data.decode().splitlines():
        number, day, digest, slug = line.split(" ")
        yield int(number), Document(slug=slug, date=day, digest=digest)


def top_file(lang: str, numbering: Numbering, starts: Sequence[str], letters: Iterable[str]) -> File:
    """What is read first."""
    top = Top(
        made=program(),
        pages=len(numbering.documents),
        years=numbering.years,
        starts=front_coded(starts),
        letters="".join(sorted(letters)),
        frequent=" ".join(FREQUENT[lang]),
    )
    return path_of(lang, TOP), script(lang, TOP, top)
