"""How heavy and how fast an interview of one hour is: Lighthouse's marks, bytes on the wire, and answers to clicks.

Lighthouse (npm) runs as it comes: a phone on slow 4G, its processor four times slower, simulated. Then a browser of
ours, slowed four times, plays the film, follows it, and is clicked on: the longest it took to answer is told (Event
Timing).
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cyclopts
from playwright.sync_api import sync_playwright

from bench.archive import HOUSE
from bench.hour import SLUG, write_hour
from bench.tools import node_modules

PORT = 8399
ORIGIN = f"http://127.0.0.1:{PORT}"
PAGES = {"one hour": f"/interviews/{SLUG}/", "home": "/", "listing": "/interviews/", "account": "/account/sign-up/"}
MARKS = ("performance", "accessibility", "best-practices", "seo")
TIMES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "interactive")
_FLAGS = "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"


@contextmanager
def served(project: Path) -> Iterator[None]:
    """The project built and served, with a database of its own."""
    settings = {
        "DUPLEX_ORIGIN": ORIGIN,
        "DUPLEX_SITE": "site",
        "DUPLEX_MEDIA": "media",
        "DUPLEX_CLIPS": "clips",
        "DUPLEX_MAIL": "folder:mail",
        "DUPLEX_DATABASE": "sqlite+aiosqlite:///duplex.db",
        "DUPLEX_SECRETS": "secrets.json",
    }
    environment = {**os.environ, **settings}
    duplex = [sys.executable, "-m", "duplex"]
    subprocess.run([*duplex, "build"], cwd=project, env=environment, check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen([*duplex, "serve"], cwd=project, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{ORIGIN}/readyz", timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def lighthouse(modules: Path, browser: str, path: str) -> dict[str, object]:
    """Marks of 100, and times as it writes them. The page was asked for once before: it is compressed already."""
    request = urllib.request.Request(ORIGIN + path, headers={"Accept-Encoding": "gzip"})
    urllib.request.urlopen(request).close()
    command = ["node", str(modules / "lighthouse" / "cli" / "index.js"), ORIGIN + path, "--quiet", "--output=json"]
    command += [f"--only-categories={','.join(MARKS)}", f"--chrome-flags={_FLAGS}"]
    done = subprocess.run(command, env={**os.environ, "CHROME_PATH": browser}, capture_output=True, check=True)
    said = json.loads(done.stdout)
    found: dict[str, object] = {mark: round(100 * said["categories"][mark]["score"]) for mark in MARKS}
    found |= {name: said["audits"][name]["displayValue"].replace("\u00a0", " ") for name in TIMES}
    return found | {"bytes": round(said["audits"]["total-byte-weight"]["numericValue"])}


def answers(browser: str) -> float:
    """Milliseconds of the slowest answer to a click, at a processor four times slower, while the film is followed."""
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=browser, args=[*_FLAGS.split()[1:], "--mute-audio"])
        page = chromium.new_page(viewport={"width": 390, "height": 844})
        page.goto(ORIGIN + PAGES["one hour"])
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.evaluate(
            """() => { window.slowest = 0; new PerformanceObserver(list => list.getEntries().forEach(one => {
                if (one.interactionId) window.slowest = Math.max(window.slowest, one.duration);
            })).observe({type: 'event', durationThreshold: 16, buffered: true}) }"""
        )
        for number in range(8):
            page.locator("span[data-at]").nth(number).click()
            page.wait_for_timeout(400)
        page.click("#in-now")
        page.click("#out-now")
        page.wait_for_timeout(500)
        slowest = float(page.evaluate("window.slowest"))
        chromium.close()
    return slowest


app = cyclopts.App(help="Weigh an interview of one hour: 9,000 words, 400 turns.")


@app.default
def main(*, only: str = ",".join(PAGES), into: Path = Path("build/bench/page")) -> None:
    """Print a table of Lighthouse's marks for these pages, then the slowest answer to a click.

    Example: bench/page --only "one hour,home"
    """
    browser = os.environ["DUPLEX_TEST_BROWSER"]
    modules = node_modules(HOUSE / "build" / "bench" / "tools", "lighthouse@12")
    write_hour(into)
    with served(into):
        print("| page |", " | ".join((*MARKS, *TIMES, "bytes")), "|")
        print("| --- " * (2 + len(MARKS) + len(TIMES)) + "|")
        for name in only.split(","):
            print(
                f"| {name} |", " | ".join(map(str, lighthouse(modules, browser, PAGES[name]).values())), "|", flush=True
            )
        print(f"\nSlowest answer to a click, four times slowed, while following: {answers(browser):.0f} ms")


if __name__ == "__main__":
    app()
