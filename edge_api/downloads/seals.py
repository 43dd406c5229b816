"""Content credentials (C2PA): which files have a manifest inside, which beside them, and what it says.

What is coded for its purpose (for the web, sound, stills) is written anyway, and has it inside. A passage in the
master's own quality or out of its proxy is read where the master lies: a manifest inside would need all of it read
before its first byte, so it stands beside the file, in the package. A film's copy is the master itself, and stays as it
is.
"""

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec
import structlog

from catalogue.timecode import format_rate
from footage.clips.seal_order import SEALED_KINDS, Claim, SealOrder
from footage.errors import FootageError
from footage.places.place import Source
from footage.reading.index import Index
from footage.worker import worked

from ..settings import Settings
from .clip_order import ClipOrder

log = structlog.get_logger()


class Parent(NamedTuple):
    """The master that a clip comes from: how its file is called, its SHA-256 in hexadecimal digits, and the content
    credentials that it brings with it, if any."""

    file: str
    sha256: str
    ingredient: bytes = b""


class Sealer:
    """Seals with the operator's certificate and key, PEM files."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._certificate, self._key = certificate, key

    def marked(self, order: ClipOrder) -> ClipOrder:
        """The same order, named after the certificate where the file will have a manifest in it."""
        has = order.inside or (order.package and not order.as_is)
        return msgspec.structs.replace(order, sealed=self._name() if has else "")

    def _name(self) -> str:
        try:
            return hashlib.sha256(self._certificate.read_bytes()).hexdigest()[:16]
        except OSError:
            return "unreadable"

    async def inside(self, order: ClipOrder, index: Index, parent: Parent, made: Path, target: Path) -> None:
        """Gives a file that was `made` its own name, with a manifest in it; without when that cannot be."""
        part = target.with_name(f".{order.key}.sealed.part")
        try:
            sealed = await self._seal(order, index, parent, SealOrder(str(made), str(part), "inside"))
            (part if sealed else made).replace(target)
        finally:
            _away(part, made)

    async def beside(self, order: ClipOrder, index: Index, parent: Parent, made: Source, kept: Source | None) -> bytes:
        """The manifest of a file that has none in it; `kept` is the master that a kept clip is read out of."""
        if order.inside or order.as_is:
            return b""
        with TemporaryDirectory(prefix="duplex-seal-") as folder:
            target = Path(folder) / "manifest.c2pa"
            asked = SealOrder(str(made), str(target), "beside", master="" if kept is None else str(kept))
            return target.read_bytes() if await self._seal(order, index, parent, asked) else b""

    async def _seal(self, order: ClipOrder, index: Index, parent: Parent, asked: SealOrder) -> bool:
        """Whether it was sealed. A key that is wrong keeps nobody from a file: the log says so, and `duplex doctor`."""
        if (kind := SEALED_KINDS.get(order.suffix)) is None:  # Matroska has no place for it
            return False
        try:
            claim = _claim(order, index, parent)
            told = msgspec.structs.replace(
                asked,
                kind=kind,
                claim=claim,
                certificate=str(self._certificate),
                key=str(self._key),
                ingredient=parent.ingredient,
            )
            await worked("sealing", told, asked.source)
        except (FootageError, OSError) as error:
            log.warning("clip not sealed", clip=order.key, why=str(error))
            return False
        return True


def _away(*files: Path) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _claim(order: ClipOrder, index: Index, parent: Parent) -> Claim:
    first, last = order.in_frame, order.out_frame
    return Claim(
        title=order.title,
        master=parent.file,
        master_kind=SEALED_KINDS.get(Path(parent.file).suffix, "application/octet-stream"),
        sha256=parent.sha256,
        first=first,
        last=last,
        frames=index.frames,
        rate=format_rate(index.rate),
        timecodes=(index.timecode(first), index.timecode(last)),
        begin=f"{float(index.start_ms(first)) / 1000:.3f}",
        end=f"{float(index.start_ms(last)) / 1000:.3f}",
        coded=order.profile != "master",
    )


def sealer_of(settings: Settings) -> Sealer | None:
    """The sealer of a portal whose operator named certificate and key."""
    return Sealer(Path(settings.c2pa_cert), Path(settings.c2pa_key)) if settings.c2pa_cert else None
