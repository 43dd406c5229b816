"""For balancers, containers and `scripts/serve`: whether the edge lives, and whether it can do its work."""

from collections.abc import Awaitable, Callable

from msgspec import MsgspecError
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..world import World


async def healthz(request: Request) -> Response:
    """GET /healthz: 200 while the process answers."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """GET /readyz: 200 once site, database and media answer, else 503; mail is told, not awaited."""
    world: World = request.app.state.world
    parts: dict[str, Callable[[World], Awaitable[bool]]] = {"site": _site, "database": _database, "media": _media}
    state = {name: "ok" if await works(world) else "missing" for name, works in parts.items()}
    ready = set(state.values()) == {"ok"}
    mail = world.settings.mail.partition(":")[0]
    return JSONResponse(
        {"status": "ok" if ready else "not ready", **state, "mail": mail}, status_code=200 if ready else 503
    )


async def _site(world: World) -> bool:
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


async def _media(world: World) -> bool:
    return world.settings.media.is_dir()


routes = [Route("/healthz", healthz, methods=["GET"]), Route("/readyz", readyz, methods=["GET"])]
