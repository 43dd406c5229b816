"""A file that is put together while it is sent: its bytes, and the places of those that lie in other files."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from footage.clips.virtual import kept_contents
from footage.places.place import Source, source_of

from .zipping import Member


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of the whole: `data`, or `size` bytes of the file at `path` from `start` on."""

    size: int
    data: bytes = b""
    path: str = ""
    start: int = 0


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The pieces in order. The whole stands only while every file does that it takes bytes from."""

    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Bytes of the whole."""
        return sum(part.size for part in self.parts)

    def sources(self, known: Mapping[str, Source] | None = None) -> dict[str, Source]:
        """The files it takes bytes from, by their paths; those that are `known` are not looked for again.

        FileNotFoundError when one is not there or too short, StorageAway when that cannot be said.
        """
        ends: dict[str, int] = {}
        for part in self.parts:
            if part.path:
                ends[part.path] = max(ends.get(part.path, 0), part.start + part.size)
        found = {path: (known or {}).get(path) or source_of(path) for path in ends}
        for path, source in found.items():
            if source.stat().st_size < ends[path]:
                raise FileNotFoundError(f"{path} is shorter than it was")
        return found


def named(source: Source) -> str:
    """The path of a file as parts hold it."""
    return str(source.absolute() if isinstance(source, Path) else source)


def whole_file(source: Source) -> Parts:
    """A file as it stands. OSError when it does not."""
    return Parts(parts=(Part(source.stat().st_size, path=named(source)),))


def kept_clip(kept: Source, master: Source) -> Parts:
    """A clip of which only its own bytes were kept. OSError or DamagedFile when it is none."""
    begins, contents = kept_contents(kept)
    own, film = named(kept), named(master)
    pieces = [
        Part(piece.stop - piece.start, path=own, start=piece.start + begins)
        if piece.made
        else Part(piece.stop - piece.start, path=film, start=piece.start)
        for piece in contents.pieces
    ]
    return Parts(parts=tuple(pieces))


def archive(layout: list[bytes | Member], media: Parts) -> Parts:
    """The pieces of an archive whose one member elsewhere is the media."""
    pieces: list[Part] = []
    for piece in layout:
        pieces += [Part(len(piece), piece)] if isinstance(piece, bytes) else media.parts
    return Parts(parts=tuple(pieces))


def read_parts(data: bytes) -> Parts | None:
    """The pieces kept as JSON; None when they are none."""
    try:
        return msgspec.json.decode(data, type=Parts)
    except msgspec.MsgspecError:
        return None
