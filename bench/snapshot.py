"""What a built site holds, and what a build did to it: which files were written, and which of them are other bytes."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec


class Snapshot(msgspec.Struct, frozen=True):
    """For each file by its path from the site's root: when it was written (nanoseconds), and a hash of its bytes."""

    written: dict[str, int]
    hashes: dict[str, bytes]
    bytes: int


class Difference(msgspec.Struct, frozen=True):
    """`changed` files hold other bytes (or are new, or gone); `rewritten` were written with the bytes they had."""

    changed: tuple[str, ...]
    rewritten: tuple[str, ...]


def snapshot(site: Path) -> Snapshot:
    """Everything under a site."""
    files = sorted(file for file in site.rglob("*") if file.is_file())
    names = [file.relative_to(site).as_posix() for file in files]
    states = [file.stat() for file in files]
    with ThreadPoolExecutor(2) as pool:
        hashes = list(pool.map(_hash, files, chunksize=256))
    return Snapshot(
        {name: state.st_mtime_ns for name, state in zip(names, states, strict=True)},
        dict(zip(names, hashes, strict=True)),
        sum(state.st_size for state in states),
    )


def difference(before: Snapshot, after: Snapshot) -> Difference:
    """What happened between two snapshots of one site."""
    changed = [name for name, value in after.hashes.items() if before.hashes.get(name) != value]
    changed += before.hashes.keys() - after.hashes.keys()
    rewritten = [
        name
        for name, moment in after.written.items()
        if before.written.get(name) != moment and before.hashes.get(name) == after.hashes[name]
    ]
    return Difference(tuple(sorted(changed)), tuple(sorted(rewritten)))


def _hash(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "blake2b").digest()
