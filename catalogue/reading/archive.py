"""Everything editors wrote, read from `docs/` at once, with every problem of all of it.

A build reads the same rooms one by one, since most of an archive did not change; this is for who asks once.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from catalogue.interview import LANGUAGES, Problem, Record
from catalogue.reading.checking import check_names, check_records
from catalogue.reading.looking import look
from catalogue.reading.others import other_problems, topic_pairs
from catalogue.reading.records import record_of
from catalogue.reading.sheets import read_known_sheet, sheets_by_id
from catalogue.reading.unit import read_unit
from catalogue.workers import batches, cores, spread


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
