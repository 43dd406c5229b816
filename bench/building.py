"""`bench/build`: what it costs to build the same archive with Duplex, Hugo, Eleventy and plain MkDocs-Material."""

import os
import platform
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import cyclopts

from bench.archive import change_a_title, change_a_word, interview, write_archive
from bench.content import read_interview
from bench.contestants import Contestant
from bench.contestants.duplex import Duplex
from bench.contestants.eleventy import Eleventy
from bench.contestants.hugo import DebianHugo, Hugo
from bench.contestants.material import Material
from bench.measuring import CommandFailed, Cost, measure
from bench.reporting import Row, report, weigh
from bench.snapshot import difference, snapshot

CONTESTANTS: dict[str, Callable[[Path, Path], Contestant]] = {
    "duplex": Duplex,
    "hugo": Hugo,
    "hugo-debian": DebianHugo,
    "eleventy": Eleventy,
    "material": Material,
}
_HOME = Path(__file__).resolve().parent.parent / "build" / "bench"

app = cyclopts.App(name="bench/build", help="Build made-up archives with several builders, and compare what it costs.")


@app.default
def main(
    *, sizes: str = "250,2000,5000,20000", only: str = "", runs: int = 1, edits: int = 1, keep: bool = False
) -> None:
    """Print one table for each size: builds from nothing, of nothing new, of one changed word, of one changed title.

    Example: bench/build --sizes 250,2000 --only duplex,hugo

    Parameters
    ----------
    sizes
        Numbers of interviews, parted by commas.
    only
        Builders to ask: duplex, hugo, hugo-debian, eleventy, material. All of them unless said; each has a size beyond
        which it is not asked unless it is named here.
    runs
        Builds from nothing, of which the fastest counts.
    edits
        Words, and titles, changed one after another in as many pages: the median counts, and what the first wrote.
    keep
        Leave archives and sites in build/bench/ for a look.
    """
    # Ended from outside, it ends the builder that runs, which otherwise would go on for hours.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: ended from outside"))
    names = [name.strip() for name in only.split(",") if name.strip()] or list(CONTESTANTS)
    if unknown := set(names) - CONTESTANTS.keys():
        raise SystemExit(f"bench: no builder {', '.join(sorted(unknown))}. Name some of: {', '.join(CONTESTANTS)}")
    moment = f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC"
    print(f"{moment}; {os.cpu_count()} cores, {_memory_gib()} GiB, Python {platform.python_version()}")
    for size in (int(each) for each in sizes.split(",")):
        rows, weights = [], []
        archive = _HOME / f"archive-{size}"
        write_archive(size, archive)
        for name in names:
            contestant = CONTESTANTS[name](_HOME / f"{name}-{size}", archive)
            if size > contestant.largest and not only:
                continue
            print(f"{size} interviews: {contestant.name} …", file=sys.stderr, flush=True)
            try:
                rows.append(_row(contestant, archive, size, runs, edits))
                weights.append(weigh(contestant, archive, size))
            except CommandFailed as error:
                print(f"{contestant.name}: {error}")
            if not keep and contestant.folder != archive:
                shutil.rmtree(contestant.folder)
        print("\n".join(report(size, rows, weights)), flush=True)
        if not keep:
            shutil.rmtree(archive)


def _row(contestant: Contestant, archive: Path, size: int, runs: int, edits: int) -> Row:
    contestant.install(_HOME / "tools")
    contestant.write(archive, size)
    cold = min(_colds(contestant, runs), key=lambda cost: cost.seconds)
    built = snapshot(contestant.site)
    again = _build(contestant)
    unchanged = snapshot(contestant.site)
    first, *others = range(size // 2, size // 2 + edits)
    words = [_edited(contestant, archive, change_a_word, first)]
    edited = before = snapshot(contestant.site)
    if others:
        words += [_edited(contestant, archive, change_a_word, number) for number in others]
        before = snapshot(contestant.site)
    titles = [_edited(contestant, archive, change_a_title, first)]
    titled = snapshot(contestant.site)
    titles += [_edited(contestant, archive, change_a_title, number) for number in others]
    return Row(
        name=contestant.name,
        cold=cold,
        again=again,
        edit=_median(words),
        title=_median(titles),
        bytes=built.bytes,
        files=len(built.hashes),
        after_nothing=difference(built, unchanged),
        after_edit=difference(unchanged, edited),
        after_title=difference(before, titled),
    )


def _colds(contestant: Contestant, runs: int) -> Iterator[Cost]:
    for _ in range(runs):
        contestant.forget()
        yield _build(contestant)


def _edited(contestant: Contestant, archive: Path, change: Callable[[Path, int], str], number: int) -> Cost:
    change(archive, number)
    contestant.rewrite(read_interview(archive, number, interview(number).languages[0]))
    return _build(contestant)


def _median(costs: Sequence[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.seconds)[len(costs) // 2]


def _build(contestant: Contestant) -> Cost:
    command, env = contestant.command()
    # What was written before is on the disk before the clock starts.
    os.sync()
    return measure(command, contestant.folder, env)


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


if __name__ == "__main__":
    app()
