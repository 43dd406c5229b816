"""What can only be seen with all pages side by side: names, twins, masters, references, and times against films."""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from catalogue.interview import Interview, Problem, Record
from catalogue.reading.parsing import Page
from catalogue.reading.soundness import LONGEST_ADDRESS, quoted
from catalogue.sheet import Sheet
from catalogue.timecode import format_clock
from catalogue.wording import slug_of

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SAME_IN_TWINS = {"date": "date", "spoken": "spoken", "master": "film", "embargo": "embargo", "withdrawn": "withdrawal"}


def check_unit(pages: Sequence[Page], sheets: Mapping[str, Sheet], broken: Container[str] = ()) -> list[Problem]:
    """Every problem across the pages of one interview, without those that each page already carries. `broken` are
    masters whose sheet is there but cannot be read, which is told of the sheet."""
    problems = [*_twins(pages)]
    for page in pages:
        if page.interview is not None and page.interview.master not in broken:
            problems += _film(page, page.interview, sheets)
    return problems


def check_names(paths: Iterable[str]) -> Iterator[Problem]:
    """The names of pages: addresses, and told apart on every file system."""
    slugs = {path: path.rpartition("/")[2].removesuffix(".md") for path in paths if path.endswith(".md")}
    spellings = defaultdict[str, set[str]](set)
    for slug in slugs.values():
        spellings[slug.lower()].add(slug)
    for path, slug in slugs.items():
        if len(spellings[slug.lower()]) > 1:
            others = ", ".join(f"{name}.md" for name in sorted(spellings[slug.lower()] - {slug}))
            cure = "Name both files alike, in small letters"
            yield Problem(path=path, line=1, message=f"this name differs from {others} by case only. {cure}")
        elif message := no_address(slug):
            yield Problem(path=path, line=1, message=message)


def no_address(slug: str) -> str | None:
    """What keeps the name of a page from being its address; None when nothing does."""
    if _SLUG.fullmatch(slug) is None or slug == "index":
        return f"“{quoted(slug)}” is no name for an address. Use small letters a to z, digits and single hyphens"
    if len(slug) > LONGEST_ADDRESS:
        return f"“{quoted(slug)}” is too long for an address. Give the file a shorter name"
    return None


def check_records(records: Iterable[Record]) -> Iterator[Problem]:
    """What is wrong between interviews: a reference given twice, one address for two people."""
    records = sorted(records, key=lambda one: (one.slug, one.translated))
    yield from _references(records)
    yield from _namesakes(records)


def _twins(pages: Iterable[Page]) -> Iterator[Problem]:
    by_slug = defaultdict[str, list[tuple[Page, Interview]]](list)
    for page in pages:
        if page.interview is not None:
            by_slug[page.slug].append((page, page.interview))
    for twins in by_slug.values():
        if len(twins) != 2:
            continue
        # The original is what was said; the translation is the one to mend.
        original, copy = sorted(twins, key=lambda twin: twin[1].translated)
        for field, word in _SAME_IN_TWINS.items():
            here, there = getattr(copy[1], field), getattr(original[1], field)
            if here != there:
                line = copy[0].lines.get(field, 1)
                message = (
                    f"{word} is {here or 'absent'} here and {there or 'absent'} in {original[0].path}. Write the same"
                )
                yield Problem(path=copy[0].path, line=line, message=message)


def _references(records: Iterable[Record]) -> Iterator[Problem]:
    first: dict[str, Record] = {}
    for one in records:
        if one.reference and first.setdefault(one.reference, one).slug != one.slug:
            known = path_of(first[one.reference])
            message = f"the reference {one.reference} is already that of {known}. Give each interview its own"
            yield Problem(path=path_of(one), line=one.reference_line, message=message)


def _namesakes(records: Iterable[Record]) -> Iterator[Problem]:
    """Two spellings of one address are either a slip or two people; one page would tell of both."""
    first: dict[str, tuple[str, Record]] = {}
    told, met = set(), set[str]()
    for one in records:
        for speaker in one.speakers:
            # Most names come again and again, and have nothing new to tell.
            if speaker.name in met or speaker.role == "interviewer":
                continue
            met.add(speaker.name)
            slug = slug_of(speaker.name)
            name, known = first.setdefault(slug, (speaker.name, one))
            if name != speaker.name and slug not in told:
                told.add(slug)
                message = (
                    f"“{speaker.name}” and “{name}” in {path_of(known)} share the page speakers/{slug}/. "
                    "Write the name alike, or tell the two people apart in it"
                )
                yield Problem(path=path_of(one), line=1, message=message, severity="warning")


def path_of(one: Record) -> str:
    """Where a page was written, from the project."""
    return f"docs/{one.lang}/interviews/{one.slug}.md"


def _film(page: Page, interview: Interview, sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    if not interview.master:
        return
    sheet = sheets.get(interview.master)
    if sheet is None:
        close = get_close_matches(interview.master, list(sheets), n=1)
        cure = f"Did you mean “{close[0]}”?" if close else f"Run `duplex ingest FILE --id {interview.master}` first"
        message = f"no sheet docs/masters/{interview.master}.yml for this master. {cure}"
        yield Problem(path=page.path, line=page.lines.get("master", 1), message=message)
        return
    for turn in interview.turns:
        if turn.start_ms is not None and turn.start_ms >= sheet.duration_ms:
            end = format_clock(sheet.duration_ms)
            message = (
                f"[{format_clock(turn.start_ms)}] is beyond the end of the film ({end}). Mend the time, or delete it"
            )
            yield Problem(path=page.path, line=turn.line, message=message)
