"""The sound of a clip: exactly the master's samples between the first frame's start and the last frame's end.

Where the master has no sound (it starts late, ends early, or has a hole) there is silence, so nothing ever moves.
AAC starts one packet early, as encoders do; an edit list hides that packet, and without edit lists the sound is
21 ms late at 48 kHz (within EBU R37's 40 ms early, 60 ms late).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av import AudioFrame, AudioResampler, Packet
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.codec.context import CodecContext, Flags
from av.container import InputContainer, OutputContainer
from av.stream import Discard
from numpy.typing import NDArray

from ..places.place import Source
from ..reading.index import Index
from ..reading.points import sample_window
from ..reading.probe import open_film
from ..reading.tracks import Sample
from .plan import SoundRecipe

Samples = NDArray[Any]

_LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
_BLOCK = 1024
# Decoding starts this much early: lossy codecs need the packets before to be right from the first sample.
_PREROLL = Fraction(3, 10)
# Containers that count milliseconds shake the times of packets by less than this; it is no hole.
_SHAKE = Fraction(1, 100)


def layout_of(recipe: SoundRecipe) -> str:
    """The channel layout, or the usual one for the number of channels when the master names none."""
    named = recipe.track.layout
    return _LAYOUTS.get(recipe.track.channels, named) if not named or "channels" in named else named


def samples_of(
    source: Source, stream: int, sample_rate: int, start: int, count: int, to: str, mixed: str = "", **options: str
) -> Iterator[Samples]:
    """Exactly `count` samples of a track from sample `start` of the film's time line, in blocks of (channels, samples).

    `to` is the sample format they are given in, as FFmpeg names it, `mixed` the layout that their channels are mixed to
    (none: they stay as they are); `options` are libavformat's for opening the film.
    """
    given = 0
    channels, kind = 1, np.dtype("float32")
    with open_film(source, **options) as film:
        track = film.streams[stream]
        assert isinstance(track, AudioStream)
        for other in film.streams:
            if other is not track:
                other.discard = Discard.all  # the picture is not even read
        unit = track.time_base or Fraction(1, sample_rate)
        early = Fraction(start, sample_rate) - _PREROLL
        if track.start_time is None or early > track.start_time * unit:
            film.seek(int(early / unit), stream=track, backward=True)
        # Interleaved, because PyAV reads beyond the planes of a frame of eight channels.
        resampler = AudioResampler(format=to.removesuffix("p"), layout=mixed or None, rate=sample_rate)
        expected: int | None = None
        for frame in _decoded(film, track, resampler):
            block = _planes(frame)
            channels, kind = block.shape[0], block.dtype
            position = expected
            if frame.pts is not None and frame.time_base is not None:
                said = round(frame.pts * frame.time_base * sample_rate) - start
                if expected is None or abs(said - expected) > _SHAKE * sample_rate:
                    position = said
            position = position or 0
            expected = position + block.shape[1]
            if position > given:
                hole = min(position, count) - given
                yield from _silence(channels, hole, kind)
                given += hole
            block = block[:, max(0, given - position) : max(0, count - position)]
            if block.shape[1]:
                yield block
                given += block.shape[1]
            if given >= count:
                return
    yield from _silence(channels, count - given, kind)


def _decoded(film: InputContainer, track: AudioStream, resampler: AudioResampler) -> Iterator[AudioFrame]:
    for packet in film.demux(track):
        try:
            for frame in packet.decode():
                yield from resampler.resample(frame)
        except av.error.InvalidDataError:
            continue  # a broken packet is a hole of 21 ms, and holes are filled with silence


def _planes(frame: AudioFrame) -> Samples:
    data: Samples = frame.to_ndarray().reshape(-1, frame.layout.nb_channels)
    return data.T


def _silence(channels: int, count: int, kind: np.dtype[Any]) -> Iterator[Samples]:
    for start in range(0, count, 65536):
        yield np.zeros((channels, min(65536, count - start)), kind)


def set_sound(context: AudioCodecContext, recipe: SoundRecipe) -> None:
    """Rate, layout and bit rate of an encoder that is not yet open."""
    context.sample_rate, context.layout = recipe.track.sample_rate, layout_of(recipe)
    context.time_base = Fraction(1, recipe.track.sample_rate)
    if recipe.bit_rate:
        context.bit_rate = recipe.bit_rate
    context.flags |= Flags.global_header | Flags.bitexact


def add_sound(output: OutputContainer, recipe: SoundRecipe) -> AudioStream:
    """One sound stream of the clip, its encoder set as the recipe says."""
    stream = output.add_stream(recipe.encoder, rate=recipe.track.sample_rate, layout=layout_of(recipe))
    assert isinstance(stream, AudioStream)
    set_sound(stream.codec_context, recipe)
    stream.time_base = Fraction(1, recipe.track.sample_rate)
    if recipe.track.language:
        stream.metadata["language"] = recipe.track.language
    if recipe.track.name:
        stream.metadata["title"] = recipe.track.name
    return stream


def sound_packets(
    source: Source, index: Index, recipe: SoundRecipe, cut: tuple[int, int], encoder: AudioCodecContext
) -> Iterator[Packet[AudioStream]]:
    """Every packet of one sound track for frames [first, last)."""
    rate = recipe.track.sample_rate
    start, count = sample_window(index, *cut, rate)
    form, layout, at = encoder.format, layout_of(recipe), 0
    packed = form.name.removesuffix("p")
    planar = AudioResampler(format=form.name, layout=layout, rate=rate)
    tracks = [track for track in (recipe.track, recipe.right) if track is not None]
    each = [_even(samples_of(source, track.stream, rate, start, count, form.name)) for track in tracks]
    for block in map(np.concatenate, zip(*each, strict=True)):
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(block.T.reshape(1, -1)), format=packed, layout=layout)
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), at
        at += block.shape[1]
        for given in planar.resample(frame):
            yield from encoder.encode(given)
    yield from encoder.encode(None)


def encoded_sound(
    source: Source, index: Index, recipe: SoundRecipe, cut: tuple[int, int], put: Callable[[bytes], int]
) -> tuple[bytes, list[Sample]]:
    """A sound encoded and put aside: the encoder's configuration, and the samples, times from 0."""
    encoder = CodecContext.create(recipe.encoder, "w")
    assert isinstance(encoder, AudioCodecContext)
    set_sound(encoder, recipe)
    encoder.format = (encoder.codec.audio_formats or [encoder.format])[0]
    encoder.open()
    packets = [
        (packet.pts or 0, put(bytes(packet)), packet.size)
        for packet in sound_packets(source, index, recipe, cut, encoder)
    ]
    _, count = sample_window(index, *cut, recipe.track.sample_rate)
    ends = [*(time for time, _, _ in packets[1:]), max(count, packets[-1][0] + 1) if packets else 0]
    samples = [
        Sample(True, at, size, time - packets[0][0], end - time)
        for (time, at, size), end in zip(packets, ends, strict=True)
    ]
    return encoder.extradata or b"", samples


def _even(blocks: Iterator[Samples]) -> Iterator[Samples]:
    """The same samples in blocks of one AAC frame, the last one shorter."""
    kept: Samples | None = None
    for block in blocks:
        kept = block if kept is None else np.concatenate((kept, block), axis=1)
        whole = kept.shape[1] - kept.shape[1] % _BLOCK
        for start in range(0, whole, _BLOCK):
            yield kept[:, start : start + _BLOCK]
        kept = kept[:, whole:]
    if kept is not None and kept.shape[1]:
        yield kept
