"""What is wrong with an installation, in sentences that hold the cure. Looks, and leaves everything as it was."""

import asyncio
import ipaddress
import os
import re
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from catalogue.manifest import read_manifest
from footage.errors import StorageAway
from footage.places.folder import Folder
from footage.places.place import place_of

from ..database import BadDatabase, Database
from ..keys import KeysError, read_keys
from ..post import outbox
from ..post.mailer import Away, SmtpMailer, mailer_of
from ..settings import Settings, is_loopback
from .doctoring_offload import offload_problems

_LEAST_COST = 10
_PROBE = ".duplex-doctor"
_LITTLE_ROOM = 2 * 1024**3


async def problems(settings: Settings) -> list[str]:
    """Every problem found, most serious first; empty when all is well."""
    mail, offload = await _mail(settings), await offload_problems(settings)
    found = [*_keys(settings), *await _database(settings), *_strength(settings), *_site(settings), *_folders(settings)]
    seals = await asyncio.to_thread(_seals, settings)
    return [*found, *await asyncio.to_thread(_buckets, settings), *seals, *offload, *mail]


def _keys(settings: Settings) -> list[str]:
    if settings.loopback and not settings.secrets.exists():
        return []
    try:
        read_keys(settings.secrets)
    except KeysError as error:
        return [f"DUPLEX_SECRETS: {error}"]
    except OSError as error:
        cure = "Name a file that this user may read."
        return [f"DUPLEX_SECRETS: {settings.secrets} cannot be used ({error.strerror}). {cure}"]
    if settings.secrets.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [f"{settings.secrets} can be read by others on this machine: chmod 600 {settings.secrets}"]
    return []


async def _database(settings: Settings) -> list[str]:
    database = Database(settings.database)
    try:
        if database.file is not None and not database.file.exists():
            cure = "put back a copy, or start the service to make an empty one."
            return [] if settings.loopback else [f"The database {database.name} is missing: {cure}"]
        database.look()
        await database.answers()
        return await _letters(database)
    except (BadDatabase, SQLAlchemyError, OSError) as error:
        cure = "" if isinstance(error, BadDatabase) else ". Check host, port, user, password and name."
        return [f"DUPLEX_DATABASE: {getattr(error, 'orig', None) or error}{cure}"]
    finally:
        await database.close()


async def _letters(database: Database) -> list[str]:
    """Letters that could not be sent, in the words of the servers that refused them."""
    async with database.read() as connection:
        if not await connection.run_sync(lambda bare: inspect(bare).has_table("outbox")):
            return []
        found = await outbox.dead(connection)
    return [
        f"{number} letters ({kind}) could not be sent: {problem}. They are kept for 30 days; mend the cause, and "
        "whoever waited will ask again."
        for kind, problem, number in found
    ]


def _site(settings: Settings) -> list[str]:
    try:
        read_manifest(settings.site / "catalogue.json")
    except FileNotFoundError:
        return [f"DUPLEX_SITE: {settings.site} holds no built site. Build it: duplex build"]
    except (OSError, ValueError) as error:
        return [f"DUPLEX_SITE: {settings.site}/catalogue.json cannot be read ({error}). Build again: duplex build"]
    built_for = _origin_of(settings.site / "sitemap.xml")
    if built_for not in (None, settings.origin):
        return [
            f"The site was built for {built_for}, and DUPLEX_ORIGIN is {settings.origin}: search engines and feeds "
            "would be led astray. Build again under the same settings: duplex build"
        ]
    return []


