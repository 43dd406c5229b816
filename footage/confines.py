"""The confines in which a process that reads films works: so much time, so much memory, and behind everyone else.

Called by such a process first of all, before it opens anything: a hostile film then ends this process alone.
"""

import os
import resource

_MEMORY = 8 * 2**30
_BEGIN_S, _FRAME_S = 120, 4
_POLITE = 5


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
