"""The program `duplex` as a process of its own: asked once, or served and waited for."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.ports import free_port

DUPLEX = str(Path(sys.executable).with_name("duplex"))


def environment(home: Path, port: int = 1, **more: str) -> dict[str, str]:
    """The environment of a portal that lives in a folder."""
    (home / "site").mkdir(exist_ok=True)
    (home / "site" / "catalogue.json").write_text('{"version":1,"interviews":[]}')
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("DUPLEX_")},
        "DUPLEX_ORIGIN": f"http://127.0.0.1:{port}",
        **more,
    }


def run(home: Path, *words: str, port: int = 1, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DUPLEX, *words], cwd=home, env=environment(home, port, **more), capture_output=True, text=True, timeout=300
    )


def ready(port: int) -> Any:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30) as answer:
            return json.load(answer)
    except OSError:  # refused, or too busy to answer in time
        return None


@contextmanager
def served(home: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """`duplex serve` in a folder, waited for; killed if the test has not ended it."""
    port = free_port()
    process = subprocess.Popen(
        [DUPLEX, "serve"],
        cwd=home,
        env=environment(home, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        end = time.monotonic() + 300
        while not (state := ready(port)):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < end, "not ready in five minutes"
        assert (state["status"], state["database"], state["letters"]) == ("ok", "ok", "ok")
        yield port, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
