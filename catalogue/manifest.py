"""`catalogue.json`: the one file by which the build tells the edge what stands in the catalogue."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

import msgspec

VERSION = 1


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A speaker as credited: `function` in the language of the page."""

    key: str
    name: str
    function: str = ""
    role: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One page of one interview in one language.

    `url` is the path from the root, with a leading slash. `translated` says that the page's language is not the one
    spoken in the film. `master` and `version` name the film and its state; both are None on a page without film.
    `turns` and `timed_turns` are counts; `duration_ms` is the film's length, `width` and `height` its picture in
    pixels, 0 without film.
    """

    slug: str
    lang: str
    url: str
    title: str
    date: str
    place: str
    summary: str
    spoken: str
    translated: bool
    languages: tuple[str, ...]
    master: str | None
    version: str | None
    duration_ms: int
    turns: int
    timed_turns: int
    reference: str
    credit: str
    terms: str
    speakers: tuple[Person, ...]
    topics: tuple[str, ...]
    width: int = 0
    height: int = 0


class Manifest(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The whole catalogue: one entry a page, newest first."""

    version: int = VERSION
    interviews: tuple[Entry, ...] = ()

    def find(self, slug: str, lang: str) -> Entry | None:
        """The entry of an interview in a language, or None."""
        return self._pages.get((slug, lang))

    @cached_property
    def masters(self) -> Mapping[str, str]:
        """Every master that a published page shows, with its version."""
        return MappingProxyType(
            {entry.master: entry.version for entry in self.interviews if entry.master and entry.version}
        )

    @cached_property
    def _pages(self) -> Mapping[tuple[str, str], Entry]:
        return {(entry.slug, entry.lang): entry for entry in self.interviews}


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file. OSError when it is absent, msgspec.ValidationError when it is not one of this version."""
    manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    if manifest.version != VERSION:
        raise msgspec.ValidationError(f"{path.name} has version {manifest.version}, this program reads {VERSION}")
    return manifest


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as JSON, one entry a line so that two builds can be compared by eye."""
    lines = b",\n".join(msgspec.json.encode(entry) for entry in manifest.interviews)
    return b'{"version":%d,"interviews":[\n%s\n]}\n' % (manifest.version, lines)


def manifest_schema() -> bytes:
    """The JSON Schema of the manifest (draft 2020-12), published beside it."""
    schema = msgspec.json.schema(Manifest)
    return msgspec.json.format(msgspec.json.encode({"title": "catalogue.json", **schema}), indent=1) + b"\n"
