"""Who sends the bytes of a download: this program, the nginx before it, or the bucket they lie in.

With `DUPLEX_OFFLOAD=nginx:/PREFIX` the edge checks the link and names the file; nginx sends it, ranges included, from
`PREFIX/media/…` or `PREFIX/clips/…`, two internal locations (X-Accel-Redirect, see deploy/nginx.conf). nginx drops our
entity tag and security headers on the way, so that location must set them itself.

With `DUPLEX_OFFLOAD=redirect` the edge checks the link and leads on (302) to an address that the bucket honours for a
minute: long enough to begin, too short to be passed around. Whoever goes on later comes back here first.
"""

from pathlib import Path
from urllib.parse import quote

from footage.places.place import SCHEME, Source
from footage.places.stored import StoredFile

REDIRECT = "redirect"
LENT_S = 60
_NGINX = "nginx:"


def writes_clips(offload: str, clips: str | Path) -> bool:
    """Whether clips are written out: where somebody else sends them, they must be whole files."""
    return offload.startswith(_NGINX) or (offload == REDIRECT and str(clips).startswith(SCHEME))


def internal_address(offload: str, file: Source, *, media: str | Path, clips: str | Path) -> str | None:
    """The internal address under which nginx finds a file; None when the edge sends it itself."""
    if not offload.startswith(_NGINX) or not isinstance(file, Path):
        return None
    prefix = offload.removeprefix(_NGINX).rstrip("/")
    for name, folder in (("media", Path(media)), ("clips", Path(clips))):
        if file.resolve().is_relative_to(folder.resolve()):
            return quote(f"{prefix}/{name}/{file.resolve().relative_to(folder.resolve())}")
    return None


def lent_address(offload: str, file: Source, *, disposition: str, kind: str) -> str | None:
    """The address under which the bucket sends an object to anybody for a minute; None when the edge sends it itself.

    The bucket then says `disposition` and `kind` as Content-Disposition and Content-Type.
    """
    if offload != REDIRECT or not isinstance(file, StoredFile):
        return None
    said = {"content_disposition": disposition, "content_type": kind, "cache_control": "private, no-store"}
    return file.link(LENT_S, **said)
