"""What a build tells of itself: on a terminal what it does, how far it is, how fast; nothing in a pipe."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


class Steps(Protocol):
    """How a long work tells how far it is."""

    def begin(self, what: str, total: int = 0) -> None:
        """A step begins; `total` is how many things it has to do, 0 when nobody can tell."""

    def advance(self, done: int) -> None:
        """So many more of them are done."""


class Silence:
    """Tells nothing."""

    def begin(self, what: str, total: int = 0) -> None:
        """A step begins."""

    def advance(self, done: int) -> None:
        """Some of it is done."""


class Terminal:
    """One line that changes. Nothing is drawn from another thread: the build forks."""

    def __init__(self, bar: Bar) -> None:
        self.bar = bar
        self.task = bar.add_task("", total=None, rate="")

    def begin(self, what: str, total: int = 0) -> None:
        """A step begins."""
        self.bar.remove_task(self.task)
        self.task = self.bar.add_task(what, total=total or None, rate="")
        self.bar.refresh()

    def advance(self, done: int) -> None:
        """Some of it is done."""
        self.bar.update(self.task, advance=done)
        speed = self.bar.tasks[0].speed
        self.bar.update(self.task, rate=f"{speed:.0f}/s" if speed else "")
        self.bar.refresh()


@contextmanager
def terminal_steps() -> Iterator[Steps]:
    """Steps on standard error when that is a terminal, silence otherwise."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Silence()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True, auto_refresh=False) as bar:
        yield Terminal(bar)
