"""What an index keeps of an H.264 stream, so that a splice can be planned on it without reading the film again."""

import msgspec

from .h264 import read_configuration
from .probe import Facts
from .slices import Place, place_of, recovers
from .units import IDR, SLICE, kind_of, units_of

_ISO_MEDIA = "mov,mp4"


class Coding(msgspec.Struct, frozen=True):
    """An H.264 stream in MP4 or MOV: its configuration record (ISO/IEC 14496-15), which samples are IDR, and at which
    others an open group begins."""

    configuration: bytes
    idr: tuple[int, ...]
    opened: tuple[int, ...] = ()


class Watch:
    """Watches the samples of a film go by, and vouches for the stream when it has understood every one of them."""

    def __init__(self, facts: Facts, record: bytes | None) -> None:
        plain = facts.picture.codec == "h264" and facts.picture.tag == "avc1" and facts.container.startswith(_ISO_MEDIA)
        self._record = record or b""
        read = read_configuration(self._record) if plain else None
        self._known = frozenset((read.sequence_bytes, *read.picture_bytes) if read else ())
        self._whole = read is not None
        self._frames_only = read is None or read.sequence.frames_only
        self._sequence = read.sequence if read else None
        self._pictures = {each.id: each for each in read.pictures} if read else {}
        self._idr: list[int] = []
        self._opened: list[int] = []
        self._count = 0

    def take(self, sample: bytes, plain: bool) -> None:
        """The next sample in decode order; `plain` when it has a place in the file and the track's own description."""
        if not self._whole:
            return
        kind = kind_of(sample, self._known)
        self._whole = plain and kind is not None and (self._frames_only or not self._fields(sample))
        if kind == IDR:
            self._idr.append(self._count)
        elif (
            self._whole and recovers(sample) and all(place.intra and place.reference for place in self._places(sample))
        ):
            self._opened.append(self._count)
        self._count += 1

    def _places(self, sample: bytes) -> list[Place]:
        slices = (unit for unit in units_of(sample) if unit[0] & 31 in (SLICE, IDR))
        return [place_of(unit, self._sequence, self._pictures) for unit in slices] if self._sequence else []

    def _fields(self, sample: bytes) -> bool:
        """Whether a sample is coded as two fields, or is not understood."""
        try:
            return any(place.field for place in self._places(sample))
        except (EOFError, KeyError):
            return True

    @property
    def coding(self) -> Coding | None:
        """What was seen; None when the stream is another, or a part of it was not understood."""
        return Coding(self._record, tuple(self._idr), tuple(self._opened)) if self._whole else None
