"""`bench/accounts`: how many sign in, how quick pages stay meanwhile, and what links and memory cost.

One portal, one process, on this machine alone; the client is on the same cores. Every figure has its aim beside it.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import bcrypt
import cyclopts

from bench.portals import PASSWORD, Running, member, running
from bench.speaking import Line, Reply

_MEMBERS = 2000
_PACE_S = 0.02

app = cyclopts.App(name="bench/accounts", help="Measure sign-ins, pages beside them, links and memory.")


@app.default
def main(*, cost: int = 12, seconds: float = 20, requests: int = 100_000, only: str = "") -> None:
    """Print one line for each figure.

    Example: bench/accounts --cost 10 --seconds 3 --requests 5000

    Parameters
    ----------
    cost
        bcrypt's cost.
    seconds
        How long each load lasts.
    requests
        How many requests memory is watched over; it is compared with the first hundredth of them.
    only
        Some of: sign-ins, pages, links, memory. All of them unless said.
    """
    wanted = [name.strip() for name in only.split(",") if name.strip()] or ["sign-ins", "pages", "links", "memory"]
    with (
        tempfile.TemporaryDirectory(prefix="duplex-bench-") as folder,
        running(Path(folder), cost=cost, members=_MEMBERS) as here,
    ):
        for name in wanted:
            asyncio.run(_FIGURES[name](here, cost, seconds, requests))


async def _sign_ins(here: Running, cost: int, seconds: float, _: int) -> None:
    """Right passwords, as many at once as the portal takes without refusing any."""
    hash_ms = _hash_ms(cost)
    cores = os.cpu_count() or 1
    ceiling = cores * 1000 / hash_ms
    seen = await _load(here, seconds, cores + 8, _enters)
    rate = seen[200] / seconds
    print(f"sign-ins: {rate:.2f} a second, {rate / ceiling:.2f} of what bcrypt allows (aim 0.9); answers {dict(seen)}")
    print(f"  cost {cost}: {hash_ms:.0f} ms on one of {cores} cores, {ceiling:.2f} at most; {rate / cores:.2f} a core")


async def _pages(here: Running, _: int, seconds: float, __: int) -> None:
    """Pages, the member's page and health, while more passwords wait than the portal takes."""
    paths = ("/", "/api/me", "/healthz", "/account/sign-in/")
    quiet = await _paced(here, min(seconds, 5), paths)
    end = asyncio.create_task(_load(here, seconds, 60, _enters))
    await asyncio.sleep(0.5)
    full = await _paced(here, seconds - 1, paths)
    refused = (await end)[503]
    for name, times in (("no load", quiet), ("queue full", full)):
        p50, p95, p99 = (statistics.quantiles(times, n=100)[each] * 1000 for each in (49, 94, 98))
        print(f"pages, {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms (aim < 50), p99 {p99:.1f} ms, {len(times)} asked")
    print(f"  {refused} sign-ins were told to come back meanwhile")


async def _links(here: Running, _: int, seconds: float, __: int) -> None:
    """HEAD of a good link (signature, grant, catalogue, file) and of an altered one (signature)."""
    altered = here.link.replace("/d/", "/d/x", 1)
    for name, path, status in (("good", here.link, 200), ("altered", altered, 404)):

        async def look(line: Line, number: int, path: str = path) -> Reply:
            return await line.ask("HEAD", path)

        began = _cpu_s(here)
        seen = await _load(here, seconds, 8, look)
        spent = _cpu_s(here) - began
        print(
            f"links, {name}: {seen[status] / seconds:.0f} checks a second here, "
            f"{seen[status] / spent:.0f} for each second of the server's core (aim 1000)"
        )


async def _memory(here: Running, _: int, __: float, requests: int) -> None:
    """Pages, strangers, wrong forms and links, over and over."""
    asked: list[tuple[str, str, object]] = [
        ("GET", "/", None), ("GET", "/api/me", None), ("HEAD", here.link, None), ("GET", "/nowhere/", None),
        ("POST", "/api/sign-up/verify", {"code": "12345678"}), ("POST", "/api/sign-in", {"email": "x"}),
    ]  # fmt: skip

    async def turn(times: int) -> None:
        async with Line(here.origin) as line:
            for number in range(times):
                method, path, body = asked[number % len(asked)]
                await line.ask(method, path, body)

    early = requests // 100
    await asyncio.gather(*(turn(early // 4) for _ in range(4)))
    before = here.memory_mib
    began = time.perf_counter()
    await asyncio.gather(*(turn((requests - early) // 4) for _ in range(4)))
    rate = (requests - early) / (time.perf_counter() - began)
    after = here.memory_mib
    print(f"memory: {before:.1f} MiB after {early} requests, {after:.1f} MiB after {requests} ({after - before:+.1f})")
    print(f"  {rate:.0f} requests a second")


_FIGURES = {"sign-ins": _sign_ins, "pages": _pages, "links": _links, "memory": _memory}


async def _enters(line: Line, number: int) -> Reply:
    return await line.ask("POST", "/api/sign-in", {"email": member(number % _MEMBERS), "password": PASSWORD})


async def _load(
    here: Running, seconds: float, lines: int, ask: Callable[[Line, int], Awaitable[Reply]]
) -> Counter[int]:
    """How often each status came back within the time, over so many lines that each ask again at once."""
    seen: Counter[int] = Counter()
    end = time.perf_counter() + seconds

    async def go(first: int) -> None:
        async with Line(here.origin) as line:
            number = first
            while True:
                reply = await ask(line, number)
                if time.perf_counter() > end:
                    return
                seen[reply.status] += 1
                number += lines
                if reply.status == 503:
                    await asyncio.sleep(0.2)

    await asyncio.gather(*(go(first) for first in range(lines)))
    return seen


async def _paced(here: Running, seconds: float, paths: tuple[str, ...]) -> list[float]:
    """Seconds that pages took, asked one after the other at an even pace."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    async with Line(here.origin) as line:
        while time.perf_counter() < end:
            times.append((await line.ask("GET", paths[len(times) % len(paths)])).seconds)
            await asyncio.sleep(_PACE_S)
    return times


def _hash_ms(cost: int) -> float:
    """What one hash costs one thread of this machine at this moment: the median of seven."""
    times = []
    for _ in range(7):
        began = time.perf_counter()
        bcrypt.hashpw(b"x" * 64, bcrypt.gensalt(cost))
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def _cpu_s(here: Running) -> float:
    """Processor seconds that the portal has spent."""
    fields = Path(f"/proc/{here.process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    app()
