"""One interview, read whole: its pages in both languages with the times that belong to them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from catalogue.interview import LANGUAGES, Interview, Problem
from catalogue.reading.checking import check_unit
from catalogue.reading.parsing import Page, read_page
from catalogue.reading.timing import Reading, read_timing, timed
from catalogue.reading.transcript import end_turns
from catalogue.sheet import Sheet
from catalogue.sources import Source, Stamp, bytes_of, source_of


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


def read_unit(
    root: Path, slug: str, files: Mapping[str, Stamp], sheets: Mapping[str, Sheet], now: datetime, began_ns: int = 0
) -> ReadUnit:
    """The pages of one interview in both languages, as they may be seen at `now` (aware)."""
    sources: dict[str, Source] = {}
    pages: list[Page] = []
    timings: dict[str, Reading] = {}
    for path in sorted(files, key=lambda path: not path.startswith("docs/fr/")):
        lang, data = path.split("/")[1], bytes_of(root / path)
        if isinstance(data, Problem):
            wrong = msgspec.structs.replace(data, path=path)
            pages.append(Page(path=path, slug=slug, lang=lang, interview=None, problems=(wrong,)))
            continue
        sources[path] = source_of(files[path], data, began_ns)
        if path.endswith(".md"):
            pages.append(read_page(data, path=path, slug=slug, lang=lang))
        else:
            timings[lang] = read_timing(data, path)
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
            turns, mistimed = timed(turns, timings[page.lang])
            problems += mistimed
        if one.embargo is None or one.embargo <= now:
            shown.append(msgspec.structs.replace(one, sheet=sheet, turns=turns))
    return ReadUnit(sources, tuple(pages), tuple(problems), tuple(shown))


def _broken_masters(root: Path, pages: Sequence[Page], sheets: Mapping[str, Sheet]) -> set[str]:
    unknown = {page.interview.master for page in pages if page.interview} - sheets.keys() - {""}
    return {master for master in unknown if (root / "docs/masters" / f"{master}.yml").exists()}
