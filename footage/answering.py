"""How a process that works on a film answers: a line of JSON whenever there is something to say, failures in words."""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from .errors import BadTarget, FootageError, UnreadableFile, WorkFailed
from .places.folder import settle
from .places.place import source_of

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Frames done so far; or the kind and the three parts of a FootageError."""

    done: int = 0
    error: tuple[str, str, str, str] | None = None


def say(answer: Answer) -> None:
    """What the process tells its parent: one line of JSON."""
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()


def carried_out(source: str, target: str, work: Callable[[], None], *, lasting: bool = True) -> int:
    """Does the work of such a process, telling what went wrong: its exit status, 0 when the target stands.

    What is not `lasting` is known for broken when it is: it need not be waited for until it is on the disk.
    """
    try:
        with in_words(source, target):
            work()
            if lasting:
                settle(Path(target))
    except FootageError as refused:
        say(Answer(error=(type(refused).__name__, refused.file, refused.what, refused.cure)))
        return 1
    return 0


@contextmanager
def in_words(source: str, target: str) -> Iterator[None]:
    """Whatever goes wrong with a film and the file that is made of it becomes a FootageError."""
    try:
        yield
    except FootageError:
        raise
    except _failures() as error:  # what a disk refuses may come as one of FFmpeg's errors
        number = getattr(error, "errno", None) or 0
        if not _there(source):
            what, cure = "was taken away while a clip was made of it", "put it back and try again"
            raise UnreadableFile(source, what, cure) from error
        if number in _DISK or not isinstance(error, _failures()[1]):
            what = f"the clip cannot be written: {os.strerror(number)}"
            raise BadTarget(str(Path(target).parent), what, "make room there or choose another folder") from error
        # Not the whole error, which names files of this machine.
        what = f"no clip could be made of it ({getattr(error, 'strerror', '') or type(error).__name__})"
        raise WorkFailed(source, what, "try another profile") from error
    except MemoryError as error:
        raise WorkFailed(source, "more memory was needed than a clip may take", "try another profile") from error


def _failures() -> tuple[type[Exception], ...]:
    # Only once something failed: what only copies bytes never needs FFmpeg's names for it.
    from av.error import FFmpegError

    return OSError, FFmpegError


def _there(source: str) -> bool:
    try:
        return source_of(source).is_file()
    except FileNotFoundError:
        return False
    except OSError:  # whether it is there cannot be said
        return True
