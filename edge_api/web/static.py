"""Which file of the built site an address means: the only reading of paths that come from outside.

Nothing outside the site's folder can be named: not by dots, not by backslashes or NUL, not by a link that leads away.
"""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

TYPES = {
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".edl": "text/plain; charset=utf-8",
    ".fcpxml": "application/xml; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".m4v": "video/mp4",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp4": "video/mp4",
    ".mxf": "application/mxf",
    ".otio": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".srt": "application/x-subrip; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttml": "application/ttml+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
    ".zip": "application/zip",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
}
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
# The build names one folder by the hash of everything in it.
_HASHED = re.compile(r"/assets/[0-9a-f]{12}/.+")
_EMBED = re.compile(r"/(?:en/)?interviews/[^/]+/embed\.html")
_FORBIDDEN = re.compile(r"[\\\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Found:
    """A file of the site."""

    file: Path


@dataclass(frozen=True)
class Moved:
    """A folder's page, asked for without the slash at its end: where it stands."""

    path: str


def find(site: Path, path: str) -> Found | Moved | None:
    """What stands at a decoded path of an address; None when nothing does. Looks at the disk."""
    if not path.startswith("/") or _FORBIDDEN.search(path):
        return None
    folder = path.endswith("/")
    names = path.strip("/").split("/") if path != "/" else []
    # Empty names are refused because a redirect to `//host/` would lead away from here; hidden ones are nobody's pages.
    if path != "/" + "/".join(names) + ("/" if folder and names else ""):
        return None
    if any(not name or (name.startswith(".") and name != ".well-known") for name in names):
        return None
    root = site.resolve()
    try:
        target = root.joinpath(*names).resolve(strict=True)
        if not target.is_relative_to(root):
            return None
        if target.is_file():
            return None if folder else Found(target)
        index = (target / "index.html").resolve(strict=True)
    except (OSError, RuntimeError, ValueError):  # absent, a loop of links, a name no disk can hold
        return None
    if not index.is_file() or not index.is_relative_to(root):
        return None
    return Found(index) if folder else Moved(path + "/")


def content_type(name: str) -> str:
    """The media type of a file, by its suffix."""
    return TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def cache_control(path: str) -> str:
    """How long a browser may keep what stands at a path: for ever when the name holds a hash of the content."""
    return FOREVER if _HASHED.fullmatch(path) else ASK_AGAIN


def is_embed(path: str) -> bool:
    """Whether what stands at a path may be shown in the pages of other sites."""
    return _EMBED.fullmatch(path) is not None
