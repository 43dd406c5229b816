"""What an index keeps of an H.264 stream, so that a splice can be planned on it without reading the film again."""

import msgspec

from .h264 import read_configuration
from .probe import Facts
from .units import IDR, kind_of

_ISO_MEDIA = "mov,mp4"


class Coding(msgspec.Struct, frozen=True):
    """An H.264 stream in MP4 or MOV: its configuration record (ISO/IEC 14496-15), and which samples are IDR."""

    configuration: bytes
    idr: tuple[int, ...]


class Watch:
    """Watches the samples of a film go by, and vouches for the stream when it has understood every one of them."""

    def __init__(self, facts: Facts, record: bytes | None) -> None:
        plain = facts.picture.codec == "h264" and facts.picture.tag == "avc1" and facts.container.startswith(_ISO_MEDIA)
        self._record = record or b""
        read = read_configuration(self._record) if plain else None
        self._known = frozenset((read.sequence_bytes, *read.picture_bytes) if read else ())
        self._whole = read is not None
        self._idr: list[int] = []
        self._count = 0

    def take(self, sample: bytes, plain: bool) -> None:
        """The next sample in decode order; `plain` when it has a place in the file and the track's own description."""
        if not self._whole:
            return
        kind = kind_of(sample, self._known)
        self._whole = plain and kind is not None
        if kind == IDR:
            self._idr.append(self._count)
        self._count += 1

    @property
    def coding(self) -> Coding | None:
        """What was seen; None when the stream is another, or a part of it was not understood."""
        return Coding(self._record, tuple(self._idr)) if self._whole else None
