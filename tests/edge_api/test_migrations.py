"""Migrations: they make what the program uses, on new databases and on those of an older program."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, Connection, MetaData, String, insert, select

import edge_api
import edge_api.downloads.schema
from edge_api.database import BadDatabase, Database
from edge_api.schema import metadata
from tests.edge_api.databases import Store, migrated


def test_migrations_make_exactly_the_tables_that_the_program_uses(tmp_path: Path, store: Store) -> None:
    """Requirement 49: a program never meets tables that it does not know."""
    assert edge_api.downloads.schema.downloads.metadata is metadata

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    url = store.full(tmp_path)

    async def compare() -> list[Any]:
        database = Database(url)
        try:
            async with database.read() as connection:
                return await connection.run_sync(differences)
        finally:
            await database.close()

    assert asyncio.run(compare()) == []


MIGRATIONS = Config()
MIGRATIONS.set_main_option("script_location", str(Path(edge_api.__file__).parent / "migrations"))
OLDER = [one.revision for one in ScriptDirectory.from_config(MIGRATIONS).walk_revisions()][1:]


def to_revision(connection: Connection, revision: str) -> None:
    MIGRATIONS.attributes["connection"] = connection
    command.upgrade(MIGRATIONS, revision)


def everything(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    tables = MetaData()
    tables.reflect(connection)
    rows = {table.name: connection.execute(select(table)).mappings() for table in tables.sorted_tables}
    return {name: [dict(row) for row in found] for name, found in rows.items() if name != "alembic_version"}


def fill(connection: Connection) -> None:
    """Two rows in every table, with something in every column."""
    tables = MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        for number in (1, 2):
            row: dict[str, Any] = {}
            for column in table.columns:
                value: Any = number
                if isinstance(column.type, String):
                    # The same text wherever one table points to another.
                    value = f"x{number}"
                if isinstance(column.type, Boolean):
                    value = True
                row[column.name] = value
            if table.name != "alembic_version":
                connection.execute(insert(table).values(**row))


@pytest.mark.parametrize("revision", OLDER)
def test_what_an_older_program_wrote_is_still_there_after_the_upgrade(
    tmp_path: Path, store: Store, revision: str
) -> None:
    url = store.bare(tmp_path)

    async def life() -> tuple[dict[str, Any], dict[str, Any]]:
        database = Database(url)
        try:
            async with database.write() as connection:
                await connection.run_sync(to_revision, revision)
                await connection.run_sync(fill)
                before = await connection.run_sync(everything)
            await database.upgrade()
            async with database.read() as connection:
                return before, await connection.run_sync(everything)
        finally:
            await database.close()

    before, after = asyncio.run(life())
    assert all(len(rows) == 2 for rows in before.values())
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert kept == rows, table


def test_two_processes_may_start_on_one_new_database(tmp_path: Path, store: Store) -> None:
    url = store.bare(tmp_path)

    async def together() -> None:
        both = [Database(url) for _ in range(2)]
        await asyncio.gather(*(database.upgrade() for database in both))
        for database in both:
            await database.close()

    asyncio.run(together())


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path, store: Store) -> None:
    url = store.full(tmp_path)
    store.run(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BadDatabase, match="9999"):
        migrated(url)
