"""How the edge answers: JSON to programs, a redirect to a page of the catalogue to native forms."""

from urllib.parse import parse_qs, quote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from .errors import EdgeError

# A body that no page of ours can have sent is refused with its status, to browsers too.
_MALFORMED = frozenset({"bad_form", "not_json", "too_large", "bad_request", "forbidden_origin", "method_not_allowed"})


def wants_html(request: Request) -> bool:
    """Whether a browser's form asks: `Accept` decides."""
    return "text/html" in request.headers.get("accept", "")


def came_from(request: Request) -> str:
    """Path and query of the page that asks, when it is one of ours; empty otherwise."""
    origin = request.app.state.world.settings.origin
    referer = request.headers.get("referer", "")
    if not referer.startswith(origin + "/") or len(referer) > 2000:
        return ""
    parts = urlsplit(referer)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def language_of(request: Request) -> str:
    """The language of the page that asks; French, the root's, when nothing says."""
    return "en" if came_from(request).startswith("/en/") else "fr"


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


def refused(request: Request, error: EdgeError) -> Response:
    """The answer to a refusal: its code as JSON, or the page the form stood on, at the sentence for that code."""
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    back = came_from(request)
    if wants_html(request) and request.method == "POST" and back and error.code not in _MALFORMED:
        answer = see_other(request, f"{back}#{error.code}")
        answer.headers.update(headers)
        return answer
    return JSONResponse({"code": error.code}, status_code=error.status, headers=headers)
