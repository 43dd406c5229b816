"""What a clip of a long master costs, beside the same by other ways, each judged frame by frame.

bench/clip --minutes 5 --passages 3
"""

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Annotated

import cyclopts
import msgspec
from cyclopts import Parameter

from bench.films import FFMPEG, broadcast, facts, group_bytes, intra, seconds_at, shelved
from bench.metered import Cost, metered
from bench.tools import python_environment
from footage.judging.verdict import Reading, Report, verify_clip
from footage.reading.index import Index
from footage.reading.points import Passage

HOUSE = Path(__file__).resolve().parent.parent
HOME = HOUSE / "build" / "bench" / "clip"
_DUPLEX = Path(sys.executable).with_name("duplex")
# Frames are right when they are nearer to the master's than any other frame could be; how near is told beside.
_RIGHT_DB = 30.0

Maker = Callable[[Passage, Path], list[str]]
"""The command that makes a passage into a file."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One way to make passages of a length: what each cost, and what the judge said of some of them."""

    name: str
    costs: list[Cost]
    verdicts: list[Report]

    def median(self, what: str) -> float:
        """The median of one of the costs."""
        return median(float(getattr(cost, what)) for cost in self.costs)


def makers(master: Path, id: str, index: Index, wanted: Sequence[str]) -> dict[str, Maker]:
    """The ways that are compared, by name."""

    def duplex(cut: Passage, target: Path) -> list[str]:
        return [str(_DUPLEX), "cut", id, "--in", f"f{cut.first}", "--out", f"f{cut.last}", "-o", str(target)]

    def through_ffmpeg(*coding: str) -> Maker:
        def make(cut: Passage, target: Path) -> list[str]:
            length = f"{float(index.start_ms(cut.last) - index.start_ms(cut.first)) / 1000:.6f}"
            points = ["-ss", seconds_at(index, cut.first), "-i", str(master), "-t", length]
            return [FFMPEG, "-nostdin", "-v", "error", "-y", *points, *coding, str(target)]

        return make

    ways = {
        "duplex": duplex,
        "stream copy": through_ffmpeg("-c", "copy"),
        "re-encode": through_ffmpeg("-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-c:a", "aac"),
    }
    if "smartcut" in wanted:
        program = python_environment(HOME.parent / "tools", "smartcut==1.7") / "bin" / "smartcut"

        def smartcut(cut: Passage, target: Path) -> list[str]:
            return [str(program), str(master), str(target), "--keep", f"{cut.first},{cut.last}", "--frames"]

        ways["smartcut"] = smartcut
    return {name: way for name, way in ways.items() if name in wanted}


def drawn(index: Index, seconds: int, count: int) -> list[Passage]:
    """So many passages of a length, anywhere in a master, always the same."""
    chance = random.Random(f"{seconds} {index.frames}")
    frames = round(seconds * index.rate)
    starts = (chance.randrange(index.frames - frames) for _ in range(count))
    return [Passage(start, start + frames) for start in starts]


def measured(
    name: str, maker: Maker, film: tuple[Path, Index], cuts: Sequence[Passage], judged: int, media: Path
) -> Row:
    """Makes every passage once, after one that is not counted, and has the first few judged."""
    path, index = film
    target = HOME / f"made{path.suffix}"
    idle = metered(maker(Passage(cuts[0].first, cuts[0].first + 1), target), DUPLEX_MEDIA=str(media))
    costs, verdicts = [], []
    for number, cut in enumerate(cuts):
        cost = metered(maker(cut, target), DUPLEX_MEDIA=str(media))
        # What a program reads of itself is no part of the master: it is what making a single frame reads, at the most.
        costs.append(msgspec.structs.replace(cost, read=max(0, cost.read - (idle.read if name == "duplex" else 0))))
        if number < judged:
            verdicts.append(verify_clip(path, index, cut, target, _RIGHT_DB))
    target.unlink()
    return Row(name=name, costs=costs, verdicts=verdicts)


