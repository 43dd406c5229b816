"""GET /api/oembed: what other sites show of an interview's address (oEmbed 1.0)."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from catalogue.pages.oembed import ENDPOINT, oembed, place_of

from ..downloads.desk import Downloads

# The answer holds what the page says to everyone, and scripts of other sites may read it.
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=3600",
}
_LONGEST = 2000


async def answer(request: Request) -> Response:
    """GET /api/oembed?url=…&maxwidth=…&maxheight=…&format=json: 200; 400 for what is no request of this kind, 404 for
    what we do not show, 501 for another format, as the specification asks."""
    asked = request.query_params
    if asked.get("format", "json") != "json":
        return _refused("unknown_format", 501)
    try:
        most = [_pixels(asked[name]) if name in asked else None for name in ("maxwidth", "maxheight")]
    except ValueError:
        return _refused("bad_request", 400)
    url = asked.get("url", "")
    if not url or len(url) > _LONGEST:
        return _refused("bad_request", 400)
    downloads: Downloads = request.app.state.downloads
    origin = downloads.world.settings.origin
    await downloads.world.look()
    place = place_of(url, origin)
    entry = downloads.library.entry(place.slug, place.lang) if place else None
    if place is None or entry is None:
        return _refused("not_found", 404)
    told = oembed(entry, origin, place.time, max_width=most[0], max_height=most[1])
    return JSONResponse(told, headers=_OPEN)


def _pixels(text: str) -> int:
    """A positive number of pixels; ValueError when it is none."""
    if re.fullmatch(r"[0-9]{1,6}", text) is None or int(text) == 0:
        raise ValueError(text)
    return int(text)


def _refused(code: str, status: int) -> Response:
    return JSONResponse({"code": code}, status_code=status, headers=_OPEN)


routes = [Route(ENDPOINT, answer, methods=["GET"])]
