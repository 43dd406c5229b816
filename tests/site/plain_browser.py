"""A browser without JavaScript: it reads pages, fills the native forms that stand in them, and follows redirects."""

import http.client
import time
import urllib.parse
from dataclasses import dataclass, field
from xml.etree import ElementTree

import html5lib

_HEADERS = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Site": "same-origin"}


@dataclass
class PlainBrowser:
    """One person's visit: the address shown, the document, the cookies."""

    origin: str
    address: str = "/"
    status: int = 0
    headers: http.client.HTTPMessage = field(default_factory=http.client.HTTPMessage)
    body: bytes = b""
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def document(self) -> ElementTree.Element:
        """The page as a tree, elements without namespace."""
        return html5lib.parse(self.body, namespaceHTMLElements=False, transport_encoding="utf-8")

    @property
    def fragment(self) -> str:
        """What stands after # in the address: the place on the page that a browser shows."""
        return urllib.parse.urlsplit(self.address).fragment

    @property
    def text(self) -> str:
        """The words of the page's main part."""
        main = self.document.find(".//main")
        assert main is not None, self.body[:300]
        return " ".join("".join(main.itertext()).split())

    def open(self, address: str) -> None:
        """Goes to an address, as typing it or following a link does."""
        self._go("GET", address, None)

    def follow(self, path_part: str) -> None:
        """Follows the first link of the main part whose address holds these letters."""
        main = self.document.find(".//main")
        assert main is not None
        links = [urllib.parse.urljoin(self.address, link.get("href", "")) for link in main.iter("a")]
        found = next((href for href in links if path_part in href), None)
        assert found, f"no link with {path_part} among {links} on {self.address}"
        self.open(found)

    def wait_for_link(self, path_part: str, seconds: float = 90) -> None:
        """Does what the page's own refresh says, until the link is there."""
        end = time.monotonic() + seconds
        while not any(path_part in link.get("href", "") for link in self.document.iter("a")):
            refresh = next((meta for meta in self.document.iter("meta") if meta.get("http-equiv") == "refresh"), None)
            assert refresh is not None, f"{self.address} neither has the link nor asks again: {self.text}"
            assert time.monotonic() < end, f"no link with {path_part} after {seconds} s: {self.text}"
            time.sleep(float(refresh.get("content", "1")))
            self.open(self.address)

    def submit(self, action: str, **fields: str) -> None:
        """Fills the form that posts to `action` and sends it. A field that the page does not have is a mistake."""
        forms = [form for form in self.document.iter("form") if form.get("action") == action]
        assert forms, f"no form for {action} on {self.address}"
        form = next((form for form in forms if set(fields) <= set(_values(form))), None)
        assert form is not None, f"no form for {action} has {set(fields)} on {self.address}"
        values = {name: value for name, value in _values(form).items() if value is not None} | fields
        assert form.get("method", "get").lower() == "post"
        self._go("POST", action, urllib.parse.urlencode(values).encode())

    def _go(self, method: str, address: str, body: bytes | None) -> None:
        before = urllib.parse.urlsplit(urllib.parse.urljoin(self.origin + self.address, self.address))
        target = urllib.parse.urljoin(self.origin + self.address, address)
        for _ in range(6):
            parts = urllib.parse.urlsplit(target)
            assert f"{parts.scheme}://{parts.netloc}" == self.origin, f"led away to {target}"
            headers = dict(_HEADERS) | {"Referer": urllib.parse.urlunsplit(before._replace(fragment=""))}
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            if body is not None:
                headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
            connection = http.client.HTTPConnection(parts.netloc, timeout=30)
            connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
            answer = connection.getresponse()
            self.status, self.headers, self.body = answer.status, answer.headers, answer.read()
            connection.close()
            self.address = urllib.parse.urlunsplit(parts._replace(scheme="", netloc=""))
            self._keep_cookies()
            if self.status not in (301, 302, 303, 307, 308):
                return
            target = urllib.parse.urljoin(target, self.headers["Location"])
            method, body = "GET", None
        raise AssertionError(f"too many redirects, at {target}")

    def _keep_cookies(self) -> None:
        for line in self.headers.get_all("Set-Cookie") or []:
            pair, *attributes = line.split(";")
            name, _, value = pair.strip().partition("=")
            if any(attribute.strip().lower() == "max-age=0" for attribute in attributes):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


def _values(form: ElementTree.Element) -> dict[str, str | None]:
    """What a form would send as it stands; None where nothing is sent unless filled."""
    values: dict[str, str | None] = {}
    for control in form.iter():
        name = control.get("name")
        if not name:
            continue
        if control.tag == "input":
            unticked = control.get("type") in ("checkbox", "radio") and control.get("checked") is None
            values[name] = None if unticked else control.get("value", "")
        elif control.tag == "select":
            options = list(control.iter("option"))
            chosen = next((option for option in options if option.get("selected") is not None), options[0])
            values[name] = chosen.get("value", chosen.text or "")
        elif control.tag == "textarea":
            values[name] = control.text or ""
    return values
