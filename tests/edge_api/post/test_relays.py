"""What a relay is told and what its answers decide: in the clear, over TLS, refused, hung, or dropped."""

from __future__ import annotations

import ssl
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme
from sqlalchemy import select

from bench.relay import PASSWORD, USER, Relay
from edge_api.post import postman
from edge_api.post.mailer import SmtpMailer
from edge_api.schema import outbox as table
from edge_api.schema import subscriptions
from edge_api.world import World
from tests.edge_api.house import House
from tests.edge_api.post.posting import post
from tests.edge_api.post.subscribers import begin

LOGIN = "duplex:mot%20de%20passe"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca(authority: trustme.CA, tmp_path: Path) -> Path:
    """The authority's certificate as a file."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return tmp_path / "ca.pem"


@pytest.fixture
def shield(authority: trustme.CA) -> ssl.SSLContext:
    """What the relay shows: a certificate of its own for this machine."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost", "127.0.0.1", "0.0.0.0").configure_cert(context)
    return context


async def rows(world: World) -> list[dict[str, Any]]:
    async with world.database.read() as c:
        return [dict(row) for row in (await c.execute(select(table))).mappings()]


def told(house: House, relay: Relay, url: str, patience_s: float = 20.0, **how: Any) -> dict[str, Any]:
    """Sends one letter by a relay that listens in this way, once; the letter's row after that."""

    async def story() -> dict[str, Any]:
        await post(house.world)
        async with relay.listening(**how) as port:
            await postman.deliver(house.world, SmtpMailer(url.format(port=port), patience_s=patience_s))
        [row] = await rows(house.world)
        return row

    row: dict[str, Any] = house.call(story)
    return row


def test_letters_go_over_tls_from_the_first_byte(house: House, ca: Path, shield: ssl.SSLContext) -> None:
    relay = Relay()
    row = told(house, relay, f"smtps://127.0.0.1:{{port}}?ca={ca}", tls=shield)
    assert row["sent_ms"] is not None, row
    assert len(relay.letters()) == 1


def test_letters_go_over_starttls_with_the_password_told_only_there(
    house: House, ca: Path, shield: ssl.SSLContext
) -> None:
    relay = Relay()
    row = told(house, relay, f"smtp://{LOGIN}@0.0.0.0:{{port}}?ca={ca}", start_tls=shield, login=True)
    assert row["sent_ms"] is not None, row
    assert relay.secure == [True]
    assert (USER, PASSWORD) == ("duplex", "mot de passe")


def test_a_password_is_not_told_to_a_relay_without_tls(house: House) -> None:
    relay = Relay()
    row = told(house, relay, f"smtp://{LOGIN}@0.0.0.0:{{port}}")
    assert (row["sent_ms"], row["dead_ms"]) == (None, None)
    assert relay.kept == []


def test_a_wrong_password_costs_no_letter(house: House, ca: Path, shield: ssl.SSLContext) -> None:
    relay = Relay()
    row = told(house, relay, f"smtp://duplex:wrong@127.0.0.1:{{port}}?ca={ca}", start_tls=shield, login=True)
    assert (row["sent_ms"], row["dead_ms"]) == (None, None)
    assert row["problem"] == "the server does not let us in (535)"


def test_a_certificate_of_somebody_else_gets_no_letter(house: House, tmp_path: Path, shield: ssl.SSLContext) -> None:
    relay, other = Relay(), tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    for url in (f"smtps://127.0.0.1:{{port}}?ca={other}", "smtps://127.0.0.1:{port}"):
        house.rows("DELETE FROM outbox")
        row = told(house, relay, url, tls=shield)
        assert (row["sent_ms"], row["dead_ms"]) == (None, None)
    assert relay.kept == []


ANSWERS: dict[str, tuple[Relay, str]] = {
    "taken": (Relay(), "sent"),
    "taken, and dropped before the farewell": (Relay(farewell="drop"), "sent"),
    "recipient later": (Relay(rcpt="451 4.7.1 later"), "waiting"),
    "recipient refused": (Relay(rcpt="550 5.7.1 we do not like you"), "dead"),
    "no such mailbox": (Relay(rcpt="550 5.1.1 no such person"), "dead"),
    "text later": (Relay(data="452 full"), "waiting"),
    "text refused": (Relay(data="554 spam"), "dead"),
    "shutting down": (Relay(data="421 going away"), "waiting"),
    "dropped at the recipient": (Relay(rcpt="drop"), "waiting"),
    "dropped after the text": (Relay(data="drop"), "waiting"),
    "hung at the recipient": (Relay(rcpt="hang"), "waiting"),
    "hung after the text": (Relay(data="hang"), "waiting"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_the_relay_does_decides(house: House, case: str) -> None:
    made, state = ANSWERS[case]
    relay = replace(made, kept=[])
    # Only what hangs is waited for in vain; whatever answers has the time that a busy machine takes.
    row = told(house, relay, "smtp://127.0.0.1:{port}", patience_s=0.3 if case.startswith("hung") else 20.0)
    assert (row["sent_ms"] is not None) == (state == "sent"), row
    assert (row["dead_ms"] is not None) == (state == "dead"), row
    assert len(relay.kept) == (state == "sent")
    assert "nina" not in row["problem"]
    if state == "waiting":
        assert row["due_ms"] > house.now
        assert row["leased_ms"] == 0


@pytest.mark.parametrize(("answer", "states"), [("550 5.1.1 no such person", []), ("550 5.7.1 no", [("confirmed",)])])
def test_only_a_mailbox_that_does_not_exist_ends_a_subscription(
    house: House, answer: str, states: list[tuple[str]]
) -> None:
    async def story() -> None:
        relay = Relay(rcpt=answer)
        async with relay.listening() as port:
            await postman.deliver(house.world, SmtpMailer(f"smtp://127.0.0.1:{port}"))

    house.rows(
        "INSERT INTO subscriptions (id, email, email_key, lang, state, asked_ms, confirmed_ms) "
        "VALUES ('5', 'nina@exemple.fr', 'nina@exemple.fr', 'fr', 'confirmed', 1, 1)"
    )
    begin(house)
    house.call(story)
    assert house.rows(str(select(subscriptions.c.state))) == states


def test_the_one_click_header_arrives_as_an_address(house: House) -> None:
    async def story() -> list[bytes]:
        relay = Relay()
        async with relay.listening() as port:
            await postman.deliver(house.world, SmtpMailer(f"smtp://127.0.0.1:{port}"))
        return relay.kept

    house.rows(
        "INSERT INTO subscriptions (id, email, email_key, lang, state, asked_ms, confirmed_ms) "
        f"VALUES ('{'5' * 32}', 'nina@exemple.fr', 'nina@exemple.fr', 'fr', 'confirmed', 1, 1)"
    )
    begin(house)
    [raw] = house.call(story)
    lines = raw.split(b"\r\n")
    [leave] = [line for line in lines if line.startswith(b"List-Unsubscribe:")]
    assert leave.startswith(b"List-Unsubscribe: <http://127.0.0.1:8000/newsletter/leave/k1.")
    assert leave.endswith(b">")
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
