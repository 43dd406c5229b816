"""Makes one clip, as a process of its own: `python -m footage.making` reads an Order from stdin.

PyAV rather than the ffmpeg program, because frames must be chosen by their exact time and get exactly the times we
say; a process of its own, so that a hostile film ends this process and not its parent, and so that it can be stopped.
It answers with one line of JSON each time it has something to say: frames done, or what went wrong.
"""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import av
import msgspec

from .confines import confine
from .errors import BadTarget, FootageError, UnreadableFile, WorkFailed
from .order import Order, beside
from .places import source_of
from .splicing import write_spliced
from .worker import Answer, say

_SAID_EVERY = 10
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)


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


def carried_out(source: str, target: str, work: Callable[[], None]) -> int:
    """Does the work of such a process, telling what went wrong: its exit status, 0 when the target stands."""
    refused: FootageError
    try:
        work()
    except FootageError as error:
        refused = error
    except (OSError, av.error.FFmpegError) as error:  # what a disk refuses may come as one of FFmpeg's errors
        if not _there(source):
            refused = UnreadableFile(source, "was taken away while a clip was made of it", "put it back and try again")
        elif error.errno in _DISK or not isinstance(error, av.error.FFmpegError):
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


def _there(source: str) -> bool:
    try:
        return source_of(source).is_file()
    except FileNotFoundError:
        return False
    except OSError:  # whether it is there cannot be said
        return True


def main() -> int:
    """Exit status 0 when the clip stands, 1 when the last line says why not."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    confine(order.plan.pieces[-1].last - order.plan.pieces[0].first)
    return carried_out(order.source, order.target, lambda: make(order))


if __name__ == "__main__":
    sys.exit(main())
