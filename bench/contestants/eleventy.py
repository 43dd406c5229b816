"""Eleventy, from npm. Its templates stand in bench/eleventy/, paged over the pages' JSON."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.content import plain_page, read_interviews
from bench.contestants import HERE, HOUSE, ORIGIN, empty, words_of
from bench.tools import node_modules
from catalogue.interview import LANGUAGES, Interview, home
from catalogue.pages.metadata import json_ld_of
from catalogue.wording import slug_of


class Eleventy:
    """An Eleventy project. Its memory ends near 2,000 interviews, so that it is not asked for more."""

    name, largest = "Eleventy 3.1", 2_000

    def __init__(self, folder: Path, archive: Path) -> None:
        self.folder, self.site = folder, folder / "public"
        self.words = {lang: words_of(lang) for lang in LANGUAGES}

    def install(self, tools: Path) -> None:
        """`npm install @11ty/eleventy`, in a folder of the bench's own."""
        self.modules = node_modules(tools, "@11ty/eleventy@3.1.8")

    def write(self, archive: Path, interviews: int) -> None:
        """Configuration, templates, assets, pages."""
        empty(self.folder)
        shutil.copytree(HERE / "eleventy", self.folder)
        shutil.copytree(HOUSE / "catalogue" / "theme" / "assets", self.folder / "assets")
        (self.folder / "package.json").write_text('{"type": "module", "private": true}\n', encoding="utf-8")
        (self.folder / "node_modules").symlink_to(self.modules)
        (self.folder / "words.json").write_text(json.dumps(self.words), encoding="utf-8")
        (self.folder / "interviews").mkdir()
        for one in read_interviews(archive, interviews):
            self.rewrite(one)

    def rewrite(self, one: Interview) -> None:
        """The page's file."""
        page: dict[str, Any] = plain_page(one, self.words[one.lang])
        kinds = {kind: [{"name": name, "slug": slug_of(name)} for name in page[kind]] for kind in ("topics", "places")}
        kinds["speakers"] = [{"name": name, "slug": slug_of(name)} for name in page["speakers"]]
        says = ", ".join(f"{person['name']}, {person['function']}" for person in page["people"] if not person["role"])
        page |= {"slug": one.slug, "lang": one.lang, "context": one.context, "kinds": kinds, "says": says}
        page |= {"described": json_ld_of(one, ORIGIN), "root": home(one.lang)}
        file = self.folder / "interviews" / f"{one.slug}.{one.lang}.json"
        file.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")

    def command(self) -> tuple[list[str], Mapping[str, str]]:
        """`eleventy`, with room for its pages: Node's own limit would end it early."""
        return ["node_modules/.bin/eleventy"], {"NODE_OPTIONS": "--max-old-space-size=12000"}

    def forget(self) -> None:
        """Neither site nor cache."""
        empty(self.site, self.folder / ".cache")
