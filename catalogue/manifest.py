"""`catalogue.json`: the one file by which the build tells the edge what stands in the catalogue."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import msgspec

VERSION = 1
_HEAD, _FOOT = b'{"version":%d,"interviews":[\n' % VERSION, b"]}\n"


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

    def prepare(self) -> "Manifest":
        """Lays out beforehand what is looked up in it, where there is time for that."""
        _ = self.masters, self._pages
        return self

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
    """The manifest in a file. OSError when it is absent, msgspec.DecodeError when it is not one of this version.

    What `manifest_bytes` wrote is read a line at a time: all at once, no other thread would run until the end.
    """
    with path.open("rb") as file:
        if file.readline() == _HEAD:
            return Manifest(interviews=tuple(_entries(file)))
        file.seek(0)
        manifest = msgspec.json.decode(file.read(), type=Manifest)
    if manifest.version != VERSION:
        raise msgspec.ValidationError(f"{path.name} has version {manifest.version}, this program reads {VERSION}")
    return manifest


def _entries(lines: BinaryIO) -> Iterator[Entry]:
    decoder = msgspec.json.Decoder(Entry)
    for line in lines:
        if line.strip() == _FOOT.strip():
            return
        if line != b"\n":
            yield decoder.decode(line.removesuffix(b"\n").removesuffix(b","))
    raise msgspec.DecodeError("the catalogue ends too early")


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as JSON, one entry a line so that two builds can be compared by eye."""
    lines = b",\n".join(msgspec.json.encode(entry) for entry in manifest.interviews)
    return _HEAD + lines + b"\n" + _FOOT


def manifest_schema() -> bytes:
    """The JSON Schema of the manifest (draft 2020-12), published beside it."""
    schema = msgspec.json.schema(Manifest)
    return msgspec.json.format(msgspec.json.encode({"title": "catalogue.json", **schema}), indent=1) + b"\n"
