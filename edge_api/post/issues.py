"""Issues of the newsletter on their way: begun, filled into the outbox, stopped, gone on with, and counted.

A delivery is one row for one issue and one subscription, written in the same transaction as its letter in the outbox:
whatever is cut off between two steps, going on misses nobody and writes to nobody twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from ..schema import outbox, subscriptions
from ..world import World
from .issues_schema import announced, deliveries, issues
from .letters import ISSUE, Letter
from .outbox import ISSUES, row

_AT_ONCE = 500


@dataclass(frozen=True)
class Issue:
    """An issue in one language as it is being sent; `ended_ms` is None while letters of it wait."""

    id: str
    lang: str
    subject: str
    text: str
    begun_ms: int
    ended_ms: int | None


@dataclass(frozen=True)
class Progress:
    """Letters of an issue by what became of them; `recipients` counts whom it is for, posted or not."""

    recipients: int
    waiting: int
    sent: int
    dropped: int
    dead: int


async def find(c: AsyncConnection, id: str, lang: str) -> Issue | None:
    """An issue whose sending was begun, or None."""
    found = (await c.execute(select(issues).where(issues.c.id == id, issues.c.lang == lang))).first()
    return None if found is None else Issue(*(getattr(found, name) for name in Issue.__dataclass_fields__))


async def begin(world: World, id: str, lang: str, subject: str, text: str, slugs: Iterable[str]) -> Issue:
    """Freezes an issue, and notes which interviews stand today; what was begun before stays as it was."""
    async with world.database.write() as c:
        insert = sqlite.insert if c.dialect.name == "sqlite" else postgresql.insert
        fresh = {"id": id, "lang": lang, "subject": subject, "text": text, "begun_ms": world.clock()}
        made = await c.execute(insert(issues).values(**fresh).on_conflict_do_nothing().returning(issues.c.id))
        told = [{"slug": slug, "lang": lang, "issue": id} for slug in slugs]
        if made.first() is not None and told:
            await c.execute(insert(announced).on_conflict_do_nothing(), told)
        found = await find(c, id, lang)
    assert found is not None
    return found


async def fill(world: World, issue: Issue) -> int:
    """Posts the issue to up to 500 subscribers who have not got it; how many. Those who came later get the next one."""
    async with world.database.write() as c:
        has_it = select(deliveries.c.subscription).where(deliveries.c.issue == issue.id)
        missing = (
            select(subscriptions.c.id)
            .where(_of(issue), subscriptions.c.id.not_in(has_it))
            .order_by(subscriptions.c.id)
            .limit(_AT_ONCE)
        )
        found = list((await c.execute(missing)).scalars())
        if not found:
            return 0
        insert = sqlite.insert if c.dialect.name == "sqlite" else postgresql.insert
        fresh = [
            {"issue": issue.id, "subscription": id, "lang": issue.lang, "letter": letter_id(issue.id, id),
             "outcome": "waiting"}
            for id in found
        ]  # fmt: skip
        put = insert(deliveries).on_conflict_do_nothing().returning(deliveries.c.subscription)
        taken = list((await c.execute(put, fresh)).scalars())
        if taken:
            await c.execute(outbox.insert(), [_letter(issue, id, world.clock()) for id in taken])
    return len(found)


def letter_id(issue: str, subscription: str) -> str:
    """The id of a letter, and so of its Message-ID: always the same for the same issue and subscription."""
    return hashlib.sha256(f"issue|{issue}|{subscription}".encode()).hexdigest()[:32]


def _letter(issue: Issue, subscription: str, now_ms: int) -> dict[str, object]:
    letter = Letter(ISSUE, issue.lang, "", {"issue": issue.id, "subscription": subscription})
    return row(id=letter_id(issue.id, subscription), letter=letter, now_ms=now_ms, lane=ISSUES)


async def withdraw(world: World, id: str) -> int:
    """Takes back every letter of an issue that no postman holds; how many. Sending it again goes on with them."""
    async with world.database.write() as c:
        waiting = select(deliveries.c.letter).where(deliveries.c.issue == id, deliveries.c.outcome == "waiting")
        free = delete(outbox).where(outbox.c.id.in_(waiting), outbox.c.leased_ms <= world.clock())
        await c.execute(free.where(outbox.c.sent_ms.is_(None), outbox.c.dead_ms.is_(None)))
        gone = delete(deliveries).where(deliveries.c.issue == id, deliveries.c.outcome == "waiting")
        back = await c.execute(gone.where(deliveries.c.letter.not_in(select(outbox.c.id))))
    return int(back.rowcount)


async def settle(c: AsyncConnection, letter: str, outcome: str) -> None:
    """Notes what became of a letter, in the transaction that notes it in the outbox."""
    await c.execute(update(deliveries).where(deliveries.c.letter == letter).values(outcome=outcome))


async def progress(c: AsyncConnection, issue: Issue) -> Progress:
    """How far the sending is."""
    of_issue = (deliveries.c.issue == issue.id) & (deliveries.c.lang == issue.lang)
    counted = await c.execute(select(deliveries.c.outcome, func.count()).where(of_issue).group_by(deliveries.c.outcome))
    counts: dict[str, int] = {row[0]: row[1] for row in counted}
    has_it = select(deliveries.c.subscription).where(deliveries.c.issue == issue.id)
    left = (await c.execute(select(func.count()).where(_of(issue), subscriptions.c.id.not_in(has_it)))).scalar_one()
    kinds = [counts.get(outcome, 0) for outcome in ("waiting", "sent", "dropped", "dead")]
    return Progress(left + sum(kinds), *kinds)


async def totals(c: AsyncConnection, issue: Issue) -> dict[str, int]:
    """How many letters of it were sent, wait, were dropped because the subscription had ended, or died."""
    kept = (await c.execute(select(issues).where(issues.c.id == issue.id, issues.c.lang == issue.lang))).one()
    if kept.ended_ms is not None:
        return {"sent": kept.sent, "dropped": kept.dropped, "dead": kept.dead}
    at = await progress(c, issue)
    missing = at.recipients - at.waiting - at.sent - at.dropped - at.dead
    return {"sent": at.sent, "waiting": at.waiting, "to post": missing, "dropped": at.dropped, "dead": at.dead}


async def end(world: World, issue: Issue) -> bool:
    """Closes an issue of which nothing waits and nobody is missing; whether it is closed now."""
    async with world.database.write() as c:
        at = await progress(c, issue)
        over = at.waiting == 0 and at.recipients == at.sent + at.dropped + at.dead
        if over:
            counts = {"sent": at.sent, "dropped": at.dropped, "dead": at.dead}
            open_ = update(issues).where(
                issues.c.id == issue.id, issues.c.lang == issue.lang, issues.c.ended_ms.is_(None)
            )
            await c.execute(open_.values(ended_ms=world.clock(), **counts))
    return over


async def every(c: AsyncConnection) -> list[Issue]:
    """Every issue that was begun, the latest first."""
    found = await c.execute(select(issues).order_by(issues.c.begun_ms.desc(), issues.c.lang.desc()))
    return [Issue(*(getattr(row, name) for name in Issue.__dataclass_fields__)) for row in found]


async def subscribers(c: AsyncConnection, lang: str) -> int:
    """How many would receive an issue in this language today."""
    which = (subscriptions.c.state == "confirmed") & (subscriptions.c.lang == lang)
    return int((await c.execute(select(func.count()).where(which))).scalar_one())


async def told_before(c: AsyncConnection, lang: str) -> frozenset[str]:
    """The slugs that some issue in this language could have told of."""
    return frozenset((await c.execute(select(announced.c.slug).where(announced.c.lang == lang))).scalars())


def _of(issue: Issue) -> ColumnElement[bool]:
    return (
        (subscriptions.c.state == "confirmed")
        & (subscriptions.c.lang == issue.lang)
        & (subscriptions.c.confirmed_ms <= issue.begun_ms)
    )
