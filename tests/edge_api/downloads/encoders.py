"""The processes that make clips, seen from outside, and what they leave in a folder."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.edge_api.downloads.asking import film
from tests.edge_api.served import House, Someone


def workers(of: int | str = "self") -> list[int]:
    """The processes below this one, or another, that make clips."""
    return [child for task in Path(f"/proc/{of}/task").iterdir() for child in _children(task) if _makes_clips(child)]


def _children(task: Path) -> list[int]:
    with suppress(FileNotFoundError, ProcessLookupError):  # a thread that ended meanwhile
        return [int(child) for child in (task / "children").read_text().split()]
    return []


def _makes_clips(process: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return b"footage.clips.making" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


async def until(so: Callable[[], object]) -> None:
    """Waits until something is so."""
    while True:
        if so():
            return
        await asyncio.sleep(0)


def stand_still(of: int | str = "self") -> bool:
    """Stops the processes that make clips, so that none is finished before `go_on`; whether one stands."""
    for worker in workers(of):
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGSTOP)
    return bool(workers(of))


def go_on(of: int | str = "self") -> None:
    """Lets them work again."""
    for worker in workers(of):
        os.kill(worker, signal.SIGCONT)


def begun(someone: Someone, house: House, **order: object) -> dict[str, Any]:
    """A film that a service makes for somebody, and whose maker stands still."""
    assert house.process is not None
    while True:
        told = film(someone, **order)
        while told["state"] in ("queued", "making"):
            if stand_still(house.process.pid):
                return told
            told = someone.ask("GET", f"/api/downloads/{told['id']}").json
        for made in house.clips.iterdir():  # it was quicker than we could look
            made.unlink()


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]
