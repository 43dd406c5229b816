"""Letters: what we write to people, in French or English, as plain text and as HTML.

Every kind has one purpose and two templates in each language, in letters/fr and letters/en. The first line of the
plain one is the subject; a code never stands there, because subjects show on locked screens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .codes import shown

NOT_ME = "not-me"
CONFIRM = "newsletter/confirm"
LEAVE = "newsletter/leave"


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
        "account_deleted": Kind(),
    }
)


@dataclass(frozen=True)
class Letter:
    """A letter to write: one of KINDS, `fr` or `en`, an address as it is stored, and facts that hold no secret.

    Facts of a letter with a code: purpose, challenge, kid (the key it is derived with). Of a letter of the newsletter:
    subscription (the row's id).
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


def render(letter: Letter, stamp: Stamp, *, code: str = "", token: str = "") -> EmailMessage:
    """The message as it is sent. `code` are the 8 digits, `token` the end of the letter's own link, where it has them.

    The same letter, stamp, code and token give the same message but for the boundary between its parts. ValueError for
    an address that no header can carry; jinja2.UndefinedError when the letter lacks something it speaks of.
    """
    kind = KINDS[letter.kind]
    root = stamp.origin + ("/en/" if letter.lang == "en" else "/")
    words = {"origin": stamp.origin, "root": root, "lang": letter.lang, "kind": letter.kind}
    if kind.code:
        words["code"] = shown(code)
    if kind.link:
        words["link"] = f"{stamp.origin}/{kind.link}/{token}"
    subject, text = _subject_and_text(
        _environment(html=False).get_template(f"{letter.lang}/{letter.kind}.txt").render(words)
    )
    html = _environment(html=True).get_template(f"{letter.lang}/{letter.kind}.html").render(words, subject=subject)

    name, sender = parseaddr(stamp.mail_from)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = Address(name, addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Date"] = format_datetime(datetime.fromtimestamp(stamp.at_ms // 1000, UTC))
    message["Message-ID"] = f"<{stamp.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if kind.link == LEAVE:
        # One click in the mail program leaves the newsletter (RFC 8058).
        message["List-Unsubscribe"] = f"<{words['link']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    # Last, because wrapping the text as an alternative moves what begins with Content- into it.
    message["Content-Language"] = letter.lang
    return message


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
