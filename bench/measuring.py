"""What a command costs: time on the wall, processor time of all its processes, and the most memory they held."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event, Thread

import msgspec

_EVERY_SECONDS = 0.1
# To look at the memory that large processes share takes long, and holds them up: at most this part of the time.
_LOOKING = 0.05
_PAGE = os.sysconf("SC_PAGE_SIZE")
_LINES_OF_ERROR = 12


class CommandFailed(Exception):
    """The command ended with an error; the last lines of what it said are the message."""


class Cost(msgspec.Struct, frozen=True):
    """Seconds on the wall, seconds of processor (user and system) of the whole tree, and bytes of memory at the peak.

    Memory is looked at ten times a second, less often where that takes more than a twentieth of the time: of one
    process its resident set, of several the sum of their proportional sets (what forked workers share counts once)."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def measure(command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> Cost:
    """Runs a command in a folder to its end. CommandFailed. Linux only: memory is read from /proc."""
    log = folder / ".bench.log"
    begun = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **(env or {})}, stdout=output, stderr=output, start_new_session=True
        )
        watch = _Watch(process.pid)
        watch.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            raise
        finally:
            watch.ended.set()
    seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.join()
    if process.returncode:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LINES_OF_ERROR:]
        raise CommandFailed(f"{' '.join(command)} ended with {process.returncode}:\n" + "\n".join(lines))
    log.unlink()
    return Cost(seconds, usage.ru_utime + usage.ru_stime, max(watch.peak, usage.ru_maxrss * 1024))


class _Watch(Thread):
    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0, Event()

    def run(self) -> None:
        pause = _EVERY_SECONDS
        while not self.ended.wait(pause):
            begun = time.monotonic()
            tree = list(_tree(self.pid))
            held = _resident(tree[0]) if len(tree) == 1 else sum(_proportional(pid) for pid in tree)
            self.peak = max(self.peak, held)
            pause = max(_EVERY_SECONDS, (time.monotonic() - begun) / _LOOKING)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        threads = os.listdir(f"/proc/{pid}/task")
        for thread in threads:
            children = Path(f"/proc/{pid}/task/{thread}/children").read_text(encoding="ascii")
            for child in children.split():
                yield from _tree(int(child))
    except OSError:  # it ended while it was looked at
        return


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
