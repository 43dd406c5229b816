"""What members do with downloads: ask for a passage or a film, and wait until it is there."""

from typing import Any

from tests.edge_api.served import Answer, Someone
from tests.edge_api.shelf import SLUG


def clip(someone: Someone, in_ms: object = 400, out_ms: object = 2000, **changed: object) -> Answer:
    """Asks for a passage: 40 ms a frame, so frames 10 to 50 unless said."""
    order = {"interview": SLUG, "lang": "fr", "kind": "clip", "in_ms": in_ms, "out_ms": out_ms}
    return someone.ask("POST", "/api/downloads", {**order, **changed})


def film(someone: Someone, **changed: object) -> dict[str, Any]:
    """Asks for the film."""
    return someone.ask("POST", "/api/downloads", {"interview": SLUG, "lang": "fr", "kind": "film", **changed}).json


def ready(someone: Someone, download: dict[str, Any]) -> dict[str, Any]:
    """Follows the events of a download to the end; the last of them, as JSON tells it too."""
    events = someone.ask("GET", f"/api/downloads/{download['id']}", Accept="text/event-stream")
    assert events.headers["Content-Type"].startswith("text/event-stream")
    assert events.body.endswith(b"\n\n")
    return someone.ask("GET", f"/api/downloads/{download['id']}").json
