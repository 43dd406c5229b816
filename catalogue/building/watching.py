"""Whether anything that a build is made of has changed, told by a look at names, sizes and times alone."""

import os
from collections.abc import Iterator
from pathlib import Path

from catalogue.pages.plan import HERE
from catalogue.sources import stamp_of


def trace(root: Path) -> int:
    """A number that changes with any file of the editors or of the theme."""
    folders = [root / "docs", *(HERE / name for name in ("theme", "templates", "words"))]
    found = [root / "mkdocs.yml", root / "mkdocs_hook.py"]
    stamps = [(str(file), _stamp(file)) for file in found]
    return hash((*stamps, *(pair for folder in folders for pair in _below(str(folder)))))


def _stamp(file: Path) -> tuple[int, int, int, int] | None:
    """None while an editor's program has taken a file away to write it anew."""
    try:
        return stamp_of(file.stat())
    except FileNotFoundError:
        return None


def _below(folder: str) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    folders = [folder]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        # An editor's program saves by renaming: a name may be gone between two looks.
                        yield entry.path, stamp_of(entry.stat(follow_symlinks=False))
        except FileNotFoundError:
            continue
