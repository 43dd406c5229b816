"""For balancers, containers and `scripts/serve`: whether the edge lives, and whether it can do its work."""

import asyncio

from msgspec import MsgspecError
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import State
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from footage.places.place import place_of

from ..post import outbox
from ..world import World

_LATE_MS = 15 * 60_000
# A balancer does not wait for a bucket.
_PATIENCE_S = 5


async def healthz(request: Request) -> Response:
    """GET /healthz: 200 while the process answers."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """GET /readyz: 200 once site, database and media answer, else 503; mail is told, not awaited.

    Of letters only whether they leave is told: a count could be watched to learn whose address has an account.
    """
    world: World = request.app.state.world
    parts = {"site": _site(world), "database": _database(world), "media": _media(request.app.state, world)}
    state = {name: "ok" if await works else "missing" for name, works in parts.items()}
    ready = set(state.values()) == {"ok"}
    mail = world.settings.mail.partition(":")[0]
    told = {"status": "ok" if ready else "not ready", **state, "mail": mail, "letters": await _letters(world)}
    return JSONResponse(told, status_code=200 if ready else 503)


async def _site(world: World) -> bool:
    await world.look()
    try:
        world.manifest()
    except (OSError, MsgspecError):
        return False
    return True


async def _database(world: World) -> bool:
    try:
        return await world.database.answers()
    except (SQLAlchemyError, OSError):
        return False


async def _media(state: State, world: World) -> bool:
    look: asyncio.Task[bool] | None = getattr(state, "look_at_media", None)
    if look is None or look.done():
        # One look for whoever asks meanwhile: anybody may, and a silent bucket would keep a thread for each.
        look = state.look_at_media = asyncio.create_task(asyncio.to_thread(place_of(world.settings.media).answers))
    try:
        return await asyncio.wait_for(asyncio.shield(look), _PATIENCE_S)
    except TimeoutError:
        return False


async def _letters(world: World) -> str:
    """`late` when one has been waiting for a quarter of an hour, `dead` when some could not be sent, else `ok`."""
    try:
        async with world.database.read() as c:
            state = await outbox.count(c)
    except (SQLAlchemyError, OSError):
        return "unknown"
    if state.oldest_ms is not None and state.oldest_ms <= world.clock() - _LATE_MS:
        return "late"
    return "dead" if state.dead else "ok"


routes = [Route("/healthz", healthz, methods=["GET"]), Route("/readyz", readyz, methods=["GET"])]
