"""Figures for a Prometheus server: how much, how fast, what waits.

No figure names a person: labels are routes, statuses, kinds of letters and names of events.
"""

import time
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STEPS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


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
