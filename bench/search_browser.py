"""A search in a real Chromium, cold each time, and what came over the wire for it."""

import gzip
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from threading import Thread
from typing import ClassVar

import msgspec
from playwright.sync_api import Page, sync_playwright

HOUSE = Path(__file__).resolve().parent.parent
_SCRIPTS = ("search-words.js", "search-index.js", "search-ways.js", "search-find.js", "search-near.js")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
_FIRST = """async (typed) => {
  const begun = performance.now();
  const index = new duplexSearch.Index("fr", "search/fr/");
  const search = new duplexSearch.Search(index, duplexSearch.readQuery(typed, "fr"));
  await search.begin();
  let first = null;
  let shown = 0;
  for await (const result of search.each(10)) {
    first ??= performance.now() - begun;
    shown += 1;
  }
  const ten = performance.now() - begun;
  await search.count();
  globalThis.last = { index, typed };
  return { first: first ?? ten, ten, requests: index.requests, shown };
}"""
_ALL = """async () => {
  const { index, typed } = globalThis.last;
  const search = new duplexSearch.Search(index, duplexSearch.readQuery(typed, "fr"));
  await search.begin();
  const numbers = [];
  while (!search.done && numbers.length < 30000) {
    const found = search.phrases.length ? await search.more(50) : await search.take(1000, () => false);
    numbers.push(...found.map((each) => each.number));
    if (!found.length) break;
  }
  return numbers;
}"""


class Seen(msgspec.Struct, frozen=True):
    """The first ten results of a query: milliseconds to the first and to the last of them; requests and bytes, as sent
    (gzip) and as they are, for them and for their count; and how many they are."""

    first: float
    ten: float
    requests: int
    sent: int
    plain: int
    shown: int


class Handler(SimpleHTTPRequestHandler):
    """Files as a web server sends them, compressed; `fetched` names them, with their bytes as sent and as they are."""

    fetched: ClassVar[list[tuple[str, int, int]]] = []

    def do_GET(self) -> None:
        """A file, or the page of a folder."""
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            self.send_error(404)
            return
        data = file.read_bytes()
        body = gzip.compress(data, 6)
        Handler.fetched.append((self.path, len(body), len(data)))
        self.send_response(200)
        self.send_header("Content-Type", guess_type(file)[0] or "application/octet-stream")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is said."""


class Browser:
    """Asks an index that lies in a folder."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin = page, origin

    def first(self, typed: str) -> Seen:
        """The first results, with nothing remembered from before."""
        self.page.goto(self.origin)
        Handler.fetched.clear()
        told = self.page.evaluate(_FIRST, typed)
        sent, plain = sum(sent for _, sent, _ in Handler.fetched), sum(plain for _, _, plain in Handler.fetched)
        return Seen(told["first"], told["ten"], told["requests"], sent, plain, told["shown"])

    def all(self) -> list[int]:
        """The numbers of all documents that the last query finds."""
        numbers: list[int] = self.page.evaluate(_ALL)
        return numbers


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """A server of a folder that holds an index, and a browser before it."""
    for name in _SCRIPTS:
        shutil.copyfile(HOUSE / "catalogue" / "theme" / "assets" / name, folder / name)
    scripts = "".join(f"<script src={name}></script>" for name in _SCRIPTS)
    (folder / "index.html").write_text(f'<!doctype html><html lang="fr"><meta charset="utf-8">{scripts}</html>')
    with opened(folder) as (page, origin):
        yield Browser(page, f"{origin}/index.html")


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Page, str]]:
    """A page of a browser, and the address at which a folder is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    path = os.environ.get("DUPLEX_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=path, args=_FLAGS)
            yield browser.new_context().new_page(), f"http://127.0.0.1:{server.server_address[1]}"
            browser.close()
    finally:
        server.shutdown()
