"""Letters: what we write to people, in French or English, as plain text and as HTML.

Every kind has one purpose and two templates in each language, in letters/fr and letters/en. The first line of the
plain one is the subject; a code never stands there, because subjects show on locked screens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..codes import shown
from .issue_text import Written


class _OneLine(UnstructuredHeader, BaseHeader):
    """A header that is never folded or encoded: an address in it must stay an address (RFC 8058, 3.1)."""

    def fold(self, *, policy: Policy) -> str:
        """The line, whatever its length; RFC 5322 allows 998 characters."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _OneLine)
_POLICY = SMTP.clone(header_factory=_HEADERS)

NOT_ME = "not-me"
CONFIRM = "newsletter/confirm"
LEAVE = "newsletter/leave"
ISSUE = "newsletter_issue"


@dataclass(frozen=True)
class Kind:
    """What a kind of letter carries: a code, and a link of its own (the path before the token)."""

    code: bool = False
    link: str = ""


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "sign_up_code": Kind(code=True, link=NOT_ME),
        "already_member": Kind(),
        "reset_code": Kind(code=True, link=NOT_ME),
        "password_changed": Kind(),
        "newsletter_confirm": Kind(link=CONFIRM),
        "newsletter_welcome": Kind(link=LEAVE),
        ISSUE: Kind(link=LEAVE),
        "account_deleted": Kind(),
        "link_paused": Kind(),
    }
)


@dataclass(frozen=True)
class Letter:
    """A letter to write: one of KINDS, `fr` or `en`, an address as it is stored, and facts that hold no secret.

    Facts of a letter with a code: purpose, challenge, kid (the key it is derived with). Of a letter of the newsletter:
    subscription (the row's id); of an issue also issue (its id). Of a link that was
    paused: filename.
    """

    kind: str
    lang: str
    to: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stamp:
    """What the sender adds: where the portal stands, who writes, the letter's id, and when (ms since 1970)."""

    origin: str
    mail_from: str
    id: str
    at_ms: int


def render(
    letter: Letter, stamp: Stamp, *, code: str = "", token: str = "", body: Written | None = None
) -> EmailMessage:
    """The message as it is sent. `code` are the 8 digits, `token` the end of the letter's own link, `body` the text of
    an issue, where it has them.

    The same letter, stamp, code and token give the same message but for the boundary between its parts. ValueError for
    an address that no header can carry; jinja2.UndefinedError when the letter lacks something it speaks of.
    """
    kind = KINDS[letter.kind]
    root = stamp.origin + ("/en/" if letter.lang == "en" else "/")
    words: dict[str, str] = {"origin": stamp.origin, "root": root, "lang": letter.lang, "kind": letter.kind}
    if kind.code:
        words["code"] = shown(code)
    if kind.link:
        words["link"] = f"{stamp.origin}/{kind.link}/{token}"
    if "filename" in letter.facts:
        words["filename"] = letter.facts["filename"]
    if body is not None:
        words |= {"subject": body.subject, "plain": body.plain, "html": Markup(body.html)}
    subject, text = _subject_and_text(
        _environment(html=False).get_template(f"{letter.lang}/{letter.kind}.txt").render(words)
    )
    html = (
        _environment(html=True).get_template(f"{letter.lang}/{letter.kind}.html").render(words | {"subject": subject})
    )

    name, sender = parseaddr(stamp.mail_from)
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = subject
    message["From"] = Address(name, addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Date"] = format_datetime(datetime.fromtimestamp(stamp.at_ms // 1000, UTC))
    message["Message-ID"] = f"<{stamp.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if kind.link == LEAVE:
        # One click in the mail program leaves the newsletter (RFC 8058); the list has a name to file it by (RFC 2919).
        message["List-Id"] = f"<newsletter.{letter.lang}.{_domain(stamp.origin)}>"
        message["List-Unsubscribe"] = f"<{words['link']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    # Last, because wrapping the text as an alternative moves what begins with Content- into it.
    message["Content-Language"] = letter.lang
    return message


def _domain(origin: str) -> str:
    """The portal's domain for the name of a list; RFC 2919, 3, keeps `localhost` for those that have none."""
    host = urlsplit(origin).hostname or ""
    return host if re.search(r"\.[a-z]", host) else "localhost"


def _subject_and_text(plain: str) -> tuple[str, str]:
    first, _, text = plain.partition("\n")
    found = re.fullmatch(r"Subject: (.+)", first)
    if found is None:
        raise ValueError("the first line of a letter's text must be its subject, like “Subject: Your code”")
    return found[1], text.strip() + "\n"


@cache
def _environment(*, html: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(str(files("edge_api") / "letters")),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
