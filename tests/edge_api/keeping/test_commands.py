"""What an operator does from the command line, and what the housekeeper does by itself."""

import asyncio
import io
import json
import secrets
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest
from rich.console import Console

import duplex
from bench.ports import free_port
from edge_api.database import Database
from edge_api.keeping import housekeeping
from edge_api.keys import make_keys
from edge_api.settings import Settings
from edge_api.world import open_world
from tests.edge_api.databases import Store
from tests.edge_api.house import DAY, House, make_house
from tests.edge_api.processes import environment, run


def test_an_operator_finds_exports_signs_out_and_erases_an_account(tmp_path: Path, store: Store) -> None:
    (tmp_path / "var").mkdir()
    house = make_house(tmp_path / "var", store)
    house.settings.secrets.parent.mkdir(exist_ok=True)
    with house.open():
        person = house.member("claire@exemple.fr")
        assert person.get("/api/me").status == 200
    (tmp_path / "var/mail").rename(tmp_path / "letters")
    there = {"DUPLEX_DATABASE": house.settings.database}
    found = run(tmp_path, "accounts", "find", "CLAIRE@exemple.fr", **there)
    assert json.loads(found.stdout)["email"] == "claire@exemple.fr", found.stderr
    export = json.loads(run(tmp_path, "accounts", "export", "claire@exemple.fr", **there).stdout)
    assert len(export["sessions"]) == 1
    assert run(tmp_path, "accounts", "end-sessions", "claire@exemple.fr", **there).returncode == 0
    assert json.loads(run(tmp_path, "accounts", "find", "claire@exemple.fr", **there).stdout)["sessions"] == 0
    assert run(tmp_path, "accounts", "erase", "claire@exemple.fr", "--yes", **there).returncode == 0
    # The letter that says so is all that is left, and goes with the postman.
    found = json.loads(run(tmp_path, "accounts", "find", "claire@exemple.fr", **there).stdout)
    assert {name: kept for name, kept in found.items() if kept} == {"letters": 1}
    store.run(house.settings.database, "UPDATE outbox SET recipient = ''")
    gone = run(tmp_path, "accounts", "find", "claire@exemple.fr", **there)
    assert (gone.returncode, gone.stderr) == (1, "There is no account for claire@exemple.fr.\n")


def test_a_database_that_is_not_there_is_not_made_to_say_that_nobody_is_in_it(tmp_path: Path) -> None:
    looked = run(tmp_path, "accounts", "find", "claire@exemple.fr")
    assert (looked.returncode, "DUPLEX_DATABASE" in looked.stderr) == (1, True)
    assert not (tmp_path / "var/duplex.db").exists()


@pytest.mark.parametrize("verb", [["prepare"], ["list"], ["stop", "2026-12-01"]])
def test_no_issue_is_looked_for_in_a_database_that_is_not_there(tmp_path: Path, verb: list[str]) -> None:
    looked = run(tmp_path, "newsletter", *verb)
    assert (looked.returncode, "DUPLEX_DATABASE" in looked.stderr) == (1, True), looked.stderr
    assert not (tmp_path / "var/duplex.db").exists()
    assert not (tmp_path / "docs").exists()


@pytest.mark.parametrize(
    ("table", "words"), [("issues", ["newsletter", "list"]), ("users", ["accounts", "find", "claire@exemple.fr"])]
)
def test_a_database_that_fails_midway_is_told_in_one_sentence(tmp_path: Path, table: str, words: list[str]) -> None:
    file = tmp_path / "duplex.db"
    asyncio.run(_made(f"sqlite+aiosqlite:///{file}"))
    with closing(sqlite3.connect(file)) as damaged:
        damaged.execute(f"DROP TABLE {table}")
    looked = run(tmp_path, *words, DUPLEX_DATABASE=f"sqlite+aiosqlite:///{file}")
    why = f"DUPLEX_DATABASE does not answer (no such table: {table})."
    assert (looked.returncode, looked.stderr[: len(why)], looked.stderr.count("\n")) == (1, why, 1)


async def _made(url: str) -> None:
    database = Database(url)
    await database.upgrade()
    await database.close()


def test_the_version_is_told_however_the_command_is_called(tmp_path: Path) -> None:
    called, environ = [sys.executable, "-m", "duplex", "--version"], environment(tmp_path)
    by_module = subprocess.run(called, capture_output=True, text=True, env=environ, cwd=tmp_path)
    assert by_module.stdout == run(tmp_path, "--version").stdout == f"{version('duplex')}\n"


def test_what_cannot_be_written_or_read_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    made = run(tmp_path, "keys", "make", DUPLEX_SECRETS="file/secrets.json")
    assert (made.returncode, made.stderr.startswith("file/secrets.json cannot be written")) == (1, True), made.stderr
    run(tmp_path, "keys", "make")
    saved = run(tmp_path, "backup", "file/saved.zip")
    assert (saved.returncode, saved.stderr) == (1, "file/saved.zip cannot be written (File exists).\n")
    issue = tmp_path / "docs/newsletter/2026-12-01.fr.md"
    issue.parent.mkdir(parents=True)
    issue.write_bytes("---\nsubject: Été\n---\n\nBonjour\n".encode("cp1252"))
    looked = run(tmp_path, "newsletter", "preview", "2026-12-01")
    assert (looked.returncode, looked.stderr.startswith("docs/newsletter/2026-12-01.fr.md:2: not UTF-8")) == (1, True)


