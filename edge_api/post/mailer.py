"""Carries letters out: into a folder on one's own machine, or to a mail server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

import aiosmtplib

from ..settings import is_loopback

# For each answer of the server.
_PATIENCE_S = 20.0
_FAREWELL_S = 2.0
_SHUTTING_DOWN = 421
# Servers part with clients that never leave.
_MOST_LETTERS = 100
# What is said for one letter.
_WORDS = 4


class Temporary(Exception):
    """The letter may get through later: no connection, or a 4xx answer (RFC 5321, 4.2.1)."""


class Away(Temporary):
    """No server, or none that lets us in: the next letter would fare no better just now."""


class Permanent(Exception):
    """The letter will never get through: a 5xx answer, or an address no server can take."""


class NoMailbox(Permanent):
    """There is no such mailbox: whatever else is sent there will fare no better."""


class Mailer(Protocol):
    """Whatever can carry a letter."""

    async def send(self, message: EmailMessage, id: str, at_ms: int) -> None:
        """Hands the letter over, whole. Raises Temporary or Permanent."""

    async def rehearse(self, message: EmailMessage, id: str) -> None:
        """All the work of sending a letter, and nothing is handed over. Raises Temporary."""

    async def rest(self) -> None:
        """No letter waits: whatever was kept for the next one is let go."""


class FolderMailer:
    """Writes each letter as `<ms>-<id>.eml` in a folder; the file appears whole, by rename."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def send(self, message: EmailMessage, id: str, at_ms: int) -> None:
        """Raises Away when the folder cannot be written."""
        try:
            await asyncio.to_thread(self._write, message.as_bytes(), f"{at_ms}-{id}.eml")
        except OSError as error:
            raise Away(f"{self.path}: {error.strerror}") from error

    async def rehearse(self, message: EmailMessage, id: str) -> None:
        """Raises Away when the folder cannot be written."""
        try:
            beside = await asyncio.to_thread(self._begin, message.as_bytes(), id)
            await asyncio.to_thread(beside.unlink)
        except OSError as error:
            raise Away(f"{self.path}: {error.strerror}") from error

    async def rest(self) -> None:
        """Nothing is kept."""

    def _write(self, letter: bytes, name: str) -> None:
        self._begin(letter, name).replace(self.path / name)

    def _begin(self, letter: bytes, name: str) -> Path:
        self.path.mkdir(parents=True, exist_ok=True)
        beside = self.path / f".{name}.{os.getpid()}"
        beside.write_bytes(letter)
        return beside


