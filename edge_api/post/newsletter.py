"""The newsletter: who asked for it, who confirmed, who left; and the proof of each.

A stranger's address receives nothing but one letter that asks. Somebody whose address was proved by a code, or who is
signed in, is subscribed at once. What was agreed is written down and never changed (CNIL; CPCE, art. L34-5).
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from sqlalchemy import ColumnElement, Row, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import audit, tokens
from ..addresses import address_key
from ..limits import ASKED_ACCOUNT, LETTERS_IN_ALL, NEWSLETTER_NETWORK, allow, count, shortened
from ..schema import consents, subscriptions
from ..world import World
from .letters import CONFIRM, LEAVE, Letter
from .outbox import NOBODY, post
from .writing import LINKS

WORDING = "2026-11"
"""The version of the sentence beside the button. Change it with the sentence."""

_LONGEST_SOURCE = 200


async def ask(world: World, email: str, lang: str, *, source: str, network: str) -> None:
    """Writes to an address to ask whether its owner wants the newsletter; not to one that already has it.

    `source` is the page, `network` as limits.network_of gives it. BadEmail, TooManyRequests. Nothing that a caller can
    see tells whether a letter is sent: for an address that has the newsletter the same is written, and the letter is to
    nobody.
    """
    key = address_key(email)
    await allow(world, (NEWSLETTER_NETWORK, network), (LETTERS_IN_ALL, ""))
    async with world.database.write(key) as c:
        row, has_it = await _ask_for(c, world, email, key, lang)
        if not await count(c, world, ASKED_ACCOUNT, key):
            await _note(c, world, row, key, "again" if has_it else "asked", lang, source, network)
            letter = Letter("newsletter_confirm", lang, NOBODY if has_it else email, {"subscription": row})
            await post(c, id=world.random(16).hex(), letter=letter, now_ms=world.clock())
    audit.note(world, "newsletter asked", network=network)
    world.mail_waiting.set()


async def subscribe_proved(
    c: AsyncConnection, world: World, email: str, email_key: str, lang: str, *, source: str, network: str
) -> None:
    """Subscribes an address that its owner has proved, in the caller's transaction; nothing if it already is.

    The transaction must be about that address (Database.write).
    """
    row = await _confirm_at_once(c, world, email, email_key, lang)
    if row is not None:
        await _note(c, world, row, email_key, "confirmed", lang, source, network)
        audit.note(world, "newsletter confirmed", how="member", network=network)
        await _welcome(c, world, row, email, lang)


async def confirm(world: World, token: str, *, network: str) -> bool:
    """What the button behind the letter's link does, once or often; False when the link is no longer valid."""
    words = tokens.read(world.keys.all(LINKS), CONFIRM, token)
    if words is None or int(words[2]) <= world.clock():
        return False
    id, lang = words[:2]
    pending = update(subscriptions).where(subscriptions.c.id == id, subscriptions.c.state == "pending")
    async with world.database.write() as c:
        changed = await c.execute(
            pending.values(state="confirmed", lang=lang, confirmed_ms=world.clock()).returning(subscriptions)
        )
        if (row := changed.first()) is not None:
            await _note(c, world, id, row.email_key, "confirmed", lang, "letter", network)
            audit.note(world, "newsletter confirmed", how="letter", network=network)
            await _welcome(c, world, id, row.email, lang)
        state = (await c.execute(select(subscriptions.c.state).where(subscriptions.c.id == id))).scalar()
    world.mail_waiting.set()
    return state == "confirmed"


async def leave(world: World, token: str, *, network: str) -> None:
    """Ends a subscription; the same nothing for a link that is not ours, or that was followed before."""
    words = tokens.read(world.keys.all(LINKS), LEAVE, token)
    if words is None:
        return
    id, lang = words
    async with world.database.write() as c:
        row = await _end(c, subscriptions.c.id == id)
        if row is not None:
            await _note(c, world, id, row.email_key, "left", lang, "letter", network)
            audit.note(world, "newsletter left", how="letter", network=network)


async def leave_proved(world: World, email_key: str, lang: str, *, source: str, network: str) -> None:
    """Ends the subscription of an address whose owner is signed in; nothing if there is none."""
    async with world.database.write() as c:
        row = await _end(c, subscriptions.c.email_key == email_key)
        if row is not None:
            await _note(c, world, row.id, email_key, "left", lang, source, network)
            audit.note(world, "newsletter left", how="member", network=network)


async def choose_language(c: AsyncConnection, email_key: str, lang: str) -> None:
    """The language of the issues that go to an address, in the caller's transaction."""
    await c.execute(update(subscriptions).where(subscriptions.c.email_key == email_key).values(lang=lang))


