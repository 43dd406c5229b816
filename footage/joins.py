"""Encoded edges beside copied groups in one track: one sample entry that holds the parameter sets of both.

The edges are streams of their own that open with an IDR picture; their slices name the encoder's parameter sets, those
of the copied samples the master's, and the one configuration record (ISO/IEC 14496-15, 5.3.3.1) holds them all.
Encoders of HEVC take no number: there each set stands in front of the pictures that need it (`hev1`, 8.4.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from av import Packet, VideoFrame
from av.codec.context import CodecContext, Flags
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from catalogue.timecode import parse_rate

from .errors import WorkFailed
from .h264 import merged, read_configuration
from .hevc import encoded
from .index import Index
from .plan import Plan
from .probe import BOTTOM_FIRST, TOP_FIRST
from .recipes import PictureRecipe
from .units import PPS, SPS, pictures_only, units_of_stream


def set_encoder(context: VideoCodecContext, recipe: PictureRecipe, index: Index) -> None:
    """Raster, pixels, colour, scan and clock of an encoder that is not yet open."""
    picture = index.facts.picture
    context.width, context.height, context.pix_fmt = recipe.width, recipe.height, recipe.pixel_format
    context.time_base = index.time_base
    context.sample_aspect_ratio = parse_rate(recipe.pixel_aspect)
    context.color_range, context.color_primaries = picture.range, picture.primaries
    context.color_trc, context.colorspace = picture.transfer, picture.matrix
    context.flags |= Flags.global_header | Flags.bitexact
    if picture.scan in (TOP_FIRST, BOTTOM_FIRST) and not recipe.filters:
        context.flags |= Flags.interlaced_dct | Flags.interlaced_me


class Edges:
    """Makes the encoded edges of a spliced clip. WorkFailed when the encoder's stream cannot stand beside the
    master's."""

    def __init__(self, source: Path, index: Index, plan: Plan) -> None:
        self._source, self._index, self._recipe = source, index, plan.picture
        self._hevc = plan.picture.encoder == "libx265"
        self._master = None if self._hevc else read_configuration(plan.configuration)
        self.record = plan.configuration if self._hevc else self._record(self._encoder())

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
            return merged(self._master, sequences[0], pictures)
        except ValueError as error:
            raise WorkFailed(str(self._source), str(error), "try the profile h264") from error

    def samples(self, frames: Iterator[VideoFrame]) -> Iterator[tuple[bytes, int, bool]]:
        """Frames as samples of slices alone in decode order: bytes, when it is shown, whether it is a key frame."""
        encoder = self._encoder()
        if not self._hevc and self._record(encoder) != self.record:
            raise WorkFailed(str(self._source), "the encoder changed its parameter sets", "try the profile h264")
        for frame in frames:
            frame.pict_type = 0
            frame.time_base = self._index.time_base
            yield from map(self._sample, encoder.encode(frame))
        yield from map(self._sample, encoder.encode(None))

    def _sample(self, packet: Packet[VideoStream]) -> tuple[bytes, int, bool]:
        data = encoded(bytes(packet)) if self._hevc else pictures_only(bytes(packet))
        return data, packet.pts or 0, packet.is_keyframe
