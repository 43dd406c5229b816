"""What lies in `docs/`, found without opening anything: the files of interviews, the sheets, and what lies wrongly."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec

from catalogue.interview import LANGUAGES, Problem
from catalogue.sources import Stamp, entries, stamp_of, unfit


class Look(msgspec.Struct, frozen=True):
    """What lies in `docs/` without having been read: the files of each interview by its slug, and the sheets, each by
    its path from the project; and what is wrong with where they lie."""

    units: dict[str, dict[str, Stamp]]
    sheets: dict[str, Stamp]
    problems: tuple[Problem, ...]


def look(root: Path) -> Look:
    """What there is to read. Nothing is opened: an archive that did not change is looked over in a moment."""
    units = defaultdict[str, dict[str, Stamp]](dict)
    problems, docs = list[Problem](), root / "docs"
    for lang in LANGUAGES:
        folder = f"docs/{lang}/interviews"
        for entry in entries(root / folder):
            path = f"{folder}/{entry.name}"
            if wrong := unfit(entry, docs):
                problems.append(Problem(path=path, line=1, message=wrong))
            elif entry.is_dir():
                problems += _too_deep(root, Path(entry.path))
            elif entry.name.endswith((".md", ".timing.json")) and not entry.name.startswith("."):
                units[entry.name.removesuffix(".md").removesuffix(".timing.json")][path] = stamp_of(entry.stat())
            elif not entry.name.startswith(".") and not entry.name.endswith("~"):
                message = "not read. Name a page `.md` and its times `.timing.json`, or put this file elsewhere"
                problems.append(Problem(path=path, line=1, message=message, severity="warning"))
    sheets = {}
    for entry in entries(docs / "masters"):
        path = f"docs/masters/{entry.name}"
        if wrong := unfit(entry, docs):
            problems.append(Problem(path=path, line=1, message=wrong))
        elif entry.name.endswith(".yml") and not entry.is_dir():
            sheets[path] = stamp_of(entry.stat())
    # A timing without its page times nothing: it is what a renamed page leaves behind.
    for slug, files in units.items():
        for path in files:
            if f"{path.rpartition('/')[0]}/{slug}.md" not in files:
                message = f"no {slug}.md beside these times. Name both alike, or delete this file"
                problems.append(Problem(path=path, line=1, message=message, severity="warning"))
    pages = {slug: files for slug, files in units.items() if any(path.endswith(".md") for path in files)}
    return Look(units=dict(sorted(pages.items())), sheets=sheets, problems=tuple(problems))


def packed_look(root: Path) -> bytes:
    """The same in MessagePack, to be handed from one process to another."""
    return msgspec.msgpack.encode(look(root))


def _too_deep(root: Path, folder: Path) -> Iterator[Problem]:
    for file in sorted(folder.rglob("*.md")):
        message = "interviews lie directly in their folder. Move this file up"
        yield Problem(path=file.relative_to(root).as_posix(), line=1, message=message)