async def suppress(world: World, id: str) -> None:
    """Ends a subscription whose mailbox does not exist any more. Codes are still written to the address."""
    async with world.database.write() as c:
        row = await _end(c, (subscriptions.c.id == id) & (subscriptions.c.state == "confirmed"))
        if row is not None:
            await _note(c, world, id, row.email_key, "refused", row.lang, "mail server", "")
            audit.note(world, "newsletter refused")


def language_of_token(world: World, link: str, token: str) -> str | None:
    """The language of the letter that a link stood in; None when it is not ours."""
    words = tokens.read(world.keys.all(LINKS), link, token)
    return None if words is None else words[1]


async def is_subscribed(world: World, email_key: str) -> bool:
    """Whether the newsletter goes to this address."""
    query = select(subscriptions.c.state).where(subscriptions.c.email_key == email_key)
    async with world.database.read() as c:
        return (await c.execute(query)).scalar() == "confirmed"


def names_of(world: World, email_key: str) -> list[str]:
    """The keyed hashes under which an address may stand in the record of consent, one for each key of the ring.

    The first is the one that is written today; records of before a rotation are found under the others.
    """
    return [hmac.digest(key, email_key.encode(), hashlib.sha256).hex() for key in world.keys.all("consents").values()]


async def erase(c: AsyncConnection, email_key: str) -> None:
    """Forgets an address. The proof of what was agreed stays, under a keyed hash that names nobody."""
    await c.execute(delete(subscriptions).where(subscriptions.c.email_key == email_key))


async def _end(c: AsyncConnection, which: ColumnElement[bool]) -> Row[Any] | None:
    """Ends a subscription: its row goes, and with it the address. What stood there, or None."""
    return (await c.execute(delete(subscriptions).where(which).returning(subscriptions))).first()


async def _id_for(c: AsyncConnection, world: World, key: str) -> str:
    """The id for a row of an address that has none: that of before for who comes back, which the proof has kept.

    So the links in older issues still lead out.
    """
    before = select(consents.c.subscription_id).where(consents.c.address.in_(names_of(world, key)))
    known: str | None = (await c.execute(before.order_by(consents.c.at_ms.desc()).limit(1))).scalar()
    return known or world.random(16).hex()


async def _ask_for(c: AsyncConnection, world: World, email: str, key: str, lang: str) -> tuple[str, bool]:
    """Notes in one statement that an address was asked for: its row's id, and whether it has the newsletter already.

    What is confirmed is written anew as it was: so it costs the same.
    """
    has_it = subscriptions.c.state == "confirmed"
    fresh = {"lang": lang, "state": "pending", "asked_ms": world.clock(), "confirmed_ms": None}
    kept = {name: case((has_it, subscriptions.c[name]), else_=value) for name, value in fresh.items()}
    insert = sqlite.insert if c.dialect.name == "sqlite" else postgresql.insert
    put = insert(subscriptions).values(id=await _id_for(c, world, key), email=email, email_key=key, **fresh)
    put = put.on_conflict_do_update(index_elements=[subscriptions.c.email_key], set_=kept)
    row = (await c.execute(put.returning(subscriptions.c.id, subscriptions.c.state))).one()
    return row.id, row.state == "confirmed"


async def _confirm_at_once(c: AsyncConnection, world: World, email: str, key: str, lang: str) -> str | None:
    """Confirms an address in one statement; its row's id, or None when it has the newsletter already."""
    now = world.clock()
    confirmed = {"email": email, "lang": lang, "state": "confirmed", "asked_ms": now, "confirmed_ms": now}
    insert = sqlite.insert if c.dialect.name == "sqlite" else postgresql.insert
    put = insert(subscriptions).values(id=await _id_for(c, world, key), email_key=key, **confirmed)
    put = put.on_conflict_do_update(
        index_elements=[subscriptions.c.email_key], set_=confirmed, where=subscriptions.c.state != "confirmed"
    )
    row = (await c.execute(put.returning(subscriptions.c.id))).first()
    return None if row is None else str(row.id)


async def _note(
    c: AsyncConnection, world: World, row: str, key: str, action: str, lang: str, source: str, network: str
) -> None:
    """Adds to the record of consent: never the address, and only the beginning of the network."""
    await c.execute(
        consents.insert().values(
            id=world.random(16).hex(),
            address=names_of(world, key)[0],
            subscription_id=row,
            action=action,
            wording=WORDING,
            lang=lang,
            source=source[:_LONGEST_SOURCE],
            network=shortened(network),
            at_ms=world.clock(),
        )
    )


async def _welcome(c: AsyncConnection, world: World, row: str, email: str, lang: str) -> None:
    letter = Letter("newsletter_welcome", lang, email, {"subscription": row})
    await post(c, id=world.random(16).hex(), letter=letter, now_ms=world.clock())
