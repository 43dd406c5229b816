"""The settings: read once from the environment by the shell, a value everywhere else."""

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec


class BadSetting(Exception):
    """A setting that cannot work; the message names it and says what to write instead."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator may choose. Everything has a value that works on a laptop; see deploy/SETTINGS.md."""

    origin: str = "http://127.0.0.1:8000"
    database: str = "sqlite+aiosqlite:///var/duplex.db"
    media: Path = Path("var/media")
    clips: Path = Path("var/clips")
    mail: str = "folder:var/mail"
    mail_from: str = "Duplex <duplex@localhost.localdomain>"
    secrets: Path = Path("var/secrets.json")
    site: Path = Path("site")
    offload: str = "none"
    limits: str = ""
    bcrypt_cost: int = 12
    trusted_proxies: str = "127.0.0.1"

    @property
    def host(self) -> str:
        """The name or number that the origin gives."""
        return urlsplit(self.origin).hostname or ""

    @property
    def port(self) -> int:
        """The port to listen on: the origin's, or the scheme's own."""
        parts = urlsplit(self.origin)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def secure(self) -> bool:
        """Whether people reach us over https."""
        return self.origin.startswith("https://")

    @property
    def loopback(self) -> bool:
        """Whether this is a portal on somebody's own machine: only there do we make keys and show letters."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def wide(self) -> bool:
        """Whether limits by network are a hundredfold: asked for, or on one's own machine."""
        return self.limits == "wide" or (not self.limits and self.loopback)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment, prefix DUPLEX_. BadSetting names the first that cannot work."""
    found = {
        name: environment[f"DUPLEX_{name.upper()}"]
        for name in Settings.__struct_fields__
        if environment.get(f"DUPLEX_{name.upper()}")
    }
    try:
        settings = msgspec.convert(found, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise BadSetting(f"A setting has the wrong kind of value: {error}") from error
    _check(settings)
    return settings


def _path(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value))
    raise NotImplementedError(kind)


def _check(settings: Settings) -> None:
    if re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-fA-F:]+\](:\d{1,5})?", settings.origin) is None:
        raise BadSetting(
            f"DUPLEX_ORIGIN is “{settings.origin}”: write scheme, host and port only, as https://duplex.example"
        )
    if not re.match(r"(sqlite\+aiosqlite|postgresql\+asyncpg)://", settings.database):
        raise BadSetting("DUPLEX_DATABASE must start with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    if not re.match(r"folder:.|smtps?://.", settings.mail):
        raise BadSetting("DUPLEX_MAIL must be folder:PATH, smtp://… or smtps://…")
    if settings.offload != "none" and not re.match(r"nginx:/.", settings.offload):
        raise BadSetting("DUPLEX_OFFLOAD must be none or nginx:/PREFIX")
    if settings.limits not in ("", "normal", "wide"):
        raise BadSetting("DUPLEX_LIMITS must be normal or wide")
    if not 4 <= settings.bcrypt_cost <= 16:
        raise BadSetting("DUPLEX_BCRYPT_COST must lie between 4 and 16; 12 is usual")
