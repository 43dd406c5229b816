"""Takes sound or one picture out of a film, as a process of its own: `python -m footage.clips.extracting` reads an
Order."""

import sys
from pathlib import Path

import msgspec

from ..answering import Answer, carried_out, say
from ..confines import confine
from ..places.place import source_of
from .extract_order import Order
from .soundfile import write_mp3, write_wave
from .still import write_still

_SAID_EVERY = 0.02


def extract(order: Order) -> None:
    """Writes the file. FootageError when the film cannot be read or the file not be written."""
    source, target = source_of(order.source), Path(order.target)
    if order.what == "still":
        write_still(source, order.index, order.first, target, order.labels)
        return
    frames = order.last - order.first
    samples = max(1, round((order.index.start_ms(order.last) - order.index.start_ms(order.first)) * 48))
    told = 0.0

    def heard(done: int) -> None:
        nonlocal told
        share = min(1.0, done / samples)
        if share >= told + _SAID_EVERY:
            told = share
            say(Answer(int(frames * share)))

    write = write_wave if order.what == "wav" else write_mp3
    write(source, order.index, order.first, order.last, target, order.labels, heard)


def main() -> int:
    """Exit status 0 when the file stands, 1 when the last line says why not."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    confine(order.last - order.first)
    return carried_out(order.source, order.target, lambda: extract(order))


if __name__ == "__main__":
    sys.exit(main())
