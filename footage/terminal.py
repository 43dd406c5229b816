"""What the verbs of footage share at a terminal: where films are found, a bar, and how to end with a sentence."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from .errors import BadTarget, FootageError, UnreadableFile
from .places.place import SCHEME, Source
from .places.stored import address_trouble
from .reading.index import Index
from .store import Store, plain


def media_store() -> Store:
    """The media store that DUPLEX_MEDIA names. BadTarget when it names none."""
    named = os.environ.get("DUPLEX_MEDIA", "var/media")
    if named.startswith(SCHEME) and (wrong := address_trouble(named)):
        raise BadTarget("DUPLEX_MEDIA", wrong, "deploy/SETTINGS.md shows examples")
    return Store(named)


def leave_tidily() -> None:
    """From now on SIGTERM (`timeout`, a machine that goes down) ends a command as Ctrl-C does: nothing half-made stays,
    and no worker. 143 is what shells say of it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def fail(error: FootageError) -> NoReturn:
    """Ends the command with the error's sentence."""
    sys.stderr.write(f"{error}\n")
    sys.exit(1)


@contextmanager
def bar(what: str) -> Iterator[Callable[[float], object]]:
    """A bar with the time that is left, on a terminal; nothing in a pipe. It hears the part done, from 0 to 1."""
    if not sys.stderr.isatty():
        yield lambda part: None
        return
    # Only for somebody who looks: to import it takes as long as to plan a clip.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(what, total=1.0)
        yield lambda part: shown.update(task, completed=part)


def film_of(name: str) -> tuple[Source, Index]:
    """A film file, or the master of an id with the index stored at ingest."""
    path, store = Path(name), media_store()
    if path.exists():
        # Only for a film that was never ingested: what reads one takes longer to load than a copied clip to make.
        from .confines import confined
        from .reading.indexing import read_index

        with confined(path):
            return path, read_index(path)
    version = store.current(name) if plain(name) else None
    if version is None:
        what = "is neither a film file nor the id of an ingested master"
        raise UnreadableFile(name, what, "check the name, or run: duplex ingest FILE --id ID")
    return store.master(name, version), store.index(name, version)
