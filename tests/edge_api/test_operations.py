"""Starting, stopping, keys, database and settings: what an operator can count on."""

import asyncio
import json
import os
import random
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

import edge_api.downloads_schema
from edge_api.app import ROUTES
from edge_api.database import BadDatabase, Database
from edge_api.endpoints.openapi import document
from edge_api.keys import KeysError, make_keys, read_keys, rotate_keys
from edge_api.schema import metadata
from edge_api.settings import Settings, SettingsError, read_settings
from tests.edge_api.databases import Store, migrated
from tests.edge_api.house import DAY, GOOD, House, make_house

ROOT = Path(__file__).resolve().parents[2]
DUPLEX = str(Path(sys.executable).with_name("duplex"))
# Served for browsers and developers, and promised to nobody.
UNDOCUMENTED = {"/edge.css"}


def environment(home: Path, port: int = 1, **more: str) -> dict[str, str]:
    """The environment of a portal that lives in a folder."""
    (home / "site").mkdir(exist_ok=True)
    (home / "site" / "catalogue.json").write_text('{"version":1,"interviews":[]}')
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("DUPLEX_")},
        "DUPLEX_ORIGIN": f"http://127.0.0.1:{port}",
        **more,
    }


def run(home: Path, *words: str, port: int = 1, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DUPLEX, *words], cwd=home, env=environment(home, port, **more), capture_output=True, text=True, timeout=60
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ready(port: int) -> Any:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return json.load(answer)
    except (urllib.error.URLError, ConnectionError):
        return None


