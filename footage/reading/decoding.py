"""Frames decoded from the samples that an index knows, without opening the film as a film.

A film's own table of contents grows with its length; reading it again for a few frames at an edge would make a clip of
a long master dearer than one of a short. Here only the samples from the key frame before are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import cast

import av
from av import Packet, VideoFrame
from av.codec.context import CodecContext, Flags
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from ..places.place import Source
from .index import Index
from .samples import read_sample, unreadable


def frames_decoded(source: Source, index: Index, first: int, last: int) -> Iterator[VideoFrame]:
    """Frames [first, last) of a film whose index holds its `coding`, in the order in which they are shown.

    DamagedFile at the first frame that cannot be decoded.
    """
    wanted = index.shown[first:last]
    number, early = 0, dict[int, VideoFrame]()
    for frame in _decoded(source, index, first, wanted):
        early[frame.pts or 0] = frame
        while number < len(wanted) and wanted[number] in early:
            yield early.pop(wanted[number])
            number += 1
    if number < len(wanted):
        raise unreadable(source, index, first + number)


def _decoded(source: Source, index: Index, first: int, wanted: tuple[int, ...]) -> Iterator[VideoFrame]:
    """Every wanted frame that comes out, when samples are put in from the key frame to the last one wanted."""
    decoder, times = decoder_of(index), frozenset(wanted)
    left = len(times)
    with source.open("rb") as file:
        for sample in range(_entry_before(index, first), len(index.pts)):
            seen = index.pts[sample] in times
            left -= seen
            # Pictures that nothing is predicted from need not be decoded on the way.
            decoder.skip_frame = "DEFAULT" if seen else "NONREF"
            yield from _given(decoder, _packet(index, sample, read_sample(file, source, index, sample)), times)
            if not left:
                break
        yield from _given(decoder, None, times)


def _entry_before(index: Index, frame: int) -> int:
    """The sample at which to start decoding; containers do not always name those at which open groups begin."""
    opened, wanted = index.coding.opened if index.coding else (), index.shown[frame]
    return max(index.key_before(frame), *(sample for sample in opened if index.pts[sample] <= wanted), 0)


def pictures_of(index: Index, samples: Iterable[tuple[int, bytes]], times: frozenset[int]) -> dict[int, bytes]:
    """What samples show at some times when they are decoded from the first of them on: a digest of each picture."""
    decoder, seen = decoder_of(index), {}
    packets = (_packet(index, sample, data) for sample, data in samples)
    for packet in (*packets, None):
        for frame in _given(decoder, packet, times):
            planes = sha256()
            for plane in frame.planes:
                planes.update(plane)
            seen[frame.pts or 0] = planes.digest()
    return seen


def _packet(index: Index, sample: int, data: bytes) -> Packet[VideoStream]:
    packet = Packet(data)
    packet.pts, packet.time_base = index.pts[sample], index.time_base
    return cast("Packet[VideoStream]", packet)


def _given(
    decoder: VideoCodecContext, packet: Packet[VideoStream] | None, times: frozenset[int]
) -> Iterator[VideoFrame]:
    try:
        yield from (frame for frame in decoder.decode(packet) if frame.pts in times)
    except av.error.InvalidDataError:
        return  # it gives no frame, and the gap is noticed by who counts


def decoder_of(index: Index) -> VideoCodecContext:
    """A decoder of a film's samples, open."""
    decoder = CodecContext.create(index.facts.picture.codec, "r")
    assert isinstance(decoder, VideoCodecContext)
    if index.coding is not None:
        decoder.extradata = index.coding.configuration
    # To the letter: else a decoder guesses from what it has seen how far pictures are reordered, and drops what is
    # later than it guessed. One thread: several decode further than is asked, and cost more for the same frames.
    decoder.options = {"strict": "strict"}
    decoder.thread_count = 1
    decoder.flags |= Flags.output_corrupt
    decoder.open()
    return decoder
