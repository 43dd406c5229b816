"""Writes a clip through libavformat: films encoded as a whole, and copies out of containers that are not MP4 or MOV."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import av
from av import Packet
from av.audio.stream import AudioStream

from ..places.place import Source, source_of
from ..reading.index import Index
from ..reading.probe import open_film
from .order import Order
from .picture import add_picture, picture_packets
from .plan import SoundRecipe
from .sound import add_sound, sound_packets


def write_encoded(order: Order, said: Callable[[int], object]) -> None:
    """Writes the clip; `said` hears how many frames are done. FootageError when the master cannot be read."""
    source, plan, index = source_of(order.source), order.plan, order.index
    cut = plan.pieces[0].first, plan.pieces[-1].last
    # The movie's clock is the picture's, so that an edit list never rounds a frame away.
    flags = {"movflags": "faststart+negative_cts_offsets", "movie_timescale": str(index.time_base.denominator)}
    options = {"fflags": "+bitexact", "avoid_negative_ts": "disabled"} | ({} if plan.container == "matroska" else flags)
    with (
        open_film(source) as film,
        av.open(order.target, "w", format=plan.container, options=options) as output,
    ):
        output.metadata.update(order.labels | {"timecode": plan.timecode})
        picture = add_picture(output, plan, index, film, source)
        sounds = [(recipe, add_sound(output, recipe)) for recipe in plan.sounds]
        tracks: list[Iterator[Packet[Any]]] = [picture_packets(source, index, plan, picture)]
        tracks += [_heard(source, index, recipe, cut, stream) for recipe, stream in sounds]
        done = 0
        for packet in heapq.merge(*tracks, key=_time):
            output.mux(packet)
            if packet.stream is picture:
                done += 1
                said(done)


def _heard(
    source: Source, index: Index, recipe: SoundRecipe, cut: tuple[int, int], stream: AudioStream
) -> Iterator[Packet[AudioStream]]:
    for packet in sound_packets(source, index, recipe, cut, stream.codec_context):
        packet.stream = stream
        yield packet


def _time(packet: Packet[Any]) -> Fraction:
    return (packet.dts or 0) * packet.time_base
