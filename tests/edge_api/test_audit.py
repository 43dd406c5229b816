"""What happened can be known afterwards, and neither the log nor the figures give anybody away."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog

from edge_api.audit import EVENTS
from edge_api.keeping.figures import metrics_app
from edge_api.logs import clean, harmless, say_less
from edge_api.settings import Settings
from tests.edge_api.house import GOOD, OTHER, House

ROOT = Path(__file__).parents[2]
NINA = "nina@exemple.fr"


@contextmanager
def read_log() -> Iterator[list[dict[str, Any]]]:
    """What a server would log within the block."""
    before, sys.stderr, kept = sys.stderr, io.StringIO(), structlog.get_config()
    found: list[dict[str, Any]] = []
    try:
        say_less(Settings(origin="https://duplex.example", secrets=Path("x")))
        yield found
        assert isinstance(sys.stderr, io.StringIO)
        found += [json.loads(line) for line in sys.stderr.getvalue().splitlines()]
    finally:
        sys.stderr = before
        structlog.configure(**kept)


def test_the_whole_life_of_an_account_is_told_without_one_secret(house: House) -> None:
    """Requirement 45."""
    with read_log() as log:
        nina = house.visitor()
        nina.post("/api/sign-up", {"email": NINA, "password": GOOD, "lang": "fr"})
        code = house.code(NINA)
        wrong = f"{(int(code) + 1) % 10**8:08d}"
        nina.post("/api/sign-up/verify", {"code": wrong})
        nina.post("/api/sign-up/verify", {"code": code})
        nina.post("/api/newsletter")
        nina.post("/api/password", {"current": GOOD, "password": OTHER})
        nina.get("/api/me/export")
        token = nina.cookies["duplex_session"]
        nina.post("/api/sign-out")
        nina.post("/api/sign-in", {"email": NINA, "password": GOOD})
        nina.post("/api/sign-in", {"email": NINA, "password": OTHER})
        nina.post("/api/me/delete", {"password": OTHER})
        nina.ask("POST", "/api/sign-out", Sec_Fetch_Site="cross-site")
        house.letters(NINA)
    told = [line["event"] for line in log if line.get("audit")]
    assert [event for event in told if not event.startswith("letter")] == [
        "sign-up begun", "code refused", "account opened", "newsletter confirmed", "password changed", "data exported",
        "signed out", "sign-in refused", "signed in", "account erased", "request refused",
    ]  # fmt: skip
    # Of what waited when the account was erased nothing is sent any more, but the letter that says so.
    assert told.count("letter sent") == 2
    everything = json.dumps(log, ensure_ascii=False)
    for secret in (NINA, "nina", GOOD, OTHER, code, code[:4] + " " + code[4:], wrong, token):
        assert secret not in everything
    account = next(line["account"] for line in log if line["event"] == "account opened")
    assert {line["account"] for line in log if line["event"] in ("signed in", "account erased")} == {account}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line["timestamp"]) for line in log)


def test_every_event_is_documented_and_every_documented_event_exists() -> None:
    rows = re.findall(r"^\| `([a-z -]+)` \| (.+) \|$", (ROOT / "deploy" / "EVENTS.md").read_text("utf-8"), re.M)
    assert dict(rows) == dict(EVENTS)


def test_every_event_is_written_down_somewhere() -> None:
    code = "".join(file.read_text("utf-8") for file in (ROOT / "edge_api").rglob("*.py") if file.name != "audit.py")
    assert [event for event in EVENTS if f'"{event}"' not in code] == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("line\nforged\r\x1b[31m", "line\\x0aforged\\x0d\\x1b[31m"),
        ("\u202egnihsif\u2028", "\\u202egnihsif\\u2028"),
        ("Key (email_key)=(nina@exemple.fr) exists", "Key (email_key)=([removed]) exists"),
        ("smtps://duplex:secret@relay.example", "smtps://[removed]@relay.example"),
        ("code 1234 5678.", "code [removed]."),
        (f"/newsletter/leave/k1.{'d' * 48}.{'m' * 22}", "/newsletter/leave/[removed]"),
        (f"/d/k1.1790000000.{'a' * 32}.{'m' * 22}/film.mp4", "/d/[removed]/film.mp4"),
        (f"session {'ab' * 32}", "session [removed]"),
        ("2026-11-24T20:14:15Z, 1790000000000 ms, Zoë", "2026-11-24T20:14:15Z, 1790000000000 ms, Zoë"),
    ],
)
def test_secrets_are_blotted_out_and_signs_that_command_are_spelled_out(said: str, kept: str) -> None:
    """Requirement 45."""
    assert harmless(said) == kept


def test_a_secret_is_blotted_out_by_its_name_at_any_depth() -> None:
    line = clean(None, "info", {"event": "x", "password": "a", "facts": [{"Token": "b", "n": 1}], "raw": b"c"})
    assert line == {
        "event": "x", "password": "[removed]", "facts": [{"Token": "[removed]", "n": 1}], "raw": "[removed]"
    }  # fmt: skip


def test_a_crash_is_told_without_what_the_person_typed(house: House) -> None:
    house.rows("ALTER TABLE limits RENAME TO limits_away")
    with read_log() as log:
        answer = house.visitor().post("/api/sign-in", {"email": NINA, "password": GOOD})
        assert answer.status == 500
    assert NINA not in json.dumps(log)
    assert GOOD not in json.dumps(log, ensure_ascii=False)


def figures(house: House) -> dict[str, float]:
    async def scrape() -> str:
        transport = httpx2.ASGITransport(app=metrics_app(house.world))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:9464") as client:
            assert (await client.get("/")).status_code == 404
            return (await client.get("/metrics")).text

    lines = [line.rpartition(" ") for line in house.call(scrape).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_the_figures_count_requests_events_and_letters_and_name_nobody(house: House) -> None:
    reader = house.member(NINA)
    reader.post("/api/newsletter")
    reader.get("/d/k1.1790000000.aa.bbbbbbbbbbbbbbbbbbbbbb/film.mp4")
    reader.ask("PROPFIND", "/")
    found = figures(house)
    assert found['duplex_letters_waiting{lane="urgent"}'] == 1
    assert found['duplex_letters_total{kind="sign_up_code",outcome="sent"}'] == 1
    assert found['duplex_events_total{event="account opened"}'] == 1
    assert found['duplex_subscribers{lang="fr"}'] == 1
    assert found["duplex_accounts"] == 1
    assert found["duplex_letters_dead"] == 0
    assert found['duplex_requests_total{method="GET",route="/d/{token}/{filename}",status="404"}'] == 1
    assert not any("exemple" in name or "k1." in name for name in found)


def test_the_figures_are_not_on_the_public_address(house: House) -> None:
    assert house.visitor().get("/metrics").status == 404
