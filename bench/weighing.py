"""How heavy and how fast an interview of one hour is: Lighthouse's marks, bytes on the wire, and a slowed phone.

Lighthouse (npm) runs as it comes: a phone on slow 4G, its processor four times slower, simulated. Then a browser that
is really slowed opens the page, plays the film, follows it, and is clicked on (bench/phone.py). Both look at the same
interview on a page of MkDocs-Material and by Hyperaudio Lite too (bench/elsewhere.py).
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cyclopts
import msgspec

from bench import elsewhere
from bench.archive import HOUSE
from bench.hour import SLUG, write_hour
from bench.phone import seen_on_a_phone
from bench.tools import node_modules

PORT = 8399
ORIGIN = f"http://127.0.0.1:{PORT}"
PAGES = {"one hour": f"/interviews/{SLUG}/", "home": "/", "listing": "/interviews/", "account": "/account/sign-up/"}
MARKS = ("performance", "accessibility", "best-practices", "seo")
TIMES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "interactive")
# A task of 49 milliseconds counts for nothing, one of 50 for all the time before it: one visit tells little.
_VISITS = 7
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


def lighthouse(modules: Path, browser: str, address: str) -> dict[str, object]:
    """Marks of 100, and times as it writes them. The page was asked for once before: it is compressed already."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip, br"})
    urllib.request.urlopen(request).close()
    command = ["node", str(modules / "lighthouse" / "cli" / "index.js"), address, "--quiet", "--output=json"]
    command += [f"--only-categories={','.join(MARKS)}", f"--chrome-flags={_FLAGS}"]
    done = subprocess.run(command, env={**os.environ, "CHROME_PATH": browser}, capture_output=True, check=True)
    said = json.loads(done.stdout)
    found: dict[str, object] = {mark: round(100 * said["categories"][mark]["score"]) for mark in MARKS}
    found |= {name: said["audits"][name]["displayValue"].replace("\u00a0", " ") for name in TIMES}
    return found | {"bytes": round(said["audits"]["total-byte-weight"]["numericValue"])}


app = cyclopts.App(help="Weigh an interview of one hour: 9,000 words, 400 turns.")
# What is clicked on in each: the words that play where words do, what else there is where they do not.
OTHERS = {
    "MkDocs-Material": ("material", "h3 .headerlink"),
    "Hyperaudio Lite": ("hyperaudio", "#hypertranscript p span"),
}


@app.default
def main(*, only: str = ",".join((*PAGES, *OTHERS)), into: Path = Path("build/bench/page")) -> None:
    """Print a table of Lighthouse's marks for these pages, and one of a slowed phone for those that hold the hour.

    Example: bench/page --only "one hour,MkDocs-Material"
    """
    browser = os.environ["DUPLEX_TEST_BROWSER"]
    tools = HOUSE / "build" / "bench" / "tools"
    modules = node_modules(tools, "lighthouse@12")
    asked = only.split(",")
    write_hour(into)
    marks: list[str] = []
    phone: list[str] = []

    def look(name: str, address: str, words: str, then: tuple[str, ...] = ()) -> None:
        marks.append(_row(name, lighthouse(modules, browser, address).values()))
        if words:
            flags = _FLAGS.split()[1:]
            visits = [seen_on_a_phone(browser, flags, address, words, then=then) for _ in range(_VISITS)]
            columns = zip(*map(msgspec.structs.astuple, visits), strict=True)
            phone.append(_row(name, (_told(sorted(values)) for values in columns)))

    with served(into):
        for name in (name for name in PAGES if name in asked):
            hour = name == "one hour"
            look(name, ORIGIN + PAGES[name], "span[data-at]" if hour else "", ("#in-now", "#out-now") if hour else ())
    for name in (name for name in OTHERS if name in asked):
        folder, words = OTHERS[name]
        if folder == "material":
            elsewhere.write_material(into, into / folder)
        else:
            elsewhere.write_hyperaudio(into, node_modules(tools, elsewhere.HYPERAUDIO), into / folder)
        with elsewhere.served(into / folder / "site", into / "media", PORT):
            look(name, f"{ORIGIN}/{SLUG}/", words)
    print(_table(("page", *MARKS, *TIMES, "bytes"), marks))
    print(_table(("a slowed phone", "first paint", "largest paint", "usable", "blocked", "slowest answer"), phone))


def _told(values: Sequence[float]) -> str:
    """The median of some visits, and the shortest and longest time."""
    return f"{values[len(values) // 2]:.0f} ms ({values[0]:.0f}–{values[-1]:.0f})"


def _row(name: str, values: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, (name, *values)))} |"


def _table(head: Sequence[str], rows: Iterable[str]) -> str:
    return "\n".join((_row(head[0], head[1:]), "| --- " * len(head) + "|", *rows, ""))


if __name__ == "__main__":
    app()