class SmtpMailer:
    """Speaks to a mail server: smtp://user:password@host:port (STARTTLS when offered) or smtps:// (TLS throughout).

    A password is only told over TLS, or to this machine. `?ca=PATH` names a certificate to trust beside the system's.
    Each answer of the server is waited for `patience_s` seconds.
    """

    def __init__(self, url: str, *, patience_s: float = _PATIENCE_S) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 587 if parts.username else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._ca = dict(parse_qsl(parts.query)).get("ca")
        self._patience_s = patience_s
        # Made once, and not for each letter: trust is read from disk, the machine's own name asked of the network.
        self._trust: ssl.SSLContext | None = None
        self._own_name: str | None = None
        self._kept: list[tuple[aiosmtplib.SMTP, int]] = []
        self._start_tls = False if self._tls else True if self._user and not is_loopback(self._host) else None

    async def send(self, message: EmailMessage, id: str, at_ms: int) -> None:
        """Sends one letter; the connection is kept for the next, unless anything went wrong on it. Problems name the
        server's answer, never the address."""
        client, carried = await self._line()
        try:
            await self._hand_over(client, message)
        except BaseException:
            client.close()
            raise
        self._kept.append((client, carried + 1))

    async def rehearse(self, message: EmailMessage, id: str) -> None:
        """As many words with the server as a letter takes (MAIL, RCPT, DATA and the text), all of them NOOP (RFC 5321,
        4.1.1.9)."""
        message.as_bytes()
        client, carried = await self._line()
        try:
            for _ in range(_WORDS):
                await client.noop()
        except (aiosmtplib.SMTPException, OSError) as error:
            client.close()
            raise Temporary(f"{type(error).__name__} at {self._host}:{self._port}") from error
        except BaseException:
            client.close()
            raise
        self._kept.append((client, carried + 1))

    async def rest(self) -> None:
        """Takes leave of the server on every connection that was kept."""
        kept, self._kept = self._kept, []
        await asyncio.gather(*(_leave(client) for client, _ in kept))

    async def knock(self) -> None:
        """Connects, logs in and leaves again, without a letter. Away when that fails."""
        await _leave(await self._connected())

    async def _line(self) -> tuple[aiosmtplib.SMTP, int]:
        """A connection on which the server answers, and how many letters went over it."""
        while self._kept:
            client, carried = self._kept.pop()
            if carried < _MOST_LETTERS and await _answers(client):
                return client, carried
            await _leave(client)
        return await self._connected(), 0

    async def _connected(self) -> aiosmtplib.SMTP:
        """Away for whatever keeps us out: somebody will mend that, and no letter should die of it."""
        await self._prepare()
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._tls,
            start_tls=self._start_tls,
            username=self._user,
            password=self._password,
            tls_context=self._trust,
            local_hostname=self._own_name,
            timeout=self._patience_s,
        )
        try:
            await client.connect()
        except BaseException as error:
            client.close()
            if isinstance(error, aiosmtplib.SMTPResponseException):
                raise Away(f"the server does not let us in ({error.code})") from error
            if isinstance(error, aiosmtplib.SMTPException | OSError | ValueError):
                raise Away(f"{type(error).__name__} at {self._host}:{self._port}") from error
            raise
        return client

    async def _prepare(self) -> None:
        """Away when the certificate to trust cannot be read."""
        if self._trust is None or self._own_name is None:
            try:
                self._trust = await asyncio.to_thread(_trust, self._ca)
            except OSError as error:
                raise Away(f"{self._ca} cannot be read as a certificate") from error
            self._own_name = await asyncio.to_thread(socket.getfqdn)

    async def _hand_over(self, client: aiosmtplib.SMTP, message: EmailMessage) -> None:
        try:
            await client.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refusal.code for refusal in error.recipients]
            said = f"the server refused the recipient ({', '.join(map(str, codes))})"
            if any(code < 500 for code in codes):
                raise Temporary(said) from error
            # X.1.1 to X.1.3, X.1.6 and X.1.10: no such mailbox (RFC 3463, 3.2). Anything else may be about us.
            gone = all(re.match(r"5\.1\.(1|2|3|6|10)\b", refusal.message) for refusal in error.recipients)
            raise (NoMailbox if gone else Permanent)(said) from error
        except aiosmtplib.SMTPResponseException as error:
            if error.code == _SHUTTING_DOWN:
                raise Away(f"the server answered {error.code}") from error
            raise (Permanent if error.code >= 500 else Temporary)(f"the server answered {error.code}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Temporary(f"{type(error).__name__} at {self._host}:{self._port}") from error
        except ValueError as error:
            raise Permanent("no server can take this address") from error


async def _answers(client: aiosmtplib.SMTP) -> bool:
    """Whether a connection still stands. What the server says to RSET (RFC 5321, 4.1.1.5) costs less than a new one."""
    try:
        await client.rset()
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        return False
    return True


async def _leave(client: aiosmtplib.SMTP) -> None:
    """What was handed over is the server's now, whatever becomes of the farewell."""
    try:
        with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
            async with asyncio.timeout(_FAREWELL_S):
                await client.quit()
    finally:
        client.close()


def _trust(ca: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca is not None:
        context.load_verify_locations(ca)
    return context


def mailer_of(setting: str) -> FolderMailer | SmtpMailer:
    """The mailer that DUPLEX_MAIL names: folder:PATH, smtp://… or smtps://…"""
    kind, _, path = setting.partition(":")
    return FolderMailer(Path(path)) if kind == "folder" else SmtpMailer(setting)
