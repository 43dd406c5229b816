"""Starts the service on this machine: reads the environment, opens what it needs, listens, ends at once on Ctrl-C."""

import asyncio
import os
import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import structlog
import uvicorn

from .app import create_app
from .database import BadDatabase
from .environment import SettingsError, read_settings
from .keeping.figures import metrics_app
from .keys import KeyRing, KeysError, make_keys, read_keys
from .logs import say_less
from .settings import Settings
from .web.guard import headers_of
from .web.wire import wire
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
            with suppress(FileExistsError):  # another process of ours was quicker: its ring is the one
                return make_keys(settings.secrets, secrets.token_bytes)
        return read_keys(settings.secrets)
    except KeysError as error:
        raise CannotStart(str(error)) from None
    except OSError as error:
        cure = "Name a file that this user may read and write."
        raise CannotStart(f"DUPLEX_SECRETS: {settings.secrets} cannot be used ({error.strerror}). {cure}") from None


def listen(settings: Settings, *, metrics: bool = False) -> socket.socket:
    """A socket on the address of the settings, or on that of the figures. CannotStart when somebody else is there."""
    host, port = settings.metrics_address if metrics else settings.address
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # asyncio sends small pieces at once (TCP_NODELAY) only where the protocol is named; without it a page's body
        # waits 40 ms for the far end to confirm its head.
        listener = socket.socket(family, kind, protocol)
        # A port that a server left a moment ago is free; one that is listened on is not.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(socket.SOMAXCONN)
    except OSError as error:
        trouble = f"{host}:{port} cannot be listened on ({error.strerror})"
        other = f"127.0.0.1:{port + 1 if port < 65535 else port - 1}"
        if metrics:
            raise CannotStart(f"DUPLEX_METRICS: {trouble}. Choose another port.") from None
        named = f"DUPLEX_LISTEN={other}" if settings.listen else f"DUPLEX_ORIGIN=http://{other}"
        raise CannotStart(
            f"{trouble}. If another program is there, stop it, or choose another address: {named}"
        ) from None
    return listener


def serve() -> None:
    """Serves until Ctrl-C, which is a good end. CannotStart says why there was no beginning."""
    settings = settings_here()
    say_less(settings)
    listeners = [listen(settings)]
    if settings.metrics:
        listeners.append(listen(settings, metrics=True))
    keys = keys_here(settings)
    make_folders(settings)
    server = _server(settings)
    try:
        asyncio.run(_run(server, settings, keys, listeners))
    except KeyboardInterrupt:
        pass
    finally:
        for listener in listeners:
            listener.close()


def make_folders(settings: Settings) -> None:
    """Makes the folders for clips and for letters; on one's own machine that of films too, which elsewhere may be one
    that is not mounted yet. CannotStart when one cannot be made."""
    for name, folder in settings.folders.items():
        if name == "MEDIA" and not settings.loopback:
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            cure = "Name a folder that this user may write to."
            raise CannotStart(f"DUPLEX_{name}: {folder} cannot be made ({error.strerror}). {cure}") from None


class _Beside(uvicorn.Server):
    """A server that leaves Ctrl-C to the first one."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none."""
        yield


def _server(settings: Settings) -> uvicorn.Server:
    config = uvicorn.Config(
        app="",
        http=wire(headers_of(settings)),
        # We speak no WebSocket. Where its library is installed uvicorn would, in front of our guard and our headers.
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=30,
        lifespan="on",
    )
    return uvicorn.Server(config)


async def _run(server: uvicorn.Server, settings: Settings, keys: KeyRing, listeners: list[socket.socket]) -> None:
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
    listener, *others = listeners
    if not others:
        await server.serve([listener])
        return
    beside = _Beside(uvicorn.Config(metrics_app(world), log_config=None, access_log=False, lifespan="off", ws="none"))
    figures = asyncio.create_task(beside.serve(others))
    try:
        await server.serve([listener])
    finally:
        beside.should_exit = True
        await figures


def _greeting(settings: Settings) -> str:
    lines = [f"Duplex answers at {settings.origin}/ (français) and {settings.origin}/en/ (English). Ctrl-C ends it."]
    if settings.shows_letters:
        lines.append(f"Letters are shown at {settings.origin}/dev/mail, because only this machine can reach them.")
    return "\n".join(lines)
