"""How the tracks of an MXF master would describe themselves in a MOV: asked of libavformat, which writes such files."""

from __future__ import annotations

import re
from contextlib import suppress
from io import BytesIO
from typing import Any

import av
import msgspec
from av import Packet
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from ..places.place import Source
from ..streams.boxes import box_in
from .probe import film_sounds, open_film
from .tables import Entries, entries_in

_PRORES = re.compile("apc[ohns]|ap4[hx]")


def entries_wrapped(path: Source, picture: int) -> Entries | None:
    """The entries of an MXF master's tracks, the picture's being stream `picture`; None when MOV cannot hold them as
    they are."""
    made = BytesIO()
    with open_film(path) as film, suppress(av.error.FFmpegError, ValueError):
        with av.open(made, "w", format="mov") as output:
            first = _first_of_each(film, picture, output)
        data = made.getvalue()
        # A muxer that turns samples into others (H.264 as a byte stream) describes what it made of them.
        moov = box_in(data, b"moov") if all(bytes(packet) in data for packet in first) else None
        entries, tag = entries_in(moov) if moov else None, film.streams[picture].codec_context.codec_tag
        if entries is None or entries.picture is None or not _PRORES.fullmatch(tag):
            return entries
        # Of ProRes the muxer says the one kind it takes it for, the samples say which it is.
        said = msgspec.structs.replace(
            entries.picture, entry=entries.picture.entry[:4] + tag.encode() + entries.picture.entry[8:]
        )
        return msgspec.structs.replace(entries, picture=said)
    return None


def _first_of_each(film: InputContainer, picture: int, output: OutputContainer) -> list[Packet[Any]]:
    """Muxes the first packet of each track."""
    source = film.streams[picture]
    assert isinstance(source, VideoStream)
    sounds = film_sounds(film)
    tracks = {stream.index: output.add_stream_from_template(stream) for stream in (source, *sounds)}
    first: list[Packet[Any]] = []
    for packet in film.demux(source, *sounds):
        track = tracks.pop(packet.stream.index, None) if packet.size else None
        if track is not None:
            packet.stream, packet.pts, packet.dts = track, 0, 0
            output.mux(packet)
            first.append(packet)
        if not tracks:
            break
    return first
