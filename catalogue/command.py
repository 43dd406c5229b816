"""The catalogue's verbs: check, build, transcript, cues. Only here does the catalogue ask for time and settings."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from catalogue.archive import read_archive
from catalogue.captions import NotCaptions, read_captions
from catalogue.exports import transcript_json
from catalogue.interview import LANGUAGES, Problem
from catalogue.parsing import read_page

Strict = Annotated[bool, Parameter(help="Let warnings fail too.")]


def check(*, strict: Strict = False) -> int:
    """Read every page and print what is wrong, each with its line and its cure.

    Example: duplex check
    """
    archive = read_archive(Path.cwd(), datetime.now(UTC))
    _tell(archive.problems)
    if not archive.problems:
        print(f"{archive.pages} pages of interviews, nothing to mend.")
    return 1 if archive.errors or (strict and archive.problems) else 0


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
