"""A file that is put together while it is sent: its bytes, and the places of those that lie in other files."""

from pathlib import Path

import msgspec

from footage.virtual import kept_contents

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

    @property
    def paths(self) -> frozenset[str]:
        """The files it takes bytes from."""
        return frozenset(part.path for part in self.parts if part.path)

    @property
    def stands(self) -> bool:
        """Whether every file is there and long enough."""
        ends: dict[str, int] = {}
        for part in self.parts:
            if part.path:
                ends[part.path] = max(ends.get(part.path, 0), part.start + part.size)
        try:
            return all(Path(path).stat().st_size >= end for path, end in ends.items())
        except OSError:
            return False


def whole_file(path: Path) -> Parts:
    """A file as it stands. OSError when it does not."""
    return Parts(parts=(Part(path.stat().st_size, path=str(path.absolute())),))


def kept_clip(kept: Path, master: Path) -> Parts:
    """A clip of which only its own bytes were kept. OSError or DamagedFile when it is none."""
    begins, contents = kept_contents(kept)
    own, film = str(kept.absolute()), str(master.absolute())
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


def read_parts(path: Path) -> Parts | None:
    """The pieces kept in a file as JSON; None when they are not there, or no longer whole."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Parts)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.stands else None
