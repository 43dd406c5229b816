"""A whole edge in one process, told the time and the chance, and the people who use it.

Everything goes over HTTP (ASGI), letters are read from the mail folder, nothing is replaced but clock and chance.
"""

import asyncio
import email
import email.policy
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self

import httpx2
from starlette.testclient import TestClient

from edge_api.app import create_app
from edge_api.keeping import housekeeping
from edge_api.keys import make_keys, read_keys
from edge_api.post import postman
from edge_api.post.mailer import FolderMailer
from edge_api.schema import metadata
from edge_api.settings import Settings
from edge_api.world import World, open_world
from tests.edge_api.databases import Store
from tests.edge_api.people import ORIGIN, SAME_ORIGIN, Answer, Person, code_in

NOON = 1_795_600_800_000
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
GOOD = "Marée-haute_2047"
OTHER = "Brume-du-matin_88"
PAGES = (
    "", "interviews", "interviews/la-lampe", "newsletter", "account", "account/sign-in", "account/sign-up",
    "account/verify", "account/created", "account/reset", "account/reset/verify", "account/reset/password",
    "account/reset/done",
)  # fmt: skip


@dataclass
class House:
    """The edge and its folders. `now` is the time it is told, `seed` begins its chance, `peer` is who calls.

    `at_work`: whether postman and housekeeper work by themselves; otherwise letters() and tidy() turn their handles.
    """

    home: Path
    store: Store
    settings: Settings
    now: int = NOON
    seed: int = 1
    at_work: bool = False
    peer: str = "192.0.2.1"
    came: list[Path] = field(default_factory=list)
    client: TestClient = field(init=False)
    world: World = field(init=False)

    @contextmanager
    def open(self) -> Iterator[Self]:
        """Runs the edge on the house's settings until the end of the block."""
        chance = random.Random(self.seed).randbytes
        there = self.settings.secrets.exists()
        keys = read_keys(self.settings.secrets) if there else make_keys(self.settings.secrets, chance)
        self.world = open_world(self.settings, keys, lambda: self.now, chance)
        app = create_app(self.world, at_work=self.at_work)

        async def seen_from(scope: Any, receive: Any, send: Any) -> None:
            """The app as the network shows it: the other end of the line is `peer`."""
            await app({**scope, "client": (self.peer, 50_000)} if "client" in scope else scope, receive, send)

        self.app = seen_from
        with TestClient(self.app, base_url=self.settings.origin, raise_server_exceptions=False) as self.client:
            yield self

    def again(self, *, at_work: bool = False, **settings: Any) -> AbstractContextManager["House"]:
        """The same house after a restart, some settings changed."""
        changed = {name: getattr(self.settings, name) for name in Settings.__struct_fields__} | settings
        return House(self.home, self.store, Settings(**changed), self.now, self.seed + 1, at_work).open()

    def call(self, act: Callable[..., Awaitable[Any]], *given: Any) -> Any:
        """Runs something in the edge's own loop."""
        assert self.client.portal is not None
        return self.client.portal.call(act, *given)

    def pass_time(self, ms: int) -> None:
        self.now += ms

    def letters(self, to: str = "") -> list[EmailMessage]:
        """The letters to an address, or to everybody, after the postman has been round, oldest first."""
        mailer = FolderMailer(self.home / "mail")

        async def round_() -> None:
            while await postman.deliver(self.world, mailer):
                pass

        self.call(round_)
        # Two files may have one time: what came in an earlier round came before.
        new = set((self.home / "mail").glob("*.eml")) - {*self.came}
        self.came += sorted(new, key=lambda path: path.stat().st_mtime_ns)
        found = []
        for file in self.came:
            letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            assert isinstance(letter, EmailMessage)
            if to in ("", letter["To"]):
                found.append(letter)
        return found

    def code(self, to: str, number: int = -1) -> str:
        """The eight digits of a letter to an address, the last one unless said."""
        codes = [code for letter in self.letters(to) if (code := code_in(letter))]
        return codes[number]

    @contextmanager
    def without(self, table: str) -> Iterator[None]:
        """For a while a table is gone, as when a disk is swapped under a running service."""
        self.rows(f"ALTER TABLE {table} RENAME TO {table}_away")
        try:
            yield
        finally:
            self.rows(f"ALTER TABLE {table}_away RENAME TO {table}")

    def tidy(self) -> None:
        self.call(housekeeping.tidy, self.world)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database holds, read beside the edge."""
        return self.store.run(self.settings.database, query)

    def everything_stored(self) -> str:
        """Every row of every table, as text."""
        return "\n".join(str(self.rows(f"SELECT * FROM {table}")) for table in sorted(metadata.tables))

    def visitor(self, **headers: str) -> Person:
        return Person(self, headers=headers)

    def sign_in(self, address: str, password: str = GOOD, **headers: str) -> Person:
        """Somebody who signed in, in a browser of their own."""
        person = self.visitor(**headers)
        answer = person.post("/api/sign-in", {"email": address, "password": password})
        assert answer.status == 200, answer
        return person

    def settled(self, address: str) -> str:
        """An address that has an account, made if there was none."""
        if self.rows(f"SELECT id FROM users WHERE email_key = '{address.lower()}'") == []:
            self.member(address)
        return address

    def begin(self, address: str, password: str = GOOD, lang: str = "fr", **more: object) -> Person:
        """Somebody who has sent the form to sign up, and no more."""
        person = self.visitor()
        answer = person.post("/api/sign-up", {"email": address, "password": password, "lang": lang, **more})
        assert (answer.status, answer.json) == (202, {}), answer
        return person

    def asked_reset(self, address: str, lang: str = "fr", **more: object) -> Person:
        """Somebody who has asked for a new password, and no more."""
        person = self.visitor()
        assert person.post("/api/reset", {"email": address, "lang": lang, **more}).status == 202
        return person

    def proved_reset(self, address: str, **more: object) -> Person:
        """Somebody who has given the code of a reset."""
        person = self.asked_reset(address, **more)
        assert person.post("/api/reset/verify", {"code": self.code(address)}).status == 200
        return person

    def member(self, address: str = "lectrice@example.org", password: str = GOOD, lang: str = "fr") -> Person:
        """Somebody who signed up and gave the code."""
        person = self.begin(address, password, lang)
        assert person.post("/api/sign-up/verify", {"code": self.code(address)}).status == 200
        return person

    def all_at_once(self, requests: list[tuple[Person, str, dict[str, Any]]]) -> list[int]:
        """The statuses of POSTs sent side by side."""
        return [answer.status for answer in self.answers_at_once(requests)]

    def answers_at_once(self, requests: list[tuple[Person, str, dict[str, Any]]]) -> list[Answer]:
        """Sends POSTs side by side, as different connections would."""

        async def together() -> list[Answer]:
            transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url=self.settings.origin) as client:
                sent = [
                    client.post(path, json=body, headers={**SAME_ORIGIN, "Cookie": person.cookie_header})
                    for person, path, body in requests
                ]
                return [Answer(got.status_code, got.headers, got.content) for got in await asyncio.gather(*sent)]

        answers: list[Answer] = self.call(together)
        return answers


def make_house(home: Path, store: Store, **settings: Any) -> House:
    """A house in a folder: a small site, an empty database, its own keys; nothing runs yet."""
    for page in PAGES:
        for root in ("site", "site/en"):
            file = home / root / page / "index.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"<title>{page}</title>")
    (home / "site" / "catalogue.json").write_text('{"version":1,"interviews":[]}')
    (home / "media").mkdir(parents=True)
    chosen = {
        "origin": ORIGIN,
        "database": store.full(home),
        "site": home / "site",
        "media": home / "media",
        "clips": home / "clips",
        "mail": f"folder:{home / 'mail'}",
        "secrets": home / "secrets.json",
        "bcrypt_cost": 4,
    }
    return House(home, store, Settings(**{**chosen, **settings}))
