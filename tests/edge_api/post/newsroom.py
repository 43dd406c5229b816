"""The service in one process, for the newsletter and its letters: time passes, and letters leave, only when told."""

from __future__ import annotations

import itertools
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from sqlalchemy import select
from starlette.testclient import TestClient

from edge_api.app import create_app
from edge_api.database import Database
from edge_api.environment import read_settings
from edge_api.keys import KeyRing
from edge_api.post.mailer import FolderMailer
from edge_api.post.postman import deliver
from edge_api.schema import consents, subscriptions
from edge_api.world import World, open_world

ORIGIN = "http://127.0.0.1:8000"
OURS = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
SURE = {"sure": True}
FORM = {**OURS, "Accept": "text/html", "Referer": f"{ORIGIN}/newsletter/"}


class Portal:
    """The service on an empty database; time passes, and letters leave, only when told."""

    def __init__(self, home: Path) -> None:
        self.now = 1_790_000_000_000
        self.folder = home / "mail"
        counter = itertools.count(1)
        settings = read_settings(
            {
                "DUPLEX_DATABASE": f"sqlite+aiosqlite:///{home / 'duplex.db'}",
                "DUPLEX_MAIL": f"folder:{self.folder}",
                "DUPLEX_SITE": str(home / "site"),
                "DUPLEX_MEDIA": str(home / "media"),
                "DUPLEX_CLIPS": str(home / "clips"),
                "DUPLEX_BCRYPT_COST": "4",
            }
        )
        ring = KeyRing({"k1": b"s" * 48})
        self.world: World = open_world(settings, ring, lambda: self.now, lambda n: next(counter).to_bytes(n))
        self.client = TestClient(create_app(self.world, at_work=False), base_url=ORIGIN, follow_redirects=False)

    def letters(self) -> list[EmailMessage]:
        """Sends what waits; every letter sent so far, the oldest first."""
        assert self.client.portal is not None
        self.client.portal.call(deliver, self.world, FolderMailer(self.folder))
        files = sorted(self.folder.glob("*.eml"))
        found = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [message for message in found if isinstance(message, EmailMessage)]

    def recorded(self) -> list[str]:
        """What was written down about consent, in order."""
        assert self.client.portal is not None
        return self.client.portal.call(self._recorded)

    def subscribed(self, **which: str) -> list[str]:
        """Every address of the newsletter that is kept, whatever became of it, unless said."""
        assert self.client.portal is not None
        return self.client.portal.call(self._subscribed, which)

    async def _subscribed(self, which: dict[str, str]) -> list[str]:
        query = select(subscriptions.c.email).filter_by(**which).order_by(subscriptions.c.email)
        async with self.world.database.read() as c:
            return list((await c.execute(query)).scalars())

    async def _recorded(self) -> list[str]:
        async with self.world.database.read() as c:
            return list((await c.execute(select(consents.c.action).order_by(consents.c.id))).scalars())


async def new_database(url: str) -> None:
    database = Database(url)
    await database.upgrade()
    await database.close()


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(message: EmailMessage, path: str) -> str:
    found = re.search(rf"{ORIGIN}(/{path}/\S+)", text_of(message))
    assert found is not None
    return found[1]
