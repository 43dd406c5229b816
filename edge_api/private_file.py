"""Files that hold secrets: their owner alone reads them, and they stand whole or not at all, after a power cut too."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def private_file(path: Path, *, fresh: bool = False) -> Iterator[BinaryIO]:
    """A file to be filled, which takes its name at the end of the block; when that raises, nothing is left of it.

    Takes the place of what has the name; FileExistsError instead when it must be `fresh`. OSError as disks have it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if fresh:
            os.link(beside, path)
        else:
            beside.replace(path)
        _keep_names(path.parent)
    finally:
        with suppress(FileNotFoundError, NotADirectoryError):
            beside.unlink()


def _keep_names(folder: Path) -> None:
    """A file's bytes may be on the disk and its name not yet: that is its folder's."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
