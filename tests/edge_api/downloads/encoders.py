"""The processes that make clips, seen from outside, and what they leave in a folder."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


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


async def begun() -> None:
    """Waits until a worker is there."""
    await until(workers)


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]
