"""Makes one clip, as a process of its own: `python -m footage.clips.making` reads an Order from stdin.

PyAV rather than the ffmpeg program, because frames must be chosen by their exact time and get exactly the times we
say; a process of its own, so that a hostile film ends this process and not its parent, and so that it can be stopped.
It answers with one line of JSON each time it has something to say: frames done, or what went wrong.
"""

import sys
from pathlib import Path

import msgspec

from ..answering import Answer, carried_out, say
from ..confines import confine
from .order import Order, beside
from .splicing import write_spliced

_SAID_EVERY = 10


def make(order: Order) -> None:
    """Writes the clip. FootageError when the master cannot be read or the clip not be written."""
    if order.plan.container == "mxf":
        from .muxing import put_in_mxf

        # Beside the target, where `made_whole` takes it away even when this process is killed.
        plan, moved = msgspec.structs.replace(order.plan, container="mov"), beside(Path(order.target))
        make(msgspec.structs.replace(order, target=str(moved), plan=plan))
        put_in_mxf(moved, Path(order.target), plan.timecode)
        return
    if order.plan.laid:
        write_spliced(order, lambda done: say(Answer(done)))
        return
    # Only here, because NumPy takes longer to load than a copied clip to make.
    from .encoding import write_encoded

    last = order.plan.pieces[-1].last - order.plan.pieces[0].first
    write_encoded(order, lambda done: say(Answer(done)) if done % _SAID_EVERY == 0 or done == last else None)


def main() -> int:
    """Exit status 0 when the clip stands, 1 when the last line says why not."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    confine(order.plan.pieces[-1].last - order.plan.pieces[0].first)
    return carried_out(order.source, order.target, lambda: make(order), lasting=not order.kept)


if __name__ == "__main__":
    sys.exit(main())
