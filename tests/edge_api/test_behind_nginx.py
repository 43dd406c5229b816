"""The locations for nginx that operators are given, tried in a real nginx where one is installed."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bench.ports import free_port
from edge_api.settings import Settings
from edge_api.web.static import TYPES
from tests.edge_api.served import House, Someone, served
from tests.edge_api.shelf import Shelf

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
LOCATIONS = Path(__file__).resolve().parents[2] / "deploy" / "nginx-locations.conf"
ONCE = (
    "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy", "Permissions-Policy", "Cache-Control",
)  # fmt: skip
CONFIGURATION = """
pid {home}/pid; error_log {home}/error.log; daemon off; worker_processes 1; {user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {home}/a; proxy_temp_path {home}/b; fastcgi_temp_path {home}/c; uwsgi_temp_path {home}/d;
    scgi_temp_path {home}/e;
    server {{ listen 127.0.0.1:{port}; include {home}/locations.conf; }}
}}
"""


@pytest.fixture(scope="module")
def house(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(shelf, tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture(scope="module")
def outside(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Someone]:
    """Somebody who comes by nginx, which hands on what the edge answers."""
    home, port = tmp_path_factory.mktemp("nginx"), free_port()
    changed = LOCATIONS.read_text(encoding="utf-8").replace("/srv/duplex/site", str(house.shelf.site))
    (home / "locations.conf").write_text(changed.replace("127.0.0.1:9000", house.origin.removeprefix("http://")))
    user = "user root;" if os.getuid() == 0 else ""
    (home / "nginx.conf").write_text(CONFIGURATION.format(home=home, port=port, user=user))
    process = subprocess.Popen([str(NGINX), "-c", str(home / "nginx.conf")], stderr=subprocess.PIPE)
    visitor = Someone(f"http://127.0.0.1:{port}")
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        with suppress(OSError):
            visitor.ask("GET", "/healthz")
            break
        time.sleep(0.02)
    try:
        yield visitor
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_the_examples_for_nginx_and_systemd_speak_of_the_same_folders() -> None:
    nginx, unit = (LOCATIONS.with_name(name).read_text(encoding="utf-8") for name in (LOCATIONS.name, "duplex.service"))
    home = re.search(r"^WorkingDirectory=(.+)$", unit, re.MULTILINE)
    assert home is not None
    assert f"root {home[1]}/{Settings().site};" in nginx
    for place in (Settings().media, Settings().clips):
        assert f"alias {home[1]}/{place}/;" in nginx
        assert f"ReadWritePaths={home[1]}/{place.partition('/')[0]}\n" in unit


def test_nginx_tells_the_types_that_the_service_tells() -> None:
    block = re.search(r"^types \{(.*?)\}", LOCATIONS.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert block is not None
    lines = [line.rstrip(";").split() for line in block[1].split("\n") if line.strip()]
    told = {f".{suffix}": kind for kind, *suffixes in lines for suffix in suffixes}
    assert told == {suffix: kind.partition(";")[0] for suffix, kind in TYPES.items()}


@pytest.mark.skipif(NGINX is None, reason="no nginx on this machine")
def test_every_answer_behind_nginx_says_each_thing_once(outside: Someone, house: House) -> None:
    """Requirement 36: twice said, Cross-Origin-Opener-Policy says nothing, and Cache-Control its opposite."""
    ours = {"Host": house.origin.removeprefix("http://"), "Origin": house.origin}
    poster = f"{house.shelf.sheet.id}/{house.shelf.sheet.version}/poster.jpg"
    asked = [
        ("GET", "/", 200), ("GET", "/en/nowhere", 404), ("GET", "/api/me", 401), ("POST", "/api/sign-out", 204),
        ("GET", f"/media/{poster}", 200), ("GET", "/d/x/y", 404), ("GET", "/not-me/x", 200),
    ]  # fmt: skip
    for method, path, status in asked:
        answer = outside.ask(method, path, **ours)
        assert answer.status == status, path
        for name in ONCE:
            assert len(answer.headers.get_all(name) or []) == 1, (path, name)
    assert "immutable" in outside.ask("GET", f"/media/{poster}", **ours).headers["Cache-Control"]
    assert outside.ask("GET", "/", **ours).headers["Content-Type"] == "text/html; charset=utf-8"
    assert outside.ask("POST", "/api/sign-in", b"x" * 100_000, **ours).status == 413


@pytest.mark.skipif(NGINX is None, reason="no nginx on this machine")
def test_nginx_compresses_the_site_and_nothing_that_may_be_a_members(outside: Someone, house: House) -> None:
    ours = {"Host": house.origin.removeprefix("http://"), "Accept_Encoding": "gzip"}
    (house.shelf.site / "long.css").write_text("a { color: red }\n" * 200)
    assert outside.ask("GET", "/long.css", **ours).headers["Content-Encoding"] == "gzip"
    answer = outside.ask("GET", "/api/openapi.json", **ours)
    assert (len(answer.body) > 10_000, answer.headers["Content-Encoding"]) == (True, None), answer.status
