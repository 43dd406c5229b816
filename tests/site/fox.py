"""A real Firefox, driven by the protocol it speaks itself: WebDriver BiDi (W3C), over one WebSocket.

So nothing stands between the test and the browser that has to be downloaded, and any Firefox will do.
"""

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

# A film may play without a person's click, the window counts as the one in front, and nobody else is called.
_PREFERENCES = """
user_pref("media.autoplay.default", 0);
user_pref("media.autoplay.blocking_policy", 0);
user_pref("intl.accept_languages", "fr,en");
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("focusmanager.testmode", true);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
"""
_LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
_PATIENCE_S = 20.0
_START_S = 60.0


class Fox:
    """One tab of a Firefox. What is looked for is waited for; `wrong` gathers the errors of the pages' scripts."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._numbers = connection, count(1)
        self.wrong: list[str] = []
        self._ask("session.new", {"capabilities": {}})
        self._ask("session.subscribe", {"events": ["log.entryAdded"]})
        # The tab that is there at the start never gets the focus where no window is seen: no field in it is ever left.
        self._tab = self._ask("browsingContext.create", {"type": "tab"})["context"]
        self._ask("browsingContext.setViewport", {"context": self._tab, "viewport": {"width": 1440, "height": 1000}})

    def open(self, address: str) -> None:
        """Loads an address anew, even if only its fragment is another one."""
        for url in ("about:blank", address):
            self._ask("browsingContext.navigate", {"context": self._tab, "url": url, "wait": "complete"})

    def run(self, expression: str) -> Any:
        """The value of an expression in the page, as JSON keeps it; a promise is waited for."""
        asked = {"expression": f"(async () => JSON.stringify(await ({expression}) ?? null))()", "awaitPromise": True}
        said = self._ask("script.evaluate", asked | {"target": {"context": self._tab}, "userActivation": True})
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        return json.loads(said["result"]["value"])

    def click(self, selector: str, beginning: str = "") -> None:
        """Clicks in the middle of the first element shown under a selector whose text begins so."""
        self.shown(selector, beginning)
        place = self.run(
            f"(one => {{ one.scrollIntoView({{block: 'center'}}); const box = one.getClientRects()[0];"
            f" return [box.x + box.width / 2, box.y + box.height / 2]; }})({_first(selector, beginning)})"
        )
        move = {"type": "pointerMove", "x": round(place[0]), "y": round(place[1])}
        press = [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "actions": press})

    def fill(self, selector: str, text: str) -> None:
        """Types into a field, key by key, in place of what stands there."""
        self.click(selector)
        self.run(f"{_first(selector)}.select()")
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": keys})

    def shown(self, selector: str, beginning: str = "") -> None:
        """Waits until such an element is shown."""
        self.until(f"{_first(selector, beginning)} !== undefined")

    def says(self, selector: str, words: str) -> None:
        """Waits until words are read there."""
        self.until(f"{_first(selector)}?.innerText.includes({json.dumps(words)})")

    def comes_to(self, part: str) -> None:
        """Waits until the address holds this part and its page is loaded."""
        self.until(f"location.href.includes({json.dumps(part)}) && document.readyState === 'complete'")

    def until(self, expression: str) -> None:
        """Waits until an expression is true; a page that is being left answers nothing for a moment."""
        end = time.monotonic() + _PATIENCE_S
        while not self._true(expression):
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.05)

    def _true(self, expression: str) -> bool:
        try:
            return bool(self.run(expression))
        except Unanswered:
            return False

    def _act(self, source: Mapping[str, object]) -> None:
        self._ask("input.performActions", {"context": self._tab, "actions": [source]})

    def _ask(self, method: str, given: Mapping[str, object]) -> dict[str, Any]:
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": given}))
        while True:
            said = json.loads(self._connection.recv(_START_S))
            if said.get("method") == "log.entryAdded" and said["params"]["level"] == "error":
                self.wrong.append(str(said["params"]["text"]))
            if said.get("id") != number:
                continue
            if said["type"] == "error":
                raise Unanswered(f"{method}: {said['message']}")
            return dict(said["result"])


class Unanswered(Exception):
    """Firefox could not do what it was asked to."""


def _first(selector: str, beginning: str = "") -> str:
    """The first element shown under a selector whose text begins so, as an expression."""
    return (
        f"[...document.querySelectorAll({json.dumps(selector)})].find(one =>"
        f" one.checkVisibility() && one.textContent.startsWith({json.dumps(beginning)}))"
    )


@contextmanager
def running_fox(path: str, folder: Path) -> Iterator[Fox]:
    """Firefox without a window to be seen, its profile in a folder; ended at the end."""
    profile, log = folder / "profile", folder / "log"
    profile.mkdir()
    (profile / "user.js").write_text(_PREFERENCES)
    command = [path, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with log.open("wb") as told:
        process = subprocess.Popen(command, stdout=told, stderr=told)
    try:
        address = _listening(log, lambda: process.poll() is None)
        with connect(f"{address}/session", max_size=None, open_timeout=_START_S) as connection:
            yield Fox(connection)
    finally:
        process.terminate()
        process.wait(20)


def _listening(log: Path, alive: Callable[[], bool]) -> str:
    end = time.monotonic() + _START_S
    while (found := _LISTENING.search(log.read_text(errors="replace"))) is None:
        assert alive(), log.read_text(errors="replace")
        assert time.monotonic() < end, f"Firefox does not listen: {log.read_text(errors='replace')}"
        time.sleep(0.1)
    return found[1]