def test_every_verb_stands_where_duplex_looks_for_it_and_shows_an_example() -> None:
    """Verbs are found when they are called: one that was renamed would be missed by its caller first."""
    verbs = [name for name in duplex.app if not name.startswith("-")]
    assert len(verbs) >= 17
    for verb in verbs:
        _, apps, unused = duplex.app.parse_commands([verb])
        assert (len(apps), unused) == (2, []), verb
        shown = io.StringIO()
        duplex.app.help_print([verb], console=Console(file=shown, width=120))
        assert "Example: duplex " in shown.getvalue(), verb


def test_an_operator_saves_a_portal_and_puts_it_back_elsewhere(tmp_path: Path, store: Store) -> None:
    (tmp_path / "var").mkdir()
    house = make_house(tmp_path / "var", store)
    with house.open():
        house.member("claire@exemple.fr")
    saved = run(tmp_path, "backup", "saved.zip", DUPLEX_DATABASE=house.settings.database)
    assert saved.stdout == "saved.zip: 1 accounts, 0 subscriptions, and the keys.\n", saved.stderr
    again = run(tmp_path, "backup", "saved.zip", DUPLEX_DATABASE=house.settings.database)
    assert (again.returncode, again.stderr.startswith("saved.zip is there already")) == (1, True)
    there = {"DUPLEX_DATABASE": store.bare(tmp_path / "there"), "DUPLEX_SECRETS": "there/secrets.json"}
    (tmp_path / "there").mkdir(exist_ok=True)
    put_back = run(tmp_path, "restore", "saved.zip", **there)
    assert (put_back.returncode, "1 accounts" in put_back.stdout) == (0, True), put_back.stderr
    assert json.loads(run(tmp_path, "accounts", "find", "claire@exemple.fr", **there).stdout)["sessions"] == 1
    onto = run(tmp_path, "restore", "saved.zip", **there)
    assert (onto.returncode, "is not empty, and was left as it is" in onto.stderr) == (1, True)


def test_an_operator_answers_for_a_subscriber_who_has_no_account(tmp_path: Path, store: Store) -> None:
    (tmp_path / "var").mkdir()
    house = make_house(tmp_path / "var", store)
    with house.open():
        house.visitor().post("/api/newsletter", {"email": "zoe@exemple.fr", "lang": "fr"})
    there = {"DUPLEX_DATABASE": house.settings.database}
    found = json.loads(run(tmp_path, "accounts", "find", "ZOE@exemple.fr", **there).stdout)
    assert (found["account"], found["newsletter"], found["consents"]) == (None, 1, 1)
    export = json.loads(run(tmp_path, "accounts", "export", "zoe@exemple.fr", **there).stdout)
    assert [row["email"] for row in export["newsletter"]] == ["zoe@exemple.fr"]
    assert run(tmp_path, "accounts", "end-sessions", "zoe@exemple.fr", **there).returncode == 1
    erased = run(tmp_path, "accounts", "erase", "zoe@exemple.fr", "--yes", **there)
    assert (erased.returncode, "had no account" in erased.stdout) == (0, True), erased.stderr
    assert "zoe" not in house.everything_stored()


def test_the_doctor_is_content_with_a_laptop_and_not_with_a_public_portal_left_half_done(tmp_path: Path) -> None:
    environment(tmp_path)
    (tmp_path / "var/media").mkdir(parents=True)
    assert run(tmp_path, "doctor").stdout == "All is well.\n"
    public = run(tmp_path, "doctor", DUPLEX_ORIGIN="https://duplex.example", DUPLEX_LISTEN="127.0.0.1:9000")
    assert public.returncode == 1
    for word in ("DUPLEX_SECRETS", "DUPLEX_MAIL", "DUPLEX_MAIL_FROM", "database"):
        assert word in public.stdout


def test_the_housekeeper_outlives_a_database_server_that_is_away(tmp_path: Path) -> None:
    away = Settings(database=f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/duplex")
    world = open_world(away, make_keys(tmp_path / "secrets.json", secrets.token_bytes), lambda: 0, secrets.token_bytes)

    async def at_work() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await housekeeping.run(world)
        await world.close()

    asyncio.run(at_work())


def test_what_is_over_is_thrown_away_and_what_stands_is_kept(house: House) -> None:
    person = house.member("claire@exemple.fr")
    house.visitor().post("/api/reset", {"email": "claire@exemple.fr", "lang": "fr"})
    house.letters("claire@exemple.fr")
    house.pass_time(2 * DAY)
    house.tidy()
    for table in ("flows", "challenges", "limits", "outbox"):
        assert house.rows(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert person.get("/api/me").status == 200
