"""Figures for a Prometheus server, on an address of their own (DUPLEX_METRICS): how much, how fast, what waits.

No figure names a person: labels are routes, statuses, kinds of letters and names of events.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import outbox
from .issues_schema import issues
from .schema import subscriptions, users

if TYPE_CHECKING:
    from .world import World

_STEPS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LANES = {outbox.URGENT: "urgent", outbox.ISSUES: "issues"}


class Metrics:
    """The figures of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.events = Counter("duplex_events", "Audit events, by name.", ["event"], registry=self.registry)
        self.requests = Counter(
            "duplex_requests", "Requests answered.", ["route", "method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "duplex_request_seconds", "Time to the first byte of the answer, in seconds.", ["route"],
            buckets=_STEPS_S, registry=self.registry,
        )  # fmt: skip
        self.letters = Counter(
            "duplex_letters", "Letters by kind and by what became of them.", ["kind", "outcome"], registry=self.registry
        )
        self.waiting = Gauge("duplex_letters_waiting", "Letters in the outbox.", ["lane"], registry=self.registry)
        self.oldest = Gauge(
            "duplex_letters_oldest_seconds", "How long the oldest letter has been waiting.", registry=self.registry
        )
        self.dead = Gauge("duplex_letters_dead", "Letters that could not be sent.", registry=self.registry)
        self.accounts = Gauge("duplex_accounts", "Accounts.", registry=self.registry)
        self.subscribers = Gauge("duplex_subscribers", "Confirmed subscribers.", ["lang"], registry=self.registry)
        self.issues = Gauge("duplex_issues_open", "Issues whose sending is under way.", registry=self.registry)


class Counted:
    """ASGI wrapper: counts what is answered; `routes` names each endpoint by its path, so that no id is a label."""

    def __init__(self, app: ASGIApp, metrics: Metrics, routes: Mapping[object, str]) -> None:
        self._app, self._metrics, self._routes = app, metrics, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets the app answer, and notes how and how soon."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = self._routes.get(scope.get("endpoint"), "other")
                self._metrics.seconds.labels(route).observe(time.perf_counter() - began)
                method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "other"
                self._metrics.requests.labels(route, method, message["status"]).inc()
            await send(message)

        await self._app(scope, receive, noted)


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
