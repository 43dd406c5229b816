"""The door to the database: what is asked all day is asked in one trip, and what breaks is mended unnoticed."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import bindparam, select, text, update

from edge_api.database import Database
from edge_api.downloads.grants import Refused
from edge_api.downloads.orders import Order
from edge_api.question import Question
from edge_api.schema import limits
from tests.edge_api.databases import Postgres, Store
from tests.edge_api.desk import Desk, at_desk
from tests.edge_api.shelf import SLUG, Shelf

EMPTY = Question(select(limits.c.id, limits.c.empty_ms).where(limits.c.id == bindparam("id")))


def at_door(store: Store, home: Path, visit: Callable[[Database], Awaitable[None]]) -> None:
    """A visit to an empty database."""
    address = store.full(home)

    async def day() -> None:
        database = Database(address)
        try:
            await visit(database)
        finally:
            await database.close()

    asyncio.run(day())


def test_a_question_is_answered_as_the_last_commit_left_it(store: Store, tmp_path: Path) -> None:
    async def visit(database: Database) -> None:
        assert await database.row(EMPTY, id="k") is None
        async with database.write() as connection:
            await connection.execute(limits.insert().values(id="k", empty_ms=1))
        assert await database.row(EMPTY, id="k") == {"id": "k", "empty_ms": 1}
        async with database.write() as connection:
            await connection.execute(update(limits).values(empty_ms=2))
            assert await database.row(EMPTY, id="k") == {"id": "k", "empty_ms": 1}
        answers = await asyncio.gather(*(database.row(EMPTY, id="k") for _ in range(60)))
        assert answers == [{"id": "k", "empty_ms": 2}] * 60

    at_door(store, tmp_path, visit)


def test_connections_that_the_server_ended_are_replaced_unnoticed(postgres: Postgres, tmp_path: Path) -> None:
    async def visit(database: Database) -> None:
        async with database.read() as one, database.read() as two:
            mine = {(await c.execute(text("SELECT pg_backend_pid()"))).scalar() for c in (one, two)}
        end = [f"SELECT pg_terminate_backend({number}, 5000)" for number in mine]
        assert await asyncio.to_thread(postgres.run, postgres.address("postgres"), *end) == [(True,)]
        assert await database.row(EMPTY, id="k") is None
        assert await database.answers()

    at_door(postgres, tmp_path, visit)
    postgres.clear()


def test_the_database_is_asked_nothing_about_a_link_that_is_not_ours_or_is_over(
    store: Store, shelf: Shelf, tmp_path: Path
) -> None:
    """Requirement 40."""

    async def visit(desk: Desk) -> None:
        token = (
            desk.downloads.grants.link(await desk.downloads.ask("m1", Order(interview=SLUG, lang="fr", kind="film")))
            or ""
        )
        async with desk.downloads.world.database.write() as connection:
            await connection.execute(text("ALTER TABLE downloads RENAME TO away"))
        with pytest.raises((sqlite3.OperationalError, asyncpg.UndefinedTableError)):
            await desk.granted(token, "x.mp4")
        other = "A" if token[-1] != "A" else "Q"
        assert await desk.granted(token[:-1] + other, "x.mp4") == Refused("altered")
        desk.now += 24 * 60 * 60 * 1000
        assert await desk.granted(token, "x.mp4") == Refused("expired")

    at_desk(store, shelf, tmp_path, visit)


def test_what_a_power_cut_may_forget_is_not_waited_for_and_all_else_is(store: Store, tmp_path: Path) -> None:
    async def visit(database: Database) -> None:
        asked = "PRAGMA synchronous" if database.sqlite else "SHOW synchronous_commit"
        if not database.sqlite:  # the tests' server waits for its disk only where it is told to
            async with database.write() as connection:
                await connection.execute(text("ALTER ROLE postgres SET synchronous_commit TO on"))
            await database.close()
        told = []
        for lasting in (True, False, True):
            async with database.write(lasting=lasting) as connection:
                told.append((await connection.execute(text(asked))).scalar())
        # SQLite's 2 is FULL, its 1 NORMAL.
        assert told == ([2, 1, 2] if database.sqlite else ["on", "off", "on"])
        if not database.sqlite:
            async with database.write() as connection:
                await connection.execute(text("ALTER ROLE postgres RESET synchronous_commit"))

    at_door(store, tmp_path, visit)
