"""Lays the samples of a clip one behind the other: which bytes, of the master or made, follow each other in the file.

The result is a clip that need not be written: a row of pieces, each a range of the master or of what was made for it.
"""

from collections.abc import Sequence
from heapq import merge

from ..reading.movie import Laid, file_type, movie
from ..reading.tracks import Chunk, Sample, Track
from ..streams.boxes import number
from .virtual import Piece

# Within so many seconds samples keep the master's order, in which they lie side by side and are read at once.
_WINDOW_S = 2
_FOUR_GB = 1 << 32


def laid(
    tracks: Sequence[Track], container: Laid, scale: int, duration: int, labels: dict[str, str]
) -> tuple[bytes, list[Piece]]:
    """The head of a clip (all that comes before its samples), and the pieces that follow it.

    `duration` is the clip's in a clock of `scale` units a second.
    """
    pieces, chunks, size = _order(tracks)
    large = size + _FOUR_GB // 64 > _FOUR_GB
    kind, flat = file_type(container), (tracks, chunks, container, scale, duration, labels)
    data = number(1) + b"mdat" + number(size + 16, 8) if large else number(size + 8) + b"mdat"
    before = len(kind) + len(movie(*flat, large=large)) + len(data)
    moved = [[Chunk(before + chunk.at, chunk.entries) for chunk in row] for row in chunks]
    return kind + movie(tracks, moved, container, scale, duration, labels, large=large) + data, pieces


def _order(tracks: Sequence[Track]) -> tuple[list[Piece], list[list[Chunk]], int]:
    """Pieces in their order, the chunks of each track counted from the first sample, and the size of it all."""
    pieces: list[Piece] = []
    chunks: list[list[Chunk]] = [[] for _ in tracks]
    at, last = 0, -1
    queues = [
        [(_turn(sample, track.scale), place, sample) for sample in track.samples] for place, track in enumerate(tracks)
    ]
    for _, place, (made, start, size, *_rest) in merge(*queues, key=_by_turn):
        joined = bool(pieces) and pieces[-1].made == made and pieces[-1].stop == start
        if joined:
            pieces[-1] = Piece(made, pieces[-1].start, start + size)
        else:
            pieces.append(Piece(made, start, start + size))
        if joined and place == last:
            chunks[place][-1] = Chunk(chunks[place][-1].at, chunks[place][-1].entries + 1)
        else:
            chunks[place].append(Chunk(at, 1))
        at, last = at + size, place
    return pieces, chunks, at


def _turn(sample: Sample, scale: int) -> tuple[int, int]:
    return sample.time // (_WINDOW_S * scale), -1 if sample.made else sample.at


def _by_turn(queued: tuple[tuple[int, int], int, Sample]) -> tuple[int, int]:
    return queued[0]
