"""Work shared among forked processes.

A forked worker sees all that its parent had read, without copying it, and takes its own memory with it when it ends.
What it hands back should be small: files are written by the worker itself.
"""

import gc
import os
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar, cast

Task = TypeVar("Task")
Result = TypeVar("Result")
_FORK = get_context("fork")


class WorkerDied(Exception):
    """A worker ended before its work did: it was killed, or the machine had no memory left."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def batches(tasks: Sequence[Task], size: int) -> list[Sequence[Task]]:
    """Tasks in bundles of a size, each worth a worker's while."""
    return [tasks[start : start + size] for start in range(0, len(tasks), size)]


def spread(work: Callable[[Task], Result], tasks: Sequence[Task], workers: int) -> Iterator[Result]:
    """The result of each task, in the order in which they are done; a single one is done without forking. What a worker
    raises is raised here; WorkerDied when one ends by itself."""
    count = min(workers, len(tasks))
    if count < 2:
        yield from map(work, tasks)
        return
    # What stands is not collected again: a collection would write to every page of memory that is shared.
    gc.freeze()
    hands: list[Hand[Task, Result]] = []
    try:
        for _ in range(count):
            hands.append(Hand(work, [hand.line for hand in hands]))
        waiting = iter(tasks)
        busy = {}
        for hand in hands:
            hand.give(next(waiting))
            busy[hand.line] = hand
        while busy:
            for line in wait(list(busy)):
                hand = busy.pop(cast(Connection, line))
                result = hand.result()
                for task in waiting:
                    hand.give(task)
                    busy[hand.line] = hand
                    break
                yield result
    finally:
        for hand in hands:
            hand.end()
        gc.unfreeze()


class Hand(Generic[Task, Result]):
    """One forked process that does one kind of work. It ends when it is told to, or when its parent is gone."""

    def __init__(self, work: Callable[[Task], Result], elders: Sequence[Connection] = ()) -> None:
        self.line, far = _FORK.Pipe()
        self._process = _FORK.Process(target=_serve, args=(work, far, [*elders, self.line]), daemon=True)
        self._process.start()
        far.close()

    def give(self, task: Task) -> None:
        """Hands it a task; the next comes after the result of this one."""
        self.line.send(task)

    def result(self) -> Result:
        """What came of the task. Raises what the work raised, or WorkerDied."""
        try:
            done, raised = self.line.recv()
        except (EOFError, ConnectionError) as error:
            raise WorkerDied(
                "a worker of the build was ended from outside; the machine may be short of memory"
            ) from error
        if raised is not None:
            raise raised
        return cast(Result, done)

    def end(self) -> None:
        """Ends it, whatever it is doing."""
        self.line.close()
        self._process.terminate()
        self._process.join()


def _serve(work: Callable[[Task], Result], line: Connection, inherited: Sequence[Connection]) -> None:
    # Only the parent may hold these ends: when it is killed, `recv` meets the end of the line, and the worker ends too.
    for each in inherited:
        each.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Collected between two tasks, when little is alive: within one, a collection would look again and again at what is
    # still needed.
    gc.disable()
    while True:
        try:
            task = line.recv()
        except (EOFError, ConnectionError):
            return
        try:
            done: tuple[Result | None, Exception | None] = (work(task), None)
        except Exception as error:
            # Where it happened is known only here.
            error.add_note(traceback.format_exc())
            done = (None, error)
        try:
            line.send(done)
        except ConnectionError:
            return
        gc.collect(0)
