"""What became of the site since the last build: what was lost, written by others, or put there by others."""

from collections.abc import Set
from pathlib import Path

from catalogue.publishing import standing
from catalogue.state import State, digest_of_file, load_state, saved_ns


def inspect(site: Path, memory: Path) -> tuple[set[str], list[str]]:
    """The files that do not stand as the last build left them, and those that nobody here made. `memory` is what that
    build remembered, and was put there at its end: a file of the same length is read again only when it was written to
    since."""
    old, saved = load_state(memory, site), saved_ns(memory)
    expected = old.sizes()
    strangers, wrong, touched = [], set(), set()
    for name, status in standing(site):
        known = expected.pop(name, None)
        if known is None:
            strangers.append(name)
        elif known != status.st_size:
            wrong.add(name)
        elif status.st_mtime_ns > saved:
            touched.add(name)
    return wrong | expected.keys() | _spoiled(site, old, touched), strangers


def _spoiled(site: Path, old: State, touched: Set[str]) -> Set[str]:
    """Those that say something else now. A compressed twin is not read: it is made again, and moved if it differs."""
    if not touched:
        return touched
    heads, outputs = old.heads(), dict(old.outputs())
    same = {
        name
        for name in touched & outputs.keys()
        if digest_of_file((site / name).read_bytes(), heads.get(name)) == outputs[name].digest
    }
    return touched - same
