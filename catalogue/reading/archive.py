"""Everything editors wrote, read from `docs/`: pages, sheets and pairs of topics, with every problem of all of them.

This is the door of the catalogue to the disk for reading; what it finds is judged by `parsing` and `checking`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import yaml

from catalogue.interview import LANGUAGES, Interview, Problem, Record
from catalogue.reading.checking import check_names, check_records, check_unit
from catalogue.reading.parsing import Page, read_other, read_page
from catalogue.reading.records import record_of
from catalogue.reading.timing import Reading, read_timing, timed
from catalogue.reading.transcript import end_turns
from catalogue.sheet import Sheet
from catalogue.sources import KnownSheet, Source, Stamp, entries, source_of, stamp_of, unfit
from catalogue.workers import batches, cores, spread

TOPICS = "topics.yml"


class Look(msgspec.Struct, frozen=True):
    """What lies in `docs/` without having been read: the files of each interview by its slug, and the sheets, each by
    its path from the project; and what is wrong with where they lie."""

    units: dict[str, dict[str, Stamp]]
    sheets: dict[str, Stamp]
    problems: tuple[Problem, ...]


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """The editors' words. `interviews` holds what may be published at the moment it was read, newest first;
    `topic_pairs` maps a French topic to the English one."""

    interviews: tuple[Record, ...]
    topic_pairs: dict[str, str]
    problems: tuple[Problem, ...]
    pages: int

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stops a build."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


class ReadUnit(msgspec.Struct, frozen=True):
    """The pages of one interview, whole. `shown` are those that may be seen at the moment asked for."""

    sources: dict[str, Source]
    pages: tuple[Page, ...]
    problems: tuple[Problem, ...]
    shown: tuple[Interview, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which the interview stands."""
        standing = {one.lang for one in self.shown if not one.withdrawn}
        return tuple(lang for lang in LANGUAGES if lang in standing)


def look(root: Path) -> Look:
    """What there is to read. Nothing is opened: an archive that did not change is looked over in a moment."""
    units = defaultdict[str, dict[str, Stamp]](dict)
    problems, docs = list[Problem](), root / "docs"
    for lang in LANGUAGES:
        folder = f"docs/{lang}/interviews"
        for entry in entries(root / folder):
            path = f"{folder}/{entry.name}"
            if wrong := unfit(entry, docs):
                problems.append(Problem(path=path, line=1, message=wrong))
            elif entry.is_dir():
                problems += _too_deep(root, Path(entry.path))
            elif entry.name.endswith((".md", ".timing.json")) and not entry.name.startswith("."):
                units[entry.name.removesuffix(".md").removesuffix(".timing.json")][path] = stamp_of(entry.stat())
            elif not entry.name.startswith(".") and not entry.name.endswith("~"):
                message = "not read. Name a page `.md` and its times `.timing.json`, or put this file elsewhere"
                problems.append(Problem(path=path, line=1, message=message, severity="warning"))
    sheets = {}
    for entry in entries(docs / "masters"):
        path = f"docs/masters/{entry.name}"
        if wrong := unfit(entry, docs):
            problems.append(Problem(path=path, line=1, message=wrong))
        elif entry.name.endswith(".yml") and not entry.is_dir():
            sheets[path] = stamp_of(entry.stat())
    # A timing without its page times nothing: it is what a renamed page leaves behind.
    for slug, files in units.items():
        for path in files:
            if f"{path.rpartition('/')[0]}/{slug}.md" not in files:
                message = f"no {slug}.md beside these times. Name both alike, or delete this file"
                problems.append(Problem(path=path, line=1, message=message, severity="warning"))
    pages = {slug: files for slug, files in units.items() if any(path.endswith(".md") for path in files)}
    return Look(units=dict(sorted(pages.items())), sheets=sheets, problems=tuple(problems))


def packed_look(root: Path) -> bytes:
    """The same in MessagePack, to be handed from one process to another."""
    return msgspec.msgpack.encode(look(root))


