"""The search that MkDocs-Material brings with it, asked on a page of its own in a real Chromium, cold each time.

Its index is one file for both languages, fetched whole; a worker (lunr.js) makes it ready, then answers. The time is
from asking for that file to the answer: what the page itself needs to come up is not counted, as ours is not.
"""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page

from bench.contestants.material import Material
from bench.measuring import measure
from bench.search_browser import Handler, Seen, opened

# Its page and its worker speak of four things: the index, that it is ready, a query, the answer.
_WATCH = """
globalThis.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      if (data.type !== 3 || !globalThis.asked) return;
      globalThis.told ??= { at: performance.now(), found: data.data.items.map(([first]) => first.location) };
    });
  }
  postMessage(message, ...rest) {
    if (message.type === 2 && message.data) globalThis.asked = message.data;
    super.postMessage(message, ...rest);
  }
};
"""
_TOLD = """() => {
  const index = performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/search_index.json"));
  return { milliseconds: told.at - index.startTime, found: told.found };
}"""


class MaterialSearch:
    """Its answers: the French pages, and how many of the other language were among them."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.origin = page, origin
        self.found: list[str] = []
        self.english = 0

    def first(self, typed: str) -> Seen:
        """The whole answer, which comes at once."""
        Handler.fetched.clear()
        # It knows only one kind of quotation marks.
        plain = typed.replace("« ", '"').replace(" »", '"')
        self.page.goto(f"{self.origin}/?q={quote(plain)}", wait_until="commit")
        self.page.wait_for_function("globalThis.told", timeout=120_000)
        told = self.page.evaluate(_TOLD)
        places = [place.split("#")[0].strip("/") for place in told["found"]]
        self.english = sum(place.startswith("en/") for place in places)
        self.found = [place.removeprefix("interviews/") for place in places if not place.startswith("en/")]
        index = [(sent, plain) for path, sent, plain in Handler.fetched if path.endswith("/search_index.json")]
        sent, whole = sum(each[0] for each in index), sum(each[1] for each in index)
        return Seen(told["milliseconds"], told["milliseconds"], len(index), sent, whole, len(places))


def build(archive: Path, folder: Path, interviews: int) -> tuple[Path, int]:
    """The site of an archive, and the bytes of its index, compressed."""
    material = Material(folder, archive)
    material.write(archive, interviews)
    command, env = material.command()
    measure(command, folder, env)
    return material.site, len(gzip.compress((material.site / "search" / "search_index.json").read_bytes()))


@contextmanager
def asking(site: Path) -> Iterator[MaterialSearch]:
    """A browser before the site."""
    with opened(site) as (page, origin):
        page.add_init_script(_WATCH)
        yield MaterialSearch(page, origin)
