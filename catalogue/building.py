"""What a build needs to know before it begins, and how it tells that nothing has changed since the last one."""

import hashlib
import sys
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from catalogue.archive import Archive, read_archive
from catalogue.assets import Assets, gather_assets
from catalogue.fonts import font_files
from catalogue.interview import LANGUAGES, Problem
from catalogue.wording import Words

HERE = Path(__file__).parent
_PACKAGES = (
    "mkdocs",
    "mkdocs-material",
    "mkdocs-static-i18n",
    "jinja2",
    "markdown",
    "babel",
    "msgspec",
    "fonttools",
    "brotli",
)


class BrokenPages(Exception):
    """Pages with mistakes: the build must not go on, and every mistake is in `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__("the pages have mistakes")
        self.problems = tuple(problems)


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """One build. `root` is the project, `work` where MkDocs works, `site` where the result goes; `origin` has no slash
    at its end. `print` names everything that the result depends on."""

    root: Path
    work: Path
    site: Path
    origin: str
    archive: Archive
    words: dict[str, Words]
    assets: Assets
    print: str

    @property
    def staged(self) -> Path:
        """The pages that MkDocs is shown."""
        return self.work / "staged"

    @property
    def rendered(self) -> Path:
        """What MkDocs makes of them."""
        return self.work / "mkdocs"

    @property
    def state(self) -> Path:
        """What the last build published."""
        return self.work / "published.json"


def prepare(root: Path, site: Path, origin: str, now: datetime) -> Build:
    """Everything read and checked at a moment. BrokenPages when a page has an error; nothing has been written then."""
    archive = read_archive(root, now)
    if archive.errors:
        raise BrokenPages(archive.problems)
    work, origin = root / "build", origin.rstrip("/")
    return Build(
        root=root,
        work=work,
        site=site,
        origin=origin,
        archive=archive,
        words={lang: msgspec.yaml.decode((HERE / "words" / f"{lang}.yml").read_bytes()) for lang in LANGUAGES},
        assets=gather_assets(HERE / "theme" / "assets", font_files(work / "fonts")),
        print=_print(root, origin, archive),
    )


def _print(root: Path, origin: str, archive: Archive) -> str:
    """A hash of all that a build depends on: files, programs, origin, and what is published at this moment."""
    digest = hashlib.sha256()
    packages = [sys.version, *(f"{name} {version(name)}" for name in _PACKAGES)]
    visible = sorted(interview.url for interview in archive.interviews)
    for fact in [origin, *packages, *visible]:
        digest.update(fact.encode() + b"\0")
    files = [root / "mkdocs.yml", root / "mkdocs_hook.py"]
    for folder in (root / "docs", HERE):
        files += [file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    for file in sorted(files):
        data = file.read_bytes()
        name = file.relative_to(root if file.is_relative_to(root) else HERE).as_posix()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()
