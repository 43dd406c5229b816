"""A portal to be measured: a folder with a small site, members whose passwords are known, and `duplex serve` beside."""

import asyncio
import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.ports import free_port
from catalogue.manifest import Entry, Manifest, manifest_bytes
from edge_api.downloads.links import Link, write_token
from edge_api.downloads.schema import downloads
from edge_api.environment import read_settings
from edge_api.keys import make_keys
from edge_api.schema import users
from edge_api.world import open_world

PASSWORD = "Marée-haute_2047"
FILM = "la-lampe.mp4"
_DAY_MS = 24 * 60 * 60_000
_ENTRY = Entry(
    slug="la-lampe", lang="fr", url="/interviews/la-lampe/", title="La lampe", date="2026-11-24", place="", summary="",
    spoken="fr", translated=False, languages=("fr",), master="la-lampe", version="0123456789ab", duration_ms=1000,
    turns=1, timed_turns=1, reference="", credit="", terms="", speakers=(), topics=(),
)  # fmt: skip


@dataclass(frozen=True)
class Running:
    """A portal that answers: its process, and a link to a film that it would send."""

    origin: str
    process: int
    link: str

    @property
    def memory_mib(self) -> float:
        """What of it lies in memory (VmRSS)."""
        status = Path(f"/proc/{self.process}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def member(number: int) -> str:
    """The address of one of the members."""
    return f"membre{number}@exemple.fr"


@contextmanager
def running(home: Path, *, cost: int, members: int, mail: str = "") -> Iterator[Running]:
    """Serves a new portal in a folder until the end of the block."""
    origin = f"http://127.0.0.1:{free_port()}"
    for page in ("", "account/sign-in", "interviews/la-lampe"):
        (home / "site" / page).mkdir(parents=True, exist_ok=True)
        (home / "site" / page / "index.html").write_text(f"<!doctype html><title>{page}</title>" + "x" * 20_000)
    (home / "site/catalogue.json").write_bytes(manifest_bytes(Manifest(interviews=(_ENTRY,))))
    version = home / "media/la-lampe/0123456789ab"
    version.mkdir(parents=True)
    (version / "master.mp4").write_bytes(bytes(1_000_000))
    given = {
        "DUPLEX_ORIGIN": origin,
        "DUPLEX_SITE": str(home / "site"),
        "DUPLEX_MEDIA": str(home / "media"),
        "DUPLEX_CLIPS": str(home / "clips"),
        "DUPLEX_MAIL": mail or f"folder:{home / 'mail'}",
        "DUPLEX_DATABASE": f"sqlite+aiosqlite:///{home / 'duplex.db'}",
        "DUPLEX_SECRETS": str(home / "secrets.json"),
        "DUPLEX_BCRYPT_COST": str(cost),
        "DUPLEX_LIMITS": "wide",
    }
    link = asyncio.run(_furnish(given, members))
    around = {name: value for name, value in os.environ.items() if not name.startswith("DUPLEX_")}
    duplex = str(Path(sys.executable).with_name("duplex"))
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen([duplex, "serve"], cwd=home, env={**around, **given}, stdout=log, stderr=log)
    try:
        _wait(origin, process, home / "serve.log")
        yield Running(origin, process.pid, link)
    finally:
        process.terminate()
        process.wait(20)


async def _furnish(given: dict[str, str], members: int) -> str:
    settings = read_settings(given)
    world = open_world(
        settings,
        make_keys(settings.secrets, secrets.token_bytes),
        lambda: time.time_ns() // 1_000_000,
        secrets.token_bytes,
    )
    try:
        await world.database.upgrade()
        stored, now = await world.hasher.hash(PASSWORD), world.clock()
        rows = [
            {"id": f"{number:032x}", "email": member(number), "email_key": member(number)}
            | {"password": stored, "lang": "fr", "created_ms": now}
            for number in range(members)
        ]
        film = {
            "id": "f" * 32, "user_id": f"{0:032x}", "interview": "la-lampe", "lang": "fr", "kind": "film",
            "profile": "master", "master": "la-lampe", "version": "0123456789ab", "in_frame": 0, "out_frame": 25,
            "in_ms": 0, "out_ms": 1000, "filename": FILM, "bytes": 1_000_000, "state": "ready", "created_ms": now,
            "expires_ms": now + _DAY_MS, "hits": 0,
        }  # fmt: skip
        async with world.database.write() as connection:
            await connection.execute(users.insert(), rows)
            await connection.execute(downloads.insert().values(**film))
        token = write_token(Link("f" * 32, (now + _DAY_MS) // 1000), *world.keys.signing("download"))
        return f"/d/{token}/{FILM}"
    finally:
        await world.close()


def _wait(origin: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 60
    while True:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{origin}/healthz", timeout=2):
                return
        except OSError:  # refused, or too busy to answer in time
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
