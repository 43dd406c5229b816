"""Pagefind, from npm, on a site that stands: what its index costs. Other benchmarks call it beside their own.

python -m bench.pagefind build/bench/archive-2000/site
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import cyclopts
import msgspec

from bench.measuring import Cost, measure
from bench.tools import node_modules

_TOOLS = Path(__file__).resolve().parent.parent / "build" / "bench" / "tools"


class Index(msgspec.Struct, frozen=True):
    """What the index cost, and what it is: bytes (Pagefind compresses its files itself) and files."""

    cost: Cost
    bytes: int
    files: int


def index(site: Path, into: Path) -> Index:
    """The index of a site, written into a folder outside of it: one for each language, words of the whole body."""
    program = node_modules(_TOOLS, "pagefind@1.6.0") / ".bin" / "pagefind"
    into.mkdir(parents=True, exist_ok=True)
    command = [str(program), "--site", str(site.resolve()), "--output-path", str((into / "pagefind").resolve())]
    cost = measure(command, into)
    files = [file for file in (into / "pagefind").rglob("*") if file.is_file()]
    return Index(cost, sum(file.stat().st_size for file in files), len(files))


app = cyclopts.App(help="What Pagefind's index of a site costs.")


@app.default
def main(site: Path) -> None:
    """Print it in one line.

    Example: python -m bench.pagefind build/bench/archive-2000/site
    """
    with TemporaryDirectory() as folder:
        made = index(site, Path(folder))
    cost = made.cost
    print(
        f"Pagefind: {cost.seconds:.2f} s, {cost.cpu_seconds:.2f} s of CPU, {cost.peak_bytes / 1e6:.0f} MB of memory; "
        f"{made.bytes / 1e6:.1f} MB in {made.files} files"
    )


if __name__ == "__main__":
    app()
