"""An address of ours as other sites show it when somebody pastes it there (oEmbed 1.0, oembed.com).

What is asked and what is answered, as plain values; the edge speaks HTTP around it, because the answer must keep to the
width that the asker has.
"""

import re
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import msgspec

from catalogue.interview import LANGUAGES, home
from catalogue.manifest import Entry
from catalogue.pages.embed import EMBED, frame_code, frame_size

ENDPOINT = "/api/oembed"
PROVIDER = "Duplex"
_PAGE = re.compile(rf"(/en)?/interviews/([a-z0-9-]+)/(?:index\.html|{re.escape(EMBED)})?")
_TIME = re.compile(r"(?:npt:)?[\d:.]+(?:,[\d:.]+)?")
# Widths and names of the pictures that may stand for a film, the largest first.
_THUMBNAILS = ((720, "poster-720.jpg"), (360, "poster-360.jpg"))
_DAY_S = 86_400


class Place(msgspec.Struct, frozen=True):
    """A page of an interview, and the moment or passage of its film that an address names (`6,20`; often empty)."""

    slug: str
    lang: str
    time: str = ""


def discovery(url: str, origin: str) -> str:
    """The address that the head of a page gives for itself."""
    return f"{origin}{ENDPOINT}?url={quote(origin + url, safe='')}&format=json"


def place_of(address: str, origin: str) -> Place | None:
    """What an absolute address means; None when it is no page of an interview here. http and https mean the same."""
    try:
        asked, ours = urlsplit(address), urlsplit(origin)
        query = parse_qs(asked.query, max_num_fields=20).get("t", [""])[0]
    except ValueError:
        return None
    page = _PAGE.fullmatch(asked.path)
    if page is None or asked.scheme not in ("http", "https") or asked.netloc.lower() != ours.netloc.lower():
        return None
    times = (asked.fragment.removeprefix("t=") if asked.fragment.startswith("t=") else "", query)
    time = next((time for time in times if _TIME.fullmatch(time)), "")
    return Place(page[2], LANGUAGES[1] if page[1] else LANGUAGES[0], time)


def oembed(
    entry: Entry, origin: str, time: str = "", *, max_width: int | None = None, max_height: int | None = None
) -> dict[str, Any]:
    """The answer for a page: a film is a `video` whose frame keeps to what may be spared for it in pixels, a transcript
    alone a `link`."""
    names = [person.name for person in entry.speakers if person.role != "interviewer"]
    common: dict[str, Any] = {
        "version": "1.0",
        "type": "link",
        "title": entry.title,
        "author_name": ", ".join(names),
        "provider_name": PROVIDER,
        "provider_url": origin + home(entry.lang),
        "cache_age": _DAY_S,
    }
    if not (entry.master and entry.version and entry.width and entry.height):
        return common
    width, height = frame_size(entry.width, entry.height, max_width)
    height = min(height, max_height or height)
    address = f"{origin}{entry.url}{EMBED}" + (f"#t={time}" if time else "")
    video = {"type": "video", "width": width, "height": height, "html": frame_code(entry.title, address, width, height)}
    media = f"{origin}/media/{entry.master}/{entry.version}/"
    for wide, name in _THUMBNAILS:
        tall = max(1, round(wide * entry.height / entry.width))
        if wide <= (max_width or wide) and tall <= (max_height or tall):
            video |= {"thumbnail_url": media + name, "thumbnail_width": wide, "thumbnail_height": tall}
            break
    return common | video
