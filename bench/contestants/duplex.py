"""Duplex itself, by its command."""

import sys
from collections.abc import Mapping
from pathlib import Path

from bench.contestants import HOUSE, ORIGIN, empty
from catalogue.interview import Interview


class Duplex:
    """The archive is its project already."""

    name, largest = "Duplex", 20_000

    def __init__(self, folder: Path, archive: Path) -> None:
        self.folder, self.site = archive, archive / "site"

    def install(self, tools: Path) -> None:
        """It stands here."""

    def write(self, archive: Path, interviews: int) -> None:
        """It is written."""

    def rewrite(self, one: Interview) -> None:
        """It is changed."""

    def command(self) -> tuple[list[str], Mapping[str, str]]:
        """`duplex build`."""
        return [sys.executable, "-m", "duplex", "build"], {"PYTHONPATH": str(HOUSE), "DUPLEX_ORIGIN": ORIGIN}

    def forget(self) -> None:
        """Neither site nor what builds remember."""
        empty(self.site, self.folder / "build")
