"""A whole build, from what lies in `docs/` to what stands in the site: only what changed is made again.

MkDocs has rendered the editorial pages and the shell before this begins; nothing here knows of it. Everything is made
beside the site first; what is wrong with any page stops the build before the site is touched.
"""

import gc
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import datetime
from functools import cached_property, partial
from typing import Any

import msgspec

from catalogue.building.growing import grow
from catalogue.building.inspecting import Found, inspect
from catalogue.building.making import Maker
from catalogue.building.neighbours import neighbours
from catalogue.building.progress import Steps
from catalogue.building.publishing import SIGN, Journal, Published, check_site, resume, settle, standing
from catalogue.building.searching import Searching
from catalogue.building.sitewide import branches_of, clashes, key_of_lists
from catalogue.building.state import KnownPage, State, Unit, load_state, save_state
from catalogue.building.tray import Tray
from catalogue.building.twins import add_twins, forget_twins
from catalogue.interview import LANGUAGES, Problem
from catalogue.pages.plan import Plan
from catalogue.pages.pouring import Pourer
from catalogue.pages.shelf import Shelf
from catalogue.reading.archive import order, read_archive
from catalogue.reading.checking import check_names, check_records
from catalogue.reading.looking import Look, packed_look
from catalogue.reading.others import other_problems, topic_pairs
from catalogue.reading.sheets import read_sheets, sheets_by_id
from catalogue.sources import Stamp, digest_of
from catalogue.workers import Hand, batches, cores, spread


