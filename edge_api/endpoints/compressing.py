"""Text of the site, compressed for who can read it so: a one-hour interview is a sixth of its size on the wire.

Only the site's own files are, which hold no secret of anybody's: what compresses well tells nothing (BREACH, 2013).
A part of a file (Range) is a part of its own bytes, so such requests get it as it lies.
"""

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import brotli
from starlette.datastructures import Headers

from ..downloads.bodies import Body, held
from ..web.accepting import weighed

_TEXT = ("text/", "application/json", "application/x-subrip", "application/xml", "image/svg+xml")
# Less fits into one packet anyway.
_LEAST = 1400
# The better first. Brotli sees that a long transcript comes twice in its page, for readers and for machines; gzip looks
# back 32 kB only.
_WAYS: Mapping[str, tuple[str, Callable[[bytes], bytes]]] = MappingProxyType(
    {
        "br": (".br", lambda data: brotli.compress(data, mode=brotli.MODE_TEXT, quality=5)),
        "gzip": (".gz", lambda data: gzip.compress(data, 6, mtime=0)),
    }
)


def compressible(kind: str) -> bool:
    """Whether files of this media type shrink."""
    return kind.startswith(_TEXT)


def wanted(headers: Headers) -> str:
    """The best way to compress that a request takes by name, `br` (RFC 7932) or `gzip`; empty when it takes neither
    (quality 0, RFC 9110 12.5.3), or asks for a part of a file."""
    if headers.get("range"):
        return ""
    taken = weighed(headers, "accept-encoding")
    return next((way for way in _WAYS if way in taken), "")


def opener(path: Path, way: str) -> tuple[Callable[[], Body], str] | None:
    """What opens a file's bytes compressed in a way, and the name of their content; None when it is too small to be
    worth it.

    OSError when the file is gone.
    """
    state = path.stat()
    if state.st_size < _LEAST:
        return None
    return (
        lambda: held(_squeezed(path, way, state.st_mtime_ns, state.st_size), state.st_mtime_ns)
    ), f"{state.st_mtime_ns:x}-{way}"


@lru_cache(maxsize=256)
def _squeezed(path: Path, way: str, modified_ns: int, _size: int) -> bytes:
    """What the build laid beside the file, when it is no older than the file; made here otherwise."""
    suffix, compress = _WAYS[way]
    twin = path.with_name(path.name + suffix)
    try:
        if twin.stat().st_mtime_ns >= modified_ns:
            return twin.read_bytes()
    except OSError:
        pass
    return compress(path.read_bytes())
