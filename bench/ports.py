"""Ports for servers of our own that are told beforehand where to listen."""

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path
from typing import BinaryIO

# Below those that systems give to whoever asks for any: none of these is taken before its server listens on it.
_OURS = range(20_000, 30_000)
_held: list[BinaryIO] = []


def free_port() -> int:
    """A port of the loopback on which nothing listens; no other process that asks here gets it while this one lives."""
    folder = Path(tempfile.gettempdir()) / f"duplex-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    for port in random.Random(os.urandom(8)).sample(_OURS, len(_OURS)):
        mark = (folder / str(port)).open("ab")
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            mark.close()
            continue
        _held.append(mark)
        return port
    raise OSError("no port between 20000 and 30000 is free")
