"""Runs a command and says what it cost: `python -m bench.metered COMMAND…` prints one line of JSON. Linux only.

Bytes are what the command and all its processes asked the system to read and to write, whatever a cache gave.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec


class Cost(msgspec.Struct, frozen=True):
    """Seconds on the wall and of processor, bytes read and written, of a command and all it started."""

    wall: float
    cpu: float
    read: int
    written: int


def metered(command: list[str], **environment: str) -> Cost:
    """What a command costs. SystemExit with what it said when it fails."""
    line = [sys.executable, "-m", __spec__.name, *command]
    done = subprocess.run(line, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"bench: {' '.join(command)} failed: {done.stderr.strip()[-500:]}")
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Cost)


def _counted() -> tuple[int, int]:
    lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text(encoding="ascii").splitlines())
    return int(lines["rchar"]), int(lines["wchar"])


def main(command: list[str]) -> int:
    """Runs the command, its output aside, and prints what it cost."""
    read, written = _counted()
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        errors = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall, after = time.monotonic() - began, _counted()
    if process.returncode:
        sys.stderr.write(errors.decode(errors="replace"))
        return 1
    cost = {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime}
    print(json.dumps({**cost, "read": after[0] - read - len(errors), "written": after[1] - written}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
