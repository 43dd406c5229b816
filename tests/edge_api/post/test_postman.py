"""The postman at work: letters that hang, shared connections, relays that flap, and what a killed one leaves."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.relay import Relay
from edge_api.post import outbox, postman
from edge_api.post.mailer import Mailer, SmtpMailer
from edge_api.serve import clock as real_clock
from tests.edge_api.house import House
from tests.edge_api.post.posting import post


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
            await asyncio.wait_for(enough.wait(), 60)
        finally:
            walking.cancel()
            await asyncio.gather(walking, return_exceptions=True)


def test_a_letter_that_hangs_holds_up_no_other(house: House) -> None:
    relay = Relay(rcpt=lambda address: "hang" if address.startswith("hung") else "250 OK")

    async def story() -> None:
        for name in ("hung0", "hung1", "hung2", *(f"r{n}" for n in range(12))):
            await post(house.world, f"{name}@exemple.fr")
        # Each of the three that hang keeps a place of the four for twenty seconds.
        await _at_work(house, relay, letters=12)

    house.call(story)
    assert {str(letter["To"]) for letter in relay.letters()} == {f"r{n}@exemple.fr" for n in range(12)}


def test_letters_that_follow_each_other_share_a_connection(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # The lane of issues finds nothing all the while: it must not take leave for the other.
    monkeypatch.setattr(postman, "_IDLE_S", 0.001)
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
    program = [sys.executable, "-m", "tests.edge_api.post.postman_alone", *words]
    child = await asyncio.create_subprocess_exec(*program, cwd=Path(__file__).parents[3], env=os.environ)
    relay.seen = _kills(child, step)
    assert (await child.wait() == 0) == (step == "")


def _kills(child: asyncio.subprocess.Process, at: str) -> Callable[[str], None]:
    def seen(step: str) -> None:
        if step == at and child.returncode is None:
            child.kill()

    return seen
