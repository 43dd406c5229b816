"""The newsletter over HTTP, and the links in letters: following one changes nothing, its button does.

Gateways before mailboxes follow every link, and some press the button they find. So the buttons that would subscribe
somebody, or take a code from under a person's hands, want a tick too; a POST without a body, which no button sends,
acts. To leave is one click and stays one (RFC 8058).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..accounts import revoking
from ..accounts.sessions import Member, member_of, signed_in
from ..errors import BadEmail, BadForm, NotFound, NotSignedIn
from ..limits import network_of
from ..post import newsletter
from ..post.letters import CONFIRM, LEAVE, NOT_ME
from ..post.newsletter import language_of_token
from ..web.accepting import preferred
from ..web.forms import language, read, whether
from ..web.rendering import said
from ..world import World
from .answers import came_from, done, language_of, page, wants_html

# The pages that hold a sentence for #subscribed; from any other the newsletter's own page says it.
_SAYS_SO = frozenset({"account/", "account/created/", "newsletter/"})


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


def _network(request: Request) -> str:
    return network_of(request.client.host if request.client else "")


async def subscribe(request: Request) -> Response:
    """POST /api/newsletter: a member is subscribed at once (200); any other address gets a letter that asks (202)."""
    fields = await read(request, optional=("email", "lang", "return_to"))
    member = await member_of(request)
    lang = language(fields.get("lang"), member.lang if member else language_of(request))
    email = fields.get("email", "").strip()
    if member is not None and email.lower() in ("", member.email_key, member.email.lower()):
        return await _subscribe_member(request, member, lang)
    if "email" not in fields:
        raise NotSignedIn
    if not email:
        raise BadEmail
    source = came_from(request).partition("?")[0]
    await newsletter.ask(_world(request), email, lang, source=source, network=_network(request))
    return done(request, {}, 202, page(lang, "newsletter/#sent"))


async def _subscribe_member(request: Request, member: Member, lang: str) -> Response:
    world, back = _world(request), came_from(request)
    source = back.partition("?")[0]
    async with world.database.write(member.email_key) as c:
        await newsletter.subscribe_proved(
            c, world, member.email, member.email_key, lang, source=source, network=_network(request)
        )
    world.mail_waiting.set()
    stays = source.removeprefix("/en/").removeprefix("/") in _SAYS_SO
    return done(request, {"newsletter": True}, 200, (back if stays else page(lang, "newsletter/")) + "#subscribed")


async def leave_signed_in(request: Request) -> Response:
    """POST /api/newsletter/leave: a member leaves; the same answer to one who never had it."""
    await read(request)
    member = await signed_in(request)
    source = came_from(request).partition("?")[0]
    await newsletter.leave_proved(
        _world(request), member.email_key, member.lang, source=source, network=_network(request)
    )
    return done(request, {"newsletter": False}, 200, page(language_of(request, member.lang), "account/#left"))


async def confirm_ask(request: Request) -> Response:
    """GET /newsletter/confirm/{token}: shows the button, also for a link that is none."""
    return said("confirm_ask", _lang(request, CONFIRM))


async def confirm(request: Request) -> Response:
    """POST /newsletter/confirm/{token}: subscribes; 404 when the link is not ours or no longer valid."""
    lang = _lang(request, CONFIRM)
    if (again := await _unsure(request, "confirm_ask", lang)) is not None:
        return again
    confirmed = await newsletter.confirm(_world(request), request.path_params["token"], network=_network(request))
    if not wants_html(request):
        if not confirmed:
            raise NotFound
        return JSONResponse({"newsletter": True})
    if confirmed:
        return said("confirm_done", lang)
    return said("confirm_gone", lang, status=404, link=page(lang, "newsletter/"))


async def leave_ask(request: Request) -> Response:
    """GET /newsletter/leave/{token}: shows the button."""
    return said("leave_ask", _lang(request, LEAVE))


async def leave(request: Request) -> Response:
    """POST /newsletter/leave/{token}: the button, or a mail program's one click (RFC 8058): no cookie, no redirect."""
    lang = _lang(request, LEAVE)
    await newsletter.leave(_world(request), request.path_params["token"], network=_network(request))
    return said("leave_done", lang) if wants_html(request) else JSONResponse({"newsletter": False})


async def not_me_ask(request: Request) -> Response:
    """GET /not-me/{token}: shows the button."""
    return said("not_me_ask", _lang(request, NOT_ME))


async def not_me(request: Request) -> Response:
    """POST /not-me/{token}: ends the flow whose code the letter holds; the same answer for a link that is none."""
    lang = _lang(request, NOT_ME)
    if (again := await _unsure(request, "not_me_ask", lang)) is not None:
        return again
    await revoking.revoke(_world(request), request.path_params["token"])
    return said("not_me_done", lang) if wants_html(request) else JSONResponse({})


async def _unsure(request: Request, page: str, lang: str) -> Response | None:
    """The page once more for who pressed its button without the tick, BadForm for programs that refuse; None for who
    gave it, and for who posts nothing at all: only the form of the page says that it was shown."""
    fields = await read(request, optional=("sure", "shown"))
    if not fields or whether(fields.get("sure")):
        return None
    if not wants_html(request):
        raise BadForm
    return said(page, lang, status=400)


def _lang(request: Request, link: str) -> str:
    return language_of_token(_world(request), link, request.path_params["token"]) or preferred(request.headers)


routes = [
    Route("/api/newsletter", subscribe, methods=["POST"]),
    Route("/api/newsletter/leave", leave_signed_in, methods=["POST"]),
    Route("/newsletter/confirm/{token}", confirm_ask, methods=["GET"]),
    Route("/newsletter/confirm/{token}", confirm, methods=["POST"]),
    Route("/newsletter/leave/{token}", leave_ask, methods=["GET"]),
    Route("/newsletter/leave/{token}", leave, methods=["POST"]),
    Route("/not-me/{token}", not_me_ask, methods=["GET"]),
    Route("/not-me/{token}", not_me, methods=["POST"]),
]
