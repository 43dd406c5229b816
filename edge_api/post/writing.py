"""Writes a waiting letter out, at the last moment: code, link and recipient are derived or looked up only now.

The database holds no code and no token; and what is no longer true by now (a code that a newer one replaced, a
subscription that has ended) is not written at all.
"""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

from sqlalchemy import bindparam, select

from .. import tokens
from ..codes import code_of
from ..question import Question
from ..schema import challenges, subscriptions
from ..world import World
from . import issues
from .issue_text import Written, written
from .issues import Issue
from .letters import CONFIRM, ISSUE, KINDS, NOT_ME, Letter, Stamp, render
from .mailer import Permanent
from .outbox import EXPIRED, LEFT, REPLACED, Waiting

CODES = "codes"
"""Purpose of the keys from which codes are derived."""

LINKS = "letters"
"""Purpose of the keys that sign the links in letters."""

CONFIRM_MS = 7 * 24 * 60 * 60_000
"""How long the link that confirms a subscription is good for, in milliseconds."""

# Domains that can belong to nobody (RFC 2606, 2): a letter to nobody needs some address to be written to the end.
_ANYBODY = "nobody@duplex.invalid"

_CHALLENGE = Question(
    select(challenges.c.expires_ms, challenges.c.ended_ms, challenges.c.used_ms).where(
        challenges.c.id == bindparam("id")
    )
)
_SUBSCRIBER = Question(
    select(subscriptions.c.email, subscriptions.c.state).where(subscriptions.c.id == bindparam("id"))
)


class NotNow(Exception):
    """The letter is no longer worth sending; `why` is one of the outbox's reasons."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Desk:
    """Where letters are written. Remembers the issue it wrote last: its text is frozen, and thousands share it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._issue: tuple[Issue, Written] | None = None

    async def write(self, waiting: Waiting) -> EmailMessage:
        """The message as it is sent. NotNow when it is no longer worth it; Permanent when a key has left the ring."""
        letter, body = waiting.letter, None
        if letter.kind == ISSUE:
            letter, body = await self._issue_for(letter)
        code = await self._code(waiting) if KINDS[letter.kind].code else ""
        token = self._token(letter, waiting.created_ms)
        stamp = Stamp(self.world.settings.origin, self.world.settings.mail_from, waiting.id, waiting.created_ms)
        if waiting.for_nobody:
            letter = replace(letter, to=_ANYBODY)
        return render(letter, stamp, code=code, token=token, body=body)

    async def _code(self, waiting: Waiting) -> str:
        facts, now = waiting.letter.facts, self.world.clock()
        row = await self.world.database.row(_CHALLENGE, id=facts["challenge"])
        if row is None or row["ended_ms"] is not None or row["used_ms"] is not None:
            raise NotNow(REPLACED)
        if row["expires_ms"] <= now:
            raise NotNow(EXPIRED)
        key = self.world.keys.key(CODES, facts.get("kid"))
        if key is None:
            raise Permanent("the key of this code has left the ring")
        return code_of(key, facts["purpose"], facts["challenge"])

    def _token(self, letter: Letter, created_ms: int) -> str:
        link = KINDS[letter.kind].link
        if not link:
            return ""
        words = [letter.facts["challenge" if link == NOT_ME else "subscription"], letter.lang]
        if link == CONFIRM:
            words.append(str(created_ms + CONFIRM_MS))
        return tokens.sign(*self.world.keys.signing(LINKS), link, *words)

    async def _issue_for(self, letter: Letter) -> tuple[Letter, Written]:
        """The letter with the subscriber's address as it is today, and the issue's text."""
        row = await self.world.database.row(_SUBSCRIBER, id=letter.facts["subscription"])
        if row is None or row["state"] != "confirmed":
            raise NotNow(LEFT)
        if self._issue is None or (self._issue[0].id, self._issue[0].lang) != (letter.facts["issue"], letter.lang):
            async with self.world.database.read() as c:
                issue = await issues.find(c, letter.facts["issue"], letter.lang)
            if issue is None:
                raise Permanent("the issue is gone")
            self._issue = issue, written(issue.subject, issue.text, self.world.settings.origin)
        return replace(letter, to=row["email"]), self._issue[1]
