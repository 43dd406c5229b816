"""What people do with a browser, and what comes back to them: answers and letters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx2

if TYPE_CHECKING:
    from tests.edge_api.house import House

ORIGIN = "http://127.0.0.1:8000"
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
class Person:
    """One browser: its cookies, and what it always says."""

    house: "House"
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(self, method: str, path: str, body: bytes | Iterator[bytes] | None = None, **headers: str) -> Answer:
        """Any request at all; header names with _ for -."""
        ours = {**SAME_ORIGIN, "Origin": self.house.settings.origin}
        said = {**ours, **self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
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


def wrong(code: str) -> str:
    """Another code than this one."""
    return f"{(int(code) + 1) % 10**8:08d}"


def code_in(letter: EmailMessage) -> str:
    """The code in a letter's plain text, alone on its line; empty when there is none."""
    match = re.search(r"^(\d{4}) (\d{4})$", text_of(letter), re.MULTILINE)
    return match[1] + match[2] if match else ""


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