def _right(reading: Reading, wanted: int) -> bool:
    near = reading.worst_db is None or reading.worst_db >= _RIGHT_DB
    return reading.frames == wanted and near


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The rows, with ratios to the first."""
    yield "| way | wall s | CPU s | CPU × | MB read | MB written | right: edit lists honoured, ignored | dB | late ms |"
    yield "|---|---:|---:|---:|---:|---:|---|---:|---:|"
    own = rows[0].median("cpu")
    for row in rows:
        sides = [[each.honoured for each in row.verdicts], [each.ignored for each in row.verdicts]]
        wanted = row.verdicts[0].wanted if row.verdicts else 0
        right = ", ".join(f"{sum(_right(each, wanted) for each in side)} of {len(side)}" for side in sides)
        worst = [each.worst_db for side in sides for each in side if each.worst_db is not None]
        late = ", ".join(f"{max(abs(each.start_ms) for each in side):.0f}" for side in sides if side)
        yield (
            f"| {row.name} | {row.median('wall'):.2f} | {row.median('cpu'):.2f} | {row.median('cpu') / own:.2f} "
            f"| {row.median('read') / 1e6:.1f} | {row.median('written') / 1e6:.1f} | {right or 'not judged'} "
            f"| {f'{min(worst):.1f}' if worst else 'identical'} | {late} |"
        )


app = cyclopts.App(name="bench/clip", help=__doc__)


@app.default
def bench_clips(
    *,
    minutes: Annotated[int, Parameter(help="Length of the master.")] = 60,
    passages: Annotated[int, Parameter(help="How many passages of 10 s and of 60 s each way makes.")] = 10,
    judged: Annotated[int, Parameter(help="How many of them are judged frame by frame.")] = 3,
    lengths: Annotated[str, Parameter(help="Other lengths of master, in minutes, for Duplex alone.")] = "10,120",
    only: Annotated[str, Parameter(help="The ways to compare.")] = "duplex,stream copy,re-encode,smartcut",
) -> None:
    """Makes the masters on the spot (kept in build/bench/clip), measures, prints Markdown."""
    ways, media = only.split(","), HOME / "media"
    HOME.mkdir(parents=True, exist_ok=True)
    master = broadcast(HOME, minutes)
    id, index = shelved(master, media)
    print(f"\n## Clips of a master of {minutes} minutes: {facts(index)}")
    for seconds in (10, 60):
        cuts = drawn(index, seconds, passages)
        rows = [
            measured(name, maker, (master, index), cuts, judged, media)
            for name, maker in makers(master, id, index, ways).items()
        ]
        print(f"\n### Passages of {seconds} s ({passages}, median)\n")
        print("\n".join(table(rows)), flush=True)
        most = 1.2 * rows[0].median("written") + 2 * group_bytes(index)
        print(f"\nRead at most 1.2 times the clip and two groups: {rows[0].median('read') / most:.2f} of that.")
    _by_length(media, [int(each) for each in lengths.split(",") if each], passages)
    _of_intra(media, min(passages, 5))


def _by_length(media: Path, lengths: Sequence[int], count: int) -> None:
    print("\n### The same 10 s of masters of other lengths, Duplex\n")
    rows = []
    for minutes in lengths:
        master = broadcast(HOME, minutes)
        id, index = shelved(master, media)
        # The same passages of the first minute, so that only the length of what follows differs.
        cuts = [Passage(cut.first % 1000, cut.first % 1000 + cut.frames) for cut in drawn(index, 10, count)]
        maker = makers(master, id, index, ["duplex"])["duplex"]
        row = measured("duplex", maker, (master, index), cuts, 0, media)
        rows.append(msgspec.structs.replace(row, name=f"of {minutes} min"))
    if rows:
        print("\n".join(table(rows)), flush=True)


def _of_intra(media: Path, count: int) -> None:
    master = intra(HOME)
    id, index = shelved(master, media)
    ways = makers(master, id, index, ["duplex", "stream copy"])
    for seconds in (10, 40):
        print(f"\n### Passages of {seconds} s of an intra master: {facts(index)}\n")
        film, cuts = (master, index), drawn(index, seconds, count)
        rows = [measured(name, maker, film, cuts, min(2, count), media) for name, maker in ways.items()]
        print("\n".join(table(rows)), flush=True)


if __name__ == "__main__":
    app()
