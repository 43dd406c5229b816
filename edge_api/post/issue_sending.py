"""Sends an issue: what is checked first, then the letters posted and followed until none waits."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..schema import outbox
from ..world import World, moment
from . import issues
from .issue_text import Draft
from .issues import Issue
from .issues_schema import deliveries

A_WEEK = timedelta(days=7)
_LOOK_S = 0.5
# Longer than a postman sleeps: if nothing moved by then, none is at work.
_STILL_S = 10.0


class NotSent(Exception):
    """The issue cannot be sent now; the message holds the cure."""


async def plan(world: World, id: str, drafts: Mapping[str, Draft]) -> list[str]:
    """What would be sent to how many, in sentences. NotSent when it may not be."""
    if world.settings.mail.startswith("folder:") and not world.settings.loopback:
        raise NotSent(
            "DUPLEX_MAIL is a folder: nobody would get the issue. Name your relay: smtps://user:password@host"
        )
    lines = []
    async with world.database.read() as c:
        before = [issue for issue in await issues.every(c) if issue.id != id]
        for lang, draft in drafts.items():
            begun = await issues.find(c, id, lang)
            if begun is None:
                _keep_promise(world, lang, before)
                count = await issues.subscribers(c, lang)
                lines.append(f"{lang}: “{draft.subject}” to {count} subscribers.")
            elif begun.ended_ms is not None:
                raise NotSent(f"The issue {id} in {lang} has been sent already, on {moment(begun.begun_ms)}.")
            else:
                at = await issues.progress(c, begun)
                lines.append(f"{lang}: “{begun.subject}” goes on; {at.sent} of {at.recipients} have it.")
                if (begun.subject, begun.text) != (draft.subject, draft.text):
                    lines.append(
                        f"{lang}: the file was changed since. The issue stays as it was when its sending began."
                    )
    return lines


def _keep_promise(world: World, lang: str, before: Sequence[Issue]) -> None:
    """Readers were promised one issue a week at most. Days are counted, not hours, in UTC."""
    last = max((issue.begun_ms for issue in before if issue.lang == lang), default=None)
    if last is None:
        return
    next_day = datetime.fromtimestamp(last / 1000, UTC).date() + A_WEEK
    if datetime.fromtimestamp(world.clock() / 1000, UTC).date() < next_day:
        raise NotSent(
            f"The last issue in {lang} left on {moment(last)[:10]}, and readers were promised one a week at most. "
            f"Send this one from {next_day.isoformat()} on."
        )


async def follow(world: World, begun: Sequence[Issue]) -> None:
    """Posts the issues and waits until nothing of them waits; Ctrl-C takes back what has not left."""
    try:
        for issue in begun:
            while await issues.fill(world, issue):
                pass
        await _watch(world, begun)
    except asyncio.CancelledError:
        back = sum([await issues.withdraw(world, id) for id in {issue.id for issue in begun}])
        raise NotSent(stopped(begun[0].id, back)) from None
    for issue in begun:
        await issues.end(world, issue)
        async with world.database.read() as c:
            print(await told(c, issue))


def stopped(id: str, back: int) -> str:
    """What is said of an issue whose sending was stopped."""
    return f"Stopped: {back} letters of {id} were taken back. To go on with them: duplex newsletter send {id}"


async def _watch(world: World, begun: Sequence[Issue]) -> None:
    shown = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )  # fmt: skip
    still, last = 0.0, -1
    with shown if sys.stdout.isatty() else nullcontext():
        bars = {issue: shown.add_task(f"{issue.id} {issue.lang}", note="") for issue in begun}
        while True:
            settled, waiting = 0, 0
            async with world.database.read() as c:
                for issue in begun:
                    at = await issues.progress(c, issue)
                    settled, waiting = settled + at.recipients - at.waiting, waiting + at.waiting
                    note = await _problem(c, issue) if at.waiting else ""
                    shown.update(bars[issue], total=at.recipients, completed=at.recipients - at.waiting, note=note)
            if not waiting:
                return
            still, last = (still + _LOOK_S if settled == last else 0.0), settled
            if still == _STILL_S:
                print("No letter has left for a while. Is the service running? It carries them: duplex serve")
            await asyncio.sleep(_LOOK_S)


async def _problem(c: AsyncConnection, issue: Issue) -> str:
    """What keeps letters of an issue, in the words of the one that failed last."""
    letters = select(deliveries.c.letter).where(deliveries.c.issue == issue.id, deliveries.c.outcome == "waiting")
    held = select(outbox.c.problem).where(outbox.c.id.in_(letters), outbox.c.problem != "")
    return str((await c.execute(held.order_by(outbox.c.due_ms.desc()).limit(1))).scalar() or "")


async def told(c: AsyncConnection, issue: Issue) -> str:
    """One line on an issue: when, to how many, and what became of its letters."""
    counts = await issues.totals(c, issue)
    parts = [f"{number} {name}" for name, number in counts.items() if number or name == "sent"]
    return f"{issue.id} {issue.lang}, begun {moment(issue.begun_ms)}: {', '.join(parts)}. “{issue.subject}”"
