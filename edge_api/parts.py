"""A file that is put together while it is sent: its bytes, and the places of those that lie in other files."""

from pathlib import Path

import msgspec

from .zipping import Member


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of the whole: `data`, or the first `size` bytes of the file at `path`."""

    size: int
    data: bytes = b""
    path: str = ""


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The pieces in order. It is kept as JSON under the name of the content, and is whole only while its files are."""

    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Bytes of the whole."""
        return sum(part.size for part in self.parts)

    @property
    def files(self) -> tuple[tuple[Path, int], ...]:
        """The files it takes bytes from, with how many."""
        return tuple((Path(part.path), part.size) for part in self.parts if part.path)


def parts_of(layout: list[bytes | Member], media: Path) -> Parts:
    """The pieces of an archive whose one member elsewhere is the file `media`."""
    pieces = [
        Part(len(piece), piece) if isinstance(piece, bytes) else Part(piece.size, path=str(media.absolute()))
        for piece in layout
    ]
    return Parts(parts=tuple(pieces))


def read_parts(path: Path) -> Parts | None:
    """The pieces kept in a file; None when it does not stand, or when a file of theirs is gone or has another size."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Parts)
        there = all(file.stat().st_size == size for file, size in found.files)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if there else None
