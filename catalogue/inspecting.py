"""What became of the site since the last build: what was lost, written by others, or put there by others."""

import os
from collections.abc import Set
from pathlib import Path

from catalogue.state import State, digest_of_file, load_state, saved_ns


def inspect(site: Path, memory: Path) -> tuple[set[str], list[str]]:
    """The files that do not stand as the last build left them, and those that nobody here made. `memory` is what that
    build remembered, and was put there at its end: a file of the same length is read again only when it was written to
    since."""
    old, saved = load_state(memory, site), saved_ns(memory)
    expected, waiting = old.folders(), [""]
    strangers, wrong, touched = list[str](), set[str](), set[str]()
    while waiting:
        below = waiting.pop()
        lost = expected.pop(below, {})
        for entry in _entries(f"{site}/{below}"):
            if entry.is_dir(follow_symlinks=False):
                waiting.append(f"{below}{entry.name}/")
                continue
            known = lost.pop(entry.name, None)
            if known is None:
                strangers.append(below + entry.name)
                continue
            status = entry.stat(follow_symlinks=False)
            if known != status.st_size:
                wrong.add(below + entry.name)
            elif status.st_mtime_ns > saved:
                touched.add(below + entry.name)
        wrong.update(below + name for name in lost)
    wrong.update(below + name for below, lost in expected.items() for name in lost)
    return wrong | _spoiled(site, old, touched), strangers


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except FileNotFoundError:
        return []


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
