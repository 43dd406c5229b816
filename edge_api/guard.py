"""Stands around the whole app: security headers on every answer, and no change of state asked by another site.

Starlette's own answers to an oversized body (413) or a crash (500) pass by its middleware, so this wraps the app itself.
The rule against cross-site requests is that of Go's CrossOriginProtection: a method that changes something must come
with Sec-Fetch-Site same-origin or none; from a browser too old to send it, with our own Origin. (W3C Fetch Metadata)
"""

import json
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .forms import MOST_BYTES

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# RFC 8058: the one-click POST of a mail program comes from nowhere, and carries no cookie that counts.
_FROM_ANYWHERE = "/newsletter/leave/"
# For what the edge itself says; files of the catalogue bring their own policy.
OWN_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Guard:
    """ASGI wrapper (`app`, the portal's `origin`)."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self.app = app
        self.origin = origin
        self.headers: Mapping[str, str] = {
            "Content-Security-Policy": OWN_POLICY,
            "X-Content-Type-Options": "nosniff",
            # Not no-referrer: with it browsers send `Origin: null` from our own forms.
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
            **({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if origin[:6] == "https:" else {}),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses, or lets the app answer and completes its headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        began = False

        async def complete(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                headers = MutableHeaders(raw=message["headers"])
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if scope["method"] not in _SAFE:
                    headers.add_vary_header("Sec-Fetch-Site, Origin, Accept")
                message["headers"] = headers.raw
            await send(message)

        code = self._refusal(scope)
        if code is not None:
            await _say(complete, *code)
            return
        try:
            await self.app(scope, receive, complete)
        except Exception:
            # Starlette has answered 500 and raises again for the server's log; without an answer we give it.
            if not began:
                await _say(complete, 500, "internal")
            raise

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        method, headers = scope["method"], Headers(scope=scope)
        if method in _SAFE:
            return None
        length = headers.get("content-length", "")
        if length and (not length.isascii() or not length.isdigit()):
            return 400, "bad_request"
        if length and int(length[:12]) > MOST_BYTES:
            return 413, "too_large"
        if scope["path"].startswith(_FROM_ANYWHERE) or self._ours(headers):
            return None
        return 403, "forbidden_origin"

    def _ours(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        origin = headers.get("origin")
        if site is not None:
            return site in ("same-origin", "none") and origin in (None, self.origin)
        return origin == self.origin


async def _say(send: Send, status: int, code: str) -> None:
    body = json.dumps({"code": code}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
