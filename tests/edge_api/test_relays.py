"""Whatever the relay does, every letter reaches it once: in the clear, over TLS, refused, hung, dropped, or killed."""

from __future__ import annotations

import asyncio
import os
import random
import ssl
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from bench.relay import PASSWORD, USER, Relay
from edge_api import outbox, postman
from edge_api.letters import Letter
from edge_api.mailer import Mailer, SmtpMailer
from edge_api.schema import outbox as table
from edge_api.schema import subscriptions
from edge_api.serve import clock as real_clock
from edge_api.world import World
from tests.edge_api.house import House
from tests.edge_api.test_issues import begin

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


async def post(world: World, to: str = "nina@exemple.fr", now_ms: int | None = None) -> str:
    id = world.random(16).hex()
    async with world.database.write() as c:
        letter = Letter("already_member", "fr", to)
        await outbox.post(c, id=id, letter=letter, now_ms=now_ms or world.clock())
    return id


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
    row = told(house, relay, "smtp://127.0.0.1:{port}", patience_s=0.3)
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


def test_a_letter_to_nobody_costs_the_relay_as_many_words_and_is_never_named(house: House) -> None:
    heard: list[str] = []

    class Listening(Relay):
        async def handle_NOOP(self, server: SMTP, session: Session, envelope: Envelope, arg: str) -> str:
            heard.append("noop")
            return "250 OK"

    relay = Listening(seen=heard.append)

    async def story() -> None:
        for to in (outbox.NOBODY, "nina@exemple.fr", outbox.NOBODY):
            await post(house.world, to)
        async with relay.listening() as port:
            await postman.deliver(house.world, SmtpMailer(f"smtp://127.0.0.1:{port}"))

    house.call(story)
    assert [str(letter["To"]) for letter in relay.letters()] == ["nina@exemple.fr"]
    assert heard.count("noop") == 8
    assert house.rows("SELECT problem, tries FROM outbox ORDER BY problem") == [
        ("", 1),
        ("to nobody", 1),
        ("to nobody", 1),
    ]


async def _at_work(house: House, relay: Relay, letters: int) -> None:
    """A postman walks until the relay has so many letters."""
    enough, told = asyncio.Event(), relay.seen

    def seen(step: str) -> None:
        told(step)
        if len(relay.kept) >= letters:
            enough.set()

    relay.seen = seen
    async with relay.listening() as port:
        walking = asyncio.create_task(postman.run(house.world, SmtpMailer(f"smtp://127.0.0.1:{port}")))
        try:
            await asyncio.wait_for(enough.wait(), 15)
        finally:
            walking.cancel()
            await asyncio.gather(walking, return_exceptions=True)


def test_a_letter_that_hangs_holds_up_no_other(house: House) -> None:
    relay = Relay(rcpt=lambda address: "hang" if address.startswith("hung") else "250 OK")

    async def story() -> None:
        for name in ("hung0", "hung1", "hung2", *(f"r{n}" for n in range(12))):
            await post(house.world, f"{name}@exemple.fr")
        # Each answer is waited for twenty seconds, longer than this takes.
        await _at_work(house, relay, letters=12)

    house.call(story)
    assert {str(letter["To"]) for letter in relay.letters()} == {f"r{n}@exemple.fr" for n in range(12)}


def test_letters_that_follow_each_other_share_a_connection(house: House) -> None:
    steps: list[str] = []
    relay = Relay(seen=steps.append, data=lambda address: "451 later" if address.startswith("r5@") else "250 taken")

    async def story() -> None:
        for n in range(30):
            await post(house.world, f"r{n}@exemple.fr")
        await _at_work(house, relay, letters=29)

    house.call(story)
    # Four at once, and one anew after the letter that was refused.
    assert steps.count("hello") <= 5
    assert steps.count("data") == 30


def test_a_connection_that_the_server_ended_meanwhile_costs_no_letter(house: House) -> None:
    relay = Relay(farewell="drop")

    async def story() -> None:
        for n in range(12):
            await post(house.world, f"r{n}@exemple.fr")
        await _at_work(house, relay, letters=12)

    house.call(story)
    assert Counter(str(letter["To"]) for letter in relay.letters()) == Counter(f"r{n}@exemple.fr" for n in range(12))
    assert house.rows("SELECT count(*) FROM outbox WHERE tries > 1") == [(0,)]


def test_a_flapping_relay_loses_no_letter_and_gets_none_twice(house: House) -> None:
    chance = random.Random(7)

    def mood(address: str) -> str:
        return chance.choices(["250 taken", "451 later", "421 going", "drop"], [6, 2, 1, 1])[0]

    async def story() -> Counter[str]:
        relay = Relay(data=mood, rcpt=lambda address: "250 OK" if chance.random() < 0.9 else "450 later")
        for n in range(40):
            await post(house.world, f"r{n}@exemple.fr")
        async with relay.listening() as port:
            await _until_empty(house, SmtpMailer(f"smtp://127.0.0.1:{port}"))
        return Counter(str(letter["To"]) for letter in relay.letters())

    assert house.call(story) == Counter(f"r{n}@exemple.fr" for n in range(40))


async def _until_empty(house: House, mailer: Mailer) -> None:
    while True:
        while await postman.deliver(house.world, mailer):
            pass
        async with house.world.database.read() as c:
            if not (await outbox.count(c)).waiting:
                return
        house.now += 60 * 60_000


def test_a_postman_killed_at_any_step_loses_nothing_and_repeats_only_what_was_in_his_hands(house: House) -> None:
    steps = ["hello", "recipient", "data", "taken", ""]

    async def story() -> list[tuple[str, str]]:
        relay, began = Relay(), real_clock()
        for n in range(12):
            await post(house.world, f"r{n}@exemple.fr", now_ms=began)
        async with relay.listening() as port:
            for number, step in enumerate(steps):
                await _live_until(house, relay, port, step, number * 130_000)
                async with house.world.database.read() as c:
                    noted = 12 - sum((await outbox.count(c)).waiting.values())
                # Four letters are in a postman's hands at once: so many may be taken and not noted at each death.
                assert len(relay.letters()) - noted <= 4 * min(number + 1, 4)
        return [(str(letter["To"]), str(letter["Message-ID"])) for letter in relay.letters()]

    came: list[tuple[str, str]] = house.call(story)
    assert {to for to, _ in came} == {f"r{n}@exemple.fr" for n in range(12)}
    assert len({id for _, id in came}) == 12
    assert house.rows("SELECT count(*) FROM outbox WHERE sent_ms IS NULL") == [(0,)]


async def _live_until(house: House, relay: Relay, port: int, step: str, forward_ms: int) -> None:
    """A postman in a process of his own, killed when the relay sees a step; one who lives empties the outbox."""
    settings = house.settings
    words = [settings.database, str(settings.secrets), f"smtp://127.0.0.1:{port}", str(forward_ms)]
    program = [sys.executable, "-m", "tests.edge_api.postman_alone", *words]
    child = await asyncio.create_subprocess_exec(*program, cwd=Path(__file__).parents[2], env=os.environ)
    relay.seen = _kills(child, step)
    assert (await child.wait() == 0) == (step == "")


def _kills(child: asyncio.subprocess.Process, at: str) -> Callable[[str], None]:
    def seen(step: str) -> None:
        if step == at and child.returncode is None:
            child.kill()

    return seen