def read_sheets(
    root: Path, stamps: Mapping[str, Stamp], known: Mapping[str, KnownSheet], began_ns: int
) -> dict[str, KnownSheet]:
    """Every sheet by its path; those that have the stamp with which they are `known` are not read again."""
    sheets = {
        path: known[path] for path, stamp in stamps.items() if path in known and known[path].source.stamp == stamp
    }

    def read(some: Sequence[tuple[str, Stamp]]) -> list[tuple[str, KnownSheet]]:
        return [(path, read_known_sheet(root, path, stamp, began_ns)) for path, stamp in some]

    stale = [(path, stamp) for path, stamp in stamps.items() if path not in sheets]
    for some in spread(read, batches(stale, 200), cores()):
        sheets.update(some)
    return sheets


def read_unit(
    root: Path, slug: str, files: Mapping[str, Stamp], sheets: Mapping[str, Sheet], now: datetime, began_ns: int = 0
) -> ReadUnit:
    """The pages of one interview in both languages, as they may be seen at `now` (aware)."""
    sources: dict[str, Source] = {}
    pages: list[Page] = []
    timings: dict[str, Reading] = {}
    for path in sorted(files, key=lambda path: not path.startswith("docs/fr/")):
        data = _bytes(root / path)
        if isinstance(data, Problem):
            pages.append(
                Page(
                    path=path,
                    slug=slug,
                    lang=path.split("/")[1],
                    interview=None,
                    problems=(msgspec.structs.replace(data, path=path),),
                )
            )
            continue
        sources[path] = source_of(files[path], data, began_ns)
        if path.endswith(".md"):
            pages.append(read_page(data, path=path, slug=slug, lang=path.split("/")[1]))
        else:
            timings[path.split("/")[1]] = read_timing(data, path)
    problems = [problem for page in pages for problem in page.problems]
    problems += [problem for timing in timings.values() for problem in timing.problems]
    problems += check_unit(pages, sheets, _broken_masters(root, pages, sheets))
    shown = []
    for page in pages:
        one = page.interview
        if one is None:
            continue
        sheet = sheets.get(one.master)
        turns = end_turns(one.turns, sheet.duration_ms if sheet else None)
        if page.lang in timings:
            turns, wrong = timed(turns, timings[page.lang])
            problems += wrong
        if one.embargo is None or one.embargo <= now:
            shown.append(msgspec.structs.replace(one, sheet=sheet, turns=turns))
    return ReadUnit(sources, tuple(pages), tuple(problems), tuple(shown))


def _broken_masters(root: Path, pages: Sequence[Page], sheets: Mapping[str, Sheet]) -> set[str]:
    unknown = {page.interview.master for page in pages if page.interview} - sheets.keys() - {""}
    return {master for master in unknown if (root / "docs/masters" / f"{master}.yml").exists()}


def read_archive(root: Path, now: datetime) -> Archive:
    """The archive of the project in `root`, as it may be seen at `now` (aware): pages under embargo are checked like
    the others, and then left out."""
    found = look(root)
    sheets = {path: read_known_sheet(root, path, stamp) for path, stamp in found.sheets.items()}
    by_id = sheets_by_id(sheets)

    def read(slugs: Sequence[str]) -> tuple[list[Record], list[Record], list[Problem]]:
        whole, shown, problems = list[Record](), list[Record](), list[Problem]()
        for slug in slugs:
            unit = read_unit(root, slug, found.units[slug], by_id, now)
            whole += [
                record_of(page.interview, (), page.lines.get("reference", 1)) for page in unit.pages if page.interview
            ]
            shown += [record_of(one, unit.languages) for one in unit.shown]
            problems += unit.problems
        return whole, shown, problems

    whole, shown = list[Record](), list[Record]()
    problems = [*found.problems, *(problem for sheet in sheets.values() for problem in sheet.problems)]
    for some, seen, wrong in spread(read, batches(list(found.units), 50), cores()):
        whole += some
        shown += seen
        problems += wrong
    problems += check_names(path for files in found.units.values() for path in files)
    problems += check_records(whole)
    problems += other_problems(root)
    pairs, wrong_pairs = topic_pairs(root)
    problems += wrong_pairs
    pages = sum(path.endswith(".md") for files in found.units.values() for path in files)
    return Archive(
        interviews=tuple(sorted(shown, key=order)),
        topic_pairs=pairs,
        problems=tuple(sorted(set(problems))),
        pages=pages,
    )


