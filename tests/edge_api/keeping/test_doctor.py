"""The doctor names what is wrong with a configuration, by its setting, with a cure; and is silent when all is well."""

import asyncio
import functools
import http.server
import secrets
import socket
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.relay import Relay
from edge_api.keeping.doctoring import problems
from edge_api.keys import make_keys
from edge_api.post.letters import Letter
from edge_api.post.outbox import row
from edge_api.schema import outbox
from edge_api.settings import Settings
from tests.edge_api.databases import Sqlite
from tests.edge_api.shelf import Shelf

SITE = "https://duplex.example"


def well(home: Path, sqlite: Sqlite, **changed: Any) -> Settings:
    """A public portal with which nothing is wrong but its mail."""
    for folder in ("site", "media", "clips"):
        (home / folder).mkdir()
    (home / "site" / "catalogue.json").write_text('{"version":1,"interviews":[]}')
    (home / "site" / "sitemap.xml").write_text(f"<urlset><url><loc>{SITE}/</loc></url></urlset>")
    make_keys(home / "secrets.json", secrets.token_bytes)
    given: dict[str, Any] = {
        "origin": SITE, "database": sqlite.full(home), "site": home / "site", "media": home / "media",
        "clips": home / "clips", "secrets": home / "secrets.json", "mail_from": "Duplex <lettres@duplex.fr>",
    }  # fmt: skip
    return Settings(**{**given, **changed})


def told(settings: Settings, relay: Relay | None = None) -> list[str]:
    async def ask() -> list[str]:
        if relay is None:
            return await problems(settings)
        async with relay.listening() as port:
            same = {name: getattr(settings, name) for name in Settings.__struct_fields__}
            return await problems(Settings(**{**same, "mail": f"smtp://127.0.0.1:{port}"}))

    return asyncio.run(ask())


def test_nothing_is_wrong_with_a_portal_that_is_well(tmp_path: Path, sqlite: Sqlite) -> None:
    relay = Relay()
    assert told(well(tmp_path, sqlite), relay) == []
    assert relay.kept == []


@pytest.mark.parametrize(
    ("changed", "setting"),
    [
        ({"proxies": "10.0.0.1, 0.0.0.0/0"}, "DUPLEX_PROXIES"),
        ({"limits": "wide"}, "DUPLEX_LIMITS"),
        ({"bcrypt_cost": 6}, "DUPLEX_BCRYPT_COST"),
        ({"listen": "0.0.0.0:8000"}, "DUPLEX_LISTEN"),
        ({"listen": "0.0.0.0:8000", "origin": "http://127.0.0.1:8000"}, "DUPLEX_LISTEN"),
        ({"metrics": "0.0.0.0:9464"}, "DUPLEX_METRICS"),
        ({"mail_from": "Duplex <lettres@duplex.example>"}, "DUPLEX_MAIL_FROM"),
        ({"origin": "https://duplex.fr"}, "DUPLEX_ORIGIN"),
        ({"media": Path("no/such/folder")}, "DUPLEX_MEDIA"),
        ({"clips": str(Path(__file__) / "clips")}, "DUPLEX_CLIPS: "),
        ({"site": Path("no/such/folder")}, "DUPLEX_SITE"),
        ({"offload": "nginx:/"}, "DUPLEX_OFFLOAD"),
        ({"offload": "nginx:/media"}, "DUPLEX_OFFLOAD"),
        ({"offload": "nginx:/internal", "origin": "http://127.0.0.1:8000"}, "DUPLEX_OFFLOAD"),
        ({"c2pa_cert": "no/such.pem", "c2pa_key": "no/such.key"}, "DUPLEX_C2PA_KEY: no/such.pem: cannot be read"),
        ({"secrets": Path("no/such/file")}, "DUPLEX_SECRETS"),
        ({"secrets": Path("/")}, "DUPLEX_SECRETS: / cannot be used"),
        ({"database": "sqlite+aiosqlite:///no/such/file.db"}, "database"),
        ({"database": "postgresql+asyncpg://duplex:s3cret@127.0.0.1:1/duplex"}, "DUPLEX_DATABASE"),
    ],
)
def test_each_setting_that_is_wrong_is_named(
    tmp_path: Path, sqlite: Sqlite, changed: dict[str, Any], setting: str
) -> None:
    found = told(well(tmp_path, sqlite, **changed), Relay())
    assert [problem for problem in found if setting in problem], found
    assert "s3cret" not in "".join(found)


def test_a_file_where_letters_should_lie_is_named(tmp_path: Path, sqlite: Sqlite) -> None:
    found = told(well(tmp_path, sqlite, mail=f"folder:{__file__}"))
    assert [problem for problem in found if problem.startswith(f"DUPLEX_MAIL: {__file__} is no folder")], found


def test_a_place_of_nginx_from_which_anybody_can_fetch_films_is_named(
    tmp_path: Path, sqlite: Sqlite, shelf: Shelf
) -> None:
    """The server here gives a folder to everybody, as nginx does where `internal` was forgotten."""
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "internal").symlink_to(shelf.home)
    serves = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "served"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serves) as server:
        threading.Thread(target=server.serve_forever).start()
        settings = well(
            tmp_path, sqlite, origin=f"http://127.0.0.1:{server.server_port}", listen="127.0.0.1:9000",
            offload="nginx:/internal",
        )  # fmt: skip
        settings = msgspec.structs.replace(settings, site=shelf.site, media=shelf.media)
        try:
            [open_to_all] = [problem for problem in told(settings, Relay()) if "OFFLOAD" in problem]
            (tmp_path / "served" / "internal").unlink()
            closed = told(settings, Relay())
        finally:
            server.shutdown()
    assert "anybody can fetch films" in open_to_all
    assert not [problem for problem in closed if "OFFLOAD" in problem]


def test_a_relay_that_is_away_or_silent_is_named(tmp_path: Path, sqlite: Sqlite) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        [problem] = told(well(tmp_path, sqlite, mail=f"smtp://127.0.0.1:{port}"))
    assert problem.startswith("DUPLEX_MAIL: ")


def test_letters_that_could_not_be_sent_are_told_by_kind_without_an_address(tmp_path: Path, sqlite: Sqlite) -> None:
    settings = well(tmp_path, sqlite)
    for n in range(3):
        values = row(id=f"{n:032x}", letter=Letter("already_member", "fr", "nina@exemple.fr"), now_ms=1)
        names, given = ", ".join(values), ", ".join("NULL" if v is None else repr(v) for v in values.values())
        sqlite.run(settings.database, f"INSERT INTO {outbox.name} ({names}) VALUES ({given})")
    sqlite.run(settings.database, "UPDATE outbox SET dead_ms = 2, problem = 'the server answered 554' WHERE id > '0'")
    [problem] = told(settings, Relay())
    assert "3 letters (already_member) could not be sent: the server answered 554" in problem
    assert "nina" not in problem
