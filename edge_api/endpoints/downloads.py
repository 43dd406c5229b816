"""Downloads over HTTP: ask, look, follow, ask for the link again; as JSON, as events, and as pages without script."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from footage.errors import StorageAway

from ..accounts.sessions import member_of, signed_in
from ..downloads.desk import Downloads
from ..downloads.download_page import shown_in
from ..downloads.library import Passage
from ..downloads.orders import OPTIONAL, REQUIRED, Order, fragment, read_order
from ..downloads.schema import Download
from ..errors import EdgeError, FilmsAway, Malformed, NotFound, NotSignedIn
from ..web import forms
from ..web.accepting import takes
from ..web.rendering import rendered
from ..world import moment
from .answers import language_of, note_return, page, see_other, wants_html, with_return
from .files import missing

# A connection that says nothing is closed by proxies, most of them after half a minute.
_SILENCE_S = 15
_LOOK_AGAIN_S = 1


async def ask(request: Request) -> Response:
    """POST /api/downloads: 201 with the download; a form is led to the download's page."""
    downloads = _downloads(request)
    order = read_order(await forms.read(request, REQUIRED, OPTIONAL))
    try:
        member = await signed_in(request)
        download = await downloads.ask(member.id, order)
    except StorageAway:
        if not wants_html(request):
            raise
        return _led_back(request, order, FilmsAway())
    except EdgeError as error:
        if not wants_html(request) or isinstance(error, Malformed):
            raise
        return _led_back(request, order, error)
    if wants_html(request):
        return see_other(request, f"/downloads/{download.id}")
    location = {"Location": f"/api/downloads/{download.id}"}
    return JSONResponse(view(downloads, download), status_code=201, headers=location)


async def recent(request: Request) -> Response:
    """GET /api/downloads: the member's newest, newest first, each with what reminds of it."""
    member, downloads = await signed_in(request), _downloads(request)
    newest = await downloads.as_they_stand(await downloads.recent(member.id))
    glimpses = await downloads.library.glimpses(map(_passage, newest))
    told = [
        view(downloads, each) | msgspec.to_builtins(glimpse) for each, glimpse in zip(newest, glimpses, strict=True)
    ]
    return JSONResponse({"downloads": told})


async def one(request: Request) -> Response:
    """GET /api/downloads/{id}: where it stands; as events when a stream is accepted (WHATWG HTML, 9.2)."""
    member, downloads = await signed_in(request), _downloads(request)
    [download] = await downloads.as_they_stand([await downloads.one(member.id, request.path_params["id"])])
    if takes(request.headers, "text/event-stream"):
        events = _events(request, downloads, download)
        return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
    return JSONResponse(view(downloads, download))


async def renew(request: Request) -> Response:
    """POST /api/downloads/{id}/link: a fresh link to the same file, without cutting again."""
    member, downloads = await signed_in(request), _downloads(request)
    await forms.read(request)
    [download] = await downloads.as_they_stand([await downloads.renew(member.id, request.path_params["id"])])
    if wants_html(request):
        return see_other(request, f"/downloads/{download.id}")
    return JSONResponse(view(downloads, download))


async def cancel(request: Request) -> Response:
    """POST /api/downloads/{id}/cancel: the member no longer wants it; work that nobody else waits for ends at once."""
    member, downloads = await signed_in(request), _downloads(request)
    await forms.read(request)
    download = await downloads.cancel(member.id, request.path_params["id"])
    if wants_html(request):
        return see_other(request, f"/downloads/{download.id}")
    return JSONResponse(view(downloads, download))


async def shown(request: Request) -> Response:
    """GET /downloads/{id}: the same for a person without script; it asks again by itself until there is a link."""
    downloads = _downloads(request)
    try:
        member = await signed_in(request)
    except NotSignedIn:
        door = page(language_of(request), "account/sign-in/#not_signed_in")
        return see_other(request, with_return(door, request.scope["path"]))
    try:
        [download] = await downloads.as_they_stand([await downloads.one(member.id, request.path_params["id"])])
        points = await downloads.timecodes(download)
    except NotFound:
        return await missing(request)
    entry = downloads.library.entry(download.interview, download.lang)
    if entry is None:
        return await missing(request)
    said = shown_in(member.lang, download, view(downloads, download), entry, points)
    return rendered("download.html", member.lang, shown=said)


