"""A forgotten password: address, a code by letter, a new password. It ends every session and opens none."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import audit
from ..addresses import address_key
from ..codes import LIFE_MS
from ..errors import CodeUsed, NoFlow, WeakPassword
from ..limits import CODE_NETWORK, LETTERS_ACCOUNT, LETTERS_IN_ALL, SIGN_UP_NETWORK, allow, count
from ..passwords import problem
from ..post.letters import Letter
from ..post.outbox import NOBODY, post
from ..schema import users
from ..world import World
from . import flows
from .devices import allowance
from .members import replaced
from .signing_up import Browser


async def ask(world: World, email: str, lang: str, return_to: str, browser: Browser) -> str:
    """Begins a reset; the token for the flow's cookie. BadEmail, TooManyRequests.

    An address without account gets a flow and a challenge like any other, and no letter.
    """
    key = address_key(email)
    await allow(world, (SIGN_UP_NETWORK, browser.network), (LETTERS_IN_ALL, ""))
    async with world.database.write(key) as connection:
        user = (await connection.execute(select(users.c.id, users.c.email).where(users.c.email_key == key))).first()
        begun = flows.Begun(
            kind="reset",
            # Letters go to the address that was proved, never to another spelling of it.
            email=user.email if user else email,
            email_key=key,
            user_id=user.id if user else None,
            lang=lang,
            return_to=return_to,
        )
        token, challenge = await flows.begin(connection, world, begun)
        await _write_to(connection, world, begun, challenge, browser)
    world.mail_waiting.set()
    audit.note(world, "reset asked", account=begun.user_id, network=browser.network)
    return token


async def resend(world: World, token: str | None, browser: Browser) -> flows.Flow:
    """A new code in place of the older; nothing, and nothing is said, within a minute. NoFlow."""
    await allow(world, (CODE_NETWORK, browser.network), (LETTERS_IN_ALL, ""))
    async with world.database.write() as connection:
        flow = await flows.find(connection, world, token, "reset", hold=True)
        waiting = flow is not None and flow.verified_ms is None and flow.done_ms is None
        if flow is not None and waiting and (challenge := await flows.renew(connection, world, flow)) is not None:
            await _write_to(connection, world, flow, challenge, browser)
    if flow is None or not waiting:
        raise NoFlow
    world.mail_waiting.set()
    return flow


async def _write_to(
    connection: AsyncConnection, world: World, flow: flows.Begun, challenge: str, browser: Browser
) -> None:
    over = await count(connection, world, *allowance(world, LETTERS_ACCOUNT, flow.email_key, browser.device))
    if over:
        return
    facts = {"purpose": flow.kind, "challenge": challenge, "kid": world.keys.kid}
    # An address without account costs the same work, here and at the postman's: its letter is to nobody.
    letter = Letter("reset_code", flow.lang, NOBODY if flow.user_id is None else flow.email, facts)
    now, id = world.clock(), world.random(16).hex()
    await post(connection, id=id, letter=letter, now_ms=now, expires_ms=now + LIFE_MS)


async def verify(world: World, token: str | None, code: str, browser: Browser) -> tuple[str, str]:
    """Proves the address; a new token for the flow's cookie, and the flow's language.

    NoFlow, BadCode, CodeExpired, CodeUsed, TooManyTries.
    """
    await allow(world, (CODE_NETWORK, browser.network))
    flow, challenge = await flows.prove(world, token, "reset", code, browser.device)
    async with world.database.write(flow.email_key) as connection:
        won = await flows.spend(connection, world, flow, challenge)
        proved = await flows.mark_proved(connection, world, flow) if won else ""
    if not won:
        raise CodeUsed
    return proved, flow.lang


async def set_password(world: World, token: str | None, password: str) -> flows.Flow:
    """The new password of the account whose code was given in this browser. NoFlow, WeakPassword, Busy.

    In one transaction every session, every other flow and every code of the account ends, and a letter says so.
    """
    async with world.database.read() as connection:
        flow = await flows.find(connection, world, token, "reset")
    if flow is None or flow.verified_ms is None or flow.done_ms is not None or flow.user_id is None:
        raise NoFlow
    if (broken := problem(password, flow.email)) is not None:
        raise WeakPassword(broken)
    hashed = await world.hasher.hash(password)
    async with world.database.write(flow.email_key) as connection:
        won = await flows.mark_done(connection, world, flow)
        if won:
            await connection.execute(update(users).where(users.c.id == flow.user_id).values(password=hashed))
            await replaced(connection, world, flow.user_id, flow.email, flow.email_key, flow.lang, but_flow=flow.id)
    if not won:
        raise NoFlow
    world.mail_waiting.set()
    audit.note(world, "password reset", account=flow.user_id)
    return flow


async def return_of(world: World, token: str | None) -> str:
    """Where the reset that ended in this browser wants its owner to sign in to; empty when there was none."""
    async with world.database.read() as connection:
        flow = await flows.find(connection, world, token, "reset")
    return flow.return_to if flow is not None and flow.done_ms is not None else ""
