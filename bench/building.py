"""`bench/build`: what it costs to build the same archive with Duplex, Hugo, Eleventy and plain MkDocs-Material."""

import os
import platform
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
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
def main(*, sizes: str = "250,2000,5000,20000", only: str = "", runs: int = 1, keep: bool = False) -> None:
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
                rows.append(_row(contestant, archive, size, runs))
                weights.append(weigh(contestant, archive, size))
            except CommandFailed as error:
                print(f"{contestant.name}: {error}")
            if not keep and contestant.folder != archive:
                shutil.rmtree(contestant.folder)
        print("\n".join(report(size, rows, weights)), flush=True)
        if not keep:
            shutil.rmtree(archive)


def _row(contestant: Contestant, archive: Path, size: int, runs: int) -> Row:
    contestant.install(_HOME / "tools")
    contestant.write(archive, size)
    cold = min(_colds(contestant, runs), key=lambda cost: cost.seconds)
    built = snapshot(contestant.site)
    again = _build(contestant)
    unchanged = snapshot(contestant.site)
    changed = size // 2
    lang = interview(changed).languages[0]
    change_a_word(archive, changed)
    contestant.rewrite(read_interview(archive, changed, lang))
    edit = _build(contestant)
    edited = snapshot(contestant.site)
    change_a_title(archive, changed)
    contestant.rewrite(read_interview(archive, changed, lang))
    title = _build(contestant)
    return Row(
        name=contestant.name,
        cold=cold,
        again=again,
        edit=edit,
        title=title,
        bytes=built.bytes,
        files=len(built.hashes),
        after_nothing=difference(built, unchanged),
        after_edit=difference(unchanged, edited),
        after_title=difference(edited, snapshot(contestant.site)),
    )


def _colds(contestant: Contestant, runs: int) -> Iterator[Cost]:
    for _ in range(runs):
        contestant.forget()
        yield _build(contestant)


def _build(contestant: Contestant) -> Cost:
    command, env = contestant.command()
    # What was written before is on the disk before the clock starts.
    os.sync()
    return measure(command, contestant.folder, env)


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


if __name__ == "__main__":
    app()