def _origin_of(sitemap: Path) -> str | None:
    """Scheme and host of the first address in a sitemap; None when it tells none."""
    try:
        first = re.search(r"<loc>(https?://[^/<]+)", sitemap.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return first[1] if first else None


def _buckets(settings: Settings) -> list[str]:
    """Whether buckets can be read, and the one for clips written to: a small object is put there and taken away."""
    found = []
    for name, place in (("MEDIA", place_of(settings.media)), ("CLIPS", place_of(settings.clips))):
        if isinstance(place, Folder):
            continue
        try:
            place.right_in("", "")
            if name == "CLIPS":
                place.write(_PROBE, b"written by duplex doctor\n")
                place.remove(_PROBE)
        except StorageAway as error:
            cure = "Check bucket, endpoint, region, and the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            found.append(f"DUPLEX_{name}: {error.file} {error.what}. {cure}")
        except FileNotFoundError:  # servers say so of a bucket that is not there
            found.append(f"DUPLEX_{name}: {place} is not there. Make the bucket, or check its name.")
    return found


def _seals(settings: Settings) -> list[str]:
    """Whether clips can be sealed: a small picture is, in memory."""
    if not settings.c2pa_cert:
        return []
    from footage.clips.sealing import key_trouble

    key = Path(settings.c2pa_key)
    wrong = key_trouble(Path(settings.c2pa_cert), key, datetime.now(UTC))
    if wrong:
        return [f"DUPLEX_C2PA_CERT, DUPLEX_C2PA_KEY: {wrong}. Clips are not sealed meanwhile."]
    if key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [f"{key} can be read by others on this machine: chmod 600 {key}"]
    return []


def _folders(settings: Settings) -> list[str]:
    found = []
    folders = settings.folders
    media = folders.pop("MEDIA", None)
    if media is not None and not media.is_dir():
        found.append(f"DUPLEX_MEDIA: {media} is no folder. Take a master in: duplex ingest FILE --id ID")
    for name, folder in {**folders, "SECRETS": settings.secrets.parent}.items():
        place = _standing(folder)
        if not place.is_dir():
            found.append(f"DUPLEX_{name}: {place} is no folder. Choose another place, or move away what lies there.")
        elif not os.access(place, os.W_OK):
            found.append(f"{place} cannot be written to by this user. Change its owner, or choose another folder.")
        elif name != "MAIL" and shutil.disk_usage(place).free < _LITTLE_ROOM:
            found.append(f"Less than 2 GB are free where {folder} lies: clips will fail. Make room.")
    return found


async def _mail(settings: Settings) -> list[str]:
    found = []
    mailer = mailer_of(settings.mail)
    if isinstance(mailer, SmtpMailer):
        try:
            await mailer.knock()
        except Away as error:
            found.append(
                f"DUPLEX_MAIL: {error}. Letters wait for days meanwhile. Check host, port, user, password and TLS."
            )
    elif not settings.loopback:
        found.append("DUPLEX_MAIL is a folder: nobody will get a letter. Name your relay: smtps://user:password@host")
    if settings.mail_from.endswith(".example>") and not settings.loopback:
        found.append("DUPLEX_MAIL_FROM is still the example: write the sender of your letters, Name <address>.")
    return found


def _strength(settings: Settings) -> list[str]:
    """What would be well on a laptop and is not on a public portal."""
    found = []
    believed = [ipaddress.ip_network(network.strip() or "127.0.0.1") for network in settings.proxies.split(",")]
    if any(network.prefixlen == 0 for network in believed):
        found.append("DUPLEX_PROXIES believes everybody: anyone may claim any address. Name your own proxies only.")
    if settings.loopback and not settings.shows_letters:
        found.append(
            "DUPLEX_LISTEN answers the network, and DUPLEX_ORIGIN is this machine: passwords pass in plain http, and "
            "letters are not shown. Listen on 127.0.0.1, or name the https address in DUPLEX_ORIGIN."
        )
    if settings.loopback:
        return found
    if settings.limits == "wide":
        found.append("DUPLEX_LIMITS is wide: passwords may be tried a hundred times as often. Write normal.")
    if settings.bcrypt_cost < _LEAST_COST:
        found.append(f"DUPLEX_BCRYPT_COST is {settings.bcrypt_cost}: stolen passwords are soon guessed. Write 12.")
    if not is_loopback(settings.address[0]) and not settings.proxies:
        found.append(
            "DUPLEX_LISTEN answers the network in plain http, and no proxy is named. Listen on 127.0.0.1 behind a "
            "proxy that speaks https, or name that proxy in DUPLEX_PROXIES."
        )
    if settings.metrics and not is_loopback(settings.metrics_address[0]):
        found.append(
            "DUPLEX_METRICS answers the network: let only your Prometheus server reach it, or write 127.0.0.1."
        )
    return found


def _standing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    absolute = folder.absolute()
    return next(place for place in (absolute, *absolute.parents) if place.exists())
