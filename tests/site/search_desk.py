"""A browser that holds the search's scripts and an index, without a server: asked, it tells what it finds."""

import random
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.catalogue.search.pages import SENTENCES, Index, page, plainly
from tests.site.portal import ROOT

ASSETS = ROOT / "catalogue" / "theme" / "assets"
SCRIPTS = ("search-words.js", "search-index.js", "search-ways.js", "search-find.js", "search-near.js")
FIND = """async (queries) => {
  const { Search, readQuery } = duplexSearch;
  const { lang } = document.documentElement;
  const index = (globalThis.index ??= new duplexSearch.Index(lang, `search/${lang}/`));
  return Promise.all(queries.map(async ([query, filters, newest]) => {
    const search = new Search(index, readQuery(query, lang), filters ?? {}, newest ?? false);
    await search.begin();
    const found = [];
    while (!search.done && found.length < 500) found.push(...(await search.more(100)));
    return found.map((each) => ({ slug: each.text.u, units: each.units, tier: each.tier }));
  }));
}"""


def said_by_chance(chance: random.Random, count: int) -> list[str]:
    """Turns of two sentences each, so that any two of them meet somewhere."""
    return [f"{chance.choice(SENTENCES)} {chance.choice(SENTENCES)}" for _ in range(count)]


def pages(lang: str = "fr") -> list[Any]:
    chance = random.Random(11)
    return [
        page(
            f"page-{at}",
            said_by_chance(chance, 40),
            lang=lang,
            day=f"20{10 + at % 16}-0{1 + at % 9}-1{at % 10}",
            title="Récit",
        )
        for at in range(24)
    ]


def opened(browser: Browser, folder: Path, index: Index) -> Page:
    """A page in a folder, with the search's scripts and an index beside it."""
    index.bring_up()
    for path, data in index.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    scripts = "".join(f'<script src="{(ASSETS / name).as_uri()}"></script>' for name in SCRIPTS)
    (folder / "index.html").write_text(f'<!doctype html><html lang="{index.lang}"><meta charset=utf-8>{scripts}</html>')
    opened = browser.new_page()
    opened.goto((folder / "index.html").as_uri())
    return opened


def find_all(searching: Page, queries: list[str]) -> list[list[dict[str, Any]]]:
    """What each query finds."""
    found: list[list[dict[str, Any]]] = searching.evaluate(FIND, [[query, None, False] for query in queries])
    return found


def find(searching: Page, query: str, filters: dict[str, str] | None = None, newest: bool = False) -> Any:
    """What one query finds, narrowed and in an order."""
    return searching.evaluate(FIND, [[query, filters, newest]])[0]


def slugs(found: list[dict[str, Any]], tier: int = 0) -> set[str]:
    return {each["slug"] for each in found if each["tier"] <= tier}


def texts(one: Any) -> list[list[str]]:
    """The words of each turn, plainly."""
    return [[word.replace("'", "") for word in plainly(" ".join(turn.paragraphs))] for turn in one.turns]
