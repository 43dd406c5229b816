"""The table of contents of an MP4 or MOV clip (moov): where each sample lies, when it is shown, what it is.

ISO/IEC 14496-12 for the boxes; Apple's QuickTime File Format for what MOV says differently (handlers, texts) and for
the timecode track, which both have. Signed composition offsets (8.6.1.3, version 1) put the first picture at zero with
no edit list, so that players which honour edit lists and players which do not show the same.
"""

from collections.abc import Sequence
from typing import Literal

from ..streams.boxes import box, full_box, number
from .tracks import MATRIX, Chunk, Track, sample_tables

Laid = Literal["mp4", "mov"]

_UNDETERMINED = b"und"
_HANDLERS = {b"vide": b"VideoHandler", b"soun": b"SoundHandler", b"tmcd": b"TimeCodeHandler"}
_BRANDS = {
    "mp4": (b"iso4", b"\0\0\2\0", b"iso4", b"isom", b"iso2", b"avc1", b"mp41"),
    "mov": (b"qt  ", b"\0\0\2\0", b"qt  "),
}
_TEXTS = {"title": b"\xa9nam", "artist": b"\xa9ART", "comment": b"\xa9cmt", "copyright": b"cprt"}


def file_type(container: Laid) -> bytes:
    """The box with which a file says what it is."""
    return box(b"ftyp", *_BRANDS[container])


def movie(
    tracks: Sequence[Track],
    chunks: Sequence[Sequence[Chunk]],
    container: Laid,
    scale: int,
    duration: int,
    labels: dict[str, str],
    *,
    large: bool,
) -> bytes:
    """The moov of a clip of `duration` in a clock of `scale` units a second. `large` when it may pass 4 GB."""
    head = (bytes(8), number(scale), number(duration), number(0x10000), b"\1\0", bytes(10), MATRIX, bytes(24))
    parts = [full_box(b"mvhd", 0, 0, *head, number(len(tracks) + 1))]
    timecode = next((place for place, track in enumerate(tracks, 1) if track.kind == b"tmcd"), 0)
    for place, (track, laid) in enumerate(zip(tracks, chunks, strict=True), 1):
        parts.append(_track(track, laid, container, place, timecode, scale, duration, large))
    return box(b"moov", *parts, _told(labels, container))


def _track(
    track: Track,
    chunks: Sequence[Chunk],
    container: Laid,
    place: int,
    timecode: int,
    scale: int,
    duration: int,
    large: bool,
) -> bytes:
    sound = track.kind == b"soun"
    volume = b"\1\0" if sound else b"\0\0"
    header = (bytes(8), number(place), bytes(4), number(duration), bytes(8), bytes(2), number(int(sound), 2), volume)
    parts = [full_box(b"tkhd", 0, 3, *header, bytes(2), track.shape)]
    if track.skipped:
        edit = number(1) + number(duration) + number(track.skipped) + number(0x10000)
        parts.append(box(b"edts", full_box(b"elst", 0, 0, edit)))
    if timecode and track.kind == b"vide":
        parts.append(box(b"tref", box(b"tmcd", number(timecode))))
    if track.name:
        parts.append(box(b"udta", box(b"name", track.name.encode())))
    return box(b"trak", *parts, _media(track, chunks, container, large))


def _media(track: Track, chunks: Sequence[Chunk], container: Laid, large: bool) -> bytes:
    component = b"mhlr" if container == "mov" else bytes(4)
    name = _HANDLERS[track.kind]
    called = bytes((len(name),)) + name if container == "mov" else name + b"\0"
    return box(
        b"mdia",
        full_box(b"mdhd", 0, 0, bytes(8), number(track.scale), number(track.duration), _language(track), bytes(2)),
        full_box(b"hdlr", 0, 0, component, track.kind, bytes(12), called),
        box(
            b"minf",
            _media_header(track.kind, container),
            *(
                (full_box(b"hdlr", 0, 0, b"dhlr", b"url ", bytes(12), b"\x0bDataHandler"),)
                if container == "mov"
                else ()
            ),
            box(b"dinf", full_box(b"dref", 0, 0, number(1), full_box(b"url ", 0, 1))),
            box(b"stbl", full_box(b"stsd", 0, 0, number(1), track.entry), *sample_tables(track, chunks, large=large)),
        ),
    )


def _language(track: Track) -> bytes:
    """ISO 639-2 in three times five bits (8.4.2)."""
    code = track.language.encode() if len(track.language) == 3 and track.language.isalpha() else _UNDETERMINED
    first, second, third = (letter & 31 for letter in code.lower())
    return number(first << 10 | second << 5 | third, 2)


def _media_header(kind: bytes, container: Laid) -> bytes:
    if kind == b"vide":
        return full_box(b"vmhd", 0, 1, bytes(8))
    if kind == b"soun":
        return full_box(b"smhd", 0, 0, bytes(4))
    if container == "mp4":
        return full_box(b"nmhd", 0, 0)
    general = full_box(b"gmin", 0, 0, number(0x40, 2), number(0x8000, 2) * 3, bytes(4))
    face = b"\x07Courier"
    shown = full_box(b"tcmi", 0, 0, bytes(4), number(12, 2), bytes(2), bytes(6), b"\xff" * 6, face)
    return box(b"gmhd", general, box(b"tmcd", shown))


def _told(labels: dict[str, str], container: Laid) -> bytes:
    """Title, credit and reference, as each container says them."""
    said = [(_TEXTS[label], text.encode()) for label, text in labels.items() if label in _TEXTS]
    if not said:
        return b""
    if container == "mov":
        language = _language(Track(kind=b"tmcd", entry=b"", scale=1, samples=()))
        kinds = {b"cprt": b"\xa9cpy"}
        texts = [box(kinds.get(kind, kind), number(len(text), 2), language, text) for kind, text in said]
        return box(b"udta", *texts)
    items = [box(kind, box(b"data", number(1), bytes(4), text)) for kind, text in said]
    handler = full_box(b"hdlr", 0, 0, bytes(4), b"mdirappl", bytes(9))
    return box(b"udta", full_box(b"meta", 0, 0, handler, box(b"ilst", *items)))
