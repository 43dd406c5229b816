"""Accounts over HTTP: sign up, sign in, sign out, and what a member may do with an account."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .. import audit
from ..accounts import flows, members, resets
from ..accounts import signing_up as accounts
from ..accounts.devices import LIFE_MS as DEVICE_LIFE_MS
from ..accounts.export import everything_about
from ..accounts.flows import FLOW_LIFE_MS
from ..accounts.sessions import cookie_name, forget, member_of, remember, set_cookie, signed_in, token_of
from ..accounts.signing_up import Browser, Entered
from ..limits import network_of
from ..post import newsletter
from ..web.forms import language, read, whether
from ..web.return_to import safe_path
from ..world import World
from .answers import asked_return, done, language_of, noted_return, page, see_other


def world_of(request: Request) -> World:
    """The world of the app that was asked."""
    world: World = request.app.state.world
    return world


def browser_of(request: Request) -> Browser:
    """Who asks, as far as a request tells."""
    return Browser(
        network=network_of(request.client.host if request.client else ""),
        agent=request.headers.get("user-agent", ""),
        session=token_of(request),
        device=request.cookies.get(cookie_name(world_of(request).settings, "device")),
    )


def flow_token(request: Request) -> str | None:
    """The token of the flow that this browser began."""
    return request.cookies.get(cookie_name(world_of(request).settings, "flow"))


def keep_flow(request: Request, response: Response, token: str) -> Response:
    """Binds a flow to the browser; an empty token lets it go."""
    set_cookie(response, world_of(request).settings, "flow", token, seconds=FLOW_LIFE_MS // 1000)
    return response


def know(request: Request, response: Response, device: str) -> Response:
    """Gives the browser what devices.mark made for it."""
    set_cookie(response, world_of(request).settings, "device", device, seconds=DEVICE_LIFE_MS // 1000)
    return response


def way_back(request: Request, field: str | None, lang: str) -> str:
    """Where to come back to: what the form or its page's address says, else what was noted on the way here."""
    world = world_of(request)
    asked = asked_return(request, field) or noted_return(request)
    return safe_path(asked, world.settings.site) or page(lang)


async def sign_up(request: Request) -> Response:
    """POST /api/sign-up: 202 with the flow's cookie, the same for every address."""
    fields = await read(request, ("email", "password", "lang"), ("newsletter", "return_to"))
    lang = language(fields["lang"], "fr")
    wish = accounts.SignUp(
        email=fields["email"],
        password=fields["password"],
        lang=lang,
        newsletter=whether(fields.get("newsletter")),
        return_to=way_back(request, fields.get("return_to"), lang),
    )
    token = await accounts.sign_up(world_of(request), wish, browser_of(request))
    return keep_flow(request, done(request, {}, 202, page(lang, "account/verify/")), token)


async def verify(request: Request) -> Response:
    """POST /api/sign-up/verify: 200 with the session's cookie and the page to go on to."""
    fields = await read(request, ("code",))
    entered = await accounts.verify(world_of(request), flow_token(request), fields["code"], browser_of(request))
    answer = done(request, {"return_to": entered.return_to}, 200, page(entered.lang, "account/created/"))
    return _let_in(request, answer, entered)


async def sent_to(request: Request) -> Response:
    """GET /api/sign-up/verify: 200 with the address that this browser gave, whoever has it."""
    return JSONResponse({"email": await flows.sent_to(world_of(request), flow_token(request), "sign_up")})


async def resend(request: Request) -> Response:
    """POST /api/sign-up/resend: 202, whether or not a letter leaves."""
    await read(request)
    flow = await accounts.resend(world_of(request), flow_token(request), browser_of(request))
    return done(request, {}, 202, page(flow.lang, "account/verify/#sent-again"))


async def sign_in(request: Request) -> Response:
    """POST /api/sign-in: 200 with the session's cookie, or 401 bad_credentials."""
    fields = await read(request, ("email", "password"), ("return_to",))
    world = world_of(request)
    back = asked_return(request, fields.get("return_to")) or noted_return(request)
    if not back:
        back = await resets.return_of(world, flow_token(request))
    wish = members.SignIn(
        email=fields["email"], password=fields["password"], return_to=safe_path(back, world.settings.site) or ""
    )
    entered = await members.sign_in(world, wish, browser_of(request))
    there = entered.return_to or page(language_of(request, entered.lang))
    return _let_in(request, done(request, {"return_to": there}, 200, there), entered)


