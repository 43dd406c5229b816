"""A forgotten password over HTTP."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..accounts import flows, resets
from ..accounts.devices import mark
from ..accounts.sessions import forget
from ..web.forms import language, read
from .accounts import browser_of, flow_token, keep_flow, know, way_back, world_of
from .answers import done, page


async def ask(request: Request) -> Response:
    """POST /api/reset: 202 with the flow's cookie, the same for every address."""
    fields = await read(request, ("email", "lang"), ("return_to",))
    lang = language(fields["lang"], "fr")
    back = way_back(request, fields.get("return_to"), lang)
    token = await resets.ask(world_of(request), fields["email"], lang, back, browser_of(request))
    return keep_flow(request, done(request, {}, 202, page(lang, "account/reset/verify/")), token)


async def verify(request: Request) -> Response:
    """POST /api/reset/verify: 200; the flow goes on under a new cookie."""
    fields = await read(request, ("code",))
    token, lang = await resets.verify(world_of(request), flow_token(request), fields["code"], browser_of(request))
    return keep_flow(request, done(request, {}, 200, page(lang, "account/reset/password/")), token)


async def sent_to(request: Request) -> Response:
    """GET /api/reset/verify: 200 with the address that this browser gave, whether or not it has an account."""
    return JSONResponse({"email": await flows.sent_to(world_of(request), flow_token(request), "reset")})


async def resend(request: Request) -> Response:
    """POST /api/reset/resend: 202, whether or not a letter leaves."""
    await read(request)
    flow = await resets.resend(world_of(request), flow_token(request), browser_of(request))
    return done(request, {}, 202, page(flow.lang, "account/reset/verify/#sent-again"))


async def password(request: Request) -> Response:
    """POST /api/reset/password: 200 with the page to sign in for; it signs nobody in, and signs everybody out."""
    fields = await read(request, ("password",))
    world = world_of(request)
    flow = await resets.set_password(world, flow_token(request), fields["password"])
    answer = done(request, {"return_to": flow.return_to}, 200, page(flow.lang, "account/reset/done/"))
    # Whoever read the code is let in to sign in, even while somebody elsewhere goes on guessing.
    return forget(know(request, answer, mark(world, flow.email_key, browser_of(request).device)), world.settings)


routes = [
    Route("/api/reset", ask, methods=["POST"]),
    Route("/api/reset/verify", sent_to, methods=["GET"]),
    Route("/api/reset/verify", verify, methods=["POST"]),
    Route("/api/reset/resend", resend, methods=["POST"]),
    Route("/api/reset/password", password, methods=["POST"]),
]
