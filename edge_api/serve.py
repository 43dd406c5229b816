"""Starts the service on this machine: reads the environment, opens what it needs, listens, ends at once on Ctrl-C."""

import asyncio
import logging
import os
import secrets
import socket
import sys
import time
from collections.abc import Mapping

import structlog
import uvicorn

from .app import create_app
from .database import BadDatabase
from .keys import KeyRing, KeysError, make_keys, read_keys
from .settings import Settings, SettingsError, read_settings
from .world import open_world


class CannotStart(Exception):
    """The service cannot start; the message is one sentence with its cure."""


def clock() -> int:
    """Milliseconds since 1970: the one place where the edge asks what time it is."""
    return time.time_ns() // 1_000_000


def settings_here(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. CannotStart lists what is wrong."""
    try:
        return read_settings(environment)
    except SettingsError as error:
        raise CannotStart(str(error)) from None


def keys_here(settings: Settings) -> KeyRing:
    """The key ring; on one's own machine it is made at the first start. CannotStart when it is missing or unusable."""
    try:
        if settings.loopback and not settings.secrets.exists():
            return make_keys(settings.secrets, secrets.token_bytes)
        return read_keys(settings.secrets)
    except KeysError as error:
        raise CannotStart(str(error)) from None
    except OSError as error:
        raise CannotStart(f"DUPLEX_SECRETS: {settings.secrets} cannot be used ({error.strerror}).") from None


def listen(settings: Settings) -> socket.socket:
    """A socket on the address of the settings. CannotStart when somebody else is there."""
    host, port = settings.address
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        # A port that a server left a moment ago is free; one that is listened on is not.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        raise CannotStart(
            f"{host}:{port} cannot be listened on ({error.strerror}). If another program is there, stop it, "
            f"or choose another address: DUPLEX_ORIGIN=http://127.0.0.1:{port + 1 if port < 65535 else port - 1}"
        ) from None
    return listener


def serve() -> None:
    """Serves until Ctrl-C, which is a good end. CannotStart says why there was no beginning."""
    settings = settings_here()
    say_less(settings)
    listener = listen(settings)
    keys = keys_here(settings)
    make_folders(settings)
    server = _server(settings)
    try:
        asyncio.run(_run(server, settings, keys, listener))
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


def make_folders(settings: Settings) -> None:
    """On one's own machine the store of films begins as an empty folder. CannotStart when it cannot be made."""
    if settings.loopback:
        try:
            settings.media.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotStart(f"DUPLEX_MEDIA: {settings.media} cannot be made ({error.strerror}).") from None


def _server(settings: Settings) -> uvicorn.Server:
    config = uvicorn.Config(
        app="",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=30,
        lifespan="on",
    )
    return uvicorn.Server(config)


async def _run(server: uvicorn.Server, settings: Settings, keys: KeyRing, listener: socket.socket) -> None:
    world = open_world(settings, keys, clock, secrets.token_bytes)
    try:
        new = await world.database.upgrade()
    except BadDatabase as error:
        await world.close()
        raise CannotStart(str(error)) from None
    if new:
        structlog.get_logger().warning(
            "The database was not there and has been made anew: no account and no subscription is in it yet.",
            file=world.database.name,
        )
    server.config.app = create_app(world)
    print(_greeting(settings), flush=True)
    await server.serve([listener])


def _greeting(settings: Settings) -> str:
    lines = [f"Duplex answers at {settings.origin}/ (français) and {settings.origin}/en/ (English). Ctrl-C ends it."]
    if settings.loopback:
        lines.append(f"Letters are shown at {settings.origin}/dev/mail, because only this machine can reach them.")
    return "\n".join(lines)


def say_less(settings: Settings) -> None:
    """Logs: warnings in words on one's own machine, JSON lines of every event elsewhere. Both go to standard error."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)
    shown: structlog.types.Processor = structlog.processors.JSONRenderer()
    if settings.loopback:
        shown = structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if settings.loopback else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
