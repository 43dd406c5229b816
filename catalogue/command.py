"""The catalogue's verbs: check, build, transcript, cues. Only here does the catalogue ask for time and settings."""

import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from catalogue.archive import read_archive
from catalogue.building import BrokenPages, prepare
from catalogue.captions import NotCaptions, read_captions
from catalogue.exports import transcript_json
from catalogue.interview import LANGUAGES, Problem
from catalogue.parsing import read_page
from catalogue.publishing import is_published

Strict = Annotated[bool, Parameter(help="Let warnings fail too.")]


def check(*, strict: Strict = False) -> int:
    """Read every page and print what is wrong, each with its line and its cure.

    Example: duplex check
    """
    archive = read_archive(_project(), datetime.now(UTC))
    _tell(archive.problems)
    if not archive.problems:
        print(f"{archive.pages} pages of interviews, nothing to mend.")
    return 1 if archive.errors or (strict and archive.problems) else 0


def build(*, strict: Strict = False) -> int:
    """Build the whole site into `site/` (DUPLEX_SITE). Nothing is done when nothing changed since the last build.

    Example: duplex build
    """
    root = _project()
    # Read here for the answer “nothing to do”; mkdocs.yml reads the same two names for MkDocs.
    site = root / os.environ.get("DUPLEX_SITE", "site")
    origin = os.environ.get("DUPLEX_ORIGIN", "http://127.0.0.1:8000")
    try:
        plan = prepare(root, site, origin, datetime.now(UTC))
    except BrokenPages as error:
        _tell(error.problems)
        return 1
    if strict and plan.archive.problems:
        _tell(plan.archive.problems)
        return 1
    if is_published(plan):
        print(f"{site.name}/ is up to date.")
        return 0
    arguments = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(root / "mkdocs.yml")]
    # Material announces its end on every run; DECISIONS.md says what this project does about it.
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(arguments, cwd=root, env=quiet, check=False, capture_output=True, text=True)
    sys.stdout.write(done.stdout)
    if "Traceback (most recent call last)" in done.stderr:
        reason = done.stderr.strip().rpartition("\n")[2]
        sys.exit(f"duplex: MkDocs stopped ({reason}); the site is as it was. `mkdocs build` shows where.")
    sys.stderr.write(done.stderr)
    return done.returncode


def transcript(file: Path) -> int:
    """Print the transcript of a page as JSON: its turns, and the problems found in them.

    Example: duplex transcript docs/fr/interviews/phare-men-tensel.md
    """
    data = _bytes_of(file)
    lang = next((lang for lang in LANGUAGES if lang in file.resolve().parts), LANGUAGES[0])
    page = read_page(data, path=str(file), slug=file.stem, lang=lang)
    _write(transcript_json(page.turns, page.problems))
    return 0


def cues(file: Path) -> int:
    """Print the cues of a caption file (WebVTT or SRT) as JSON.

    Example: duplex cues site/interviews/phare-men-tensel/captions.vtt
    """
    try:
        found = read_captions(_bytes_of(file), file.name)
    except NotCaptions as error:
        sys.exit(f"{file}:1: {error}")
    shown = [
        {"id": cue.id, "start_ms": cue.start_ms, "end_ms": cue.end_ms, "settings": cue.settings, "text": cue.text}
        for cue in found
    ]
    _write(msgspec.json.format(msgspec.json.encode(shown), indent=1) + b"\n")
    return 0


def _project() -> Path:
    """The nearest folder, from here upwards, that has an mkdocs.yml."""
    here = Path.cwd()
    found = next((folder for folder in (here, *here.parents) if (folder / "mkdocs.yml").is_file()), None)
    return found or sys.exit("duplex: no mkdocs.yml here or above. Go to the project's folder first.")


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        sys.exit(f"duplex: {file} cannot be read ({error.strerror}). Give the path of a file.")


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        print(problem, file=sys.stderr)
