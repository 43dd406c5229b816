"""How one order becomes a file: the media from footage, a package around it when one is asked for, and where it stands.

A file that stands under the name of its content is whole, because it got that name by a rename.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from footage.errors import FootageError, UnknownMaster, WorkKilled
from footage.labels import Labels
from footage.profiles import PieceRequest, make_piece

from .bodies import Body, note, open_parts
from .clip_order import ClipOrder
from .eviction import Kept, evicted
from .library import Library
from .packing import make_package
from .papers import edition_digest
from .parts import Parts, kept_clip, read_parts, whole_file

log = structlog.get_logger()

LAYOUT, KEPT = ".parts", ".kept"
_ABANDONED_S = 60 * 60
# Of the work on a package that has its media cut, this part is the cutting.
_CUTTING = 0.9


class Changed(Exception):
    """The interview is told in other words than when its package was asked for."""


class Workshop:
    """Makes files into `folder`. `words` holds, by language, what packages say; `origin` begins their addresses.

    Where it `keeps`, a clip that can be read out of its master is not written: what is its own lies in the folder.
    """

    def __init__(
        self,
        folder: Path,
        library: Library,
        words: Mapping[str, Mapping[str, Any]],
        origin: str,
        *,
        keeps: bool = True,
    ) -> None:
        self.folder, self.library = folder, library
        self._words, self._origin, self._keeps = words, origin, keeps

    def file(self, order: ClipOrder) -> Path:
        """Where what was made for an order stands: the file, or the layout of a package."""
        return self.folder / f"{order.key}{LAYOUT if order.papers else order.suffix}"

    def parts(self, order: ClipOrder) -> Parts | None:
        """What a member gets, piece by piece; None while it is not made, or no longer whole."""
        if order.papers:
            return read_parts(self.file(order))
        try:
            if order.as_is:
                return whole_file(self.standing(order))
            if self.file(order).is_file():
                return whole_file(self.file(order))
            found = kept_clip(self._kept_file(order), self.standing(order))
        except (OSError, FootageError):
            return None
        return found if found.stands else None

    def size(self, order: ClipOrder) -> int | None:
        """How many bytes a member gets; None while it is not made, or no longer whole."""
        parts = self.parts(order)
        return None if parts is None else parts.size

    def open(self, order: ClipOrder) -> Body:
        """What a member gets, open for reading. OSError when it does not stand."""
        parts = self.parts(order)
        made = next((path for path in (self.file(order), self._kept_file(order)) if path.is_file()), None)
        if parts is None or made is None:
            raise FileNotFoundError(self.file(order))
        note(made)
        return open_parts(parts, made.stat().st_mtime_ns)

    def sendable(self, order: ClipOrder) -> Path | None:
        """The file that another program may send as it is; None for what is put together."""
        path = self.file(order)
        return path if not order.papers and path.is_file() else None

    def _kept_file(self, order: ClipOrder) -> Path:
        return self.folder / f"{order.key}{KEPT}{order.suffix}"

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
                if self.size(order) is None:
                    await (self._package(order, progress) if order.papers else self._piece(order, progress))
                if (size := self.size(order)) is None:
                    raise FileNotFoundError(self.file(order))
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
        return [path.name.partition(".")[0] for path in (*(each.path for each in gone), *hollow)]

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

    async def _piece(self, order: ClipOrder, progress: Callable[[float], object]) -> None:
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
            kept=self._kept_file(order) if self._keeps else None,
        )
        store = self.library.store
        await make_piece(store, request, lambda done: progress(min(1.0, done / order.frames)))

    async def _package(self, order: ClipOrder, progress: Callable[[float], object]) -> None:
        assert order.papers is not None
        editions = await self.library.editions(order.papers.interview, order.master)
        if order.papers.lang not in editions or edition_digest(editions, self._origin) != order.papers.edition:
            raise Changed
        begun = 0.0
        if not order.as_is and self.size(order.media) is None:
            begun = _CUTTING
            await self._piece(order.media, lambda share: progress(share * _CUTTING))
        media = await asyncio.to_thread(self.parts, order.media)
        if media is None:
            raise FileNotFoundError(self.file(order.media))
        store = self.library.store
        await make_package(
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
