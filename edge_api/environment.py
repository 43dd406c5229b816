"""The door of the settings: the environment is read once, and everything that is wrong is told with its cure."""

import ipaddress
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import msgspec
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from footage.places.place import SCHEME
from footage.places.stored import address_trouble

from .offload import REDIRECT
from .settings import Settings

PREFIX = "DUPLEX_"
# Set for other programs of the house; the edge neither reads them nor calls them unknown.
NEIGHBOURS = frozenset({"DUPLEX_TEST_BROWSER", "DUPLEX_TEST_FIREFOX", "DUPLEX_TEST_EVERY_WIDTH", "DUPLEX_COMPRESS"})

# The OWASP Password Storage Cheat Sheet's least work factor for bcrypt.
_CHEAPEST = 10


class SettingsError(Exception):
    """The settings cannot be used; every problem is listed, each with its cure."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


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
    problems += _troubles(settings)
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


def _troubles(settings: Settings) -> Iterator[str]:
    """What no type can tell, in sentences that hold the cure."""
    try:
        urlsplit(settings.origin)
    except ValueError:  # a bracket that does not close: nothing else can be asked of it
        yield _no_origin(settings)
        return
    for troubles in (_of_origin, _of_addresses, _of_database, _of_mail, _of_storage, _of_seals, _of_proxies):
        yield from troubles(settings)


def _no_origin(settings: Settings) -> str:
    return f"DUPLEX_ORIGIN is {settings.origin}: write scheme and host only, like https://duplex.example."


def _of_origin(settings: Settings) -> Iterator[str]:
    if not _is_origin(settings.origin):
        yield _no_origin(settings)
    elif not settings.origin.isascii():
        yield f"DUPLEX_ORIGIN is {settings.origin}: write the host as browsers say it, xn--…."
    elif not settings.secure and not settings.loopback:
        yield f"DUPLEX_ORIGIN is {settings.origin}: plain http is for this machine only; give an https address."
    if settings.bcrypt_cost < _CHEAPEST and not settings.loopback:
        yield f"DUPLEX_BCRYPT_COST is {settings.bcrypt_cost}: a public portal needs {_CHEAPEST} or more."


def _of_addresses(settings: Settings) -> Iterator[str]:
    if not _are_ports(lambda: (settings.address[1], urlsplit(settings.origin).port or 80)):
        yield "DUPLEX_LISTEN and DUPLEX_ORIGIN need a port between 1 and 65535, like 127.0.0.1:8000."
    elif settings.listen and urlsplit(f"//{settings.listen}").port is None:
        yield f"DUPLEX_LISTEN is {settings.listen}: write address and port, like 127.0.0.1:9000."
    if settings.metrics and not _are_ports(lambda: (settings.metrics_address[1],)):
        yield f"DUPLEX_METRICS is {settings.metrics}: write address and port, like 127.0.0.1:9464."


def _of_database(settings: Settings) -> Iterator[str]:
    if settings.database.partition("://")[0] not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        yield "DUPLEX_DATABASE must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://."
    elif settings.database.startswith("postgresql") and find_spec("asyncpg") is None:
        yield "DUPLEX_DATABASE is PostgreSQL, and its driver is not installed: scripts/install postgres"
    elif not _is_database(settings.database):
        yield "DUPLEX_DATABASE cannot be read. Write a file, or postgresql+asyncpg://user:password@host/name."


def _of_mail(settings: Settings) -> Iterator[str]:
    if not settings.mail.startswith(("folder:", "smtp://", "smtps://")):
        yield "DUPLEX_MAIL must be folder:PATH, smtp://HOST:PORT or smtps://HOST:PORT."
    elif settings.mail.startswith("folder:"):
        if settings.mail == "folder:":
            yield "DUPLEX_MAIL names no folder: write folder:PATH, like folder:var/mail."
    elif not _is_server(settings.mail):
        yield (
            "DUPLEX_MAIL names no host, or a port that is none. Write smtps://user:password@host:465; in the password "
            "write / ? # and @ as %2F %3F %23 and %40."
        )
    elif foreign := _options(settings.mail) - {"ca"}:
        # Never by its name: after a ? that should have been %3F stands the rest of a password.
        many = "options that are none" if len(foreign) > 1 else "an option that is none"
        yield f"DUPLEX_MAIL has {many}; there is ?ca=/path/ca.pem alone. In a password write ? as %3F."
    if not all(parseaddr(settings.mail_from)[1].rpartition("@")):
        yield f"DUPLEX_MAIL_FROM is {settings.mail_from}: write the sender as Name <name@domain>."


def _of_storage(settings: Settings) -> Iterator[str]:
    places = {"MEDIA": settings.media, "CLIPS": settings.clips}
    buckets = {name: place for name, place in places.items() if place.startswith(SCHEME)}
    if settings.offload == REDIRECT and not buckets:
        yield "DUPLEX_OFFLOAD=redirect is for a bucket, and media lie in a folder: write none or nginx:/PREFIX."
    elif settings.offload not in ("none", REDIRECT) and not settings.offload.startswith("nginx:/"):
        yield "DUPLEX_OFFLOAD must be none, nginx:/PREFIX or redirect."
    if buckets and find_spec("obstore") is None:
        yield "A bucket is named, and what speaks to it is not installed: scripts/install s3"
    for name, place in places.items():
        if "://" in place and name not in buckets:
            yield f"DUPLEX_{name} is {place}: write a folder, or s3://BUCKET/PREFIX."
    for name, place in buckets.items():
        if wrong := address_trouble(place):
            yield f"DUPLEX_{name}: {wrong}."


def _of_seals(settings: Settings) -> Iterator[str]:
    if bool(settings.c2pa_cert) != bool(settings.c2pa_key):
        yield "DUPLEX_C2PA_CERT and DUPLEX_C2PA_KEY go together: name the certificate's file and its key's."
    elif settings.c2pa_cert and find_spec("c2pa") is None:
        yield "DUPLEX_C2PA_CERT is set, and what seals clips is not installed: scripts/install c2pa"


def _of_proxies(settings: Settings) -> Iterator[str]:
    for network in settings.proxies.split(","):
        try:
            ipaddress.ip_network(network.strip() or "127.0.0.1")
        except ValueError:
            yield f"DUPLEX_PROXIES holds {network.strip()}, which is no address or network like 10.0.0.0/8."


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


def _options(text: str) -> set[str]:
    """The names of what stands behind the ? of an address."""
    return {name for name, _ in parse_qsl(urlsplit(text).query, keep_blank_values=True)}


def _are_ports(read: Callable[[], Collection[int]]) -> bool:
    try:
        return all(0 < port < 65536 for port in read())
    except ValueError:
        return False
