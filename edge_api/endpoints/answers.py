"""How the edge answers: JSON to programs, a redirect to a page of the catalogue to native forms."""

from collections.abc import Mapping
from urllib.parse import parse_qs, quote, unquote, urlsplit

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Scope

from .. import audit
from ..accounts import flows
from ..accounts.sessions import cookie_name, member_of, set_cookie
from ..errors import (
    BadRequest,
    EdgeError,
    FilmsAway,
    Internal,
    Malformed,
    MethodNotAllowed,
    NotFound,
    NotSignedIn,
    TooManyRequests,
    TooManyTries,
)
from ..settings import Settings
from ..web.accepting import preferred, takes
from ..web.forms import form_language
from ..web.rendering import said

log = structlog.get_logger()

_AWAY_S = 30
# Which page of the catalogue a form stands on, for the browsers that do not say where they come from.
_PAGES = {
    "/api/sign-up": "account/sign-up/",
    "/api/sign-up/verify": "account/verify/",
    "/api/sign-up/resend": "account/verify/",
    "/api/sign-in": "account/sign-in/",
    "/api/reset": "account/reset/",
    "/api/reset/verify": "account/reset/verify/",
    "/api/reset/resend": "account/reset/verify/",
    "/api/reset/password": "account/reset/password/",
    "/api/password": "account/",
    "/api/me/delete": "account/",
    "/api/me/sessions/end": "account/",
    "/api/newsletter": "newsletter/",
}

# The form stands at the foot of every page; only these hold its sentences.
_TELL_OF_THE_NEWSLETTER = frozenset({"newsletter/", "account/", "account/created/"})


def wants_html(request: Request) -> bool:
    """Whether a browser's form asks: `Accept` decides."""
    return takes(request.headers, "text/html")


def came_from(request: Request) -> str:
    """Path and query of the page that asks, when it is one of ours; empty otherwise."""
    origin = request.app.state.world.settings.origin
    referer = request.headers.get("referer", "")
    if not referer.startswith(origin + "/") or len(referer) > 2000:
        return ""
    parts = urlsplit(referer)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def language_of(request: Request, otherwise: str = "") -> str:
    """The language of the page that asks; of a browser that does not tell where it comes from, what its form says,
    else `otherwise`, else what it prefers."""
    if back := came_from(request):
        return "en" if back.startswith("/en/") else "fr"
    return form_language(request) or otherwise or preferred(request.headers)


def page(lang: str, path: str = "") -> str:
    """A page of the catalogue in a language: `account/verify/` is /en/account/verify/ in English."""
    return f"/en/{path}" if lang == "en" else f"/{path}"


def asked_return(request: Request, field: str | None) -> str | None:
    """Where a person wants to come back to: what the form says, else what the address of its page says."""
    if field:
        return field
    found = parse_qs(urlsplit(came_from(request)).query).get("return_to")
    return found[0] if found else None


def with_return(location: str, return_to: str) -> str:
    """A page's address that carries where to come back to, before its fragment."""
    if not return_to:
        return location
    path, mark, fragment = location.partition("#")
    return f"{path}?return_to={quote(return_to, safe='/')}{mark}{fragment}"


def note_return(response: Response, settings: Settings, path: str) -> Response:
    """Notes in the browser where somebody without an account wanted to go, for the hour that signing up may take.

    Links of static pages cannot carry it on without script; the cookie holds a path and is read like any form field.
    """
    set_cookie(response, settings, "back", quote(path, safe="/#=,"), seconds=60 * 60)
    return response


def noted_return(request: Request) -> str | None:
    """The page that `note_return` noted, whatever it is worth."""
    return unquote(request.cookies.get(cookie_name(request.app.state.world.settings, "back"), "")) or None


def done(request: Request, body: object, status: int, location: str) -> Response:
    """The answer to something that worked: `location` is where a form's sender goes next (303, RFC 9110 15.4.4)."""
    if wants_html(request):
        return see_other(request, location)
    if status == 204:
        return Response(status_code=204)
    return JSONResponse(body, status_code=status)


def see_other(request: Request, location: str) -> Response:
    """303 to one of our own pages; the address is made from the settings, never from the request."""
    return RedirectResponse(request.app.state.world.settings.origin + location, status_code=303)


