"""Pages set out for MkDocs as real files: what editors wrote, without what the catalogue pours in itself.

Real files, because mkdocs-static-i18n builds the second language by calling the whole build again inside the first,
and loses pages that exist in memory only.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePath

from catalogue.interview import LANGUAGES
from catalogue.pages.plan import Plan
from catalogue.sources import entries, unfit

# Two pages of each language that are templates only.
SHELL, NOT_FOUND = "shell.md", "404.md"
_GENERATED = {SHELL: "shell.html", NOT_FOUND: "404.html"}


def stage(plan: Plan) -> None:
    """Fills `plan.staged` afresh. Dot files and what the catalogue writes itself are left out."""
    if plan.staged.exists():
        shutil.rmtree(plan.staged)
    for lang in LANGUAGES:
        target = plan.staged / lang
        target.mkdir(parents=True)
        source = plan.root / "docs" / lang
        for file in pages_of(source):
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        for name, template in _GENERATED.items():
            (target / name).write_text(f"---\ntemplate: {template}\ntitle: Duplex\n---\n", encoding="utf-8")


def pages_of(folder: Path) -> list[Path]:
    """The files of a language that MkDocs renders or copies: never interviews, timings, or hidden files."""
    return [file for entry in entries(folder) if entry.name != "interviews" for file in _visible(entry, folder.parent)]


def _visible(entry: os.DirEntry[str], docs: Path) -> Iterator[Path]:
    if entry.name.startswith(".") or entry.name.endswith(".timing.json") or unfit(entry, docs):
        return
    if entry.is_dir():
        for below in entries(Path(entry.path)):
            yield from _visible(below, docs)
    elif entry.is_file():
        yield Path(entry.path)


def address_of(path: PurePath) -> str:
    """Where MkDocs puts a page, below its language: `about/` of `about.md`, nothing of `index.md`."""
    folder = path.parent if path.stem in ("index", "README") else path.with_suffix("")
    return "" if folder == PurePath(".") else f"{folder.as_posix()}/"
