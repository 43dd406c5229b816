"""A mail relay to be tried against, a real SMTP server (aiosmtpd): it takes, delays, refuses, hangs, drops, as told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "duplex", "mot de passe"


@dataclass
class Relay:
    """`rcpt` and `data` are what it answers there: a reply, `hang`, or `drop`; or what decides, given the address.

    `farewell` says what follows a letter it took: nothing special, or `drop`. `seen` is told each step.
    """

    rcpt: str | Callable[[str], str] = "250 OK"
    data: str | Callable[[str], str] = "250 taken"
    farewell: str = ""
    seen: Callable[[str], None] = lambda step: None
    kept: list[bytes] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)

    def letters(self) -> list[EmailMessage]:
        """What it took. No property: aiosmtpd looks at every property of its handler for each connection."""
        found = [message_from_bytes(raw, policy=default) for raw in self.kept]
        return [letter for letter in found if isinstance(letter, EmailMessage)]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.seen("hello")
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.seen("recipient")
        answer = await self._answer(server, self.rcpt, address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.seen("data")
        answer = await self._answer(server, self.data, envelope.rcpt_tos[0])
        if answer.startswith("250"):
            content = envelope.content
            self.kept.append(content if isinstance(content, bytes) else b"")
            self.secure.append(session.ssl is not None)
            self.seen("taken")
        if self.farewell == "drop":
            asyncio.get_running_loop().call_soon(_hang_up, server)
        return answer

    async def _answer(self, server: SMTP, told: str | Callable[[str], str], address: str) -> str:
        answer = told if isinstance(told, str) else told(address)
        if answer == "hang":
            await asyncio.Event().wait()
        if answer == "drop":
            _hang_up(server)
            await asyncio.Event().wait()
        return answer

    @asynccontextmanager
    async def listening(
        self, *, tls: ssl.SSLContext | None = None, start_tls: ssl.SSLContext | None = None, login: bool = False
    ) -> AsyncIterator[int]:
        """Listens on a free port of this machine: within TLS, or offering it; asking for the login, or not."""

        def server() -> SMTP:
            return SMTP(
                self, tls_context=start_tls, auth_required=login, authenticator=_authenticator if login else None,
                auth_require_tls=start_tls is not None,
            )  # fmt: skip

        listener = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0, ssl=tls)
        try:
            yield listener.sockets[0].getsockname()[1]
        finally:
            listener.close()


def _hang_up(server: SMTP) -> None:
    if server.transport is not None:
        server.transport.close()


def _authenticator(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)
