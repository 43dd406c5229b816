"""What a build needs to know before it begins: where it works, the words and the style of the theme."""

import hashlib
import re
import sys
from importlib.metadata import version
from pathlib import Path

import msgspec

from catalogue.interview import LANGUAGES, home
from catalogue.pages.assets import Assets, gather_assets
from catalogue.pages.fonts import font_files
from catalogue.wording import Words

HERE = Path(__file__).parents[1]
_PACKAGES = ("mkdocs", "mkdocs-material", "mkdocs-static-i18n", "jinja2", "markdown", "babel", "msgspec", "pyyaml")
# A page that is a template only: MkDocs makes of it the shell that interviews are poured into.
SHELL = "shell/index.html"
_ORIGIN = re.compile(r"""https?://(?:\[[0-9a-f:.]+\]|[^/?#\s"'<>@\\:\[\]]+)(?::[0-9]{1,5})?""")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What one build works with. `root` is the project, `work` where things are made, `site` where the result goes;
    `origin` has no slash at its end. `program` is the hash of the code, templates, words and packages that make it;
    `compress` asks for compressed twins of text files."""

    root: Path
    work: Path
    site: Path
    origin: str
    words: dict[str, Words]
    assets: Assets
    program: bytes
    compress: bool = False

    @property
    def staged(self) -> Path:
        """The pages that MkDocs is shown."""
        return self.work / "staged"

    @property
    def rendered(self) -> Path:
        """What MkDocs makes of them."""
        return self.work / "mkdocs"

    @property
    def next(self) -> Path:
        """What is made and not yet published, in the shape of what it goes into."""
        return self.work / "next"

    @property
    def entries(self) -> Path:
        """What the search index needs of each page."""
        return self.work / "entries"

    @property
    def state(self) -> Path:
        """What the last build remembered."""
        return self.work / "state"

    @property
    def journal(self) -> Path:
        """What a build that was killed had begun to publish."""
        return self.work / "journal"

    @property
    def lock(self) -> Path:
        """Held by the one build that is at work."""
        return self.work / "lock"

    def shell(self, lang: str) -> bytes:
        """The shell of a language, as MkDocs rendered it."""
        return (self.rendered / home(lang).lstrip("/") / SHELL).read_bytes()


class NotAnOrigin(ValueError):
    """What should be scheme and host of the site is something else; the message says what it should be."""


def prepare(root: Path, site: Path, origin: str, *, compress: bool = False) -> Plan:
    """Everything that is the same for all pages. NotAnOrigin; OSError when theme or place of work cannot be used."""
    work, origin = root / "build", origin.rstrip("/")
    if _ORIGIN.fullmatch(origin) is None:
        # Every address of a page begins at the root: below a path nothing would be found.
        raise NotAnOrigin(f"DUPLEX_ORIGIN is {origin}: write scheme and host only, like https://duplex.example")
    words = {lang: (HERE / "words" / f"{lang}.yml").read_bytes() for lang in LANGUAGES}
    return Plan(
        root=root,
        work=work,
        site=site,
        origin=origin,
        words={lang: msgspec.yaml.decode(text) for lang, text in words.items()},
        assets=gather_assets(HERE / "theme" / "assets", font_files(work / "fonts")),
        program=_program(origin),
        compress=compress,
    )


def _program(origin: str) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for fact in [origin, sys.version, *(f"{name} {version(name)}" for name in _PACKAGES)]:
        digest.update(fact.encode() + b"\0")
    for file in sorted(HERE.rglob("*")):
        if file.suffix in (".py", ".html", ".yml") and "theme" not in file.parts[-3:]:
            digest.update(f"{file.relative_to(HERE)}\0".encode() + file.read_bytes())
    return digest.digest()
