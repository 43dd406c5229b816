"""`bench/search`: what the search index of a made-up archive costs, and what its searches miss and fetch."""

import gzip
import hashlib
import os
import platform
import random
import resource
import shutil
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import cyclopts
import msgspec

from bench.archive import interview, page, write_archive
from bench.contestants.material import Material
from bench.search_browser import Seen, browsing
from bench.search_material import asking, build
from bench.search_queries import KINDS, Oracle, Query, queries
from catalogue.interview import Interview
from catalogue.reading.parsing import read_page
from catalogue.search.editing import Standing
from catalogue.search.entry import entry_bytes
from catalogue.search.files import read_documents
from catalogue.search.index import index_files
from catalogue.search.numbering import Document

_HOME = Path(__file__).resolve().parent.parent / "build" / "bench"

app = cyclopts.App(name="bench/search", help="Search made-up archives, and tell what is missed and what it costs.")


class Made(msgspec.Struct, frozen=True):
    """An index of one language: pages, seconds of processor for entries and for laying out, bytes by part, files."""

    pages: int
    entries: float
    laying: float
    words: int
    texts: int
    files: int
    edit: float
    written: int


@app.default
def main(*, sizes: str = "250,2000,20000", each: int = 30, languages: str = "fr,en", keep: bool = False) -> None:
    """Print one table for each size. Queries are French; the English index is made and weighed beside.

    Example: bench/search --sizes 2000 --each 20

    Parameters
    ----------
    sizes
        Numbers of interviews, parted by commas. Up to 250, MkDocs-Material's own search is asked the same.
    each
        Queries of each kind.
    languages
        Of which to make the index; French is the one that is asked.
    keep
        Leave the indexes in build/bench/ for a look.
    """
    print(f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC; {os.cpu_count()} cores, Python {platform.python_version()}")
    for size in (int(each) for each in sizes.split(",")):
        folder = _HOME / f"search-{size}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"\n### {size:,} interviews\n")
        for lang in languages.split(","):
            print(_line(lang, make(folder, lang, size)), flush=True)
        print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB\n", flush=True)
        for line in ask(folder, size, each):
            print(line, flush=True)
        if not keep:
            shutil.rmtree(folder)


def pages(lang: str, size: int) -> Iterator[Interview]:
    """The pages of an archive in one language, one after another."""
    for number in range(size):
        one = interview(number)
        if lang in one.languages:
            read = read_page(page(one, lang).encode(), path=one.slug, slug=one.slug, lang=lang).interview
            assert read is not None
            yield read


def make(folder: Path, lang: str, size: int) -> Made:
    """Makes the index of a language in a folder, then changes one word of one page in it."""
    entries = folder / "entries"
    entries.mkdir()
    documents, spent, changed = list[Document](), 0.0, None
    for one in pages(lang, size):
        begun = time.process_time()
        entry = entry_bytes(one, one.topics)
        spent += time.process_time() - begun
        (entries / one.slug).write_bytes(entry)
        digest = hashlib.sha256(entry).hexdigest()[:12]
        documents.append(Document(slug=one.slug, date=one.date.isoformat(), digest=digest))
        changed = one if len(documents) == size // 3 else changed

    def read_entry(slug: str) -> bytes:
        return (entries / slug).read_bytes()

    def standing(path: str) -> bytes | None:
        return (folder / path).read_bytes() if (folder / path).exists() else None

    begun, writing = time.process_time(), 0.0
    sizes = {"words": 0, "texts": 0}
    files = 0
    for path, data in index_files(lang, documents, read_entry, lambda path: None).changed:
        paused = time.process_time()
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        sizes["texts" if "/texts/" in path else "words"] += 0 if "/documents/" in path else len(gzip.compress(data))
        files += 1
        writing += time.process_time() - paused
    laying = time.process_time() - begun - writing
    edit, written = _change(lang, documents, changed, entries, standing) if changed else (0.0, 0)
    shutil.rmtree(entries)
    return Made(len(documents), spent, laying, sizes["words"], sizes["texts"], files, edit, written)


def _change(
    lang: str, documents: Sequence[Document], one: Interview, entries: Path, standing: Standing
) -> tuple[float, int]:
    """Seconds on the wall for one word more in one page, and how many files that writes."""
    turns = list(one.turns)
    said = turns[11].paragraphs
    turns[11] = msgspec.structs.replace(turns[11], paragraphs=(*said[:-1], f"{said[-1]} Absolument."))
    (entries / one.slug).write_bytes(entry_bytes(msgspec.structs.replace(one, turns=tuple(turns)), one.topics))
    now = [msgspec.structs.replace(each, digest="new") if each.slug == one.slug else each for each in documents]
    begun = time.monotonic()
    made = index_files(lang, now, lambda slug: (entries / slug).read_bytes(), standing)
    written = sum(1 for _ in made.changed)
    return time.monotonic() - begun, written


def ask(folder: Path, size: int, each: int) -> Iterator[str]:
    """The table of queries: misses against every turn read, time to the first result, bytes of the first ten. Where the
    archive is small enough for MkDocs-Material, its own search is asked the same."""
    chance = random.Random("turns")
    picked = set(chance.sample(range(size), min(size, 400)))
    turns = [said for one in pages_of(picked) for said in chance.sample(lines(one)[5:], 3)]
    asked = queries(turns, each)
    oracle = Oracle(asked)
    for one in pages("fr", size):
        for said in lines(one):
            oracle.read(one.slug, said)
    slugs = dict(documents_in(folder))
    seen: dict[Query, Seen] = {}
    missed: dict[Query, int] = {}
    with browsing(folder) as browser:
        browser.first("rien")
        for query in asked:
            seen[query] = browser.first(query.typed)
            found = {slugs[number] for number in browser.all()}
            missed[query] = len(oracle.answers[query] - found)
    yield "| queries | misses | requests | kB sent, median / p95 | kB plain, p95 | ms to the first | ms to ten |"
    yield "|---|---|---|---|---|---|---|"
    yield from _rows("", asked, seen, missed)
    if size <= Material.largest:
        yield from _beside(folder, size, oracle)
    for query in asked:
        if missed[query]:
            yield f"\nmissed: {query.typed!r} ({query.kind}), {missed[query]} of {len(oracle.answers[query])}"


def _beside(folder: Path, size: int, oracle: Oracle) -> Iterator[str]:
    write_archive(size, folder / "archive")
    site, weight = build(folder / "archive", folder / "material", size)
    seen: dict[Query, Seen] = {}
    missed: dict[Query, int] = {}
    english = 0
    with asking(site) as material:
        for query, answers in oracle.answers.items():
            seen[query] = material.first(query.typed)
            missed[query] = len(answers - set(material.found))
            english += material.english > 0
    yield from _rows("MkDocs-Material: ", list(seen), seen, missed)
    count = sum(len(interview(number).languages) for number in range(size))
    yield f"\nMkDocs-Material: {weight / count:.0f} B of index a page, gzip; {english} answers with English pages"


def _rows(who: str, asked: Sequence[Query], seen: Mapping[Query, Seen], missed: Mapping[Query, int]) -> Iterator[str]:
    for kind in (*KINDS, "all"):
        those = [query for query in asked if kind in (query.kind, "all")]
        misses = sum(1 for query in those if missed[query])
        sent, plain = [seen[query].sent / 1000 for query in those], [seen[query].plain / 1000 for query in those]
        first, ten = [seen[query].first for query in those], [seen[query].ten for query in those]
        requests = statistics.median(seen[query].requests for query in those)
        yield (
            f"| {who}{kind} | {misses} of {len(those)} | {requests:.0f} "
            f"| {statistics.median(sent):.0f} / {_p95(sent):.0f} | {_p95(plain):.0f} "
            f"| {statistics.median(first):.0f} / {_p95(first):.0f} | {statistics.median(ten):.0f} / {_p95(ten):.0f} |"
        )


def lines(one: Interview) -> list[str]:
    """Everything said on a page that search reads: the five lines above, then the turns."""
    people = " ".join(f"{each.name} {each.function}" for each in one.speakers if each.role != "interviewer")
    heads = [one.title, people, " ".join(one.topics), one.place, f"{one.summary} {one.context}"]
    return [*heads, *(" ".join(turn.paragraphs) for turn in one.turns)]


def pages_of(numbers: set[int]) -> Iterator[Interview]:
    """Some pages, in French."""
    return (one for at, one in enumerate(pages("fr", max(numbers) + 1)) if at in numbers)


def documents_in(folder: Path) -> Iterator[tuple[int, str]]:
    """The numbers and slugs of the French index."""
    for file in (folder / "search" / "fr" / "documents").iterdir():
        yield from ((number, one.slug) for number, one in read_documents(file.read_bytes()))


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def _line(lang: str, made: Made) -> str:
    return (
        f"{lang}: {made.pages} pages; processor a page: {1000 * made.entries / made.pages:.2f} ms for its entry, "
        f"{1000 * made.laying / made.pages:.2f} ms to lay the index out; gzip a page: {made.words / made.pages:.0f} B "
        f"of index, {made.texts / made.pages:.0f} B of texts; {made.files} files; one changed word: {made.edit:.2f} s, "
        f"{made.written} files written"
    )


if __name__ == "__main__":
    app()
