"""Makes one clip, as a process of its own: `python -m footage.making` reads an Order from stdin.

PyAV rather than the ffmpeg program, because frames must be chosen by their exact time and get exactly the times we
say; a process of its own, so that a hostile film ends this process and not its parent, and so that it can be stopped.
It answers with one line of JSON each time it has something to say: frames done, or what went wrong.
"""

from __future__ import annotations

import errno
import heapq
import os
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import msgspec
from av import Packet

from .confines import confine
from .errors import BadTarget, FootageError, WorkFailed
from .index import Index
from .joins import Edges
from .picture import add_picture, picture_packets
from .plan import Plan
from .probe import open_film
from .sound import add_sound, sound_packets
from .worker import Answer, say

_SAID_EVERY = 10
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to make of which film, where, and what to write inside."""

    source: str
    target: str
    index: Index
    plan: Plan
    labels: dict[str, str]


def make(order: Order) -> None:
    """Writes the clip. FootageError when the master cannot be read or the clip not be written."""
    source, plan, index = Path(order.source), order.plan, order.index
    cut = plan.pieces[0].first, plan.pieces[-1].last
    # The movie's clock is the picture's, so that an edit list never rounds a frame away.
    flags = {"movflags": "faststart+negative_cts_offsets", "movie_timescale": str(index.time_base.denominator)}
    options = {"fflags": "+bitexact", "avoid_negative_ts": "disabled"} | ({} if plan.container == "matroska" else flags)
    with (
        open_film(source) as film,
        av.open(order.target, "w", format=plan.container, options=options) as output,
    ):
        output.metadata.update(order.labels | {"timecode": plan.timecode})
        edges = Edges(source, index, plan) if plan.configuration else None
        picture = add_picture(output, plan, index, film, source, edges)
        sounds = [(recipe, add_sound(output, recipe)) for recipe in plan.sounds]
        tracks: list[Iterator[Packet[Any]]] = [picture_packets(source, index, plan, picture, edges)]
        tracks += [sound_packets(source, index, recipe, cut, stream) for recipe, stream in sounds]
        done = 0
        for packet in heapq.merge(*tracks, key=_time):
            output.mux(packet)
            if packet.stream is picture:
                done += 1
                if done % _SAID_EVERY == 0:
                    say(Answer(done))
    say(Answer(done))


def _time(packet: Packet[Any]) -> Fraction:
    return (packet.dts or 0) * packet.time_base


def carried_out(source: str, target: str, work: Callable[[], None]) -> int:
    """Does the work of such a process, telling what went wrong: its exit status, 0 when the target stands."""
    refused: FootageError
    try:
        work()
    except FootageError as error:
        refused = error
    except (OSError, av.error.FFmpegError) as error:  # what a disk refuses may come as one of FFmpeg's errors
        if error.errno in _DISK or not isinstance(error, av.error.FFmpegError):
            what = f"the clip cannot be written: {os.strerror(error.errno or 0)}"
            refused = BadTarget(str(Path(target).parent), what, "make room there or choose another folder")
        else:
            refused = WorkFailed(source, f"no clip could be made of it ({error})", "try another profile")
    except MemoryError:
        refused = WorkFailed(source, "more memory was needed than a clip may take", "try another profile")
    else:
        return 0
    say(Answer(error=(type(refused).__name__, refused.file, refused.what, refused.cure)))
    return 1


def main() -> int:
    """Exit status 0 when the clip stands, 1 when the last line says why not."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    confine(order.plan.pieces[-1].last - order.plan.pieces[0].first)
    return carried_out(order.source, order.target, lambda: make(order))


if __name__ == "__main__":
    sys.exit(main())
