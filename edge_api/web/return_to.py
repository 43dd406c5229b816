"""Where a person may be led back to: a page that this build wrote or the page of a download, and nothing that only
looks like one.

The rules are on the raw text, before any parser has had a chance to be clever: `/\\evil`, `//evil`, `/%2f%2fevil` and a
tab in the middle have each fooled a service that trusted its parser.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

_LONGEST = 512
_LONGEST_FRAGMENT = 200
_FRAGMENT = re.compile(r"[A-Za-z0-9._~,:=&%+!*()/-]*")
_SEGMENT = re.compile(r"[A-Za-z0-9_~.-]+")
# Steps of a way in or out; leading somebody back into one of them would be a circle.
_STEPS = re.compile(r"/(?:en/)?account/(?:sign-in|sign-up|verify|created|reset|back)(?:/|$)")

# The edge's own page of a download: who finds it closed is sent to sign in, and wants to come back.
_DOWNLOAD = re.compile(r"/downloads/[0-9a-f]{32}")


def safe_path(raw: str | None, site: Path) -> str | None:
    """The path of a page in `site`, with its fragment and without its query; None for anything else.

    The answer begins with one slash and holds printable ASCII only; put the configured origin before it.
    """
    if not raw or len(raw) > _LONGEST or raw[0] != "/" or raw[1:2] in ("/", "\\"):
        return None
    if any(not "!" <= character <= "~" or character == "\\" for character in raw):
        return None
    before, mark, fragment = raw.partition("#")
    path = before.partition("?")[0]
    if _DOWNLOAD.fullmatch(path):
        return path
    parts = path.split("/")[1:]
    if any(part in (".", "..") or not _SEGMENT.fullmatch(part) for part in parts if part):
        return None
    if "" in parts[:-1] or parts[0] == "api" or _STEPS.match(path):
        return None
    if not _is_page(site, parts):
        return None
    if len(fragment) > _LONGEST_FRAGMENT or not _FRAGMENT.fullmatch(fragment) or "\\" in unquote(fragment):
        fragment = ""
    return path + (f"#{fragment}" if mark and fragment else "")


def _is_page(site: Path, parts: list[str]) -> bool:
    """Whether the build wrote an index.html there; a page's address ends with a slash."""
    return parts[-1] == "" and site.joinpath(*parts, "index.html").is_file()
