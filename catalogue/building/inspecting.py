"""What became of the site since the last build: what was lost, written by others, or put there by others."""

import os
from collections.abc import Set
from pathlib import Path

import msgspec

from catalogue.building.outline import load_outline
from catalogue.building.state import State, digest_of_file, load_state, saved_ns

# To ask the disk about every file takes longer than a small build once there are more than these.
_MANY = 100_000
_DAY_NS = 86_400_000_000_000


class Found(msgspec.Struct, frozen=True):
    """`wrong` are the files that do not stand as the last build left them, `strangers` those that nobody here made.
    `looked_ns` is when every file was last asked about, in nanoseconds since 1970."""

    wrong: frozenset[str]
    strangers: tuple[str, ...]
    looked_ns: int


def inspect(site: Path, memory: Path, now_ns: int) -> Found:
    """Looks the site over. `memory` is what the last build remembered, and was put there at its end: a file of the same
    length is read again only when it was written to since.

    In a large site only the folders to which something was added, from which something was taken, or that are gone, are
    looked into; once a day all are, for what was written over where it stood."""
    old, saved = load_outline(memory, site), saved_ns(memory)
    whole = old.count() < _MANY or not 0 <= now_ns - old.looked_ns < _DAY_NS
    known = old.places()
    changed = known if whole else {below for below in known if _changed(f"{site}/{below}", saved)}
    if not changed:
        return Found(frozenset(), (), old.looked_ns)
    wrong, strangers = _looked_into(site, load_state(memory, site), saved, known, changed)
    return Found(frozenset(wrong), tuple(strangers), now_ns if whole else old.looked_ns)


def _changed(folder: str, since_ns: int) -> bool:
    """Something came or went in a folder, or the folder itself did: unlike the other times, nobody can set this one."""
    try:
        return os.stat(folder, follow_symlinks=False).st_ctime_ns > since_ns
    except (FileNotFoundError, NotADirectoryError):
        return True


def _looked_into(site: Path, old: State, saved: int, known: Set[str], folders: Set[str]) -> tuple[set[str], list[str]]:
    expected, waiting = old.folders(), list(folders)
    strangers, wrong, touched = list[str](), set[str](), set[str]()
    while waiting:
        below = waiting.pop()
        lost = expected.get(below, {})
        for entry in _entries(f"{site}/{below}"):
            if entry.is_dir(follow_symlinks=False):
                if (folder := f"{below}{entry.name}/") not in known:
                    waiting.append(folder)
                continue
            size = lost.pop(entry.name, None)
            if size is None:
                strangers.append(below + entry.name)
                continue
            status = entry.stat(follow_symlinks=False)
            if size != status.st_size:
                wrong.add(below + entry.name)
            elif status.st_mtime_ns > saved:
                touched.add(below + entry.name)
        wrong.update(below + name for name in lost)
    return wrong | _spoiled(site, old, touched), strangers


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except (FileNotFoundError, NotADirectoryError):
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
