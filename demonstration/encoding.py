"""From pictures and speech to a master: H.264 in parts, joined without encoding again, one sound, a timecode track.

The same input gives the same bytes: one thread for each encoder, no date, no name of a program.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av import AudioFrame, AudioStream, VideoFrame, VideoStream
from av.codec.context import Flags
from av.container import OutputContainer
from numpy.typing import NDArray

from demonstration.picture import HEIGHT, WIDTH, Planes
from demonstration.show import Show, Times

SOUND_RATE = 48_000
_BT709, _VIDEO_RANGE = 1, 1
# Flat drawings gain nothing from looking ahead or from finer search, and every newcomer waits for this encoder: it is
# the fastest that still gives High profile, two-second GOPs and B frames.
_QUICK = "cabac=1:8x8dct=1:bframes=3:b-adapt=0:b-pyramid=0:weightp=0:rc-lookahead=0:scenecut=0"
_OPTIONS = {"preset": "ultrafast", "profile": "high", "crf": "15", "threads": "1", "x264-params": _QUICK}
_TOLD_EVERY = 25
_PIECE = 48_000
Stereo = NDArray[np.float32]


def encode_part(show: Show, times: Times, frames: range, path: Path, tell: Callable[[int], object]) -> None:
    """Draws and encodes some frames, without sound. `tell` hears how many more frames are done, now and then.

    Every part is encoded alike and begins with an IDR picture, so parts join by copying.
    """
    frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
    planes = _planes(frame)
    canvas = show.first_canvas(planes)
    with av.open(str(path), "w", format="mp4", options={"fflags": "+bitexact"}) as output:
        stream = output.add_stream("libx264", rate=times.rate, options=_OPTIONS | {"g": str(round(2 * times.rate))})
        _describe(stream, times.rate)
        for count, number in enumerate(frames, 1):
            show.draw(canvas, number)
            frame.pts, frame.time_base = number - frames.start, 1 / times.rate
            output.mux(stream.encode(frame))
            if count % _TOLD_EVERY == 0 or number == frames[-1]:
                tell((count - 1) % _TOLD_EVERY + 1)
        output.mux(stream.encode(None))


def _planes(frame: VideoFrame) -> Planes:
    """The frame's own memory: x264 takes its copy when a frame is given, so one frame serves a whole film."""
    return Planes(
        *(
            np.asarray(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
            for plane in frame.planes
        )
    )


def _describe(stream: VideoStream, rate: Fraction) -> None:
    context = stream.codec_context
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.time_base = 1 / rate
    context.color_range, context.color_primaries = _VIDEO_RANGE, _BT709
    context.color_trc, context.colorspace = _BT709, _BT709
    context.flags |= Flags.global_header | Flags.bitexact


def join(parts: list[Path], sound: Stereo, times: Times, codec: str, path: Path, title: str) -> None:
    """Writes the master: the parts one after the other as they are, the sound encoded once over all of them.

    The container follows the suffix of `path`; its timecode track starts at the film's first label.
    """
    kind = "mov" if path.suffix == ".mov" else "mp4"
    options = {"fflags": "+bitexact", "movflags": "faststart"}
    with av.open(str(path), "w", format=kind, options=options) as output, av.open(str(parts[0])) as first:
        output.metadata.update({"title": title, "timecode": times.label(0)})
        picture = output.add_stream_from_template(first.streams.video[0])
        picture.time_base = 1 / times.rate
        heard = _sound_stream(output, codec)
        pieces = _pieces(sound, "fltp" if codec == "aac" else "s16")
        begun = 0
        for part in parts:
            with av.open(str(part)) as source:
                stream = source.streams.video[0]
                for packet in source.demux(stream):
                    if packet.dts is None or packet.pts is None:
                        continue
                    scale = packet.time_base * times.rate
                    packet.pts = round(packet.pts * scale) + begun
                    packet.dts = round(packet.dts * scale) + begun
                    packet.duration, packet.time_base, packet.stream = 1, 1 / times.rate, picture
                    if packet.is_keyframe and (piece := next(pieces, None)):
                        output.mux(heard.encode(piece))
                    output.mux(packet)
                begun += stream.frames
        for piece in pieces:
            output.mux(heard.encode(piece))
        output.mux(heard.encode(None))


def _sound_stream(output: OutputContainer, codec: str) -> AudioStream:
    stream = output.add_stream(codec, rate=SOUND_RATE, layout="stereo")
    assert isinstance(stream, AudioStream)
    stream.codec_context.flags |= Flags.bitexact
    if codec == "aac":
        stream.bit_rate = 160_000
    return stream


def _pieces(sound: Stereo, sample_format: str) -> Iterator[AudioFrame]:
    """The sound in pieces of two seconds, so that it lies beside its pictures in the file."""
    for start in range(0, sound.shape[1], 2 * _PIECE):
        piece = sound[:, start : start + 2 * _PIECE]
        if sample_format == "s16":
            whole = np.ascontiguousarray(np.rint(piece.T * 32767).astype(np.int16).reshape(1, -1))
            frame = AudioFrame.from_ndarray(whole, format="s16", layout="stereo")
        else:
            frame = AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
        yield frame