class BrokenPages(Exception):
    """Pages with mistakes: the build must not go on, and every mistake is in `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__("the pages have mistakes")
        self.problems = tuple(sorted(set(problems)))


def build_site(
    plan: Plan, now: datetime, steps: Steps, *, strict: bool = False, keep: list[object] | None = None
) -> tuple[Published, tuple[Problem, ...]]:
    """Builds and publishes the archive as it may be seen at a moment (aware); tells what was written, and the warnings.
    `keep` is given all that the build knew: whoever ends at once need not wait until that is cleared away.
    BrokenPages, NotASite, WorkerDied, OSError: the site is then as it was."""
    resume(plan.journal)
    shutil.rmtree(plan.next, ignore_errors=True)
    check_site(plan.site)
    plan.next.mkdir(parents=True)
    # What a build remembers is needed to its end: a collection would look at millions of records in vain, many times.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _built(plan, now, steps, strict, keep if keep is not None else [])
    except BaseException:
        if not plan.journal.exists():
            shutil.rmtree(plan.next, ignore_errors=True)
        raise
    finally:
        if collecting:
            gc.enable()


def _built(
    plan: Plan, now: datetime, steps: Steps, strict: bool, keep: list[object]
) -> tuple[Published, tuple[Problem, ...]]:
    """To look the site over takes as long as a small build, so it is done beside it; only if the site is not as the
    last build left it, all is made again, knowing that. A site that lost its sign is looked over first."""
    wrong = frozenset[str]()
    while True:
        building = _Building(plan, now, steps, wrong)
        keep[:] = [building]
        try:
            if not (plan.site / SIGN).exists():
                building.wrong = wrong = wrong | building.found.wrong
            problems = building.make(strict)
            found = building.found.wrong
        finally:
            building.end()
        if found <= wrong:
            return building.publish(), problems
        wrong |= found
        shutil.rmtree(plan.next)
        plan.next.mkdir()


def check_editorial(plan: Plan, now: datetime) -> None:
    """BrokenPages when MkDocs would stumble over a page of the editors, with what is wrong everywhere."""
    if any(problem.severity == "error" for problem in other_problems(plan.root)):
        raise BrokenPages(read_archive(plan.root, now).problems)


class _Building:
    """One build; `wrong` are the files that the site is known to have lost, or that somebody changed there."""

    def __init__(self, plan: Plan, now: datetime, steps: Steps, wrong: Set[str] = frozenset()) -> None:
        self.plan, self.now, self.steps, self.wrong = plan, now, steps, wrong
        self.began_ns = time.time_ns()
        steps.begin("Looking for what changed")
        # Forked before anything is remembered, they share no memory. The scout looks at what was written, then at what
        # stands.
        self.scout: Hand[partial[bytes] | partial[Found], Any] = Hand(lambda ask: ask())
        self.scout.give(partial(packed_look, plan.root))
        self.search = Searching(plan)
        self.old = load_state(plan.state, plan.site)
        self.look = msgspec.msgpack.decode(self.scout.result(), type=Look)
        self.scout.give(partial(inspect, plan.site, plan.state, self.began_ns))
        self.new = State(site=str(plan.site))

    def make(self, strict: bool) -> tuple[Problem, ...]:
        """Lays out every file that the site lacks, in memory of nothing but small records."""
        pairs, problems = topic_pairs(self.plan.root)
        problems += [*self.look.problems, *other_problems(self.plan.root)]
        self.new.sheets = read_sheets(self.plan.root, self.look.sheets, self.old.sheets, self.began_ns)
        problems += [problem for known in self.new.sheets.values() for problem in known.problems]
        self.pourers = {lang: Pourer(self.plan, lang) for lang in LANGUAGES}
        self.new.base = digest_of(self.plan.program, *(self.plan.shell(lang) for lang in LANGUAGES))
        lost_twins = self.wrong & self.old.twins().keys() if self.wrong else set[str]()
        self.wrong -= lost_twins
        self.tray = Tray(self.plan.next / "site", self.plan.site, self.wrong)
        made = self._make_units()
        problems += [problem for unit in self.new.units.values() for page in unit.pages for problem in page.problems]
        # Nothing was wrong with the names of the last build.
        if not self.old.names(self.look.units):
            problems += check_names(path for files in self.look.units.values() for path in files)
        problems += check_records(page.record for unit in self.new.units.values() for page in unit.pages if page.record)
        self._stop_at(problems, strict)
        shown = [page.record for unit in self.new.units.values() for page in unit.pages if page.record and page.shown]
        pages = {(one.slug, one.lang): one for one in sorted(shown, key=order)}
        self.shelves = {lang: Shelf(pages, pairs, lang, self.plan.words[lang]) for lang in LANGUAGES}
        self.search.begin(self.shelves, self.old, self.new, self.tray)
        self._end_pages(made, digest_of(repr(pairs).encode()))
        problems += self._make_lists()
        self._stop_at(problems, strict)
        self.steps.begin("Making the search index")
        self.new.search, self.new.search_key = self.search.result(), self.search.keys
        # Records of what did not change are shared with the new memory, which is written to below for twins.
        self.stood = self.old.sizes().keys() if self.plan.compress or self.old.packer else None
        self.new.packer = self.old.packer
        if self.plan.compress:
            add_twins(self.new, self.tray, lost_twins, self.steps)
        elif self.old.packer:
            forget_twins(self.new)
        return tuple(sorted(set(problems)))

    def end(self) -> None:
        """Ends the processes that work beside this one."""
        self.scout.end()
        self.search.end()

    @cached_property
    def found(self) -> Found:
        """What became of the site since the last build."""
        found: Found = self.scout.result()
        return found

    def _stop_at(self, problems: Sequence[Problem], strict: bool) -> None:
        if any(strict or problem.severity == "error" for problem in problems):
            raise BrokenPages(problems)

    def _make_units(self) -> set[str]:
        sheets = sheets_by_id(self.new.sheets)
        digests = {known.sheet.id: known.source.digest for known in self.new.sheets.values() if known.sheet}
        before = {known.sheet.id: known.source.digest for known in self.old.sheets.values() if known.sheet}
        replaced = {name for name in {**digests, **before} if digests.get(name) != before.get(name)}
        lost = {name.removeprefix("en/").split("/")[1] for name in self.wrong if "interviews/" in name}
        stale = []
        for slug, files in self.look.units.items():
            known = self.old.units.get(slug)
            if known is None or slug in lost or known.master in replaced or self._stale(known, files):
                stale.append(slug)
            else:
                self.new.units[slug] = known
        self.maker = Maker(
            plan=self.plan,
            pourers=self.pourers,
            base=self.new.base,
            sheets=sheets,
            sheet_digests=digests,
            files=self.look.units,
            known=self.old.units,
            tray=self.tray,
            entries=Tray(self.plan.next / "entries", self.plan.entries),
            now=self.now,
            began_ns=self.began_ns,
        )
        self.steps.begin("Making interviews", len(stale))
        made = set()
        for data in spread(self._made, batches(stale, 20), cores()):
            units = msgspec.msgpack.decode(data, type=list[Unit])
            self.steps.advance(len(units))
            for unit in units:
                self.new.units[unit.slug] = unit
                known = self.old.units.get(unit.slug)
                if known is None or known.key != unit.key or unit.slug in lost:
                    made.add(unit.slug)
        return made

    def _made(self, slugs: Sequence[str]) -> bytes:
        return msgspec.msgpack.encode([self.maker.make(slug) for slug in slugs])

    def _stale(self, known: Unit, files: dict[str, Stamp]) -> bool:
        """Asked of every interview in every build: loops are quicker here than what reads better."""
        sources = known.sources
        if self.old.base != self.new.base or len(files) != len(sources):
            return True
        for path, stamp in files.items():
            source = sources.get(path)
            if source is None or source.stamp != stamp:
                return True
        for page in known.pages:
            hour = page.record.embargo if page.record else None
            if hour is not None and (hour <= self.now) != page.shown:
                return True
        return False

    def _end_pages(self, made: set[str], pairs: bytes) -> None:
        """Ends the pages that were made, and those beside which something changed."""
        self.new.pairs = pairs
        near = neighbours(made, self.old.units, self.new.units, self.shelves) if pairs == self.old.pairs else None
        ending = [
            (slug, number)
            for slug, unit in self.new.units.items()
            for number, page in enumerate(unit.pages)
            if page.record and page.shown and (near is None or slug in near[page.record.lang])
        ]
        self.steps.begin("Ending pages", len(ending))
        for data in spread(self._ended, batches(ending, 100), cores()):
            pages = msgspec.msgpack.decode(data, type=list[tuple[str, int, KnownPage]])
            self.steps.advance(len(pages))
            for slug, number, page in pages:
                unit = self.new.units[slug]
                whole = tuple(page if at == number else other for at, other in enumerate(unit.pages))
                self.new.units[slug] = msgspec.structs.replace(unit, pages=whole)

    def _ended(self, some: Sequence[tuple[str, int]]) -> bytes:
        ended = []
        for slug, number in some:
            page = self.new.units[slug].pages[number]
            if page.record is not None:
                ended.append((slug, number, self.maker.end(page, page.record, self.shelves[page.record.lang])))
        return msgspec.msgpack.encode(ended)

    def _make_lists(self) -> Iterator[Problem]:
        """Lists, feeds and maps, and what clashes with them. Most edits are of words that none of them shows."""
        self.new.lists_key = key_of_lists(self.plan, self.shelves, self.new.base, self.new.pairs)
        if self.new.lists_key == self.old.lists_key and not self.wrong:
            self.new.branches = self.old.branches
            return
        branches = branches_of(self.plan, self.shelves, self.pourers, self.new.base)
        self.new.branches = grow(branches, self.old.branches, self.tray, self.steps)
        yield from clashes(self.plan, self.new.branches, self.old.branches)

    def publish(self) -> Published:
        """Moves what was made into the site. Nothing of the site was touched before."""
        self.steps.begin("Publishing")
        laid = self.plan.next / "site"
        strangers, self.new.looked_ns = set(self.found.strangers), self.found.looked_ns
        if self.stood is None and not strangers:
            count, gone = self.new.count(), self.old.gone_in(self.new)
        else:
            names = self.new.sizes().keys()
            stood = self.old.sizes().keys() if self.stood is None else self.stood
            count, gone = len(names), (stood | strangers) - names
        written = sum(1 for _ in standing(laid))
        save_state(self.new, self.plan.next / "state")
        entries = {
            f"{page.record.lang}/{slug}"
            for slug, unit in self.new.units.items()
            for page in unit.pages
            if page.record and page.entry
        }
        lost = [name for name, _ in standing(self.plan.entries) if name not in entries] if gone else []
        moves = (
            (str(self.plan.next / "entries"), str(self.plan.entries)),
            (str(laid), str(self.plan.site)),
            (str(self.plan.next / "state"), str(self.plan.state)),
        )
        deleted = [str(self.plan.site / name) for name in sorted(gone) if not (laid / name).exists()]
        settle(Journal(moves, (*deleted, *(str(self.plan.entries / name) for name in lost))), self.plan.journal)
        shutil.rmtree(self.plan.next, ignore_errors=True)
        return Published(files=count, written=written, deleted=len(deleted))