def form_page(request: Request, otherwise: str) -> str:
    """Path and query of the page that the form stood on: where it comes from, else where such a form stands, in the
    language that `language_of` tells."""
    back = came_from(request)
    path = back.partition("?")[0].removeprefix("/en").removeprefix("/")
    if request.scope["path"] == "/api/newsletter" and path not in _TELL_OF_THE_NEWSLETTER:
        return page(language_of(request, otherwise), "newsletter/")
    return back or page(language_of(request, otherwise), _PAGES.get(request.scope["path"], ""))


def refused(request: Request, error: EdgeError, lang: str = "") -> Response:
    """The answer to a refusal: its code as JSON, or the page the form stood on, at the sentence for that code; `lang`
    is that of the person who asks, where that is known.

    What no page of ours can have sent keeps its status for browsers too.
    """
    if wants_html(request) and request.method == "POST" and not isinstance(error, Malformed):
        location = f"{form_page(request, lang)}#{error.code}"
        if isinstance(error, NotSignedIn):
            door = page(language_of(request, lang), f"account/sign-in/#{error.code}")
            location = with_return(door, came_from(request))
        answer = see_other(request, location)
        answer.headers.update(_facts_in_headers(error))
        return answer
    return refused_plainly(request, error)


def refused_plainly(request: Request, error: EdgeError) -> Response:
    """The answer to a refusal with its own status: JSON to programs, one sentence on a page of ours to browsers."""
    if wants_html(request) and request.method == "POST":
        answer: Response = said("refused", preferred(request.headers), status=error.status)
    else:
        answer = JSONResponse({"code": error.code, **error.facts}, status_code=error.status)
    answer.headers.update(_facts_in_headers(error))
    return answer


def refused_early(scope: Scope, error: EdgeError) -> Response:
    """The answer to what the guard turns away, before any app has seen it."""
    return refused_plainly(Request(scope), error)


def _facts_in_headers(error: EdgeError) -> dict[str, str]:
    headers = {"Allow": error.allow} if isinstance(error, MethodNotAllowed) else {}
    return headers | ({"Retry-After": str(error.retry_after)} if error.retry_after else {})


async def on_edge_error(request: Request, error: Exception) -> Response:
    """The one handler of our own refusals."""
    assert isinstance(error, EdgeError)
    if isinstance(error, TooManyRequests | TooManyTries):
        audit.note(request.app.state.world, "request limited", route=request.scope["path"], why=error.code)
    return refused(request, error, await _language_of_person(request))


async def _language_of_person(request: Request) -> str:
    """The language in which the person behind a form began; empty when nobody is known, or the page's is."""
    if not wants_html(request) or request.method != "POST" or came_from(request):
        return ""
    world = request.app.state.world
    if (member := await member_of(request)) is not None:
        return member.lang
    return await flows.language_of(world, request.cookies.get(cookie_name(world.settings, "flow")))


async def on_films_away(request: Request, error: Exception) -> Response:
    """A bucket that does not answer: the log gets the story; who follows a link gets a page that tells it."""
    log.warning("storage away", why=str(error))
    away = FilmsAway(retry_after=_AWAY_S)
    if not wants_html(request) or request.method == "POST":
        return refused(request, away)
    page: Response = said("away", preferred(request.headers), status=away.status)
    page.headers.update(_facts_in_headers(away) | {"Cache-Control": "no-store"})
    return page


async def on_http_error(request: Request, error: Exception) -> Response:
    """What the router says, in our words: no such address, no such method."""
    assert isinstance(error, HTTPException)
    headers: Mapping[str, str] = error.headers or {}
    # Addresses of ours refuse methods themselves; what gets here is the site's route, which holds nothing below /api/.
    if error.status_code == 405 and not request.scope["path"].startswith("/api/"):
        has = headers.get("Allow", "GET, HEAD").split(", ")
        return refused_plainly(request, MethodNotAllowed(", ".join(sorted(has))))
    return refused_plainly(request, NotFound() if error.status_code in (404, 405) else BadRequest())


async def on_crash(request: Request, error: Exception) -> Response:
    """A fault of ours: the log gets the story, the person gets the code."""
    return refused(request, Internal())
