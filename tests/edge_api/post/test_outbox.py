"""No letter is lost, none is sent twice, and one that cannot be sent holds up no other."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select

from edge_api import tokens
from edge_api.codes import LIFE_MS, code_of, read_code
from edge_api.database import Database
from edge_api.keys import KeyRing
from edge_api.passwords import Hasher
from edge_api.post import outbox
from edge_api.post.letters import Letter
from edge_api.post.mailer import FolderMailer, SmtpMailer, Temporary
from edge_api.post.postman import deliver, run
from edge_api.post.writing import CODES, LINKS
from edge_api.schema import challenges, flows, metadata
from edge_api.schema import outbox as table
from edge_api.settings import Settings
from edge_api.world import World

START = 1_790_000_000_000
CHALLENGE = "ab" * 16


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


def chance() -> Callable[[int], bytes]:
    drawn = iter(range(1, 100_000))
    return lambda n: next(drawn).to_bytes(n)


def in_a_world(folder: Path, story: Callable[[World, Clock], Awaitable[None]]) -> None:
    """Runs a story on an empty database of its own."""

    async def live() -> None:
        clock, ring = Clock(), KeyRing({"k1": b"s" * 48})
        database = Database(f"sqlite+aiosqlite:///{folder / 'duplex.db'}")
        hasher = Hasher(ring.all("passwords"), ring.kid, cost=4)
        settings = Settings(mail=f"folder:{folder / 'mail'}")
        try:
            async with database.write() as c:
                await c.run_sync(metadata.create_all)
            await story(World(settings, clock, chance(), ring, database, hasher), clock)
        finally:
            hasher.close()
            await database.close()

    asyncio.run(live())


async def post(world: World, kind: str = "already_member", to: str = "nina@exemple.fr", **more: str) -> str:
    id = world.random(16).hex()
    expires = world.clock() + LIFE_MS if "challenge" in more else None
    async with world.database.write() as c:
        letter = Letter(kind, "fr", to, more)
        await outbox.post(c, id=id, letter=letter, now_ms=world.clock(), expires_ms=expires)
    return id


async def challenge(world: World, **changed: object) -> None:
    """The challenge that a code letter speaks of, in a flow of its own."""
    flow = {"id": "f" * 64, "kind": "reset", "email": "n", "email_key": "n", "lang": "fr", "newsletter": False}
    times = {"return_to": "/", "created_ms": world.clock(), "expires_ms": world.clock() + 4 * LIFE_MS}
    told = {"id": CHALLENGE, "flow_id": "f" * 64, "purpose": "reset", "kid": "k1", "tries": 0}
    life = {"created_ms": world.clock(), "expires_ms": world.clock() + LIFE_MS}
    async with world.database.write() as c:
        await c.execute(flows.insert().values(**flow, **times))
        await c.execute(challenges.insert().values(**told, **{**life, **changed}))


async def row_of(world: World, id: str) -> dict[str, object]:
    async with world.database.read() as c:
        return dict((await c.execute(select(table).where(table.c.id == id))).mappings().one())


def letters_in(folder: Path) -> list[EmailMessage]:
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in sorted(folder.glob("*.eml"))]
    return [message for message in found if isinstance(message, EmailMessage)]


def test_a_letter_to_nobody_is_written_like_any_other_and_goes_nowhere(tmp_path: Path) -> None:
    async def story(world: World, clock: Clock) -> None:
        await challenge(world)
        facts = {"purpose": "reset", "challenge": CHALLENGE, "kid": "k1"}
        ids = [await post(world, "reset_code", to=to, **facts) for to in ("nina@exemple.fr", outbox.NOBODY)]
        assert await deliver(world, FolderMailer(tmp_path / "mail")) == 2
        assert [message["To"] for message in letters_in(tmp_path / "mail")] == ["nina@exemple.fr"]
        rows = [await row_of(world, id) for id in ids]
        assert [(row["sent_ms"], row["dead_ms"], row["problem"]) for row in rows] == [
            (START, None, ""),
            (None, START, outbox.TO_NOBODY),
        ]
        assert {(row["tries"], row["facts"]) for row in rows} == {(1, "{}")}
        async with world.database.read() as c:
            assert await outbox.count(c) == outbox.Count({}, 0, None)
            assert await outbox.dead(c) == []

    in_a_world(tmp_path, story)


def test_a_code_is_in_the_letter_and_nowhere_in_the_database(tmp_path: Path) -> None:
    async def story(world: World, clock: Clock) -> None:
        await challenge(world)
        id = await post(world, "sign_up_code", purpose="sign-up", challenge=CHALLENGE, kid="k1")
        before = json.dumps(await row_of(world, id))
        assert await deliver(world, FolderMailer(tmp_path / "mail")) == 1
        row = await row_of(world, id)
        assert row["sent_ms"] == START
        [message] = letters_in(tmp_path / "mail")
        body = message.get_body(("plain",))
        assert body is not None
        text = str(body.get_content())
        key = world.keys.key(CODES)
        assert key is not None
        code = code_of(key, "sign-up", CHALLENGE)
        assert code in [read_code(line) for line in text.splitlines()]
        assert code not in before + json.dumps(row)
        token = re.search(r"/not-me/(\S+)", text)
        assert token is not None
        assert tokens.read(world.keys.all(LINKS), "not-me", token[1]) == [CHALLENGE, "fr"]
        assert await deliver(world, FolderMailer(tmp_path / "mail")) == 0

    in_a_world(tmp_path, story)


def test_a_code_letter_that_comes_too_late_is_never_sent(tmp_path: Path) -> None:
    async def story(world: World, clock: Clock) -> None:
        id = await post(world, "reset_code", purpose="reset", challenge=CHALLENGE)
        clock.now += LIFE_MS
        assert await deliver(world, FolderMailer(tmp_path / "mail")) == 0
        assert letters_in(tmp_path / "mail") == []
        assert (await row_of(world, id))["problem"] == "expired"

    in_a_world(tmp_path, story)


def test_a_poisoned_letter_holds_up_no_other_and_dies_in_the_end(tmp_path: Path) -> None:
    async def story(world: World, clock: Clock) -> None:
        poisoned = await post(world, "no_such_letter")
        misaddressed = await post(world, to="nobody")
        fine = [await post(world) for _ in range(6)]
        for _ in range(20):
            await deliver(world, FolderMailer(tmp_path / "mail"))
        assert len(letters_in(tmp_path / "mail")) == len(fine)
        for _ in range(20):
            clock.now += 2 * 60 * 60_000
            await deliver(world, FolderMailer(tmp_path / "mail"))
        for id in (poisoned, misaddressed):
            row = await row_of(world, id)
            assert (row["dead_ms"] is not None, row["tries"]) == (True, outbox.MOST_TRIES)
            assert "nobody" not in str(row["problem"])

    in_a_world(tmp_path, story)


def test_a_postman_who_falls_leaves_his_letters_to_the_next(tmp_path: Path) -> None:
    """Requirement 48."""

    async def story(world: World, clock: Clock) -> None:
        await post(world)
        async with world.database.write() as c:
            assert len(await outbox.claim(c, clock.now, 60_000, 10)) == 1
        async with world.database.write() as c:
            assert await outbox.claim(c, clock.now + 59_999, 60_000, 10) == []
            assert len(await outbox.claim(c, clock.now + 60_000, 60_000, 10)) == 1

    in_a_world(tmp_path, story)


def test_two_postmen_never_hold_the_same_letter(tmp_path: Path) -> None:
    async def story(world: World, clock: Clock) -> None:
        posted = [await post(world) for _ in range(20)]

        async def claim() -> list[str]:
            async with world.database.write() as c:
                return [waiting.id for waiting in await outbox.claim(c, clock.now, 60_000, 3)]

        held = [id for ids in await asyncio.gather(*(claim() for _ in range(10))) for id in ids]
        assert sorted(held) == sorted(posted)

    in_a_world(tmp_path, story)


def test_each_failure_waits_longer_than_the_one_before(tmp_path: Path) -> None:
    class Away:
        async def send(self, message: EmailMessage, id: str, at_ms: int) -> None:
            raise Temporary("no connection")

        async def rehearse(self, message: EmailMessage, id: str) -> None:
            """Nothing is handed over."""

        async def rest(self) -> None:
            """Nothing is kept."""

    async def story(world: World, clock: Clock) -> None:
        id = await post(world)
        waits = []
        for _ in range(4):
            assert await deliver(world, Away()) == 1
            due = (await row_of(world, id))["due_ms"]
            assert isinstance(due, int)
            waits.append(due - clock.now)
            assert await deliver(world, Away()) == 0
            clock.now = due
        assert waits == sorted(waits)
        assert waits[0] >= 12_000
        assert waits[3] > 4 * waits[0]

    in_a_world(tmp_path, story)


def test_the_postman_wakes_when_a_letter_is_posted(tmp_path: Path) -> None:
    class Bell:
        def __init__(self) -> None:
            self.rung = asyncio.Event()

        async def send(self, message: EmailMessage, id: str, at_ms: int) -> None:
            self.rung.set()

        async def rehearse(self, message: EmailMessage, id: str) -> None:
            """Nothing is handed over."""

        async def rest(self) -> None:
            """Nothing is kept."""

    async def story(world: World, clock: Clock) -> None:
        bell = Bell()
        running = asyncio.create_task(run(world, bell))
        await post(world)
        world.mail_waiting.set()
        async with asyncio.timeout(10):
            await bell.rung.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    in_a_world(tmp_path, story)


@pytest.mark.parametrize("why", ["replaced", "used", "gone"])
def test_a_code_that_died_meanwhile_is_never_sent(tmp_path: Path, why: str) -> None:
    async def story(world: World, clock: Clock) -> None:
        if why != "gone":
            await challenge(world, **{"ended_ms" if why == "replaced" else "used_ms": clock.now})
        id = await post(world, "sign_up_code", purpose="sign-up", challenge=CHALLENGE, kid="k1")
        assert await deliver(world, FolderMailer(tmp_path / "mail")) == 1
        assert letters_in(tmp_path / "mail") == []
        row = await row_of(world, id)
        assert (row["problem"], row["recipient"], row["facts"]) == ("replaced", "", "{}")
        async with world.database.read() as c:
            assert (await outbox.count(c)).dead == 0

    in_a_world(tmp_path, story)


def test_a_sent_letter_leaves_no_address_behind(tmp_path: Path) -> None:
    async def story(world: World, clock: Clock) -> None:
        id = await post(world)
        await deliver(world, FolderMailer(tmp_path / "mail"))
        assert "nina" not in json.dumps(await row_of(world, id))

    in_a_world(tmp_path, story)


def test_a_server_that_is_away_for_days_costs_no_letter_and_for_a_week_it_does(tmp_path: Path) -> None:
    async def story(world: World, clock: Clock) -> None:
        id, nobody = await post(world), SmtpMailer("smtp://127.0.0.1:1")
        for _ in range(3 * 24):
            clock.now += 60 * 60_000
            await deliver(world, nobody)
        row = await row_of(world, id)
        assert (row["sent_ms"], row["dead_ms"]) == (None, None)
        clock.now += 4 * 24 * 60 * 60_000
        await deliver(world, nobody)
        assert (await row_of(world, id))["dead_ms"] == clock.now
        async with world.database.read() as c:
            assert (await outbox.count(c)).dead == 1

    in_a_world(tmp_path, story)
