"""Text of the site, compressed for who can read it so: a one-hour interview is a fifth of its size on the wire.

Only the site's own files are, which hold no secret of anybody's: what compresses well tells nothing (BREACH, 2013).
A part of a file (Range) is a part of its own bytes, so such requests get it as it lies.
"""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from .bodies import Body, held

_TEXT = ("text/", "application/json", "application/xml", "image/svg+xml")
# Less fits into one packet anyway.
_LEAST = 1400


def compressible(kind: str) -> bool:
    """Whether files of this media type shrink."""
    return kind.startswith(_TEXT)


def wanted(headers: Mapping[str, str]) -> bool:
    """Whether a request takes gzip, by name and not at quality 0 (RFC 9110 12.5.3), and asks for a whole file."""
    if headers.get("range"):
        return False
    for part in headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def opener(path: Path) -> tuple[Callable[[], Body], str] | None:
    """What opens a file's compressed bytes, and the name of their content; None when it is too small to be worth it.

    OSError when the file is gone.
    """
    state = path.stat()
    if state.st_size < _LEAST:
        return None
    return (
        lambda: held(_squeezed(path, state.st_mtime_ns, state.st_size), state.st_mtime_ns)
    ), f"{state.st_mtime_ns:x}-gz"


@lru_cache(maxsize=256)
def _squeezed(path: Path, modified_ns: int, _size: int) -> bytes:
    """What the build laid beside the file, when it is no older than the file; made here otherwise."""
    twin = path.with_name(f"{path.name}.gz")
    try:
        if twin.stat().st_mtime_ns >= modified_ns:
            return twin.read_bytes()
    except OSError:
        pass
    return gzip.compress(path.read_bytes(), 6, mtime=0)