def view(downloads: Downloads, download: Download) -> dict[str, object]:
    """What a member is told of a download. Times are milliseconds in the film, and UTC (RFC 3339) in the world."""
    job = downloads.room.job(download.clip) if download.clip else None
    entry = downloads.library.entry(download.interview, download.lang)
    making = download.state == "queued" and job is not None and job.state != "queued"
    told: dict[str, object] = {
        "id": download.id,
        "state": "making" if making else download.state,
        "interview": download.interview,
        "title": entry.title if entry is not None else None,
        "lang": download.lang,
        "kind": download.kind,
        "profile": download.profile,
        "package": download.package,
        "in_ms": download.in_ms,
        "out_ms": download.out_ms,
        "filename": download.filename,
        "created_at": moment(download.created_ms),
        "expires_at": moment(download.expires_ms),
    }
    order = download.order
    if order is None or order.paper is None:
        told["frames"] = download.out_frame - download.in_frame
    elif order.words_lang:
        told["words_lang"] = order.words_lang
    if making and job is not None:
        told["progress"] = round(job.share, 3)
    if download.bytes is not None:
        told["bytes"] = download.bytes
    if download.reason is not None:
        told["reason"] = download.reason
    if (token := downloads.grants.link(download)) is not None:
        told["url"] = f"/d/{token}/{quote(download.filename)}"
    return told


def _passage(download: Download) -> Passage:
    # A whole film is reminded of by its poster and its title: its words would be those of its first seconds.
    end = download.out_ms if download.kind == "clip" else download.in_ms
    return Passage(download.interview, download.lang, download.master, download.version, download.in_ms, end)


async def _events(request: Request, downloads: Downloads, download: Download) -> AsyncIterator[bytes]:
    """One event at once and at every hundredth; the last one says ready or failed. With the session they end."""
    last: dict[str, object] = {}
    while True:
        await downloads.world.look()
        job = downloads.room.job(download.clip) if download.clip else None
        news = job.news if job else None
        told = view(downloads, download)
        if "progress" in told and job is not None:
            told["progress"] = round(job.share, 2)
        if told != last:
            yield b"event: download\ndata: " + msgspec.json.encode(told) + b"\n\n"
            last = told
        if told["state"] in ("ready", "failed"):
            return
        try:
            async with asyncio.timeout(_SILENCE_S):
                await (news.wait() if news else asyncio.sleep(_LOOK_AGAIN_S))
        except TimeoutError:
            yield b": still there\n\n"
        if await member_of(request) is None:
            return
        if job is None or job.state == "done":
            download = await downloads.one(download.user_id, download.id)


def _led_back(request: Request, order: Order, error: EdgeError) -> Response:
    """A form's refusal: to the interview's page at the sentence for the code; strangers to sign in, and back here."""
    entry = _downloads(request).library.entry(order.interview, order.lang)
    back = entry.url if entry else page(order.lang, "interviews/")
    if not isinstance(error, NotSignedIn):
        return see_other(request, f"{back}#{error.code}")
    if order.in_ms is not None and order.out_ms is not None:
        back += f"#{fragment(order.in_ms, order.out_ms)}"
    door = see_other(request, with_return(page(order.lang, f"account/sign-in/#{error.code}"), back))
    return note_return(door, _downloads(request).world.settings, back)


def _downloads(request: Request) -> Downloads:
    downloads: Downloads = request.app.state.downloads
    return downloads


routes = [
    Route("/api/downloads", ask, methods=["POST"]),
    Route("/api/downloads", recent, methods=["GET"]),
    Route("/api/downloads/{id}", one, methods=["GET"]),
    Route("/api/downloads/{id}/link", renew, methods=["POST"]),
    Route("/api/downloads/{id}/cancel", cancel, methods=["POST"]),
    Route("/downloads/{id}", shown, methods=["GET"]),
]
