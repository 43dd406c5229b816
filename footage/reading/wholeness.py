"""Whether a film is all there: not growing, not cut short, not encrypted. One sentence for each, with its cure."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from catalogue.timecode import format_clock

from ..errors import DamagedFile, NotVideo
from ..places.place import Source
from ..streams.boxes import box_cut_short

if TYPE_CHECKING:  # the store asks for stamps alone, and a decoder takes longer to load than a copied clip to make
    from av import Packet
    from av.container import InputContainer
    from av.video.stream import VideoStream

Stamp = tuple[int, int]
"""How long a file is and when it was last written to, in nanoseconds."""

# SMPTE ST 377-1, 7.1: the key of a partition pack up to its kind, which is 2 for the header and 4 for the footer; the
# next byte says whether it is open, which odd ones are.
_PARTITION, _HEADER, _FOOTER = bytes.fromhex("060e2b34020501010d01020101"), 2, 4
_HEAD, _TAIL = 1 << 16, 1 << 20
_FOOTER_AT = slice(24, 32)
_COPY = "copy it again from its source"
# Of a film that says how long it is, sound or picture may end so much earlier, in seconds.
_FORGIVEN = 1


def stamp_of(path: Source) -> Stamp:
    """The stamp of a file."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def check_still(path: Source, before: Stamp) -> None:
    """DamagedFile when a file is no longer what it was before it was read."""
    if stamp_of(path) != before:
        what = "changed while it was read: it is still being written"
        raise DamagedFile(str(path), what, "wait until its recording or copying is finished")


def check_closed(path: Source) -> None:
    """DamagedFile for an MXF whose recording is not finished, or never was: its header is open, and nothing ends it."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(0, file.seek(0, 2) - _TAIL))
        tail = file.read()
    at = head.find(_PARTITION + bytes((_HEADER,)))
    if at < 0 or head[at + len(_PARTITION) + 1 : at + len(_PARTITION) + 2] not in (b"\1", b"\3"):
        return
    length = head[at + 16]
    value = head[at + 17 + (length & 0x7F if length & 0x80 else 0) :][_FOOTER_AT]
    if not any(value) and _PARTITION + bytes((_FOOTER,)) not in tail:
        what = "is still being written, or its recording was broken off: nothing ends it"
        raise DamagedFile(str(path), what, "finish the recording, or wrap it again")


def check_clear(path: Source, packet: Packet[VideoStream]) -> None:
    """NotVideo when a packet is encrypted (ISO/IEC 23001-7)."""
    if packet.has_sidedata("encryption_info"):
        raise NotVideo(str(path), "is encrypted", "ask its owner for a copy without protection")


def check_length(
    path: Source, film: InputContainer, picture: VideoStream, frames: int, ends: dict[int, Fraction]
) -> None:
    """DamagedFile when fewer frames are there than the film says, or its last packet ends long before it does.

    `ends` is when the last packet of each stream ends, in seconds.
    """
    at = format_clock(round(ends.get(picture.index, Fraction(0)) * 1000))
    promised = picture.frames or (picture.duration or 0 if film.format.name == "mxf" else 0)
    if film.format.name.startswith("mov"):
        # Of the samples counted there, an edit list leaves out those before and behind what it shows.
        promised = min(promised, len(picture.index_entries))
        if not picture.frames and box_cut_short(path):
            # A film in fragments tells of no frames in its table of contents.
            what = f"is cut short or still being written: after its last frame, at {at}, a part begins and does not end"
            raise DamagedFile(str(path), what, "finish the recording or copy it again")
    if film.format.name == "avi":
        # There an empty chunk, which gives no packet, stands for a picture that is shown once more.
        frames = round(ends.get(picture.index, Fraction(0)) / (picture.time_base or 1))
    if frames < promised:
        what = f"is damaged: of {promised} frames only {frames} are there, the last at {at}"
        raise DamagedFile(str(path), what, _COPY)
    if film.format.name.startswith("matroska") and film.duration:
        said = Fraction(film.duration, 1_000_000)
        last = max(ends.values(), default=Fraction(0))
        if last < said - _FORGIVEN:
            at = format_clock(round(last * 1000))
            what = f"is cut short: it ends at {at}, and says {format_clock(round(said * 1000))}"
            raise DamagedFile(str(path), what, _COPY)