@contextmanager
def served(home: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """`duplex serve` in a folder, waited for; killed if the test has not ended it."""
    port = free_port()
    process = subprocess.Popen(
        [DUPLEX, "serve"],
        cwd=home,
        env=environment(home, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        end = time.monotonic() + 60
        while not (state := ready(port)):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < end, "not ready in a minute"
        assert state == {
            "status": "ok",
            "site": "ok",
            "database": "ok",
            "media": "ok",
            "mail": "folder",
            "letters": "ok",
        }
        yield port, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_ctrl_c_ends_the_service_at_once_and_well_even_with_an_open_connection(tmp_path: Path) -> None:
    with served(tmp_path) as (port, process), socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        assert line.recv(15) == b"HTTP/1.1 200 OK"
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=10)
        assert process.returncode == 0, said
        assert "Traceback" not in said
        assert f"http://127.0.0.1:{port}/dev/mail" in said


def test_a_taken_port_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for words in (("serve",), ("serve", "--check")):
            ended = run(tmp_path, *words, port=port)
            assert ended.returncode == 1
            assert ended.stdout == ""
            assert re.fullmatch(rf"127\.0\.0\.1:{port} cannot be listened on .*\n", ended.stderr)
    assert run(tmp_path, "serve", "--check", port=port).returncode == 0


def test_the_first_start_makes_keys_that_only_their_owner_reads(tmp_path: Path) -> None:
    with served(tmp_path):
        mode = (tmp_path / "var/secrets.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_lost_database_is_made_anew_and_said_so(tmp_path: Path) -> None:
    with served(tmp_path) as (_, process):
        process.send_signal(signal.SIGINT)
        first, _ = process.communicate(timeout=10)
    (tmp_path / "var/duplex.db").unlink()
    (tmp_path / "var/mail").mkdir(exist_ok=True)
    (tmp_path / "var/mail/kept.eml").write_text("kept")
    keys = (tmp_path / "var/secrets.json").read_bytes()
    with served(tmp_path) as (_, process):
        process.send_signal(signal.SIGINT)
        second, _ = process.communicate(timeout=10)
    assert "made anew" in first
    assert "made anew" in second
    assert (tmp_path / "var/mail/kept.eml").read_text() == "kept"
    assert (tmp_path / "var/secrets.json").read_bytes() == keys
    with served(tmp_path) as (_, process):
        process.send_signal(signal.SIGINT)
        assert "made anew" not in process.communicate(timeout=10)[0]


@pytest.mark.parametrize("damage", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_damaged_database_is_told_in_one_sentence_and_left_as_it_is(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/duplex.db").write_bytes(damage)
    ended = run(tmp_path, "serve", port=free_port())
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("The database var/duplex.db cannot be used")
    asked = run(tmp_path, "accounts", "find", "claire@exemple.fr")
    assert (asked.returncode, asked.stderr) == (1, ended.stderr)
    assert (tmp_path / "var/duplex.db").read_bytes() == damage


@pytest.mark.parametrize("setting", ["DUPLEX_DATABASE", "DUPLEX_SECRETS", "DUPLEX_MEDIA"])
def test_a_place_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path, setting: str) -> None:
    (tmp_path / "in-the-way").write_text("a file")
    kind = "sqlite+aiosqlite:///" if setting == "DUPLEX_DATABASE" else ""
    ended = run(tmp_path, "serve", port=free_port(), **{setting: f"{kind}in-the-way/it"})
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "in-the-way/it cannot be" in ended.stderr


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path, store: Store) -> None:
    url = store.full(tmp_path)
    store.run(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BadDatabase, match="9999"):
        migrated(url)


def test_migrations_make_exactly_the_tables_that_the_program_uses(tmp_path: Path, store: Store) -> None:
    assert edge_api.downloads_schema.downloads.metadata is metadata

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


def test_two_processes_may_start_on_one_new_database(tmp_path: Path, store: Store) -> None:
    url = store.bare(tmp_path)

    async def together() -> None:
        both = [Database(url) for _ in range(2)]
        await asyncio.gather(*(database.upgrade() for database in both))
        for database in both:
            await database.close()

    asyncio.run(together())


def test_readiness_names_what_is_missing(house: House) -> None:
    (house.home / "site" / "catalogue.json").unlink()
    (house.home / "media").rmdir()
    answer = house.visitor().get("/readyz")
    assert answer.status == 503
    assert answer.json == {
        "status": "not ready", "site": "missing", "database": "ok", "media": "missing", "mail": "folder",
        "letters": "ok",
    }  # fmt: skip
    assert house.visitor().get("/healthz").json == {"status": "ok"}


KEY = "A" * 64
BAD_RINGS = {
    "nothing": "",
    "no JSON": "{",
    "another shape": "[]",
    "empty": '{"keys": []}',
    "short": '{"keys": [{"kid": "k1", "secret": "AAAA"}]}',
    "not base64": '{"keys": [{"kid": "k1", "secret": "é"}]}',
    "equal": json.dumps({"keys": [{"kid": "k1", "secret": KEY}, {"kid": "k2", "secret": KEY}]}),
    "twice": json.dumps({"keys": [{"kid": "k1", "secret": KEY}, {"kid": "k1", "secret": "B" * 64}]}),
    "badly named": json.dumps({"keys": [{"kid": "k.1", "secret": KEY}]}),
}


@pytest.mark.parametrize("ring", BAD_RINGS.values(), ids=BAD_RINGS.keys())
def test_a_key_ring_that_is_missing_short_or_equal_is_refused(tmp_path: Path, ring: str) -> None:
    file = tmp_path / "secrets.json"
    with pytest.raises(KeysError, match="missing"):
        read_keys(file)
    file.write_text(ring)
    with pytest.raises(KeysError, match=r"secrets\.json"):
        read_keys(file)


def test_a_missing_key_ring_stops_a_public_portal(tmp_path: Path) -> None:
    listen = f"127.0.0.1:{free_port()}"
    ended = run(tmp_path, "serve", DUPLEX_ORIGIN="https://duplex.example", DUPLEX_LISTEN=listen)
    assert ended.returncode == 1
    assert "duplex keys make" in ended.stderr
    assert not (tmp_path / "var/secrets.json").exists()


def test_a_rotated_ring_signs_with_the_new_key_and_still_reads_the_old(tmp_path: Path, store: Store) -> None:
    first = make_house(tmp_path, store)
    with first.open() as house:
        person = house.visitor()
        person.post("/api/sign-up", {"email": "a@exemple.fr", "password": GOOD, "lang": "fr"})
        code = house.code("a@exemple.fr")
    assert rotate_keys(first.settings.secrets, random.Random(2).randbytes) == "k2"
    with first.again() as rotated:
        person.house = rotated
        assert rotated.world.keys.kid == "k2"
        assert person.post("/api/sign-up/verify", {"code": code}).status == 200


def test_making_keys_never_overwrites_a_ring(tmp_path: Path) -> None:
    made = run(tmp_path, "keys", "make")
    assert made.returncode == 0, made.stderr
    ring = (tmp_path / "var/secrets.json").read_bytes()
    assert run(tmp_path, "keys", "make").returncode == 1
    assert (tmp_path / "var/secrets.json").read_bytes() == ring
    assert run(tmp_path, "keys", "rotate").returncode == 0
    assert read_keys(tmp_path / "var/secrets.json").kid == "k2"
    with pytest.raises(FileExistsError):
        make_keys(tmp_path / "var/secrets.json", random.Random(1).randbytes)


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    documented = set(re.findall(r"^\| `DUPLEX_([A-Z_]+)`", (ROOT / "deploy/SETTINGS.md").read_text(), re.MULTILINE))
    assert documented == {name.upper() for name in Settings.__struct_fields__}


BAD_SETTINGS = [
    ({"DUPLEX_ORIGIN": "duplex.example"}, "DUPLEX_ORIGIN"),
    ({"DUPLEX_ORIGIN": "http://duplex.example"}, "https"),
    ({"DUPLEX_ORIGIN": "https://duplex.example/path"}, "DUPLEX_ORIGIN"),
    ({"DUPLEX_ORIGIN": "http://127.0.0.1:99999"}, "port"),
    ({"DUPLEX_DATABASE": "mysql://x"}, "DUPLEX_DATABASE"),
    ({"DUPLEX_MAIL": "sendmail"}, "DUPLEX_MAIL"),
    ({"DUPLEX_LIMITS": "none"}, "limits"),
    ({"DUPLEX_BCRYPT_COST": "40"}, "bcrypt_cost"),
    ({"DUPLEX_BCRYPT_COST": "dear"}, "bcrypt_cost"),
    ({"DUPLEX_OFFLOAD": "apache"}, "DUPLEX_OFFLOAD"),
    ({"DUPLEX_MEDIA": "s3://bucket/x"}, "DUPLEX_MEDIA"),
    ({"DUPLEX_PROXIES": "10.0.0.0/8, everybody"}, "everybody"),
    ({"DUPLEX_ORGIN": "x"}, "DUPLEX_ORGIN"),
]


@pytest.mark.parametrize(("given", "word"), BAD_SETTINGS)
def test_a_setting_that_cannot_work_is_named_with_its_cure(given: dict[str, str], word: str) -> None:
    with pytest.raises(SettingsError, match=word):
        read_settings(given)


def test_all_problems_of_the_settings_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"DUPLEX_MAIL": "x", "DUPLEX_DATABASE": "y", "DUPLEX_NOPE": "z"})
    assert len(caught.value.problems) == 3


def test_settings_are_optional_on_ones_own_machine_and_follow_the_origin_elsewhere() -> None:
    here = read_settings({"DUPLEX_ORIGIN": "", "HOME": "/"})
    assert (here.loopback, here.wide, here.secure, here.address) == (True, True, False, ("127.0.0.1", 8000))
    there = read_settings({"DUPLEX_ORIGIN": "https://Duplex.example/"})
    assert (there.loopback, there.wide, there.secure, there.address) == (False, False, True, ("127.0.0.1", 8000))
    assert there.netloc == "duplex.example"
    six = read_settings({"DUPLEX_ORIGIN": "http://[::1]:9000"})
    assert (six.loopback, six.address) == (True, ("::1", 9000))


def test_the_openapi_document_tells_every_route_and_no_other(house: House) -> None:
    told = {
        (path, method.upper())
        for path, operations in document()["paths"].items()
        for method in operations
        if method != "parameters"
    }
    served = {
        (route.path, method)
        for route in ROUTES
        for method in route.methods or ()
        if method != "HEAD" and route.path not in UNDOCUMENTED
    }
    assert told == served
    answer = house.visitor().get("/api/openapi.json")
    assert answer.json["openapi"] == "3.1.0"
    assert answer.json["servers"] == [{"url": "http://127.0.0.1:8000"}]


def test_every_reference_in_the_openapi_document_leads_somewhere() -> None:
    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if "$ref" in part:
                yield part["$ref"]
            for value in part.values():
                yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    for reference in set(references(document())):
        found: Any = document()
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


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
    gone = run(tmp_path, "accounts", "find", "claire@exemple.fr", **there)
    assert (gone.returncode, gone.stderr) == (1, "There is no account for claire@exemple.fr.\n")


def test_the_doctor_is_content_with_a_laptop_and_not_with_a_public_portal_left_half_done(tmp_path: Path) -> None:
    environment(tmp_path)
    (tmp_path / "var/media").mkdir(parents=True)
    assert run(tmp_path, "doctor").stdout == "All is well.\n"
    public = run(tmp_path, "doctor", DUPLEX_ORIGIN="https://duplex.example", DUPLEX_LISTEN="127.0.0.1:9000")
    assert public.returncode == 1
    for word in ("DUPLEX_SECRETS", "DUPLEX_MAIL", "DUPLEX_MAIL_FROM", "database"):
        assert word in public.stdout


def test_what_is_over_is_thrown_away_and_what_stands_is_kept(house: House) -> None:
    person = house.member("claire@exemple.fr")
    house.visitor().post("/api/reset", {"email": "claire@exemple.fr", "lang": "fr"})
    house.letters("claire@exemple.fr")
    house.pass_time(2 * DAY)
    house.tidy()
    for table in ("flows", "challenges", "limits", "outbox"):
        assert house.rows(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert person.get("/api/me").status == 200