def _let_in(request: Request, answer: Response, entered: Entered) -> Response:
    """Gives the browser its session, and lets go of what brought it here."""
    settings = world_of(request).settings
    remember(answer, settings, entered.token)
    know(request, answer, entered.device)
    set_cookie(answer, settings, "back", "", seconds=0)
    return keep_flow(request, answer, "")


async def sign_out(request: Request) -> Response:
    """POST /api/sign-out: 204; the session is gone from the database, and from this browser."""
    await read(request)
    await members.sign_out(world_of(request), token_of(request))
    answer = done(request, None, 204, page(language_of(request)))
    # Only what lies in caches: cookies of other kinds are not ours to clear, and ours are taken back by name.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return forget(answer, world_of(request).settings)


async def back(request: Request) -> Response:
    """GET /account/back: 303 to the page that the member came from, else home."""
    member = await member_of(request)
    home = page(language_of(request, member.lang if member else ""))
    return see_other(request, member.return_to if member and member.return_to else home)


async def me(request: Request) -> Response:
    """GET /api/me: who is signed in, or 401."""
    member = await signed_in(request)
    subscribed = await newsletter.is_subscribed(world_of(request), member.email_key)
    return JSONResponse({"email": member.email, "lang": member.lang, "newsletter": subscribed})


async def password(request: Request) -> Response:
    """POST /api/password: a new password for who knows the current one; all other sessions end."""
    fields = await read(request, ("current", "password"))
    member = await signed_in(request)
    await members.change_password(world_of(request), member, fields["current"], fields["password"])
    return done(request, {}, 200, page(language_of(request, member.lang), "account/#changed"))


async def choose_language(request: Request) -> Response:
    """POST /api/me/lang: the language of every letter from now on, the newsletter's too."""
    fields = await read(request, ("lang",))
    member = await signed_in(request)
    lang = language(fields["lang"], member.lang)
    await members.choose_language(world_of(request), member, lang)
    return done(request, {"lang": lang}, 200, page(language_of(request, lang), "account/#language"))


async def sessions(request: Request) -> Response:
    """GET /api/me/sessions: the member's open sessions, the newest first."""
    member = await signed_in(request)
    return JSONResponse({"sessions": await members.own_sessions(world_of(request), member)})


async def end_session(request: Request) -> Response:
    """POST /api/me/sessions/end: ends one of them."""
    fields = await read(request, ("id",))
    member = await signed_in(request)
    await members.end_session(world_of(request), member, fields["id"])
    answer = done(request, {}, 200, page(language_of(request, member.lang), "account/#ended"))
    return forget(answer, world_of(request).settings) if fields["id"] == member.session else answer


async def export(request: Request) -> Response:
    """GET /api/me/export: everything kept about the member, as a JSON file."""
    member = await signed_in(request)
    headers = {"Content-Disposition": 'attachment; filename="duplex.json"'}
    everything = await everything_about(world_of(request), member.id)
    audit.note(world_of(request), "data exported", account=member.id)
    return JSONResponse(everything, headers=headers)


async def delete(request: Request) -> Response:
    """POST /api/me/delete: erasure, after the member's own password."""
    fields = await read(request, ("password",))
    member = await signed_in(request)
    await members.delete_account(world_of(request), member, fields["password"])
    answer = done(request, {}, 200, page(language_of(request, member.lang), "account/sign-in/#deleted"))
    set_cookie(answer, world_of(request).settings, "device", "", seconds=0)
    return forget(answer, world_of(request).settings)


routes = [
    Route("/api/sign-up", sign_up, methods=["POST"]),
    Route("/api/sign-up/verify", sent_to, methods=["GET"]),
    Route("/api/sign-up/verify", verify, methods=["POST"]),
    Route("/api/sign-up/resend", resend, methods=["POST"]),
    Route("/api/sign-in", sign_in, methods=["POST"]),
    Route("/api/sign-out", sign_out, methods=["POST"]),
    Route("/account/back", back, methods=["GET"]),
    Route("/api/me", me, methods=["GET"]),
    Route("/api/password", password, methods=["POST"]),
    Route("/api/me/lang", choose_language, methods=["POST"]),
    Route("/api/me/sessions", sessions, methods=["GET"]),
    Route("/api/me/sessions/end", end_session, methods=["POST"]),
    Route("/api/me/export", export, methods=["GET"]),
    Route("/api/me/delete", delete, methods=["POST"]),
]
