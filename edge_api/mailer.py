"""Carries letters out: into a folder on one's own machine, or to a mail server."""

from __future__ import annotations

import asyncio
import os
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

_PATIENCE_S = 20.0
_NOT_LET_IN = (aiosmtplib.SMTPConnectResponseError, aiosmtplib.SMTPHeloError, aiosmtplib.SMTPAuthenticationError)


class Temporary(Exception):
    """The letter may get through later: no connection, or a 4xx answer (RFC 5321, 4.2.1)."""


class Permanent(Exception):
    """The letter will never get through: a 5xx answer, or an address no server can take."""


class Mailer(Protocol):
    """Whatever can carry a letter."""

    async def send(self, message: EmailMessage, id: str, at_ms: int) -> None:
        """Hands the letter over, whole. Raises Temporary or Permanent."""


class FolderMailer:
    """Writes each letter as `<ms>-<id>.eml` in a folder; the file appears whole, by rename."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def send(self, message: EmailMessage, id: str, at_ms: int) -> None:
        """Raises Temporary when the folder cannot be written."""
        try:
            await asyncio.to_thread(self._write, message.as_bytes(), f"{at_ms}-{id}.eml")
        except OSError as error:
            raise Temporary(f"{self.path}: {error.strerror}") from error

    def _write(self, letter: bytes, name: str) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        beside = self.path / f".{name}.{os.getpid()}"
        beside.write_bytes(letter)
        beside.replace(self.path / name)


class SmtpMailer:
    """Speaks to a mail server: smtp://user:password@host:port (STARTTLS when offered) or smtps:// (TLS throughout)."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 587 if parts.username else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, message: EmailMessage, id: str, at_ms: int) -> None:
        """Sends one letter over a connection of its own. Problems name the server's answer, never the address."""
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._tls,
            start_tls=False if self._tls else None,
            username=self._user,
            password=self._password,
            timeout=_PATIENCE_S,
        )
        try:
            async with client:
                await client.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refusal.code for refusal in error.recipients]
            kind = Permanent if all(code >= 500 for code in codes) else Temporary
            raise kind(f"the server refused the recipient ({', '.join(map(str, codes))})") from error
        except (
            aiosmtplib.SMTPConnectResponseError,
            aiosmtplib.SMTPHeloError,
            aiosmtplib.SMTPAuthenticationError,
        ) as error:
            # The server refuses us, not the letter. Somebody will mend that: no letter should die of it.
            raise Temporary(f"the server does not let us in ({error.code})") from error
        except aiosmtplib.SMTPResponseException as error:
            raise (Permanent if error.code >= 500 else Temporary)(f"the server answered {error.code}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Temporary(f"{type(error).__name__} at {self._host}:{self._port}") from error
        except ValueError as error:
            raise Permanent("no server can take this address") from error


def mailer_of(setting: str) -> FolderMailer | SmtpMailer:
    """The mailer that DUPLEX_MAIL names: folder:PATH, smtp://… or smtps://…"""
    kind, _, path = setting.partition(":")
    return FolderMailer(Path(path)) if kind == "folder" else SmtpMailer(setting)
