"""The figures at an address of their own (DUPLEX_METRICS), and those among them that the database is asked for."""

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..post import outbox
from ..post.issues_schema import issues
from ..schema import subscriptions, users
from ..world import World

_LANES = {outbox.URGENT: "urgent", outbox.ISSUES: "issues"}


def metrics_app(world: World) -> Starlette:
    """The app that answers at DUPLEX_METRICS: GET /metrics, and nothing else."""

    async def show(request: Request) -> Response:
        await _look(world)
        return Response(generate_latest(world.metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return Starlette(routes=[Route("/metrics", show, methods=["GET"])])


async def _look(world: World) -> None:
    """Brings the figures up to date that stand in the database."""
    metrics = world.metrics
    async with world.database.read() as c:
        letters = await outbox.count(c)
        accounts = (await c.execute(select(func.count()).select_from(users))).scalar_one()
        confirmed = select(subscriptions.c.lang, func.count()).where(subscriptions.c.state == "confirmed")
        readers = {row[0]: row[1] for row in await c.execute(confirmed.group_by(subscriptions.c.lang))}
        under_way = (
            await c.execute(select(func.count()).select_from(issues).where(issues.c.ended_ms.is_(None)))
        ).scalar_one()
    for lane, name in _LANES.items():
        metrics.waiting.labels(name).set(letters.waiting.get(lane, 0))
    metrics.oldest.set(0 if letters.oldest_ms is None else (world.clock() - letters.oldest_ms) / 1000)
    metrics.dead.set(letters.dead)
    metrics.accounts.set(accounts)
    metrics.issues.set(under_way)
    for lang in ("fr", "en"):
        metrics.subscribers.labels(lang).set(readers.get(lang, 0))
