"""Plain MkDocs-Material with mkdocs-static-i18n, navigation and search on; turns are headings."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from bench.content import read_interviews
from bench.contestants import ORIGIN, empty
from catalogue.interview import LANGUAGES, Interview
from catalogue.timecode import format_short


class Material:
    """Its cost grows with the square of the pages, so that it is asked for 250 only."""

    name, largest = "MkDocs-Material", 250

    def __init__(self, folder: Path, archive: Path) -> None:
        self.folder, self.site = folder, folder / "site"

    def install(self, tools: Path) -> None:
        """It stands in this environment: Duplex uses it for its editorial pages."""

    def write(self, archive: Path, interviews: int) -> None:
        """Settings, editorial pages, interviews."""
        empty(self.folder)
        for lang in LANGUAGES:
            source = archive / "docs" / lang
            shutil.copytree(source, self.folder / "docs" / lang, ignore=shutil.ignore_patterns("interviews"))
            (self.folder / "docs" / lang / "interviews").mkdir()
        languages = [
            {"locale": "fr", "name": "Français", "default": True, "build": True},
            {"locale": "en", "name": "English", "build": True},
        ]
        settings = {
            "site_name": "Duplex",
            "site_url": ORIGIN,
            "theme": {"name": "material", "font": False},
            "plugins": ["search", {"i18n": {"docs_structure": "folder", "languages": languages}}],
            "markdown_extensions": ["attr_list", "md_in_html", "tables", "toc"],
        }
        (self.folder / "mkdocs.yml").write_bytes(msgspec.yaml.encode(settings))
        for one in read_interviews(archive, interviews):
            self.rewrite(one)

    def rewrite(self, one: Interview) -> None:
        """The page as Markdown."""
        people = ", ".join(speaker.name for speaker in one.speakers)
        lines = [f"# {one.title}", one.summary, f"{people}. {one.place}, {one.date.isoformat()}.", one.context]
        for turn in one.turns:
            lines += [f"### {format_short(turn.start_ms or 0)} {turn.name} {{ #{turn.id} }}", *turn.paragraphs]
        file = self.folder / "docs" / one.lang / "interviews" / f"{one.slug}.md"
        file.write_text("\n\n".join(lines) + "\n", encoding="utf-8")

    def command(self) -> tuple[list[str], Mapping[str, str]]:
        """`mkdocs build`."""
        return [sys.executable, "-m", "mkdocs", "build", "--quiet"], {"NO_MKDOCS_2_WARNING": "1"}

    def forget(self) -> None:
        """It remembers nothing but its site."""
        empty(self.site)
