"""The postman: takes letters from the outbox, writes them out with code and link, and hands them to the mailer."""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from . import outbox, tokens
from .codes import code_of
from .letters import CONFIRM, KINDS, NOT_ME, Letter, Stamp, render
from .mailer import Mailer, Permanent, Temporary, mailer_of
from .outbox import Waiting
from .world import World

CODES = "codes"
"""Purpose of the keys from which codes are derived."""

LINKS = "letters"
"""Purpose of the keys that sign the links in letters."""

CONFIRM_MS = 7 * 24 * 60 * 60_000
"""How long the link that confirms a subscription is good for, in milliseconds."""

_IDLE_S = 2.0
_LEASE_MS = 120_000
_AT_ONCE = 4

_log = structlog.get_logger("postman")


async def run(world: World, mailer: Mailer | None = None) -> None:
    """Delivers until cancelled: at once when `world.mail_waiting` is set, otherwise every two seconds.

    By the mailer of the settings, unless another is given.
    """
    mailer = mailer or mailer_of(world.settings.mail)
    while True:
        world.mail_waiting.clear()
        try:
            while await deliver(world, mailer):
                pass
        except Exception as error:
            # The database is away, or worse: the letters wait, and so do we.
            _log.error("outbox out of reach", problem=f"{type(error).__name__}: {error}")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(world.mail_waiting.wait(), _IDLE_S)


async def deliver(world: World, mailer: Mailer) -> int:
    """One round: up to four letters, side by side; how many were taken. One that fails holds up no other."""
    now = world.clock()
    async with world.database.write() as c:
        late = await outbox.expire(c, now)
        batch = await outbox.claim(c, now, _LEASE_MS, _AT_ONCE)
    if late:
        _log.warning("letters too late to send", letters=late)
    await asyncio.gather(*(_deliver_one(world, mailer, waiting) for waiting in batch))
    return len(batch)


async def _deliver_one(world: World, mailer: Mailer, waiting: Waiting) -> None:
    try:
        code, token = _secrets(world, waiting)
        stamp = Stamp(world.settings.origin, world.settings.mail_from, waiting.id, waiting.created_ms)
        message = render(waiting.letter, stamp, code=code, token=token)
        await mailer.send(message, waiting.id, world.clock())
    except Temporary as error:
        await _note(world, waiting, str(error), permanent=False)
    except Permanent as error:
        await _note(world, waiting, str(error), permanent=True)
    except Exception as error:
        # A letter that cannot be written. Its facts may hold an address, so the log gets the kind of fault only.
        await _note(world, waiting, type(error).__name__, permanent=False)
    else:
        async with world.database.write() as c:
            await outbox.sent(c, waiting.id, world.clock())
        _log.info("letter sent", id=waiting.id, kind=waiting.letter.kind, tries=waiting.tries)


async def _note(world: World, waiting: Waiting, problem: str, *, permanent: bool) -> None:
    chance = int.from_bytes(world.random(2)) / 65_535
    async with world.database.write() as c:
        again = await outbox.failed(c, waiting, problem, world.clock(), permanent=permanent, chance=chance)
    _log.warning("letter not sent", id=waiting.id, kind=waiting.letter.kind, problem=problem, again=again)


def _secrets(world: World, waiting: Waiting) -> tuple[str, str]:
    """Code and link of a letter, derived only now: the database holds neither."""
    letter, facts = waiting.letter, waiting.letter.facts
    kind = KINDS[letter.kind]
    code = ""
    if kind.code:
        key = world.keys.key(CODES, facts.get("kid"))
        if key is None:
            raise Permanent("the key of this code has left the ring")
        code = code_of(key, facts["purpose"], facts["challenge"])
    return code, _token(world, letter, kind.link, waiting.created_ms) if kind.link else ""


def _token(world: World, letter: Letter, link: str, created_ms: int) -> str:
    words = [letter.facts["challenge" if link == NOT_ME else "subscription"], letter.lang]
    if link == CONFIRM:
        words.append(str(created_ms + CONFIRM_MS))
    return tokens.sign(*world.keys.signing(LINKS), link, *words)
