"""Makes a clip: plans it, and has a process of its own make it."""

import time

from ..worker import Progress, worked
from .clip import ClipReport, ClipRequest, ordered, report_of


async def make_clip(request: ClipRequest, progress: Progress | None = None, *, kept: bool = False) -> ClipReport:
    """Makes the clip; `progress` hears how many frames are done. FootageError when it cannot be made.

    Cancelling the task ends the process and leaves nothing behind. `kept` as `clip.ordered` has it.
    """
    began = time.monotonic()
    with ordered(request, kept=kept) as order:
        await worked("making", order, order.source, progress)
    return report_of(request, began)
