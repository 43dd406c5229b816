"""Pages set out for MkDocs as real files: what editors wrote, without what the catalogue pours in itself.

Real files, because mkdocs-static-i18n builds the second language by calling the whole build again inside the first,
and loses pages that exist in memory only.
"""

import shutil
from pathlib import Path, PurePath

from catalogue.building import Build
from catalogue.interview import LANGUAGES

# Two pages of each language that are templates only.
SHELL, NOT_FOUND = "shell.md", "404.md"
_GENERATED = {SHELL: "shell.html", NOT_FOUND: "404.html"}


def stage(build: Build) -> None:
    """Fills `build.staged` afresh. Dot files and what the catalogue writes itself are left out."""
    shutil.rmtree(build.staged, ignore_errors=True)
    for lang in LANGUAGES:
        target = build.staged / lang
        target.mkdir(parents=True)
        source = build.root / "docs" / lang
        for file in pages_of(source):
            copy = target / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        for name, template in _GENERATED.items():
            (target / name).write_text(f"---\ntemplate: {template}\ntitle: Duplex\n---\n", encoding="utf-8")


def pages_of(folder: Path) -> list[Path]:
    """The files of a language that MkDocs renders or copies: never interviews, timings, or hidden files."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file()
        and "interviews" not in file.relative_to(folder).parts[:1]
        and not file.name.endswith(".timing.json")
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


def address_of(path: PurePath) -> str:
    """Where MkDocs puts a page, below its language: `about/` of `about.md`, nothing of `index.md`."""
    folder = path.parent if path.stem in ("index", "README") else path.with_suffix("")
    return "" if folder == PurePath(".") else f"{folder.as_posix()}/"
