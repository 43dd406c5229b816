"""Many members ask for passages at one moment: how long each waits for a link, and what the service holds meanwhile.

bench/crowd --requests 200 --members 50 --where folder,bucket
"""

import asyncio
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import cyclopts
from cyclopts import Parameter

from bench.bucketing import KEYS, served
from bench.films import broadcast, shelved
from catalogue.manifest import Entry, Manifest, manifest_bytes
from edge_api.downloads.desk import Downloads
from edge_api.downloads.library import Library
from edge_api.downloads.orders import Order
from edge_api.environment import read_settings
from edge_api.keys import make_keys
from edge_api.schema import users
from edge_api.world import open_world
from footage.places.place import place_of
from footage.reading.index import Index
from footage.store import Store

HOUSE = Path(__file__).resolve().parent.parent
HOME = HOUSE / "build" / "bench"
_SLUG = "foule"
_PASSAGE_MS = 10_000


def entry(master: str, version: str, index: Index) -> Entry:
    """The catalogue's line of the one interview."""
    return Entry(
        slug=_SLUG, lang="fr", url=f"/interviews/{_SLUG}/", title="Une foule", date="2026-03-14", place="",
        summary="", spoken="fr", translated=False, languages=("fr",), master=master, version=version,
        duration_ms=index.duration_ms, turns=0, timed_turns=0, reference="", credit="", terms="",
        speakers=(), topics=(),
    )  # fmt: skip


async def waited(desk: Downloads, member: str, order: Order) -> float:
    """Seconds from asking to a link."""
    began = time.monotonic()
    download = await desk.ask(member, order)
    while desk.grants.link(download) is None:
        job = desk.room.job(download.clip or "")
        if job is not None:
            await job.news.wait()
        else:
            await asyncio.sleep(0.01)
        download = await desk.one(member, download.id)
        if download.state == "failed":
            raise SystemExit(f"bench: a clip failed ({download.reason})")
    return time.monotonic() - began


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return sorted_values[min(len(sorted_values) - 1, round(share * (len(sorted_values) - 1)))]


async def crowd(home: Path, media: str | Path, clips: str | Path, order_of: Sequence[tuple[str, Order]]) -> list[float]:
    """What each request waits, all asked at once of a service of their own."""
    environment = {
        "DUPLEX_DATABASE": f"sqlite+aiosqlite:///{home / 'duplex.db'}",
        "DUPLEX_SITE": str(home / "site"),
    }
    keys = make_keys(home / "keys.json", os.urandom)
    world = open_world(read_settings(environment), keys, lambda: time.time_ns() // 1_000_000, os.urandom)
    desk = Downloads(world, Library(world.manifest, media, home / "site"), clips)
    try:
        await world.database.upgrade()
        async with world.database.write() as connection:
            for member in sorted({member for member, _ in order_of}):
                address = f"{member}@example.org"
                row = {"id": member, "email": address, "email_key": address, "password": "x", "lang": "fr"}
                await connection.execute(users.insert().values(**row, created_ms=0))
        desk.room.open()
        return list(await asyncio.gather(*(waited(desk, member, order) for member, order in order_of)))
    finally:
        await desk.room.close()
        await world.close()


def row(where: str, media: str | Path, clips: str | Path, requests: int, members: int, same: bool) -> str:
    """Makes the master's place ready, has the crowd ask, and tells it in one row."""
    home = HOME / "crowd"
    shutil.rmtree(home, ignore_errors=True)
    (home / "site").mkdir(parents=True)
    id, index = shelved(broadcast(HOME / "clip", 1), media)
    version = Store(media).current(id) or ""
    (home / "site" / "catalogue.json").write_bytes(manifest_bytes(Manifest(interviews=(entry(id, version, index),))))
    chance = random.Random(1)
    orders = []
    for number in range(requests):
        start = 0 if same else chance.randrange(0, index.duration_ms - _PASSAGE_MS, 40)
        order = Order(interview=_SLUG, lang="fr", kind="clip", in_ms=start, out_ms=start + _PASSAGE_MS)
        orders.append((f"m{number % members}", order))
    began = time.monotonic()
    waits = sorted(asyncio.run(crowd(home, media, clips, orders)))
    took = time.monotonic() - began
    held = sum(kept.size for kept in place_of(clips).kept())
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    times = (waits[0], percentile(waits, 0.5), percentile(waits, 0.95), took)
    told = " | ".join(f"{value:.2f}" for value in times)
    return f"| {where} | {requests} | {members} | {told} | {own / 1024:.0f} | {workers / 1024:.0f} | {held / 1e6:.1f} |"


def main(
    *,
    requests: Annotated[int, Parameter(help="how many passages are asked for at once, at most 20 a member")] = 200,
    members: Annotated[int, Parameter(help="how many members ask")] = 50,
    same: Annotated[bool, Parameter(help="everybody asks for the same passage")] = False,
    where: Annotated[str, Parameter(help="where film and clips lie: folder, bucket, or folder,bucket")] = "folder",
) -> None:
    """Prints how long members waited for links to passages of ten seconds of a 1080p master of one minute."""
    (HOME / "clip").mkdir(parents=True, exist_ok=True)
    print("| where | requests | members | first link s | p50 s | p95 s | all s | service MB | worker MB | kept MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    asked = requests, members, same
    if "folder" in where:
        print(row("folder", HOME / "clip" / "media", HOME / "crowd" / "clips", *asked), flush=True)
    if "bucket" in where:
        os.environ.update(KEYS)
        with tempfile.TemporaryDirectory(dir=HOME) as home, served(Path(home)) as server:
            print(row("bucket", server.address("media"), server.address("clips"), *asked), flush=True)


if __name__ == "__main__":
    sys.exit(cyclopts.run(main))
