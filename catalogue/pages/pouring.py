"""Pages poured into the shell that MkDocs rendered: interviews, lists, home.

An interview's page has two parts: the head, all that depends on the interview alone, and the tail, which shows its
neighbours and ends the page. Tails change more often than heads, and cost little to write after them.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from catalogue.escaping import escape
from catalogue.interview import Record, home, other_language
from catalogue.pages.cards import Cards
from catalogue.pages.plan import HERE, Plan

_MARK = re.compile(r"(@@(?:title|kind|path|up|other|other_class)@@|<!--@@(?:head|main)@@-->)")
_MAIN = "<!--@@main@@-->"


class _Templates(Environment):
    """Templates that are given dictionaries. To ask one for an attribute first, as Jinja does, and to catch that it has
    none, was a fourth of what rendering cost."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class Pourer:
    """One language's shell and templates, compiled once."""

    def __init__(self, plan: Plan, lang: str) -> None:
        self.lang, self.words, self.root, self.origin = lang, plan.words[lang], home(lang), plan.origin
        # Split at its marks once: what is poured in is never searched for marks, whatever it says.
        pieces = _MARK.split(plan.shell(lang).decode())
        main = pieces.index(_MAIN)
        self.before, self.after = pieces[:main], pieces[main + 1 :]
        kept = plan.work / "templates"
        kept.mkdir(parents=True, exist_ok=True)
        # Compiled once for all builds: for one edited page that took as long as all the rest of its making.
        self.templates = _Templates(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            # A build ends with the templates it began with.
            auto_reload=False,
            bytecode_cache=FileSystemBytecodeCache(str(kept)),
        )
        named = {"lang": lang, "root": self.root, "words": self.words, "origin": plan.origin}
        assets = {"assets": plan.assets.addresses, "modules": plan.assets.modules}
        self.templates.globals.update(named, **assets, cards=Cards(lang, self.words))

    def page(self, template: str, values: Mapping[str, Any], head: Mapping[str, Any], *, url: str, kind: str) -> bytes:
        """A whole page. `head` are the values of `head.html`, among them where the language switch leads."""
        begun = self._begun(template, values, head, url=url, kind=kind)
        return f"{begun}{self._ended(url, kind, head['switch'])}".encode()

    def head(self, values: Mapping[str, Any], head: Mapping[str, Any], *, url: str) -> bytes:
        """The head of an interview's page. What machines read of it comes last: it is as long as the page."""
        values = {**values, "json_ld": head["json_ld"]}
        return self._begun("interview.html", values, head, url=url, kind="interview").encode()

    def tail(self, one: Record, related: Iterable[Record], switch: str | None) -> bytes:
        """The tail that goes with it."""
        end = self._render("interview_end.html", {"interview": one, "related": tuple(related)})
        return f"{end}{self._ended(one.url, 'interview', switch)}".encode()

    def _render(self, template: str, values: Mapping[str, Any]) -> str:
        return self.templates.get_template(template).render(values)

    def _begun(self, template: str, values: Mapping[str, Any], head: Mapping[str, Any], *, url: str, kind: str) -> str:
        poured = self._poured(url, kind, head["switch"])
        poured["@@title@@"] = escape(f"{head['title']} – {self.words['site']['name']}")
        poured["<!--@@head@@-->"] = self._render("head.html", head)
        return "".join([poured.get(piece, piece) for piece in self.before]) + self._render(template, values)

    def _ended(self, url: str, kind: str, switch: str | None) -> str:
        poured = self._poured(url, kind, switch)
        return "".join([poured.get(piece, piece) for piece in self.after])

    def _poured(self, url: str, kind: str, switch: str | None) -> dict[str, str]:
        return {
            "@@kind@@": kind,
            "@@path@@": quote(url),
            # The style is addressed from the page: a page that is opened from a folder has it too.
            "@@up@@": "../" * (url.count("/") - 1) or "./",
            # Without a translation the switch leads to the other language's list, and says so.
            "@@other@@": switch or f"{home(other_language(self.lang))}interviews/",
            "@@other_class@@": "" if switch else "missing",
        }
