"""Stands around the whole app: security headers on every answer, and no change of state asked by another site.

Starlette's own answers to an oversized body (413) or a crash (500) pass by its middleware: this wraps the app itself.
The rule against cross-site requests is that of Go's CrossOriginProtection: a method that changes something must come
with Sec-Fetch-Site same-origin or none; from a browser too old to send it, with our own Origin. (W3C Fetch Metadata)
"""

import re
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import BadRequest, EdgeError, ForbiddenOrigin, TooLarge
from ..settings import Settings, is_loopback
from .forms import MOST_BYTES

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# RFC 8058: the one-click POST of a mail program comes from nowhere, and carries no cookie that counts.
_FROM_ANYWHERE = "/newsletter/leave/"
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?")
# Asked by machines that know only an address: balancers, containers.
_HEALTH = frozenset({"/healthz", "/readyz"})
# For what the edge itself says; files of the catalogue bring their own policy.
OWN_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def headers_of(settings: Settings) -> dict[str, str]:
    """What every answer says, unless it says it otherwise itself."""
    headers = {
        "Content-Security-Policy": OWN_POLICY,
        "X-Content-Type-Options": "nosniff",
        # Not no-referrer: with it browsers send `Origin: null` from our own forms.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cache-Control": "no-store",
    }
    if settings.secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


class Guard:
    """ASGI wrapper: `refuse` makes the answer to what is turned away before the app sees it."""

    def __init__(self, app: ASGIApp, settings: Settings, refuse: Callable[[Scope, EdgeError], Response]) -> None:
        self._app = app
        self._settings = settings
        self._refuse = refuse
        self._headers = headers_of(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, or lets the app answer and completes its headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        began = False

        async def complete(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                headers = MutableHeaders(raw=message["headers"])
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["method"] not in _SAFE:
                    headers.add_vary_header("Sec-Fetch-Site, Origin, Accept")
                message["headers"] = headers.raw
            await send(message)

        answer = self._turned_away(scope)
        if answer is not None:
            await answer(scope, receive, complete)
            return
        try:
            await self._app(scope, receive, complete)
        except Exception:
            # Starlette has answered 500 and raises again for the server's log; without an answer we give it.
            if not began:
                await JSONResponse({"code": "internal"}, 500)(scope, receive, complete)
            raise

    def _turned_away(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if scope["path"] not in _HEALTH and (answer := self._other_host(scope, headers)) is not None:
            return answer
        if scope["method"] in _SAFE:
            return None
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()):
            return self._refuse(scope, BadRequest())
        if len(length) > 12 or int(length) > MOST_BYTES:
            return self._refuse(scope, TooLarge())
        if scope["path"].startswith(_FROM_ANYWHERE) or self._ours(headers):
            return None
        return self._refuse(scope, ForbiddenOrigin())

    def _other_host(self, scope: Scope, headers: Headers) -> Response | None:
        """What is said to a host that is not ours: on one's own machine another name of it leads to the right one.

        Without this, a page elsewhere could give its own name our address and read letters in development.
        """
        hosts = headers.getlist("host")
        if len(hosts) == 1 and hosts[0].lower() == self._settings.netloc:
            return None
        named = _HOST.fullmatch(hosts[0].lower()) if len(hosts) == 1 else None
        if named and self._settings.loopback and is_loopback(named[1].strip("[]")) and scope["method"] in _SAFE:
            path = scope.get("raw_path", b"").decode("latin-1").split("?")[0]
            query = scope["query_string"].decode("latin-1")
            return RedirectResponse(f"{self._settings.origin}{path}{'?' * bool(query)}{query}", 307)
        return self._refuse(scope, BadRequest())

    def _ours(self, headers: Headers) -> bool:
        site, origins = headers.get("sec-fetch-site"), headers.getlist("origin")
        if site is not None:
            return site in ("same-origin", "none") and all(o in ("null", self._settings.origin) for o in origins)
        return origins == [self._settings.origin]
