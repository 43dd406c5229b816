"""A whole edge in one process, told the time and the chance, and the people who use it.

Everything goes over HTTP (ASGI), letters are read from the mail folder, nothing is replaced but clock and chance.
"""

import asyncio
import email
import email.policy
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import httpx2
from starlette.testclient import TestClient

from edge_api import housekeeping, postman
from edge_api.app import create_app
from edge_api.keys import make_keys, read_keys
from edge_api.mailer import FolderMailer
from edge_api.schema import metadata
from edge_api.settings import Settings
from edge_api.world import World, open_world
from tests.edge_api.databases import Store

ORIGIN = "http://127.0.0.1:8000"
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
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: httpx2.Headers
    body: bytes

    @property
    def json(self) -> Any:
        return httpx2.Response(self.status, content=self.body).json()

    @property
    def code(self) -> str:
        """The stable code: of a JSON refusal, or of the fragment a form is led to."""
        if self.status == 303:
            return self.headers["location"].partition("#")[2]
        return str(self.json["code"])

    @property
    def location(self) -> str:
        """Where a redirect leads, from the root."""
        assert self.headers["location"].startswith(ORIGIN + "/"), self.headers["location"]
        return self.headers["location"].removeprefix(ORIGIN)


@dataclass
class House:
    """The edge and its folders. `now` is the time it is told, `seed` begins its chance."""

    home: Path
    store: Store
    settings: Settings
    now: int = NOON
    seed: int = 1
    client: TestClient = field(init=False)
    world: World = field(init=False)

    @contextmanager
    def open(self) -> Iterator[Self]:
        """Runs the edge on the house's settings until the end of the block."""
        chance = random.Random(self.seed).randbytes
        there = self.settings.secrets.exists()
        keys = read_keys(self.settings.secrets) if there else make_keys(self.settings.secrets, chance)
        self.world = open_world(self.settings, keys, lambda: self.now, chance)
        self.app = create_app(self.world, at_work=False)
        with TestClient(self.app, base_url=self.settings.origin, raise_server_exceptions=False) as self.client:
            yield self

    def again(self, **settings: Any) -> AbstractContextManager["House"]:
        """The same house after a restart, some settings changed."""
        changed = {name: getattr(self.settings, name) for name in Settings.__struct_fields__} | settings
        return House(self.home, self.store, Settings(**changed), self.now, self.seed + 1).open()

    def call(self, act: Callable[..., Awaitable[Any]], *given: Any) -> Any:
        """Runs something in the edge's own loop."""
        assert self.client.portal is not None
        return self.client.portal.call(act, *given)

    def pass_time(self, ms: int) -> None:
        self.now += ms

    def letters(self, to: str) -> list[EmailMessage]:
        """The letters to an address after the postman has been round, oldest first."""
        mailer = FolderMailer(self.home / "mail")

        async def round_() -> None:
            while await postman.deliver(self.world, mailer):
                pass

        self.call(round_)
        found = []
        for file in sorted((self.home / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
            letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            assert isinstance(letter, EmailMessage)
            if letter["To"] == to:
                found.append(letter)
        return found

    def code(self, to: str, number: int = -1) -> str:
        """The eight digits of a letter to an address, the last one unless said."""
        codes = [code for letter in self.letters(to) if (code := code_in(letter))]
        return codes[number]

    @contextmanager
    def a_table_is_lost(self) -> Iterator[None]:
        """For a while the tables are gone, as when a disk is swapped under a running service."""
        self.rows("ALTER TABLE limits RENAME TO limits_away")
        yield
        self.rows("ALTER TABLE limits_away RENAME TO limits")

    def tidy(self) -> None:
        self.call(housekeeping.tidy, self.world)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database holds, read beside the edge."""
        return self.store.run(self.settings.database, query)

    def everything_stored(self) -> str:
        """Every row of every table, as text."""
        return "\n".join(str(self.rows(f"SELECT * FROM {table}")) for table in sorted(metadata.tables))

    def visitor(self, **headers: str) -> "Person":
        return Person(self, headers=headers)

    def member(self, address: str = "lectrice@example.org", password: str = GOOD, lang: str = "fr") -> "Person":
        """Somebody who signed up and gave the code."""
        person = self.visitor()
        answer = person.post("/api/sign-up", {"email": address, "password": password, "lang": lang})
        assert answer.status == 202, answer
        assert person.post("/api/sign-up/verify", {"code": self.code(address)}).status == 200
        return person

    def all_at_once(self, requests: list[tuple["Person", str, dict[str, Any]]]) -> list[int]:
        """The statuses of POSTs sent side by side."""
        return [answer.status for answer in self.answers_at_once(requests)]

    def answers_at_once(self, requests: list[tuple["Person", str, dict[str, Any]]]) -> list[Answer]:
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


@dataclass
class Person:
    """One browser: its cookies, and what it always says."""

    house: House
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str) -> Answer:
        """Any request at all; header names with _ for -."""
        said = {**SAME_ORIGIN, **self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.cookies:
            said["Cookie"] = self.cookie_header
        client = self.house.client
        client.cookies.clear()
        origin = self.house.settings.origin
        got = client.request(
            method,
            f"{origin}{path}",
            content=body,
            headers={name: value for name, value in said.items() if value},
            follow_redirects=False,
        )
        for line in got.headers.get_list("set-cookie"):
            name, _, value = line.split(";")[0].partition("=")
            if "max-age=0" in line.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return Answer(got.status_code, got.headers, got.content)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> Answer:
        """A POST of JSON."""
        content = httpx2.Request("POST", ORIGIN, json=body or {}).content
        return self.ask("POST", path, content, **{"Content_Type": "application/json", **headers})

    def send(self, page: str, path: str, **fields: str) -> Answer:
        """A native form of a page, sent by a browser without script."""
        return self.ask(
            "POST",
            path,
            urlencode(fields).encode(),
            Content_Type="application/x-www-form-urlencoded",
            Accept="text/html,application/xhtml+xml",
            Referer=self.house.settings.origin + page,
        )


def code_in(letter: EmailMessage) -> str:
    """The code in a letter's plain text, alone on its line; empty when there is none."""
    match = re.search(r"^(\d{4}) (\d{4})$", text_of(letter), re.MULTILINE)
    return match[1] + match[2] if match else ""


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


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
