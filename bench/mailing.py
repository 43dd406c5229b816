"""An issue to ten thousand readers through a relay that keeps failing, and codes asked for all the while.

`bench/letters` tells how many letters were lost or came twice (none may), how fast they left, and how long a
code waited behind them. The relay is a real SMTP server in a process of its own. The clock runs fast, so that waiting
for a relay takes minutes of its time and seconds of ours.
"""

import argparse
import asyncio
import json
import logging
import multiprocessing
import random
import secrets
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path

import structlog

from bench.relay import Relay
from edge_api.keys import make_keys
from edge_api.post import issues, outbox, postman
from edge_api.post.letters import Letter
from edge_api.post.mailer import SmtpMailer
from edge_api.schema import subscriptions
from edge_api.serve import clock
from edge_api.settings import Settings
from edge_api.world import World, open_world

TEXT = "Bonjour.\n\n## [La digue](/interviews/digue/)\n\nPaul Deren, éclusier · 12 min\n\nVingt ans à réparer.\n"
# Of a hundred letters: taken, refused for now, refused because it shuts down, cut off before the answer.
MOODS = {"250 taken": 82, "451 4.3.0 later": 10, "421 4.3.2 going away": 4, "drop": 4}
_FASTER = 60
_CODE_EVERY_S = 0.5


def relay(pipe: Connection, seed: int) -> None:
    """The relay's process: tells its port, works until told to stop, then tells who got what how often."""
    chance = random.Random(seed)

    def mood(address: str) -> str:
        return "250 taken" if address.startswith("code") else chance.choices(list(MOODS), list(MOODS.values()))[0]

    async def work() -> None:
        made = Relay(data=mood)
        async with made.listening() as port:
            pipe.send(port)
            while not await asyncio.to_thread(pipe.poll, 0.2):
                pass
        pipe.send(Counter(str(letter["To"]) for letter in made.letters()))

    asyncio.run(work())


async def _subscribe(world: World, number: int) -> None:
    people = [
        {"id": f"{n:032x}", "email": f"r{n}@exemple.fr", "email_key": f"r{n}@exemple.fr", "lang": "fr",
         "state": "confirmed", "asked_ms": 1, "confirmed_ms": 1}
        for n in range(number)
    ]  # fmt: skip
    async with world.database.write() as c:
        for start in range(0, number, 1000):
            await c.execute(subscriptions.insert(), people[start : start + 1000])


async def _ask_for_codes(world: World, waits: list[float]) -> None:
    """Posts an urgent letter now and then, and notes how many seconds of ours it waited."""
    while True:
        id, began = secrets.token_hex(16), time.perf_counter()
        async with world.database.write() as c:
            letter = Letter("already_member", "fr", f"code{len(waits)}@exemple.fr")
            await outbox.post(c, id=id, letter=letter, now_ms=world.clock())
        world.mail_waiting.set()
        while True:
            async with world.database.read() as c:
                if not (await outbox.count(c)).waiting.get(outbox.URGENT):
                    break
            await asyncio.sleep(0.05)
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(_CODE_EVERY_S)


async def _over(world: World, issue: issues.Issue) -> None:
    """Waits until nothing of the issue waits."""
    while True:
        async with world.database.read() as c:
            if not (await issues.progress(c, issue)).waiting:
                break
        await asyncio.sleep(1)
    assert await issues.end(world, issue)


async def send(home: Path, port: int, number: int) -> dict[str, float]:
    """Sends one issue to `number` readers; seconds, and the waits of codes meanwhile."""
    began_ms = clock()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    settings = Settings(database=f"sqlite+aiosqlite:///{home / 'duplex.db'}", secrets=home / "secrets.json")
    ring = make_keys(settings.secrets, secrets.token_bytes)
    world = open_world(settings, ring, lambda: began_ms + (clock() - began_ms) * _FASTER, secrets.token_bytes)
    waits: list[float] = []
    try:
        await world.database.upgrade()
        await _subscribe(world, number)
        issue = await issues.begin(world, "2026-12-01", "fr", "La digue", TEXT, [])
        while await issues.fill(world, issue):
            pass
        began = time.perf_counter()
        mailer = SmtpMailer(f"smtp://127.0.0.1:{port}")
        workers = [asyncio.create_task(postman.run(world, mailer)), asyncio.create_task(_ask_for_codes(world, waits))]
        await _over(world, issue)
        seconds = time.perf_counter() - began
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        async with world.database.read() as c:
            totals = await issues.totals(c, issue)
    finally:
        await world.close()
    waits.sort()
    middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
    return {**totals, "seconds": round(seconds, 1), "codes": len(waits), "code_p50_s": middle, "code_p95_s": late}


def main() -> None:
    """Runs the whole, and prints one line of JSON."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--readers", type=int, default=10_000)
    readers: int = given.parse_args().readers
    here, there = multiprocessing.Pipe()
    away = multiprocessing.get_context("spawn").Process(target=relay, args=(there, 7))
    away.start()
    with tempfile.TemporaryDirectory() as home:
        told = asyncio.run(send(Path(home), here.recv(), readers))
    here.send("stop")
    came = {to: times for to, times in here.recv().items() if not to.startswith("code")}
    away.join()
    told["lost"] = readers - len(came)
    told["doubled"] = sum(times > 1 for times in came.values())
    told["letters_per_s"] = round(readers / told["seconds"], 1)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
