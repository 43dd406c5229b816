"""Who sends the bytes of a download: this program, or the nginx before it.

With `DUPLEX_OFFLOAD=nginx:/PREFIX` the edge checks the link and names the file; nginx sends it, ranges included, from
`PREFIX/media/…` or `PREFIX/clips/…`, two internal locations (X-Accel-Redirect, see deploy/nginx.conf). nginx drops our
entity tag and security headers on the way, so that location must set them itself.
"""

from pathlib import Path
from urllib.parse import quote

_NGINX = "nginx:"


def internal_address(offload: str, file: Path, *, media: Path, clips: Path) -> str | None:
    """The internal address under which nginx finds a file; None when the edge sends it itself."""
    if not offload.startswith(_NGINX):
        return None
    prefix = offload.removeprefix(_NGINX).rstrip("/")
    for name, folder in (("media", media), ("clips", clips)):
        if file.resolve().is_relative_to(folder.resolve()):
            return quote(f"{prefix}/{name}/{file.resolve().relative_to(folder.resolve())}")
    return None
