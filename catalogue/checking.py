"""What can only be seen with all pages side by side: names, twins, masters, references, and times against films."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from catalogue.interview import Interview, Problem
from catalogue.parsing import Page
from catalogue.sheet import Sheet
from catalogue.timecode import format_clock

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SAME_IN_TWINS = {"date": "date", "spoken": "spoken", "master": "film", "embargo": "embargo", "withdrawn": "withdrawal"}


def check_pages(pages: Sequence[Page], sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Every problem across the pages, without those that each page already carries."""
    problems = [*_slugs(pages), *_twins(pages), *_references(pages)]
    for page in pages:
        if page.interview is not None:
            problems += _film(page, page.interview, sheets)
    return problems


def _slugs(pages: Iterable[Page]) -> Iterator[Problem]:
    spellings = defaultdict[str, set[str]](set)
    for page in pages:
        spellings[page.slug.lower()].add(page.slug)
    for page in pages:
        if len(spellings[page.slug.lower()]) > 1:
            others = ", ".join(f"{name}.md" for name in sorted(spellings[page.slug.lower()] - {page.slug}))
            cure = "Name both files alike, in small letters"
            yield Problem(path=page.path, line=1, message=f"this name differs from {others} by case only. {cure}")
        elif _SLUG.fullmatch(page.slug) is None or page.slug == "index":
            cure = "Use small letters a to z, digits and single hyphens"
            yield Problem(path=page.path, line=1, message=f"“{page.slug}” is no name for an address. {cure}")


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


def _references(pages: Iterable[Page]) -> Iterator[Problem]:
    first: dict[str, Page] = {}
    for page in pages:
        reference = page.interview.reference if page.interview else ""
        if not reference:
            continue
        known = first.setdefault(reference, page)
        if known.slug != page.slug:
            message = f"the reference {reference} is already that of {known.path}. Give each interview its own"
            yield Problem(path=page.path, line=page.lines.get("reference", 1), message=message)


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
