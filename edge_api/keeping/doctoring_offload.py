"""What is wrong where nginx is to send the bytes of downloads, in sentences that hold the cure."""

import asyncio
import urllib.request

from catalogue.manifest import read_manifest
from footage.errors import FootageError
from footage.store import Store

from ..offload import internal_address
from ..settings import Settings

_PATIENCE_S = 3
_NGINX = "nginx:"
# Addresses of the edge, which nginx hands on: a place of its own for files cannot be one of them.
_TAKEN = frozenset({"", "/api", "/d", "/downloads", "/media", "/newsletter", "/not-me"})


async def offload_problems(settings: Settings) -> list[str]:
    """Whether nginx stands where it is to send files, and keeps the place to itself; asks it for one film."""
    if not settings.offload.startswith(_NGINX):
        return []
    found = []
    prefix = settings.offload.removeprefix(_NGINX).rstrip("/")
    if prefix in _TAKEN or (settings.site / prefix.strip("/")).exists():
        found.append(f"DUPLEX_OFFLOAD: {prefix or '/'} is an address of the site. Choose another: nginx:/internal")
    if settings.loopback and not settings.listen:
        found.append(
            "DUPLEX_OFFLOAD is nginx, and browsers ask this service itself: downloads would be empty. Write none, or "
            "put nginx before it and name where it is to listen in DUPLEX_LISTEN."
        )
    elif await asyncio.to_thread(_given_to_all, settings):
        found.append(
            f"DUPLEX_OFFLOAD: anybody can fetch films from {settings.origin}{prefix}/. Write `internal;` in that "
            "location of nginx, as deploy/nginx-locations.conf does."
        )
    return found


def _given_to_all(settings: Settings) -> bool:
    """Whether a film that some page shows can be had without a link."""
    try:
        shown = read_manifest(settings.site / "catalogue.json").masters
        film = next((Store(settings.media).master(id, version) for id, version in shown.items()), None)
        address = film and internal_address(settings.offload, film, media=settings.media, clips=settings.clips)
        if not address:
            return False
        asked = urllib.request.Request(f"{settings.origin}{address}", method="HEAD")
        with urllib.request.urlopen(asked, timeout=_PATIENCE_S) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError, FootageError):  # refused, as it should be; or no film, or no nginx yet
        return False
