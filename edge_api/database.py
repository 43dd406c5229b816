"""The database: many readers, and one writer at a time: on SQLite for all of it, on PostgreSQL for each address.

Every write is one short transaction. On SQLite it begins as a writer (`BEGIN IMMEDIATE`): a transaction that reads
first and writes later fails there whenever somebody else wrote in between, whatever the busy timeout says. PostgreSQL
lets writers work side by side; those that look first and then decide about the same account say so, and take turns.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, nullcontext
from pathlib import Path
from typing import Any, cast

import aiosqlite
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from .question import Question

_BUSY_MS = 5000
# Processes that start together migrate one after the other; the number only has to be the same in all of them.
_ONE_AT_A_TIME = 0x6475_706C
_IN_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:about, 0))")
_UNHURRIED = text("SET LOCAL synchronous_commit TO OFF")
_FILE = (
    "The database {where} cannot be used ({why}). It was left as it is: put a backup in its place, "
    "or move it away to begin with an empty one."
)
_SERVER = (
    "The database {where} cannot be used ({why}). It was left as it is: start its server, let this user in and make "
    "tables there, or correct DUPLEX_DATABASE."
)


class BadDatabase(Exception):
    """A database that cannot be opened, or is damaged; the message says what to do. The file is left as it is."""


class Database:
    """A door to SQLite (aiosqlite) or PostgreSQL (asyncpg), by its SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self.sqlite = self._url.get_backend_name() == "sqlite"
        self.file = Path(self._url.database) if self.sqlite and self._url.database else None
        if self.sqlite:
            self._reading, self._writing = self._file_engine("BEGIN"), self._file_engine("BEGIN IMMEDIATE")
            self._noting = self._file_engine("BEGIN IMMEDIATE", "NORMAL")
        else:
            self._writing = self._noting = self._server_engine()
            self._reading = self._writing.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # Waiting here is fair and quick; waiting for SQLite's own lock is polling.
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.sqlite else nullcontext()
        self._opening = asyncio.Lock()
        self._window: AsyncConnection | None = None

    def _file_engine(self, begin: str, synchronous: str = "FULL") -> AsyncEngine:
        engine = create_async_engine(self._url, hide_parameters=True)

        @event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: Any, _record: object) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            for line in (
                "journal_mode=WAL",
                f"busy_timeout={_BUSY_MS}",
                "foreign_keys=ON",
                # Overwrites what is deleted; Debian's SQLite does by itself, others do not.
                "secure_delete=ON",
                f"synchronous={synchronous}",
            ):
                cursor.execute(f"PRAGMA {line}")
            cursor.close()

        @event.listens_for(engine.sync_engine, "begin")
        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine

    def _server_engine(self) -> AsyncEngine:
        engine = create_async_engine(self._url, hide_parameters=True)

        # A connection that the server ended is noticed without asking it: SQLAlchemy's ping is three trips each time.
        @event.listens_for(engine.sync_engine, "checkout")
        def check(connection: Any, _record: object, _proxy: object) -> None:
            if connection.driver_connection.is_closed():
                raise DisconnectionError

        return engine

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one state of the database. Write nothing here."""
        async with self._reading.connect() as connection:
            yield connection

    async def row(self, question: Question, **values: str | int) -> dict[str, Any] | None:
        """The row that answers a question, as the last commit left it; None when there is none."""
        sql, names = question.written(self._reading.dialect)
        told = [values[name] for name in names]
        if self.sqlite:
            # One connection for all: its thread answers one after the other, in microseconds.
            async with self._opening:
                self._window = self._window or await self._reading.connect()
            driver = (await self._window.get_raw_connection()).driver_connection
            found = list(await cast(aiosqlite.Connection, driver).execute_fetchall(sql, told))
        else:
            async with self._reading.connect() as connection:
                driver = (await connection.get_raw_connection()).driver_connection
                found = await cast(Any, driver).fetch(sql, *told)
        return dict(zip(question.columns, found[0], strict=True)) if found else None

    @asynccontextmanager
    async def write(self, about: str = "", *, lasting: bool = True) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end, undone by an exception. Keep hashing, mail and files outside it.

        Transactions `about` the same address, or account, follow one another. One that decides in a single statement
        needs no such word. What is not `lasting` may be forgotten by a power cut, and by nothing else.
        """
        async with self._turn, (self._writing if lasting else self._noting).begin() as connection:
            if not self.sqlite:
                if about:
                    await connection.execute(_IN_TURN, {"about": about})
                if not lasting:
                    await connection.execute(_UNHURRIED)
            yield connection

    @property
    def name(self) -> str:
        """The database as people know it: its file, or its address without the password."""
        return str(self.file or self._url.render_as_string(hide_password=True))

    def require(self) -> None:
        """BadDatabase when the file is not there: looking into it would make an empty one."""
        if self.file is not None and not self.file.exists():
            raise BadDatabase(f"The database {self.file} is not there: name the one of the service in DUPLEX_DATABASE.")

    def look(self) -> None:
        """BadDatabase when the file is damaged. Looks, and writes nothing."""
        if self.file is None or not self.file.exists():
            return
        place = f"{self.file.absolute().as_uri()}?mode=ro"
        try:
            with closing(sqlite3.connect(place, uri=True, timeout=_BUSY_MS / 1000)) as look:
                verdict = look.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            verdict = str(error)
        if verdict != "ok":
            raise self._bad(verdict)

    async def upgrade(self) -> bool:
        """Brings the tables to this program's state; whether the database was new. BadDatabase when it is damaged."""
        new = self.file is not None and not self.file.exists()
        try:
            if self.file is not None:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                self.look()
            async with self.write() as connection:
                if self.file is None:
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ONE_AT_A_TIME})
                await connection.run_sync(_migrate)
        except (SQLAlchemyError, CommandError, OSError) as error:
            raise self._bad(getattr(error, "orig", error)) from error
        return new

    def _bad(self, why: object) -> BadDatabase:
        return BadDatabase((_FILE if self.sqlite else _SERVER).format(where=self.name, why=why))

    async def forget(self) -> None:
        """Has what was deleted leave the disk too: SQLite's journal keeps old pages until it is written back.

        A reader that holds it up is not waited for. PostgreSQL forgets by itself (autovacuum).
        """
        if self.file is not None:
            await asyncio.to_thread(_write_back, self.file)

    async def answers(self) -> bool:
        """Whether a trivial question is answered."""
        async with self.read() as connection:
            return (await connection.execute(text("SELECT 1"))).scalar() == 1

    async def close(self) -> None:
        """Ends every connection, and with them aiosqlite's threads."""
        if self._window is not None:
            await self._window.close()
        await self._reading.dispose()
        await self._writing.dispose()
        await self._noting.dispose()


def _write_back(file: Path) -> None:
    with closing(sqlite3.connect(file, timeout=1)) as hand:
        hand.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