def order(one: Record) -> tuple[int, str, int]:
    """Newest first, then by address, French before English."""
    return (-one.date.toordinal(), one.slug, LANGUAGES.index(one.lang))


def sheets_by_id(sheets: Mapping[str, KnownSheet]) -> dict[str, Sheet]:
    """The sheets that could be read, by the id of their master."""
    return {known.sheet.id: known.sheet for known in sheets.values() if known.sheet is not None}


def read_known_sheet(root: Path, path: str, stamp: Stamp, began_ns: int = 0) -> KnownSheet:
    """The sheet at a path, or what keeps it from being one."""
    stem = Path(path).stem
    data = _bytes(root / path)
    if isinstance(data, Problem):
        return KnownSheet(Source(stamp, b""), None, (msgspec.structs.replace(data, path=path),))
    source = source_of(stamp, data, began_ns)
    try:
        sheet = msgspec.yaml.decode(data, type=Sheet)
    except (msgspec.MsgspecError, yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        message = f"this is no asset sheet ({reason}). Run `duplex ingest FILE --id {stem}` again"
        return KnownSheet(source, None, (Problem(path=path, line=1, message=message),))
    if sheet.id != stem:
        message = f"the sheet of “{sheet.id}” is named {stem}.yml. Name it {sheet.id}.yml"
        return KnownSheet(source, sheet, (Problem(path=path, line=1, message=message),))
    return KnownSheet(source, sheet)


def topic_pairs(root: Path) -> tuple[dict[str, str], list[Problem]]:
    """The English topic of each French one that an editor paired, and what is wrong with the list."""
    file = root / "docs" / TOPICS
    if not file.is_file():
        return {}, []
    data = _bytes(file)
    if isinstance(data, Problem):
        return {}, [msgspec.structs.replace(data, path=f"docs/{TOPICS}")]
    try:
        pairs = msgspec.yaml.decode(data, type=list[dict[str, str]])
        return {pair["fr"]: pair["en"] for pair in pairs}, []
    except (msgspec.MsgspecError, yaml.YAMLError, ValueError, KeyError, RecursionError):
        message = "this is no list of pairs. Write `- {fr: phares, en: lighthouses}`"
        return {}, [Problem(path=f"docs/{TOPICS}", line=1, message=message)]


def other_problems(root: Path) -> Iterator[Problem]:
    """Editorial and account pages: that they can be read, and the twin that a bilingual site promises."""
    docs = root / "docs"
    for lang in LANGUAGES:
        for file, wrong in sorted(_other_files(docs / lang, docs)):
            path = file.relative_to(root).as_posix()
            if wrong:
                yield Problem(path=path, line=1, message=wrong)
            if wrong or file.suffix != ".md":
                continue
            data = _bytes(file)
            problem = data if isinstance(data, Problem) else read_other(data)[1]
            if problem is not None:
                yield msgspec.structs.replace(problem, path=path)
            for other in LANGUAGES:
                twin = docs / other / file.relative_to(docs / lang)
                if not twin.exists():
                    message = f"no {twin.relative_to(root).as_posix()}. Write the same page in the other language"
                    yield Problem(path=path, line=1, message=message, severity="warning")


def _other_files(folder: Path, docs: Path) -> Iterator[tuple[Path, str]]:
    """The files beside the interviews, each with what keeps it from being published."""
    for entry in entries(folder):
        wrong = unfit(entry, docs)
        if wrong or not entry.is_dir():
            yield Path(entry.path), wrong or ""
        elif entry.name != "interviews":
            yield from _other_files(Path(entry.path), docs)


def _too_deep(root: Path, folder: Path) -> Iterator[Problem]:
    for file in sorted(folder.rglob("*.md")):
        message = "interviews lie directly in their folder. Move this file up"
        yield Problem(path=file.relative_to(root).as_posix(), line=1, message=message)


def _bytes(file: Path) -> bytes | Problem:
    try:
        return file.read_bytes()
    except OSError as error:
        return Problem(line=1, message=f"this file cannot be read ({error.strerror}). Check who may read it")
