"""What happens to accounts, codes, letters and links: one event each, for whoever must know afterwards.

The names are a promise, told in deploy/EVENTS.md. An event names an account by its id and a client by its network,
never an address, a code or a token (OWASP ASVS 5.0, 16.2).
"""

from __future__ import annotations

from types import MappingProxyType

import structlog

from .world import World

EVENTS = MappingProxyType(
    {
        "sign-up begun": "A code was posted to an address, known or not.",
        "account opened": "The code was given, and the account born.",
        "signed in": "Address and password were right.",
        "sign-in refused": "They were not; `account` is null when the address has none.",
        "signed out": "A session was ended by who held it.",
        "session ended": "A member ended another session of theirs, or an operator all of them.",
        "code refused": "A code that is not this flow's, or no longer; `why` is the code of the answer.",
        "code revoked": "The owner of an address said “this was not me”.",
        "reset asked": "A code was asked for to choose another password.",
        "password reset": "Another password was chosen by code; every session ended.",
        "password changed": "Another password was chosen by who knew the current one; every other session ended.",
        "language changed": "A member chose the language of letters.",
        "data exported": "Everything kept about a member was handed out, to them or to an operator.",
        "account erased": "The account and everything that names it are gone.",
        "newsletter asked": "A letter was posted that asks whether the newsletter is wanted.",
        "newsletter confirmed": "A subscription began; `how` is letter or member.",
        "newsletter left": "A subscription ended; `how` is letter or member.",
        "newsletter refused": "A subscription ended because its mailbox does not exist.",
        "link refused": "A download link opened nothing; `why` tells the operator what nobody else is told.",
        "link paused": "A download link was used from too many networks; its owner got a letter.",
        "links revoked": "An operator took back every link of an account.",
        "request limited": "A limit on a network, address or account was reached; `route` is where.",
        "request refused": "Another site, or another host, asked for a change; `why` is the code of the answer.",
        "letter sent": "A mail server took a letter.",
        "letter dropped": "A letter was no longer worth sending; `why` is expired, replaced, left, or to nobody.",
        "letter dead": "A letter will not be sent any more; `problem` is what the server said.",
    }
)
"""Every event and its meaning."""

_log = structlog.get_logger("audit")


def note(world: World, event: str, **facts: str | int | None) -> None:
    """Writes an event down, and counts it. KeyError for one that is not documented."""
    assert event in EVENTS, event
    world.metrics.events.labels(event).inc()
    _log.info(event, audit=True, **facts)
