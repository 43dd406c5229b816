"""A command whose work has a process of its own, ended at any moment of that process's beginning."""

import asyncio
import os
import signal

import msgspec
import pytest

from footage.worker import tidily, worked


class _Order(msgspec.Struct):
    pass


@pytest.mark.parametrize("steps", range(8))
def test_a_command_that_is_ended_while_its_process_begins_ends(steps: int) -> None:
    async def work() -> None:
        working = asyncio.ensure_future(worked("making", _Order(), "film.mp4"))
        for _ in range(steps):
            await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGTERM)
        await working

    with pytest.raises(SystemExit) as ended:
        tidily(work())
    assert ended.value.code == 143
