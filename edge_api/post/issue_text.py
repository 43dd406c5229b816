"""The text of an issue: what an editor writes in Markdown, read, checked, and turned into text and HTML. Pure.

An issue is a file in each language: a front matter that says the subject, then Markdown whose addresses may begin at
the root of the site. It may hold no picture and no HTML: the newsletter promises to be free of anything that spies.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

import yaml
from markdown import markdown

_WIDTH = 72
_LONGEST_SUBJECT = 120
# Mail programs of a large provider cut a letter off at 102 kB of HTML; our frame around it needs a few.
_LONGEST = 90_000
_HEAD = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(([^()\s]*)\)")
# Whatever could be a link to Markdown, of any shape, is looked at; links by reference are not needed.
_ADDRESS = re.compile(r"\]\(([^)]*)")
_REFERENCE = re.compile(r"\s*\[[^\]]*\]:")
_TAG = re.compile(r"<(?!https?://)[a-zA-Z/!]")

TO_WRITE = {
    "fr": "Écrivez ici quelques lignes aux lecteurs, ou supprimez ce paragraphe.",
    "en": "Write a few lines to the readers here, or delete this paragraph.",
}
"""The paragraph of a prepared issue that must not leave."""


@dataclass(frozen=True)
class Draft:
    """An issue as it stands in a file: `line` is where its Markdown begins."""

    subject: str
    text: str
    line: int


@dataclass(frozen=True)
class Problem:
    """What keeps an issue from being sent, with its cure."""

    line: int
    message: str


@dataclass(frozen=True)
class Written:
    """An issue ready for letters: `plain` is wrapped text, `html` what stands between the heading and the foot."""

    subject: str
    plain: str
    html: str


def read_issue(content: str, lang: str, stands: Callable[[str], bool]) -> tuple[Draft | None, list[Problem]]:
    """The issue in a file and every problem of it; no draft when the front matter cannot be read.

    `stands` tells whether the site has a page at a path.
    """
    match = _HEAD.fullmatch(content.replace("\r\n", "\n"))
    if match is None:
        return None, [Problem(1, "no front matter. Begin with `---`, then `subject: …`, then `---`")]
    try:
        head = yaml.safe_load(match[1])
    except yaml.YAMLError:
        return None, [Problem(2, "the front matter cannot be read. Put the subject between straight quotes")]
    if not isinstance(head, dict) or not isinstance(head.get("subject"), str):
        return None, [Problem(2, "no subject. Write `subject:` and the subject of the letter")]
    draft = Draft(head["subject"].strip(), match[2].strip() + "\n", content[: match.start(2)].count("\n") + 1)
    return draft, [*_of_head(head, draft), *_of_text(draft, match[2], lang, stands)]


def _of_head(head: dict[object, object], draft: Draft) -> list[Problem]:
    found = [
        Problem(2, f"unknown field `{name}`. The front matter of an issue holds `subject` only")
        for name in head
        if name != "subject"
    ]
    if not draft.subject or len(draft.subject) > _LONGEST_SUBJECT or not draft.subject.isprintable():
        found.append(Problem(2, f"the subject must be one line of 1 to {_LONGEST_SUBJECT} characters"))
    return found


def _of_text(draft: Draft, text: str, lang: str, stands: Callable[[str], bool]) -> list[Problem]:
    found = []
    if not draft.text.strip():
        found.append(Problem(draft.line, "the issue is empty. Write something, or do not send it"))
    if len(draft.text.encode()) > _LONGEST:
        found.append(Problem(draft.line, "the issue is over 90 kB: mail programs would cut it off. Shorten it"))
    for number, line in enumerate(text.splitlines(), draft.line):
        if line.strip() == TO_WRITE[lang]:
            found.append(Problem(number, "the paragraph to be written is still there. Write it, or delete it"))
        if "![" in line:
            found.append(Problem(number, "a picture. Issues hold none, as the newsletter's page promises: link to it"))
        if _TAG.search(line):
            found.append(Problem(number, "HTML. Write Markdown, and \\< for the sign itself"))
        if _REFERENCE.match(line):
            found.append(Problem(number, "a link by reference. Write the address beside its words: [words](address)"))
        for address in _ADDRESS.findall(line):
            found += [Problem(number, why) for why in _wrong_with(address, stands)]
    return found


def _wrong_with(address: str, stands: Callable[[str], bool]) -> list[str]:
    if re.fullmatch(r"(https://|mailto:)[^\s(]+", address):
        return []
    if not re.fullmatch(r"/(?!/)[^\s(]*", address):
        return [f"the link to “{address}” leads nowhere. Begin it with / for a page of the site, or with https://"]
    if not stands(address.partition("#")[0].partition("?")[0]):
        return [f"the site has no page {address}. Look for a misspelling, or build the site first: duplex build"]
    return []


def written(subject: str, text: str, origin: str) -> Written:
    """An issue that has no problem, for letters; `origin` is put before addresses that begin at the root."""
    absolute = _LINK.sub(lambda link: f"[{link[1]}]({_absolute(link[2], origin)})", text)
    html = markdown(absolute, extensions=["sane_lists"], output_format="html")
    return Written(subject, _plain(absolute), html)


def _absolute(address: str, origin: str) -> str:
    return origin + address if address.startswith("/") else address


def _plain(text: str) -> str:
    """The Markdown as text that reads well without knowing any: headings and links on lines of their own."""
    return "\n\n".join(_block(block) for block in re.split(r"\n\s*\n", text.strip())) + "\n"


def _block(block: str) -> str:
    lines = [re.sub(r"^#+ +|^> ?", "", line) for line in block.splitlines()]
    if re.match(r"[-*] |\d+\. ", block):
        return "\n".join(_paragraph(line, indent="  " * (not re.match(r"\S", line))) for line in lines)
    return _paragraph(" ".join(lines))


def _paragraph(text: str, indent: str = "") -> str:
    alone = _LINK.fullmatch(text.strip())
    if alone is not None:
        return f"{_bare(alone[1])}\n{alone[2]}"
    told = _LINK.sub(lambda link: f"{link[1]} ({link[2]})", text.strip())
    hang = "  " if re.match(r"[-*] ", told) else ""
    return textwrap.fill(
        _bare(told), _WIDTH, initial_indent=indent, subsequent_indent=indent + hang,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _bare(text: str) -> str:
    """Without the signs of emphasis, and without the backslash before a sign that is meant."""
    plain = re.sub(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", r"\2", text)
    plain = re.sub(r"(?<![\w*])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*])", r"\2", plain)
    return re.sub(r"\\([\\`*_{}\[\]()#+.!<>-])", r"\1", plain)
