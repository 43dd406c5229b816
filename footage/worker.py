"""A process of its own for work on a film: given an order on its input, heard line by line, ended when told to stop."""

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TypeVar

import msgspec

from .answering import Answer
from .errors import KINDS, WorkFailed, WorkKilled

Progress = Callable[[int], object]
Result = TypeVar("Result")


def tidily(work: Coroutine[object, object, Result]) -> Result:
    """The result of a command's work. SIGTERM cancels it, and the command ends with 143, as shells say of it. An exit
    raised in the midst of the loop would cancel all tasks at once, asyncio's own too: a process whose pipes were being
    connected just then is waited for without end (Python 3.11)."""

    async def heard() -> Result:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(heard())
    except asyncio.CancelledError:
        sys.exit(143)


async def worked(program: str, order: msgspec.Struct, source: str, progress: Progress | None = None) -> None:
    """Runs a module of this package with an order; `progress` hears how many frames are done.

    The FootageError that the process tells, WorkKilled when something ended it from outside, WorkFailed when it ended
    without saying why. Cancelling ends the process.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"{__package__}.clips.{program}", stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    try:
        last = await _heard(process, msgspec.json.encode(order), progress)
        status = await process.wait()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if last is not None and last.error is not None:
        kind, *said = last.error
        raise KINDS.get(kind, WorkFailed)(*said)
    if status:
        what = f"the program that makes the clip ended without a result (status {status})"
        cure = "try again; if it happens again, check the film with `duplex probe`"
        raise (WorkKilled if status < 0 else WorkFailed)(source, what, cure)


async def _heard(process: Process, order: bytes, progress: Progress | None) -> Answer | None:
    """Gives the order and hears the answers to the end; the last one."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(order)
        await process.stdin.drain()
        process.stdin.close()
    last: Answer | None = None
    async for line in process.stdout:
        last = msgspec.json.decode(line, type=Answer)
        if progress is not None and last.error is None:
            progress(last.done)
    return last
