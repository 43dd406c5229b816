"""What an index keeps of an H.264, HEVC or MPEG-2 stream: on it a splice is planned without reading the film again."""

from collections.abc import Callable

import msgspec

from ..streams import hevc, mpeg2
from ..streams.h264 import read_configuration
from ..streams.slices import place_of, recovers
from ..streams.units import IDR, SLICE, kind_of, units_of
from .facts import Facts

_ISO_MEDIA = "mov,mp4"
_MXF = "mxf"
_FIELDS = "fields"
IN_FIELDS = "its fields are coded as pictures of their own, so all frames of a clip are encoded"


class Coding(msgspec.Struct, frozen=True):
    """Such a stream: its configuration record (ISO/IEC 14496-15; of MPEG-2 its sequence header), with which samples a
    closed group begins (IDR), and with which others an open one."""

    configuration: bytes
    idr: tuple[int, ...]
    opened: tuple[int, ...] = ()


class Watch:
    """Watches the samples of a film go by, and vouches for the stream when it has understood every one of them."""

    def __init__(self, facts: Facts, record: bytes | None) -> None:
        self._record = record or b""
        look = None
        if facts.container.startswith(_ISO_MEDIA):
            if facts.picture.codec == "h264" and facts.picture.tag == "avc1":
                look = _look_at_h264(self._record)
            elif facts.picture.codec == "hevc" and facts.picture.tag in ("hvc1", "hev1"):
                look = _look_at_hevc(self._record)
        if facts.container.startswith((_ISO_MEDIA, _MXF)) and facts.picture.codec == "mpeg2video":
            look = mpeg2.entry_of
        self._look = look
        # Why its frames cannot be copied, where that is worth saying.
        self.reason = ""
        self._idr: list[int] = []
        self._opened: list[int] = []
        self._count = 0

    def take(self, sample: bytes, plain: bool) -> None:
        """The next sample in decode order; `plain` when it has a place in the file and the track's own description."""
        if self._look is None:
            return
        entry = self._look(sample) if plain else None
        if self._look is mpeg2.entry_of and not self._count:
            self._record = mpeg2.sequence_of(sample)
        if entry is None or entry == _FIELDS:
            self._look = None
            self.reason = IN_FIELDS if entry else ""
        elif entry:
            (self._idr if entry == "idr" else self._opened).append(self._count)
        self._count += 1

    @property
    def coding(self) -> Coding | None:
        """What was seen; None when the stream is another, or a part of it was not understood."""
        return Coding(self._record, tuple(self._idr), tuple(self._opened)) if self._look and self._record else None


Look = Callable[[bytes], str | None]
"""Says of a sample “idr” or “opened” when a group begins with it, “” when none does, “fields” when it holds fields as
pictures of their own, None when it is not understood."""


def _look_at_hevc(record: bytes) -> Look | None:
    sets = hevc.sets_of(record)
    return None if sets is None else lambda sample: hevc.entry_of(sample, frozenset(sets))


def _look_at_h264(record: bytes) -> Look | None:
    read = read_configuration(record)
    if read is None:
        return None
    known = frozenset((read.sequence_bytes, *read.picture_bytes))
    pictures = {each.id: each for each in read.pictures}

    def look(sample: bytes) -> str | None:
        kind = kind_of(sample, known)
        if kind is None and read.sequence.frames_only:
            return None
        begins = kind != IDR and recovers(sample)
        if read.sequence.frames_only and not begins:
            return "idr" if kind == IDR else ""
        try:
            slices = (unit for unit in units_of(sample) if unit[0] & 31 in (SLICE, IDR))
            places = [place_of(unit, read.sequence, pictures) for unit in slices]
        except (EOFError, KeyError):
            return None
        if any(place.field for place in places):
            return _FIELDS
        if kind is None:
            return None
        opened = begins and all(place.intra and place.reference for place in places)
        return "idr" if kind == IDR else "opened" if opened else ""

    return look
