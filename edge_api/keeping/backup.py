"""Backup and restore of what cannot be made again: the database and the key ring, whole or not at all.

A backup is one ZIP file of JSON lines, the same for SQLite and PostgreSQL, so that it also moves a portal from one to
the other. It holds addresses and keys: who has it has the portal. Films and clips are not in it.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ..database import Database
from ..downloads import schema as downloads_schema
from ..downloads import sharing_schema
from ..keys import KeysError, read_keys
from ..post import issues_schema
from ..private_file import private_file
from ..schema import metadata

# These tables register themselves in the same metadata when their module is imported.
assert downloads_schema
assert issues_schema
assert sharing_schema

_FORMAT = 1
_CONTENTS = "backup.json"
_KEYS = "secrets.json"
_AT_ONCE = 500
# Whatever a changed byte makes of reading a ZIP file.
_DAMAGE = (KeyError, ValueError, RuntimeError, EOFError, msgspec.DecodeError, zipfile.BadZipFile, zlib.error)


class BackupError(Exception):
    """The backup cannot be made or used; the message says why and what to do. Nothing was changed."""


class Contents(msgspec.Struct, frozen=True):
    """What stands in a backup: the revision of its tables, their rows, and the SHA-256 of each file beside it."""

    format: int
    made_at: str
    revision: str
    rows: dict[str, int]
    files: dict[str, str]


async def back_up(database: Database, keys: Path, to: Path, made_at: str) -> Contents:
    """Writes a backup that only its owner can read; it appears whole, by rename. BackupError."""
    ring = _ring(keys)
    _check_new(to)
    try:
        with private_file(to) as file:
            return await _write(database, file, ring, made_at)
    except OSError as error:
        raise BackupError(f"{to} cannot be written ({error.strerror}).") from error


def _check_new(to: Path) -> None:
    if to.exists():
        raise BackupError(f"{to} is there already, and was left as it is. Choose another name.")


def _ring(keys: Path) -> bytes:
    try:
        read_keys(keys)
        return keys.read_bytes()
    except (KeysError, OSError) as error:
        raise BackupError(f"The key ring cannot be read: {error}") from error


async def _write(database: Database, file: BinaryIO, ring: bytes, made_at: str) -> Contents:
    rows, files = {}, {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        async with database.read() as c:
            if not database.sqlite:
                # One state for all tables, whatever is written meanwhile; SQLite's reads are that by themselves.
                await c.execution_options(isolation_level="REPEATABLE READ")
            await _check_tables(c)
            revision = str((await c.execute(text("SELECT version_num FROM alembic_version"))).scalar_one())
            for table in metadata.sorted_tables:
                name, digest, count = f"tables/{table.name}.jsonl", hashlib.sha256(), 0
                with archive.open(name, "w", force_zip64=True) as entry:
                    async for row in await c.stream(select(table)):
                        line = json.dumps(dict(row._mapping), ensure_ascii=False).encode() + b"\n"
                        digest.update(line)
                        entry.write(line)
                        count += 1
                rows[table.name], files[name] = count, digest.hexdigest()
        archive.writestr(_KEYS, ring)
        files[_KEYS] = hashlib.sha256(ring).hexdigest()
        contents = Contents(_FORMAT, made_at, revision, rows, files)
        archive.writestr(_CONTENTS, msgspec.json.format(msgspec.json.encode(contents)))
    return contents


async def _check_tables(c: AsyncConnection) -> None:
    """A table that this program does not know would be missing from the backup: better none."""
    found = await c.run_sync(lambda bare: set(inspect(bare).get_table_names())) - {"alembic_version"}
    if found != set(metadata.tables):
        names = ", ".join(sorted(found ^ set(metadata.tables)))
        raise BackupError(
            f"The tables are not those of this program ({names}). Start the service once, then try again."
        )


async def restore(database: Database, keys: Path, file: Path) -> Contents:
    """Puts a backup into an empty database, in one transaction, and its key ring in place. BackupError.

    The keys come first: alone they harm nothing, and a restore that was cut off can be run again.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            contents = _checked(archive, file)
            await database.upgrade()
            async with database.read() as c:
                await _check_empty(c, database)
            _put_keys(archive.read(_KEYS), keys)
            async with database.write() as c:
                await _check_empty(c, database)
                for table in metadata.sorted_tables:
                    await _fill(c, table, archive)
                await c.run_sync(_check_counts, contents)
    # zipfile raises NotImplementedError for ways of compressing and versions of ZIP that it does not know.
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise BackupError(f"{file} cannot be read as a backup ({error}). Nothing was changed.") from error
    return contents


def _checked(archive: zipfile.ZipFile, file: Path) -> Contents:
    """The contents of a backup whose every byte is as it was written, and whose tables this program knows."""
    damaged = BackupError(f"{file} is damaged, or no backup of Duplex. Nothing was changed: take another copy.")
    try:
        contents = msgspec.json.decode(archive.read(_CONTENTS), type=Contents)
        right = all(_digest(archive, name) == digest for name, digest in contents.files.items())
    except _DAMAGE as error:
        raise damaged from error
    if not right or contents.format != _FORMAT or _KEYS not in contents.files:
        raise damaged
    scripts = ScriptDirectory(str(Path(__file__).parents[1] / "migrations"))
    if contents.revision not in {script.revision for script in scripts.walk_revisions()}:
        raise BackupError(f"{file} was made by a newer Duplex (tables {contents.revision}). Update first.")
    return contents


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as entry:
        while piece := entry.read(1 << 16):
            digest.update(piece)
    return digest.hexdigest()


async def _check_empty(c: AsyncConnection, database: Database) -> None:
    for table in metadata.sorted_tables:
        if table.name != "limits" and (await c.execute(select(func.count()).select_from(table))).scalar_one():
            raise BackupError(
                f"The database {database.name} is not empty, and was left as it is. Move it away, or name another in "
                "DUPLEX_DATABASE, and restore into that."
            )


def _put_keys(ring: bytes, keys: Path) -> None:
    if keys.exists():
        if keys.read_bytes() != ring:
            raise BackupError(f"{keys} holds other keys, and was left as it is. Move it away, then restore again.")
        return
    try:
        with private_file(keys) as file:
            file.write(ring)
    except OSError as error:
        why = f"{keys} cannot be written ({error.strerror}): name another file in DUPLEX_SECRETS."
        raise BackupError(why) from error


async def _fill(c: AsyncConnection, table: Table, archive: zipfile.ZipFile) -> None:
    """The rows of a table; none when the backup is older than the table."""
    await c.execute(table.delete())
    for batch in _batches(archive, f"tables/{table.name}.jsonl"):
        await c.execute(table.insert(), batch)


def _batches(archive: zipfile.ZipFile, name: str) -> Iterator[list[dict[str, Any]]]:
    if name not in archive.namelist():
        return
    with archive.open(name) as entry:
        batch = []
        for line in entry:
            batch.append(json.loads(line))
            if len(batch) == _AT_ONCE:
                yield batch
                batch = []
        if batch:
            yield batch


def _check_counts(connection: Connection, contents: Contents) -> None:
    for name, number in contents.rows.items():
        there = connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
        if there != number:
            raise BackupError(f"{name} has {there} rows instead of {number}. Nothing was restored.")
