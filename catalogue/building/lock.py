"""One build at a time: a second one waits, and says so."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(file: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Holds the lock in a file. It is let go whatever happens, even when this process is killed; then as soon as its
    workers, which share the open file, have ended too: none of them writes into the next build."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            tell(f"Another build is at work (process {held.read().strip() or 'unknown'}): waiting for it to end.")
            fcntl.flock(held, fcntl.LOCK_EX)
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
