"""GET /api/openapi.json: the service told to programs. The document is written by hand, in openapi.yml."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    read: dict[str, Any] = yaml.safe_load((files("edge_api") / "openapi.yml").read_text(encoding="utf-8"))
    return read


async def openapi(request: Request) -> Response:
    """GET /api/openapi.json: the document, with this portal as its server."""
    origin = request.app.state.world.settings.origin
    return JSONResponse({**document(), "servers": [{"url": origin}]}, headers={"Cache-Control": "no-cache"})


routes = [Route("/api/openapi.json", openapi, methods=["GET"])]
