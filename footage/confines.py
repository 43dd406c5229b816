"""The confines in which a process that reads films works: so much time, so much memory, and behind everyone else.

Called before anything is opened: a hostile film then ends this process alone.
"""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from .errors import WorkFailed

_MEMORY = 8 * 2**30
_BEGIN_S, _FRAME_S = 120, 4
_POLITE = 5
# A film whose bytes are few may be long: a second of processor time for so many of them is more than any needs.
_TAKE_IN_S, _BYTES_A_SECOND = 600, 1 << 13


def confine(frames: int) -> None:
    """Sets the limits for work on so many frames: processor time that the slowest encoder of ours does not need, eight
    gibibytes of address space, no core file. Beyond them the system ends the process or refuses it memory."""
    seconds = _BEGIN_S + _FRAME_S * frames
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    os.nice(_POLITE)


@contextmanager
def confined(film: Path, seconds: int | None = None, memory: int = _MEMORY) -> Iterator[None]:
    """Sets limits for a block that reads a film from outside, and for the programs it starts: `seconds` of processor
    time, by default as many as a film of its size may need, and bytes of address space.

    WorkFailed when the film asks for more. Only in a process's main thread, which hears signals.
    """
    if seconds is None:
        seconds = _TAKE_IN_S + (film.stat().st_size if film.is_file() else 0) // _BYTES_A_SECOND
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    limits = {resource.RLIMIT_CPU: round(used + seconds) + 1, resource.RLIMIT_AS: memory}

    def too_long(number: int, frame: FrameType | None) -> NoReturn:
        raise WorkFailed(str(film), "takes more processor time than a film of its size may", "export it again")

    before = {what: resource.getrlimit(what) for what in limits}
    heard = signal.signal(signal.SIGXCPU, too_long)
    try:
        for what, most in limits.items():
            hard = before[what][1]
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        yield
    except MemoryError as error:
        what_is = f"takes more memory than {memory >> 20} MiB"
        raise WorkFailed(str(film), what_is, "export it again, in a smaller raster") from error
    finally:
        for what, limit in before.items():
            resource.setrlimit(what, limit)
        signal.signal(signal.SIGXCPU, heard)
