"""The picture of a clip: exactly the frames of the plan, with the master's own times, as packets ready to be written.

Packets get the sorted display times as decode times, moved back far enough that no frame is shown before it is decoded.
With signed composition offsets (ISO/IEC 14496-12, 8.6.1.3) no edit list is needed, so the picture starts at zero in
players that honour edit lists and in those that ignore them.
"""

from __future__ import annotations

from collections.abc import Iterator

import av
from av import Packet, VideoFrame
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.video.stream import VideoStream

from catalogue.timecode import format_clock

from ..errors import DamagedFile
from ..places.place import Source
from ..reading.groups import Piece
from ..reading.index import Index
from ..reading.probe import film_picture, open_film
from .joins import encoded_packets, set_encoder
from .plan import Plan
from .recipes import PictureRecipe

# No encoder here holds back more frames than this before the first comes out in decode order.
_REORDERED = 4


def frames_of(source: Source, index: Index, first: int, last: int) -> Iterator[VideoFrame]:
    """Decodes frames [first, last) of a film in the order in which they are shown, reading from the key frame before.

    Raises DamagedFile at the first frame that cannot be decoded.
    """
    wanted = index.shown[first:last]
    with open_film(source, fflags="+genpts") as film:
        stream = film_picture(source, film)
        stream.thread_type = "AUTO"
        _seek(film, stream, index, first)
        number = 0
        for frame in _decoded(film, stream):
            if frame.pts is None or frame.pts < wanted[number]:
                continue
            if frame.pts != wanted[number]:
                break
            yield frame
            number += 1
            if number == len(wanted):
                return
    at = format_clock(int(index.start_ms(first + number)))
    what = f"frame f{index.number(first + number)} at {at} cannot be decoded"
    raise DamagedFile(str(source), what, "ingest a sound copy of the film")


def _decoded(film: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Frames as they come; a packet that cannot be decoded gives none, and the gap is noticed by who counts."""
    for packet in film.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue


def _seek(film: InputContainer, stream: VideoStream, index: Index, first: int) -> None:
    key = index.key_before(first)
    if key == index.keys[0] and not index.number(0):
        return  # a film just opened stands at its start, and some containers cannot seek there
    film.seek(index.dts[key], stream=stream, backward=True)


def add_picture(output: OutputContainer, plan: Plan, index: Index, film: InputContainer, source: Source) -> VideoStream:
    """The clip's picture stream: a copy of the master's description, or an encoder set as the recipe says."""
    if all(piece.how == "copy" for piece in plan.pieces):
        copy = output.add_stream_from_template(film_picture(source, film))
        copy.time_base = index.time_base
        return copy
    recipe, picture = plan.picture, index.facts.picture
    stream = output.add_stream(recipe.encoder, rate=index.rate, options=dict(recipe.options))
    assert isinstance(stream, VideoStream)
    stream.time_base = index.time_base
    set_encoder(stream.codec_context, recipe, index)
    if picture.rotation:
        stream.set_display_rotation(picture.rotation)
    if recipe.encoder == "libx265" and plan.container != "matroska":
        stream.codec_context.codec_tag = "hvc1"
    return stream


def picture_packets(source: Source, index: Index, plan: Plan, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """Every packet of the clip's picture, in decode order, with the times it gets in the clip."""
    cut_first, cut_last = plan.pieces[0].first, plan.pieces[-1].last
    shown = (*index.shown[cut_first:cut_last], index.shown[cut_last] if cut_last < index.frames else index.end)
    delay = max(late - early for early, late in zip(shown, shown[_REORDERED:] or shown[-1:], strict=False))
    number = 0
    for piece in plan.pieces:
        copied = piece.how == "copy"
        for packet in _copied(source, index, piece) if copied else _encoded(source, index, piece, plan, stream):
            packet.stream = stream
            packet.time_base = index.time_base
            packet.pts = (packet.pts or 0) - shown[0]
            packet.dts = shown[number] - shown[0] - delay
            packet.duration = shown[number + 1] - shown[number]
            number += 1
            yield packet


def _copied(source: Source, index: Index, piece: Piece) -> Iterator[Packet[VideoStream]]:
    wanted = index.shown[piece.first : piece.last]
    number = 0
    with open_film(source, fflags="+genpts") as film:
        master = film_picture(source, film)
        _seek(film, master, index, piece.first)
        for packet in film.demux(master):
            if packet.size and packet.pts == wanted[number]:
                yield packet
                number += 1
                if number == len(wanted):
                    return
    raise DamagedFile(
        str(source), f"frame f{index.number(piece.first + number)} cannot be read", "ingest a sound copy of the film"
    )


def _encoded(
    source: Source, index: Index, piece: Piece, plan: Plan, stream: VideoStream
) -> Iterator[Packet[VideoStream]]:
    frames = frames_of(source, index, piece.first, piece.last)
    yield from encoded_packets(
        stream, _filtered(frames, plan.picture, index) if plan.picture.filters else frames, index
    )


def _filtered(frames: Iterator[VideoFrame], recipe: PictureRecipe, index: Index) -> Iterator[VideoFrame]:
    """Frames through the filters of a recipe, times in units of the index."""
    for frame in _through(frames, recipe, index):
        # A filter that knows fields counts time in halves.
        frame.pts = round((frame.pts or 0) * (frame.time_base or index.time_base) / index.time_base)
        yield frame


def _through(frames: Iterator[VideoFrame], recipe: PictureRecipe, index: Index) -> Iterator[VideoFrame]:
    graph: Graph | None = None
    for frame in frames:
        frame.time_base = index.time_base
        if graph is None:
            graph = _graph(frame, recipe, index)
        graph.vpush(frame)
        yield from pulled(graph)
    if graph is not None:
        graph.vpush(None)
        yield from pulled(graph)


def _graph(frame: VideoFrame, recipe: PictureRecipe, index: Index) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=index.time_base, name="in"
    )
    filters = [graph.add(name, arguments) for name, arguments in recipe.filters]
    graph.link_nodes(source, *filters, graph.add("buffersink")).configure()
    return graph


def pulled(graph: Graph) -> Iterator[VideoFrame]:
    """The frames that have come through a graph of filters by now."""
    while True:
        try:
            yield graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
