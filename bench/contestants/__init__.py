"""The builders that are compared: each is given the same archive in the form its users would write it."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec

from catalogue.interview import Interview

HOUSE = Path(__file__).resolve().parents[2]
HERE = HOUSE / "bench"
ORIGIN = "http://127.0.0.1:8000"


class Contestant(Protocol):
    """One builder in one folder. `largest` is the size of archive beyond which it is not asked."""

    name: str
    largest: int
    folder: Path
    site: Path

    def install(self, tools: Path) -> None:
        """Brings the builder under `tools`, once."""

    def write(self, archive: Path, interviews: int) -> None:
        """Sets its project up from the archive."""

    def rewrite(self, one: Interview) -> None:
        """One page of the archive has changed."""

    def command(self) -> tuple[list[str], Mapping[str, str]]:
        """What builds the site, run in `folder`, and what it needs in its environment."""

    def forget(self) -> None:
        """As if it had never built."""


def words_of(lang: str) -> dict[str, Any]:
    """The words of the theme in a language."""
    words: dict[str, Any] = msgspec.yaml.decode((HOUSE / "catalogue" / "words" / f"{lang}.yml").read_bytes())
    return words


def empty(*folders: Path) -> None:
    """The folders are gone."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
