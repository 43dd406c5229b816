"""`bench/enumeration`: whether the time of an answer tells known addresses from unknown ones.

For sign-in, sign-up and reset, with the mail relay up, slow and down: pairs of one known and one unknown address, asked
in random order over one line. AUC is the chance that a random answer about a known address is slower than a random one
about an unknown address: 0.50 tells nothing. The error is that of an AUC of 0.5 (Hanley and McNeil, 1982).
"""

import asyncio
import multiprocessing
import random
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import cyclopts

from bench.portals import member, running
from bench.ports import free_port
from bench.speaking import Line

_SLOW_S = 0.25
_WRONG = "Brume-du-matin_88"

app = cyclopts.App(name="bench/enumeration", help="Tell known addresses from unknown ones by the time of an answer.")


@app.default
def main(*, pairs: int = 200, cost: int = 10, relays: str = "up,slow,down") -> None:
    """Print one line for each form and state of the relay.

    Example: bench/enumeration --pairs 40 --cost 8 --relays up

    Parameters
    ----------
    pairs
        Pairs for each form and state; the aim is judged from 200 on.
    cost
        bcrypt's cost: 10 is the least that a public portal may have, and the least noise for the eye to hide in.
    relays
        States of the mail relay, parted by commas.
    """
    print(f"{'form':8} {'relay':5} {'pairs':>5} {'known ms':>9} {'unknown ms':>10} {'AUC':>6} {'± 2 s.e.':>8}")
    for relay in relays.split(","):
        asyncio.run(_one_relay(relay.strip(), pairs, cost))


async def _one_relay(state: str, pairs: int, cost: int) -> None:
    with _relay(state) as port, tempfile.TemporaryDirectory(prefix="duplex-bench-") as folder:
        portal = running(Path(folder), cost=cost, members=pairs, mail=f"smtp://127.0.0.1:{port}")
        here = await asyncio.to_thread(portal.__enter__)
        try:
            async with Line(here.origin) as line:
                for form in ("sign-in", "sign-up", "reset"):
                    known, unknown = await _times(line, form, pairs)
                    _tell(form, state, known, unknown)
        finally:
            await asyncio.to_thread(portal.__exit__, None, None, None)


async def _times(line: Line, form: str, pairs: int) -> tuple[list[float], list[float]]:
    chance = random.Random(form)
    times: tuple[list[float], list[float]] = ([], [])
    for warm in range(5):
        await _ask(line, form, f"avant{warm}.{form}@exemple.fr")
    for number in range(pairs):
        # Addresses of one length, so that bytes on the way cost the same.
        asked = [(0, member(number)), (1, member(number).replace("membre", "nombre"))]
        chance.shuffle(asked)
        for side, address in asked:
            times[side].append(await _ask(line, form, address))
    return times


async def _ask(line: Line, form: str, address: str) -> float:
    body = {"email": address}
    body |= {"sign-in": {"password": _WRONG}, "sign-up": {"password": _WRONG, "lang": "fr"}, "reset": {"lang": "fr"}}[
        form
    ]
    reply = await line.ask("POST", f"/api/{form}", body)
    assert reply.status == (401 if form == "sign-in" else 202), reply
    return reply.seconds


def _tell(form: str, state: str, known: list[float], unknown: list[float]) -> None:
    slower = sum((a > b) + (a == b) / 2 for a in known for b in unknown)
    error = ((len(known) + len(unknown) + 1) / (12 * len(known) * len(unknown))) ** 0.5
    medians = [statistics.median(side) * 1000 for side in (known, unknown)]
    auc = slower / (len(known) * len(unknown))
    print(
        f"{form:8} {state:5} {len(known):5} {medians[0]:9.2f} {medians[1]:10.2f} {auc:6.3f} {2 * error:8.3f}",
        flush=True,
    )


@contextmanager
def _relay(state: str) -> Iterator[int]:
    """The port of a mail relay that takes letters, takes its time, or is not there. It is a process of its own: what it
    does must not be in the times of who asks."""
    if state == "down":
        yield free_port()
        return
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(state, there), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def _serve(state: str, line: Connection) -> None:
    async def work() -> None:
        server = await asyncio.start_server(partial(_talk, state), "127.0.0.1", 0)
        line.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(work())


async def _talk(state: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    async def say(reply: str) -> None:
        await asyncio.sleep(_SLOW_S if state == "slow" else 0)
        writer.write(f"{reply}\r\n".encode())

    await say("220 relay")
    while line := await reader.readline():
        word = line[:4].upper()
        await say("354 go on" if word == b"DATA" else "250 taken")
        if word == b"DATA":
            await reader.readuntil(b"\r\n.\r\n")
            await say("250 taken")
        if word == b"QUIT":
            break
    writer.close()


if __name__ == "__main__":
    app()
