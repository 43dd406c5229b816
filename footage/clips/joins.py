"""Encoded edges beside copied groups in one track: one sample entry that holds the parameter sets of both.

The edges are streams of their own that open with an IDR picture; their slices name the encoder's parameter sets, those
of the copied samples the master's, and the one configuration record (ISO/IEC 14496-15, 5.3.3.1) holds them all.
Encoders of HEVC take no number: there each set stands in front of the pictures that need it (`hev1`, 8.4.1). A group of
MPEG-2 brings its sequence header with it anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from av import Packet, VideoFrame
from av.codec.context import CodecContext, Flags
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from catalogue.timecode import parse_rate

from ..errors import WorkFailed
from ..places.place import Source
from ..reading.decoding import frames_decoded
from ..reading.facts import BOTTOM_FIRST, TOP_FIRST
from ..reading.index import Index
from ..streams.h264 import merged, read_configuration
from ..streams.hevc import encoded
from ..streams.reordering import reordered_like
from ..streams.units import PPS, SPS, pictures_only, units_of_stream
from .plan import Plan
from .recipes import PictureRecipe

_COUNTING = "mpeg2video"
_RGB = "rgb24"
# ISO/IEC 23091-2, and FFmpeg's number for a limited range.
_BT709, _LIMITED = 1, 1
# What an encoder of edges gave, as a sample of the clip.
_SAMPLES: dict[str, Callable[[bytes], bytes]] = {"libx264": pictures_only, "libx265": encoded, _COUNTING: bytes}


def set_encoder(context: VideoCodecContext, recipe: PictureRecipe, index: Index) -> None:
    """Raster, pixels, colour, scan and clock of an encoder that is not yet open."""
    picture = index.facts.picture
    context.width, context.height, context.pix_fmt = recipe.width, recipe.height, recipe.pixel_format
    # MPEG-2 knows rates and no times: its encoder counts frames.
    context.time_base = 1 / index.rate if recipe.encoder == _COUNTING else index.time_base
    context.sample_aspect_ratio = parse_rate(recipe.pixel_aspect)
    context.color_primaries, context.color_trc = picture.primaries, picture.transfer
    # RGB that becomes luma and chroma has a matrix and a range that its master had not.
    made = picture.rgb and recipe.pixel_format != _RGB
    context.color_range, context.colorspace = (_LIMITED, _BT709) if made else (picture.range, picture.matrix)
    context.flags |= Flags.global_header | Flags.bitexact
    if picture.scan in (TOP_FIRST, BOTTOM_FIRST) and not recipe.filters:
        context.flags |= Flags.interlaced_dct | Flags.interlaced_me


def encoded_packets(
    encoder: VideoCodecContext | VideoStream, frames: Iterator[VideoFrame], index: Index
) -> Iterator[Packet[VideoStream]]:
    """Packets of frames in decode order, their times in units of the index."""
    times: list[int] = []
    counting = encoder.name == _COUNTING
    for frame in frames:
        times.append(frame.pts or 0)
        frame.pict_type = 0  # else the encoder would make a key frame wherever the master has one
        frame.pts, frame.time_base = (len(times) - 1, 1 / index.rate) if counting else (frame.pts, index.time_base)
        yield from _at_times(encoder.encode(frame), times if counting else ())
    yield from _at_times(encoder.encode(None), times if counting else ())


def _at_times(packets: Iterable[Packet[VideoStream]], times: Sequence[int]) -> Iterator[Packet[VideoStream]]:
    for packet in packets:
        packet.pts = times[packet.pts or 0] if times else packet.pts
        yield packet


class Edges:
    """Makes the encoded edges of a spliced clip. WorkFailed when the encoder's stream cannot stand beside the
    master's."""

    def __init__(self, source: Source, index: Index, plan: Plan) -> None:
        self._source, self._index, self._recipe = source, index, plan.picture
        # H.264 alone has one record for both; of the others each stream brings its own sets or headers with it.
        self._merged = plan.picture.encoder == "libx264"
        self._master = read_configuration(plan.configuration) if self._merged else None
        self.record = self._record(self._encoder()) if self._merged else plan.configuration

    def _encoder(self) -> VideoCodecContext:
        context = CodecContext.create(self._recipe.encoder, "w")
        assert isinstance(context, VideoCodecContext)
        context.framerate = self._index.rate
        context.options = dict(self._recipe.options)
        set_encoder(context, self._recipe, self._index)
        context.open()
        return context

    def _record(self, encoder: VideoCodecContext) -> bytes:
        units = units_of_stream(encoder.extradata or b"")
        sequences = [unit for unit in units if unit[0] & 31 == SPS]
        pictures = [unit for unit in units if unit[0] & 31 == PPS]
        try:
            if self._master is None or len(sequences) != 1:
                raise ValueError("not one sequence parameter set on either side")
            return merged(self._master, reordered_like(sequences[0], self._master.sequence_bytes), pictures)
        except ValueError as error:
            raise WorkFailed(str(self._source), str(error), "try the profile h264") from error

    def samples(self, first: int, last: int) -> Iterator[tuple[bytes, int, bool]]:
        """Frames [first, last) as samples of slices alone in decode order: bytes, when it is shown, whether it is a key
        frame. DamagedFile at the first that cannot be decoded."""
        encoder = self._encoder()
        if self._merged and self._record(encoder) != self.record:
            raise WorkFailed(str(self._source), "the encoder changed its parameter sets", "try the profile h264")
        frames = frames_decoded(self._source, self._index, first, last)
        yield from map(self._sample, encoded_packets(encoder, frames, self._index))

    def _sample(self, packet: Packet[VideoStream]) -> tuple[bytes, int, bool]:
        return _SAMPLES[self._recipe.encoder](bytes(packet)), packet.pts or 0, packet.is_keyframe
