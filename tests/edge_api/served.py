"""The edge in a process of its own over a shelf of real footage, and people who talk to it over plain HTTP."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.ports import free_port
from tests.edge_api.shelf import Shelf
from tests.site.portal import Portal

PASSWORD = "Marée-haute_2047"


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        found = json.loads(self.body)
        assert isinstance(found, dict), self.body
        return found


@dataclass
class Someone:
    """A person's browser: it keeps cookies and follows nothing."""

    origin: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: dict[str, object] | bytes | None = None, **headers: str) -> Answer:
        """Asks; header names are written with _ for -."""
        sent = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
        if isinstance(body, dict):
            body, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(self.origin.removeprefix("http://"), timeout=120)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def form(self, path: str, **fields: str) -> Answer:
        """Sends a native form, as a browser without script does."""
        body = urllib.parse.urlencode(fields).encode()
        kind = "application/x-www-form-urlencoded"
        return self.ask("POST", path, body, Accept="text/html,*/*;q=0.8", Content_Type=kind)


@dataclass
class House:
    """A running edge: where it answers, its folders, its process."""

    shelf: Shelf
    home: Path
    origin: str
    process: subprocess.Popen[bytes] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def clips(self) -> Path:
        return self.home / "clips"

    def start(self) -> None:
        """Starts the service and waits until it is ready."""
        settings: Mapping[str, str] = {
            "DUPLEX_ORIGIN": self.origin,
            "DUPLEX_SITE": str(self.shelf.site),
            "DUPLEX_MEDIA": str(self.shelf.media),
            "DUPLEX_CLIPS": str(self.clips),
            "DUPLEX_MAIL": f"folder:{self.home / 'mail'}",
            "DUPLEX_DATABASE": f"sqlite+aiosqlite:///{self.home / 'duplex.db'}",
            "DUPLEX_SECRETS": str(self.home / "secrets.json"),
            "DUPLEX_BCRYPT_COST": "4",
        }
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DUPLEX_")}
        duplex = str(Path(sys.executable).with_name("duplex"))
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [duplex, "serve"],
                cwd=self.home,
                env={**environment, **settings, **self.settings},
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + 300
        while True:
            assert self.process.poll() is None, (self.home / "serve.log").read_text()
            try:
                with urllib.request.urlopen(f"{self.origin}/readyz", timeout=30):
                    return
            except OSError:  # not listening yet, or too busy to answer
                assert time.monotonic() < end, (self.home / "serve.log").read_text()
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Ends the service, by Ctrl-C unless said."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(60)

    def stranger(self) -> Someone:
        return Someone(self.origin)

    def member(self, name: str, lang: str = "fr") -> Someone:
        """Somebody with an account, signed in."""
        address, someone = f"{name}@example.org", self.stranger()
        fields: dict[str, object] = {"email": address, "password": PASSWORD, "lang": lang}
        assert someone.ask("POST", "/api/sign-up", fields).status == 202
        portal = Portal(self.origin, self.shelf.site, self.home / "mail", self.shelf.media)
        code = portal.code(address)
        assert someone.ask("POST", "/api/sign-up/verify", {"code": code}).status == 200
        return someone


@contextmanager
def served(shelf: Shelf, home: Path, **settings: str) -> Iterator[House]:
    """A house that runs, some settings other than usual, and is ended at the end."""
    house = House(shelf, home, f"http://127.0.0.1:{free_port()}", settings=settings)
    house.start()
    try:
        yield house
    finally:
        if house.process is not None and house.process.poll() is None:
            house.stop()
