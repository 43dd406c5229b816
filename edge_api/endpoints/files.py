"""Files over HTTP: a member's download by its link, what a film shows to everyone, and the built site."""

import asyncio
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from .. import audit
from ..downloads.desk import Downloads
from ..downloads.filenames import content_disposition
from ..downloads.grants import Granted, Refused
from ..limits import network_of
from ..offload import internal_address, lent_address
from ..web.accepting import preferred, takes
from ..web.ranges import Part, Validators, answer
from ..web.static import FOREVER, Moved, cache_control, content_type, find, is_embed
from .compressing import compressible, opener, wanted
from .sending import send, send_file

# Pages of the catalogue load their own files, play their own films, and talk to nobody else.
CATALOGUE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
# The one page that any site may show: a film and a link. It asks for nothing, sends nothing, and knows nobody.
_EMBEDDED = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors *"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
# A film, or its poster, opened by its own address: the browser's page around it may load it, and nothing else.
_MEDIA_POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# What is sent to a member is theirs alone: kept by no cache, named to no other site, shown in no other page.
_PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_READING = ["GET", "HEAD"]


async def download(request: Request) -> Response:
    """GET, HEAD /d/{token}/{filename}: 200, 206, 302, 304, 412, 416; 404 for every link that opens nothing."""
    downloads: Downloads = request.app.state.downloads
    name = request.path_params["filename"]
    # Only the position asked for matters here, so any size will do: the file is not known yet.
    part = answer("GET", {"range": request.headers.get("range", "")}, 1 << 62, Validators('""', 0))
    later = isinstance(part, Part) and part.start > 0
    world = request.app.state.world
    granted = await downloads.grants.granted(
        request.path_params["token"],
        name,
        network=network_of(request.client.host if request.client else ""),
        resumes=later,
        looks=request.method == "HEAD",
    )
    if isinstance(granted, Refused):
        audit.note(world, "link refused", why=granted.why)
        return await missing(request)
    headers = {
        **_PRIVATE,
        "Content-Type": content_type(name),
        "Content-Disposition": content_disposition(name),
    }
    if (handed := await _handed_on(request, granted, headers)) is not None:
        if request.method == "GET" and not later:
            await downloads.grants.begun(granted.download)
        return handed
    # A link that is over gives the rest of a file, and not all of it anew to who says that the file has changed.
    rest_only = granted.over and request.method == "GET"
    sent = await send(request, granted.open, headers, content=granted.content, rest_only=rest_only)
    if sent is None:
        return await missing(request)
    # Looking (HEAD) and going on with a transfer are no new transfer.
    if request.method == "GET" and sent.status_code in (200, 206) and not later:
        await downloads.grants.begun(granted.download)
    return sent


async def _handed_on(request: Request, granted: Granted, headers: dict[str, str]) -> Response | None:
    """The answer that has somebody else send the bytes; None when this program does."""
    downloads: Downloads = request.app.state.downloads
    settings = downloads.world.settings
    whole = None if settings.offload == "none" else await asyncio.to_thread(granted.whole)
    if whole is None:
        return None
    inside = internal_address(settings.offload, whole, media=settings.media, clips=settings.clips)
    said = {"disposition": headers["Content-Disposition"], "kind": headers["Content-Type"]}
    # An address is lent for one method, and a look (HEAD) needs none.
    lent = lent_address(settings.offload, whole, **said) if request.method == "GET" else None
    if inside is None and lent is None:
        return None
    await asyncio.to_thread(downloads.stock.place.note, whole)
    if lent is None:
        return Response(headers=headers | {"X-Accel-Redirect": inside or ""})
    return Response(status_code=302, headers=_PRIVATE | {"Location": lent})


async def media(request: Request) -> Response:
    """GET, HEAD /media/{master}/{version}/{name}: poster, proxy and the like of films that a page shows."""
    downloads: Downloads = request.app.state.downloads
    named = request.path_params
    await downloads.world.look()
    path = await downloads.library.public(named["master"], named["version"], named["name"])
    if path is None:
        return await missing(request)
    headers = {
        "Cache-Control": FOREVER,
        "Content-Type": content_type(path.name),
        "Content-Security-Policy": _MEDIA_POLICY,
    }
    return await send_file(request, path, headers) or await missing(request)


async def site(request: Request) -> Response:
    """Everything else: the site as the build left it."""
    path = request.scope["path"]
    found = find(_site(request), path)
    if found is None:
        return await missing(request)
    if isinstance(found, Moved):
        query = request.scope["query_string"].decode("latin-1")
        location = quote(found.path) + (f"?{query}" if query else "")
        return RedirectResponse(location, status_code=301, headers={"Cache-Control": "no-cache"})
    headers = {
        "Cache-Control": cache_control(path),
        "Content-Type": content_type(found.file.name),
        "Content-Security-Policy": CATALOGUE_POLICY,
    }
    if is_embed(path):
        headers |= _EMBEDDED
    return await _text(request, found.file, headers) or await missing(request)


async def _text(request: Request, path: Path, headers: dict[str, str]) -> Response | None:
    """A file of the site, compressed when it is text and the asker reads it so; None when it cannot be opened."""
    if not compressible(headers["Content-Type"]):
        return await send_file(request, path, headers)
    headers["Vary"] = "Accept-Encoding"
    try:
        way = wanted(request.headers)
        squeezed = opener(path, way) if way else None
    except OSError:
        return None
    if squeezed is None:
        return await send_file(request, path, headers)
    opened, content = squeezed
    return await send(request, opened, headers | {"Content-Encoding": way}, content=content)


async def missing(request: Request) -> Response:
    """404: the catalogue's own page to who reads pages, in the language of the address; {"code"} to programs."""
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": CATALOGUE_POLICY}
    if takes(request.headers, "text/html"):
        page = _site(request) / ("en/404.html" if _english(request) else "404.html")
        typed = headers | {"Content-Type": content_type(page.name)}
        if (sent := await send_file(request, page, typed, status=404)) is not None:
            return sent
    return JSONResponse({"code": "not_found"}, status_code=404, headers=headers)


def _english(request: Request) -> bool:
    """The language of an address; a link that is none of a page's has the one that the reader prefers."""
    path: str = request.scope["path"]
    if path.startswith(("/d/", "/downloads/")):
        return preferred(request.headers) == "en"
    return path == "/en" or path.startswith("/en/")


def _site(request: Request) -> Path:
    return Path(request.app.state.world.settings.site)


routes = [
    Route("/d/{token}/{filename}", download, methods=_READING),
    Route("/media/{master}/{version}/{name}", media, methods=_READING),
]
# The last of all routes, because it answers to every path.
last_routes = [Route("/{path:path}", site, methods=_READING)]
