"""Puts the service together: what answers, what works behind, what stands around it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from footage.errors import StorageAway

from . import audit
from .downloads import upkeep
from .downloads.desk import Downloads
from .downloads.library import Library
from .endpoints import accounts, downloads, files, health, mail, newsletter, oembed, openapi, own, reset
from .endpoints.answers import on_crash, on_edge_error, on_films_away, on_http_error, refused_early, refused_plainly
from .errors import EdgeError, MethodNotAllowed
from .keeping import housekeeping
from .metrics import Counted
from .post import postman
from .web.guard import Guard
from .world import World

log = structlog.get_logger()

# CONNECT is no method for an address, and TRACE would read a request back to whoever can send one.
_ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

ROUTES = [
    *health.routes,
    *openapi.routes,
    *oembed.routes,
    *accounts.routes,
    *reset.routes,
    *newsletter.routes,
    *own.routes,
    *downloads.routes,
    *files.routes,
]


def _other_methods(routes: list[Route]) -> list[Route]:
    """For each address a route that refuses whatever method no route before it took."""
    known: dict[str, set[str]] = {}
    for route in routes:
        known.setdefault(route.path, set()).update(route.methods or ())

    def refusal(methods: set[str]) -> Callable[[Request], Awaitable[Response]]:
        async def refuse(request: Request) -> Response:
            return refused_plainly(request, MethodNotAllowed(", ".join(sorted(methods))))

        return refuse

    return [Route(path, refusal(methods), methods=_ANY) for path, methods in known.items()]


def _tell(worker: asyncio.Task[None]) -> None:
    """Work behind the answers goes on for ever: what ends it is a fault, and nobody else would hear of it."""
    if not worker.cancelled():
        log.critical("work behind the service ended: begin it again", exc_info=worker.exception())


def create_app(world: World, *, at_work: bool = True) -> ASGIApp:
    """The whole service. `at_work` runs postman and housekeeper beside it; tests may turn the handles themselves."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        shelf: Downloads = app.state.downloads
        workers = []
        try:
            shelf.room.open()
            await upkeep.resume(shelf)
            if at_work:
                workers = [asyncio.create_task(work(world)) for work in (postman.run, housekeeping.run)]
                workers.append(asyncio.create_task(upkeep.keep_tidy(shelf)))
            for worker in workers:
                worker.add_done_callback(_tell)
            yield
        finally:
            try:
                await shelf.room.close()
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)  # `_tell` has told of one that died
                await world.close()

    shown = [*ROUTES, *(mail.routes if world.settings.shows_letters else [])]
    app = Starlette(
        # The site's own route answers to every path, so the methods that an address lacks are refused before it.
        routes=[*shown, *_other_methods(shown), *files.last_routes],
        lifespan=lifespan,
        exception_handlers={
            EdgeError: on_edge_error,
            StorageAway: on_films_away,
            HTTPException: on_http_error,
            Exception: on_crash,
        },
    )
    app.router.redirect_slashes = False
    app.state.world = world
    app.state.downloads = Downloads(
        world, Library(world.manifest, world.settings.media, world.settings.site), world.settings.clips
    )

    def turned_away(scope: Scope, error: EdgeError) -> Response:
        audit.note(world, "request refused", why=error.code)
        return refused_early(scope, error)

    paths: dict[object, str] = {route.endpoint: route.path for route in [*shown, *files.last_routes]}
    guarded = Counted(Guard(app, world.settings, turned_away), world.metrics, paths)
    # Here rather than in the server, so that who is believed is the same wherever the service is hung up.
    proxies = world.settings.proxies or "127.0.0.1"
    return cast(ASGIApp, ProxyHeadersMiddleware(cast(Any, guarded), trusted_hosts=proxies))
