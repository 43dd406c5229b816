"""A backup holds everything that cannot be made again, moves between databases, and is restored whole or not at all."""

import asyncio
import json
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from edge_api.database import Database
from edge_api.keeping.backup import BackupError, Contents, back_up, restore
from edge_api.schema import metadata
from tests.edge_api.databases import Postgres, Sqlite
from tests.edge_api.house import GOOD, House, make_house

AT = "2026-12-01T00:00:00Z"


def filled(house: House) -> None:
    nina = house.member("nina@exemple.fr")
    nina.post("/api/newsletter")
    house.visitor().post("/api/sign-up", {"email": "zoe@exemple.fr", "password": GOOD, "lang": "en"})
    house.letters("nina@exemple.fr")


def saved(house: House, to: Path) -> Contents:
    contents: Contents = house.call(back_up, house.world.database, house.settings.secrets, to, AT)
    return contents


def put_back(url: str, keys: Path, file: Path) -> Contents:
    async def work() -> Contents:
        database = Database(url)
        try:
            return await restore(database, keys, file)
        finally:
            await database.close()

    return asyncio.run(work())


def test_a_portal_moves_whole_to_another_machine_and_another_database(
    house: House, tmp_path: Path, sqlite: Sqlite, postgres: Postgres
) -> None:
    filled(house)
    file = tmp_path / "backup.zip"
    contents = saved(house, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert contents.rows["users"] == 1
    assert set(contents.rows) == set(metadata.tables)
    other = postgres if isinstance(house.store, Sqlite) else sqlite
    there = make_house(tmp_path / "there", other)
    assert put_back(there.settings.database, there.settings.secrets, file) == contents
    with there.open():
        nina = there.visitor()
        assert nina.post("/api/sign-in", {"email": "nina@exemple.fr", "password": GOOD}).status == 200
        assert nina.get("/api/me").json == {"email": "nina@exemple.fr", "lang": "fr", "newsletter": True}
    for table in metadata.sorted_tables:
        if table.name not in ("limits", "sessions"):
            query = f"SELECT count(*) FROM {table.name}"
            assert there.rows(query) == house.rows(query), table.name
    other.clear()


@pytest.fixture
def file(tmp_path: Path, sqlite: Sqlite) -> Path:
    """A backup of a small portal."""
    with make_house(tmp_path / "here", sqlite).open() as house:
        filled(house)
        saved(house, tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def test_a_damaged_backup_changes_nothing(tmp_path: Path, sqlite: Sqlite, file: Path) -> None:
    whole, keys = file.read_bytes(), tmp_path / "keys.json"
    for n in range(0, len(whole), max(1, len(whole) // 25)):
        file.write_bytes(whole[:n] + bytes([whole[n] ^ 0xFF]) + whole[n + 1 :])
        url = sqlite.full(tmp_path / str(n))
        try:
            put_back(url, keys, file)
        except BackupError:
            assert sqlite.run(url, "SELECT count(*) FROM users") == [(0,)]
            assert not keys.exists()
        else:
            # A byte that means nothing, such as a time in the archive.
            assert sqlite.run(url, "SELECT count(*) FROM users") == [(1,)]
            keys.unlink()
    listed = whole.index(b"PK\x01\x02")
    cut_off, of_tomorrow = whole[: len(whole) // 2], whole[: listed + 6] + b"\xff" + whole[listed + 7 :]
    for number, damaged in enumerate((cut_off, of_tomorrow)):
        file.write_bytes(damaged)
        with pytest.raises(BackupError, match="cannot be read"):
            put_back(sqlite.full(tmp_path / f"worse{number}"), keys, file)


def test_a_row_that_does_not_fit_undoes_all_that_came_before(tmp_path: Path, sqlite: Sqlite, file: Path) -> None:
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(bad, "w") as new:
        contents = json.loads(old.read("backup.json"))
        contents["rows"]["subscriptions"] += 1
        for name in contents["files"]:
            new.writestr(name, old.read(name))
        new.writestr("backup.json", json.dumps(contents))
    url = sqlite.full(tmp_path / "there")
    with pytest.raises(BackupError, match="instead of"):
        put_back(url, tmp_path / "keys.json", bad)
    assert sqlite.run(url, "SELECT count(*) FROM users") == [(0,)]


def test_nothing_that_stands_is_overwritten(tmp_path: Path, sqlite: Sqlite, file: Path) -> None:
    keys = tmp_path / "here" / "secrets.json"
    with pytest.raises(BackupError, match="is not empty"):
        put_back(f"sqlite+aiosqlite:///{tmp_path / 'here' / 'duplex.db'}", keys, file)
    other = tmp_path / "other.json"
    other.write_text("{}")
    with pytest.raises(BackupError, match="holds other keys"):
        put_back(sqlite.full(tmp_path / "there"), other, file)
    assert other.read_text() == "{}"
    with pytest.raises(BackupError, match=r"keys\.json cannot be written"):
        put_back(sqlite.full(tmp_path / "there"), other / "keys.json", file)
    shutil.copy(file, tmp_path / "copy.zip")
    with make_house(tmp_path / "again", sqlite).open() as house, pytest.raises(BackupError, match="there already"):
        saved(house, file)


def test_a_backup_of_a_newer_program_is_refused(tmp_path: Path, sqlite: Sqlite, file: Path) -> None:
    newer = tmp_path / "newer.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(newer, "w") as new:
        contents = json.loads(old.read("backup.json")) | {"revision": "9999"}
        for name in contents["files"]:
            new.writestr(name, old.read(name))
        new.writestr("backup.json", json.dumps(contents))
    with pytest.raises(BackupError, match="newer Duplex"):
        put_back(sqlite.full(tmp_path / "there"), tmp_path / "keys.json", newer)
