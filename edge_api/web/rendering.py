"""Renders the edge's own small pages: those that no static page can be, in the language of who reads."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse


def rendered(template: str, lang: str, *, status: int = 200, **facts: object) -> HTMLResponse:
    """A page made of a template in pages/, which is given lang, root (this language's home), words and `facts`."""
    root = "/en/" if lang == "en" else "/"
    html = _environment().get_template(template).render(lang=lang, root=root, words=words(lang), **facts)
    return HTMLResponse(html, status_code=status, headers={"Content-Language": lang})


def said(name: str, lang: str, *, status: int = 200, link: str = "") -> HTMLResponse:
    """The page that says one thing: `name` is an entry of words.yml; its button leads to `link`, or posts to itself."""
    return rendered("page.html", lang, status=status, said={"button": "", "sure": "", **words(lang)[name]}, link=link)


@cache
def words(lang: str) -> dict[str, Any]:
    """Every word of these pages in a language."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((files("edge_api") / "pages" / "words.yml").read_text("utf-8"))
    return found[lang]


def package_words() -> dict[str, dict[str, Any]]:
    """What packages say in each language, with the text of the page to read first."""
    pages = files("edge_api") / "pages"
    return {
        lang: words(lang)["package"] | {"readme": (pages / f"readme.{lang}.txt").read_text("utf-8")}
        for lang in ("fr", "en")
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(str(files("edge_api") / "pages")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
