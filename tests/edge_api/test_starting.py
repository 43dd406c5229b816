"""Starting and stopping: what an operator can count on."""

import re
import secrets
import signal
import socket
import stat
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bench.ports import free_port
from edge_api.environment import read_settings
from edge_api.keys import make_keys
from edge_api.serve import listen
from tests.edge_api.house import House
from tests.edge_api.processes import run, served


def test_ctrl_c_ends_the_service_at_once_and_well_even_with_an_open_connection(tmp_path: Path) -> None:
    with served(tmp_path) as (port, process), socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        assert line.recv(15) == b"HTTP/1.1 200 OK"
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said
        assert "Traceback" not in said
        assert f"http://127.0.0.1:{port}/dev/mail" in said


def test_who_asks_for_a_websocket_gets_the_answer_of_anybody_else(tmp_path: Path) -> None:
    """Requirement 36, and 38: it must not depend on what libraries happen to be installed."""
    asked = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
    with served(tmp_path) as (port, _):
        for host, status in ((f"127.0.0.1:{port}", b" 401 "), ("evil.example", b" 400 ")):
            with socket.create_connection(("127.0.0.1", port)) as line:
                line.sendall(f"GET /api/me HTTP/1.1\r\nHost: {host}\r\n".encode() + asked)
                said = line.recv(4096)
            assert status in said
            assert b"content-security-policy: default-src 'none'" in said
            assert b"WebSocket" not in said


def test_a_page_does_not_wait_for_the_far_end_to_confirm_its_head() -> None:
    """asyncio sets TCP_NODELAY on what it accepts, but only where the listening socket names its protocol."""
    port = free_port()
    with listen(read_settings({"DUPLEX_ORIGIN": f"http://127.0.0.1:{port}"})) as listener:
        assert listener.proto == socket.IPPROTO_TCP


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
            # The cure names the setting that would help.
            named = run(tmp_path, *words, port=port, DUPLEX_LISTEN=f"127.0.0.1:{port}")
            assert named.stderr == ended.stderr.replace("DUPLEX_ORIGIN=http://", "DUPLEX_LISTEN=")
    assert run(tmp_path, "serve", "--check", port=port).returncode == 0


def test_the_first_start_makes_keys_that_only_their_owner_reads(tmp_path: Path) -> None:
    with served(tmp_path):
        mode = (tmp_path / "var/secrets.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_lost_database_is_made_anew_and_said_so(tmp_path: Path) -> None:
    (tmp_path / "var/mail").mkdir(parents=True)
    (tmp_path / "var/mail/kept.eml").write_text("kept")
    make_keys(tmp_path / "var/secrets.json", secrets.token_bytes)
    keys = (tmp_path / "var/secrets.json").read_bytes()
    told = []
    for _ in ("lost", "there"):
        with served(tmp_path) as (_, process):
            process.send_signal(signal.SIGINT)
            told.append("made anew" in process.communicate(timeout=60)[0])
    assert told == [True, False]
    assert (tmp_path / "var/mail/kept.eml").read_text() == "kept"
    assert (tmp_path / "var/secrets.json").read_bytes() == keys


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


@pytest.mark.parametrize(
    "setting", ["DUPLEX_DATABASE", "DUPLEX_SECRETS", "DUPLEX_MEDIA", "DUPLEX_CLIPS", "DUPLEX_MAIL"]
)
def test_a_place_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path, setting: str) -> None:
    (tmp_path / "in-the-way").write_text("a file")
    kind = {"DUPLEX_DATABASE": "sqlite+aiosqlite:///", "DUPLEX_MAIL": "folder:"}.get(setting, "")
    ended = run(tmp_path, "serve", port=free_port(), **{setting: f"{kind}in-the-way/it"})
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "in-the-way/it cannot be" in ended.stderr


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


def test_work_behind_the_service_that_dies_is_told_and_the_service_still_ends_well(house: House) -> None:
    with capture_logs() as told, house.again(at_work=True, mail="smtp://[") as open_house:
        assert open_house.client.get("/healthz").status_code == 200
    assert [line["log_level"] for line in told if line["event"].startswith("work behind")] == ["critical"]
