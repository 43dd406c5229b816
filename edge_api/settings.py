"""What the environment says, read once into one record. Every setting is optional on a laptop."""

import ipaddress
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from footage.places.place import SCHEME
from footage.places.stored import address_trouble

from .offload import REDIRECT

PREFIX = "DUPLEX_"
# Set for other programs of the house; the edge neither reads them nor calls them unknown.
NEIGHBOURS = frozenset({"DUPLEX_TEST_BROWSER", "DUPLEX_TEST_FIREFOX", "DUPLEX_TEST_EVERY_WIDTH", "DUPLEX_COMPRESS"})

# The OWASP Password Storage Cheat Sheet's least work factor for bcrypt.
_CHEAPEST = 10

Lang = Literal["fr", "en"]


class SettingsError(Exception):
    """The settings cannot be used; every problem is listed, each with its cure."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings, under their names without the prefix, in lower case. deploy/SETTINGS.md explains each."""

    origin: str = "http://127.0.0.1:8000"
    listen: str = ""
    proxies: str = ""
    database: str = "sqlite+aiosqlite:///var/duplex.db"
    media: str = "var/media"
    clips: str = "var/clips"
    site: Path = Path("site")
    mail: str = "folder:var/mail"
    mail_from: str = "Duplex <lettres@duplex.example>"
    secrets: Path = Path("var/secrets.json")
    clips_bytes: Annotated[int, msgspec.Meta(ge=0)] = 50_000_000_000
    clips_days: Annotated[int, msgspec.Meta(ge=1)] = 30
    offload: str = "none"
    limits: Literal["", "normal", "wide"] = ""
    metrics: str = ""
    c2pa_cert: str = ""
    c2pa_key: str = ""
    bcrypt_cost: Annotated[int, msgspec.Meta(ge=4, le=16)] = 12

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the origin: plain http and /dev/mail are for that case only."""
        return urlsplit(self.origin).scheme == "http" and is_loopback(urlsplit(self.origin).hostname or "")

    @property
    def shows_letters(self) -> bool:
        """Whether letters may be read at /dev/mail: only this machine knows the address, and only this machine calls.

        Any name can be said in the Host header, so an origin on a loopback alone keeps nobody on the network out.
        """
        return self.loopback and is_loopback(self.address[0])

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies can be Secure."""
        return self.origin.startswith("https://")

    @property
    def netloc(self) -> str:
        """Host and port as browsers send them in the Host header, in lower case."""
        return urlsplit(self.origin).netloc.lower()

    @property
    def address(self) -> tuple[str, int]:
        """Where to listen: DUPLEX_LISTEN, else the origin's host and port on a loopback, else 127.0.0.1:8000."""
        parts = urlsplit(f"//{self.listen}" if self.listen else self.origin)
        if not self.listen and not self.loopback:
            return "127.0.0.1", 8000
        return parts.hostname or "127.0.0.1", parts.port or 80

    @property
    def metrics_address(self) -> tuple[str, int]:
        """Where the figures are told: DUPLEX_METRICS, on this machine when only a port is given."""
        parts = urlsplit(f"//{self.metrics}")
        return parts.hostname or "127.0.0.1", parts.port or 0

    @property
    def wide(self) -> bool:
        """Whether network limits are a hundredfold: said so, or by default where only this machine can call."""
        return self.limits == "wide" or (self.limits == "" and self.loopback)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings in a mapping of environment variables; SettingsError with all problems at once.

    An empty variable counts as absent, as it does in files of systemd and of containers.
    """
    given = {
        name.removeprefix(PREFIX).lower(): value.strip()
        for name, value in environment.items()
        if name.startswith(PREFIX) and name not in NEIGHBOURS and value.strip()
    }
    problems = [
        f"{PREFIX}{name.upper()} is no setting of Duplex. Look for a misspelling; deploy/SETTINGS.md lists them all."
        for name in sorted(given.keys() - set(Settings.__struct_fields__))
    ]
    known = {name: value for name, value in given.items() if name in Settings.__struct_fields__}
    if "origin" in known:
        # In lower case, as browsers say it.
        known["origin"] = known["origin"].rstrip("/").lower()
    try:
        settings = msgspec.convert(known, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise SettingsError([*problems, _mistyped(str(error), known)]) from None
    problems += _problems(settings)
    if settings.offload == REDIRECT and not environment.get("AWS_SECRET_ACCESS_KEY"):
        cure = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        problems.append(f"DUPLEX_OFFLOAD=redirect signs addresses with the keys of the environment: {cure}")
    if problems:
        raise SettingsError(problems)
    return settings


def _path(kind: type[Path], value: str) -> Path:
    """Paths are the one kind of setting that msgspec does not know by itself."""
    return kind(value)


_TYPES = {
    "limits": "normal or wide",
    "clips_bytes": "a whole number, 0 or more",
    "clips_days": "a whole number, 1 or more",
    "bcrypt_cost": "a whole number from 4 to 16",
}


def _mistyped(error: str, given: Mapping[str, str]) -> str:
    """What msgspec says of a value, as people know the setting."""
    found = re.search(r"`\$\.(\w+)`", error)
    if found is None or found[1] not in _TYPES:
        return error
    return f"{PREFIX}{found[1].upper()} is {given[found[1]]}: write {_TYPES[found[1]]}."


def _problems(settings: Settings) -> list[str]:
    """What no type can tell, in sentences that hold the cure."""
    found = []
    no_origin = f"DUPLEX_ORIGIN is {settings.origin}: write scheme and host only, like https://duplex.example."
    try:
        parts = urlsplit(settings.origin)
    except ValueError:  # a bracket that does not close: nothing else can be asked of it
        return [no_origin]
    if not _is_origin(settings.origin):
        found.append(no_origin)
    elif not settings.origin.isascii():
        found.append(f"DUPLEX_ORIGIN is {settings.origin}: write the host as browsers say it, xn--….")
    elif parts.scheme == "http" and not settings.loopback:
        found.append(f"DUPLEX_ORIGIN is {settings.origin}: plain http is for this machine only; give an https address.")
    if settings.bcrypt_cost < _CHEAPEST and not settings.loopback:
        found.append(f"DUPLEX_BCRYPT_COST is {settings.bcrypt_cost}: a public portal needs {_CHEAPEST} or more.")
    if not _has_port(settings):
        found.append("DUPLEX_LISTEN and DUPLEX_ORIGIN need a port between 1 and 65535, like 127.0.0.1:8000.")
    if settings.metrics and not _has_port(settings, metrics=True):
        found.append(f"DUPLEX_METRICS is {settings.metrics}: write address and port, like 127.0.0.1:9464.")
    if settings.database.partition("://")[0] not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        found.append("DUPLEX_DATABASE must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://.")
    elif settings.database.startswith("postgresql") and find_spec("asyncpg") is None:
        found.append("DUPLEX_DATABASE is PostgreSQL, and its driver is not installed: pip install duplex[postgres]")
    elif not _is_database(settings.database):
        found.append("DUPLEX_DATABASE cannot be read. Write a file, or postgresql+asyncpg://user:password@host/name.")
    if not settings.mail.startswith(("folder:", "smtp://", "smtps://")):
        found.append("DUPLEX_MAIL must be folder:PATH, smtp://HOST:PORT or smtps://HOST:PORT.")
    elif not settings.mail.startswith("folder:") and not _is_server(settings.mail):
        found.append(
            "DUPLEX_MAIL names no host, or a port that is none. Write smtps://user:password@host:465; in the password "
            "write / ? # and @ as %2F %3F %23 and %40."
        )
    buckets = [place for place in (settings.media, settings.clips) if place.startswith(SCHEME)]
    if settings.offload == REDIRECT and not buckets:
        found.append("DUPLEX_OFFLOAD=redirect is for a bucket, and media lie in a folder: write none or nginx:/PREFIX.")
    elif settings.offload not in ("none", REDIRECT) and not settings.offload.startswith("nginx:/"):
        found.append("DUPLEX_OFFLOAD must be none, nginx:/PREFIX or redirect.")
    if buckets and find_spec("obstore") is None:
        found.append("A bucket is named, and what speaks to it is not installed: pip install duplex[s3]")
    for name, place in (("MEDIA", settings.media), ("CLIPS", settings.clips)):
        if place.startswith(SCHEME) and (wrong := address_trouble(place)):
            found.append(f"DUPLEX_{name}: {wrong}.")
    if bool(settings.c2pa_cert) != bool(settings.c2pa_key):
        found.append("DUPLEX_C2PA_CERT and DUPLEX_C2PA_KEY go together: name the certificate's file and its key's.")
    elif settings.c2pa_cert and find_spec("c2pa") is None:
        found.append("DUPLEX_C2PA_CERT is set, and what seals clips is not installed: pip install duplex[c2pa]")
    for network in settings.proxies.split(","):
        try:
            ipaddress.ip_network(network.strip() or "127.0.0.1")
        except ValueError:
            found.append(f"DUPLEX_PROXIES holds {network.strip()}, which is no address or network like 10.0.0.0/8.")
    return found


def _is_origin(text: str) -> bool:
    """Whether this is an origin as browsers say it (RFC 6454, 6.2): no path, no user, no port that goes without saying.

    A port that is none is told apart.
    """
    parts = urlsplit(text)
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme)
    bare = bool(parts.hostname) and "@" not in parts.netloc and text == f"{parts.scheme}://{parts.netloc}"
    return usual is not None and bare and not text.endswith((usual, ":"))


def _is_database(text: str) -> bool:
    """Whether an address of a database can be read; one in memory would be another for each connection."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        return False
    return url.get_backend_name() != "sqlite" or url.database not in (None, "", ":memory:")


def _is_server(text: str) -> bool:
    """Whether an address names a host, and a port that can be one."""
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _has_port(settings: Settings, *, metrics: bool = False) -> bool:
    try:
        if metrics:
            return 0 < settings.metrics_address[1] < 65536
        return all(0 < port < 65536 for port in {settings.address[1], urlsplit(settings.origin).port or 80})
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
