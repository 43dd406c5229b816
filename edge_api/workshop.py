"""How one order becomes a file: the media from footage, a package around it when one is asked for, and where it stands.

A file that stands under the name of its content is whole, because it got that name by a rename.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from footage.errors import UnknownMaster, WorkKilled
from footage.labels import Labels
from footage.profiles import PieceRequest, make_piece

from .bodies import Body, note, open_file, open_parts
from .clip_order import ClipOrder
from .eviction import Kept, evicted
from .library import Library
from .packing import make_package
from .papers import edition_digest
from .parts import read_parts

log = structlog.get_logger()

LAYOUT = ".parts"
_ABANDONED_S = 60 * 60
# Of the work on a package that has its media cut, this part is the cutting.
_CUTTING = 0.9


class Changed(Exception):
    """The interview is told in other words than when its package was asked for."""


class Workshop:
    """Makes files into `folder`. `words` holds, by language, what packages say; `origin` begins their addresses."""

    def __init__(self, folder: Path, library: Library, words: Mapping[str, Mapping[str, Any]], origin: str) -> None:
        self.folder, self.library = folder, library
        self._words, self._origin = words, origin

    def file(self, order: ClipOrder) -> Path:
        """Where what was made for an order stands: the file, or the layout of a package."""
        return self.folder / f"{order.key}{LAYOUT if order.papers else order.suffix}"

    def size(self, order: ClipOrder) -> int | None:
        """How many bytes a member gets; None while it is not made, or no longer whole."""
        if order.papers:
            parts = read_parts(self.file(order))
            return None if parts is None else parts.size
        try:
            return self.file(order).stat().st_size
        except OSError:
            return None

    def open(self, order: ClipOrder) -> Body:
        """What a member gets, open for reading. OSError when it does not stand."""
        note(self.file(order))
        if not order.papers:
            return open_file(self.file(order), noted=True)
        parts = read_parts(self.file(order))
        if parts is None:
            raise FileNotFoundError(self.file(order))
        return open_parts(parts)

    async def edition(self, interview: str, master: str) -> str:
        """The name of the state in which an interview is told today."""
        return edition_digest(await self.library.editions(interview, master), self._origin)

    async def make(self, order: ClipOrder, progress: Callable[[float], object]) -> int:
        """Makes what was ordered, unless it stands; its size in bytes. `progress` hears the part done, from 0 to 1.

        FootageError, OSError or Changed when it cannot be made. Work that is ended from outside is begun once more.
        Cancelling ends the work and leaves nothing behind.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for again in (False, True):
            try:
                if (size := self.size(order)) is None:
                    size = await (self._package(order, progress) if order.papers else self._piece(order, progress))
                return size
            except WorkKilled:
                if again:
                    raise
                log.warning("clip begun again", clip=order.key)
        raise AssertionError

    def evict(self, now_ms: int, most_bytes: int, most_age_ms: int) -> list[str]:
        """Removes files that are old or too many, as `eviction` decides; the keys of what is gone."""
        gone = evicted(self._kept(), now_ms, most_bytes=most_bytes, most_age_ms=most_age_ms)
        for each in gone:
            each.path.unlink(missing_ok=True)
        # A package lives no longer than its media.
        hollow = [path for path in self.folder.glob(f"*{LAYOUT}") if gone and read_parts(path) is None]
        for path in hollow:
            path.unlink(missing_ok=True)
        return [*(each.path.stem for each in gone), *(path.stem for path in hollow)]

    def _kept(self) -> Iterator[Kept]:
        """Every file that was made, and when it was last read."""
        for path in self.folder.glob("[!.]*"):
            with suppress(OSError):
                facts = path.stat()
                yield Kept(path, facts.st_size, max(facts.st_atime_ns, facts.st_mtime_ns) // 1_000_000)

    def sweep(self, now_ms: int) -> None:
        """Removes what encoders of a killed service left half-made, once it is too old to be still written to."""
        for part in self.folder.glob(".*.part"):
            with suppress(OSError):  # its own encoder may have renamed it meanwhile
                if part.stat().st_mtime < now_ms / 1000 - _ABANDONED_S:
                    part.unlink()

    async def _piece(self, order: ClipOrder, progress: Callable[[float], object]) -> int:
        labels = Labels(
            title=order.title,
            credit=order.credit,
            reference=order.reference,
            terms=order.terms,
            place=order.place,
            day=order.day,
            timecode=order.timecode,
            source=order.master,
        )
        request = PieceRequest(
            master=order.master,
            version=order.version,
            first=order.in_frame,
            last=order.out_frame,
            profile=order.profile,
            target=self.file(order),
            labels=labels,
        )
        store = self.library.store
        return await make_piece(store, request, lambda done: progress(min(1.0, done / order.frames)))

    async def _package(self, order: ClipOrder, progress: Callable[[float], object]) -> int:
        assert order.papers is not None
        editions = await self.library.editions(order.papers.interview, order.master)
        if order.papers.lang not in editions or edition_digest(editions, self._origin) != order.papers.edition:
            raise Changed
        begun = 0.0
        if order.as_is:
            media = self.standing(order)
        else:
            begun, media = _CUTTING, self.file(order.media)
            if self.size(order.media) is None:
                await self._piece(order.media, lambda share: progress(share * _CUTTING))
        store = self.library.store
        return await make_package(
            order,
            media,
            await self.library.index(order.master, order.version),
            f"{order.master}{store.master(order.master, order.version).suffix}",
            editions,
            words=self._words,
            origin=self._origin,
            target=self.file(order),
            progress=lambda share: progress(begun + share * (1 - begun)),
        )

    def standing(self, order: ClipOrder) -> Path:
        """The file of the store that an order takes as it is. UnknownMaster when it is gone."""
        return standing(self.library, order.master, order.version, order.profile)


def standing(library: Library, master: str, version: str, profile: str) -> Path:
    """The master itself, or its proxy. UnknownMaster when it is gone."""
    if profile != "proxy":
        return library.store.master(master, version)
    path = library.store.public(master, version, "proxy.mp4")
    if path is None:
        raise UnknownMaster(master, "has no proxy", f"duplex ingest FILE --id {master}")
    return path
