"""How somebody becomes a member: address and password, a code by letter, an account.

The account is born only when the code is given, with the password of that very flow: who signed up with somebody else's
address before has nothing. From outside, a known address and an unknown one cannot be told apart.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import audit
from ..addresses import address_key
from ..codes import LIFE_MS
from ..errors import BadCode, CodeUsed, NoFlow, WeakPassword
from ..limits import CODE_NETWORK, LETTERS_ACCOUNT, LETTERS_IN_ALL, SIGN_UP_NETWORK, allow, count
from ..passwords import problem
from ..post import newsletter
from ..post.letters import Letter
from ..post.outbox import post
from ..schema import users
from ..world import World
from . import flows, sessions
from .devices import allowance, mark


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """What the form says. `return_to` is already one of our own pages."""

    email: str
    password: str
    lang: str
    newsletter: bool
    return_to: str


@dataclass(frozen=True, kw_only=True)
class Browser:
    """What a request tells of its sender: the network in canonical form, the user agent, and two cookies.

    `session` is the session so far, `device` what devices.mark gave at an earlier sign-in.
    """

    network: str
    agent: str
    session: str | None
    device: str | None


@dataclass(frozen=True)
class Entered:
    """Somebody came in: the token of the new session, the page to go on to, and the cookie of a known device."""

    token: str
    return_to: str
    lang: str
    device: str


async def sign_up(world: World, wish: SignUp, browser: Browser) -> str:
    """Begins a sign-up and posts its letter; the token for the flow's cookie.

    BadEmail, WeakPassword, TooManyRequests, Busy. The same work is done for every address, known or not.
    """
    key = address_key(wish.email)
    if (broken := problem(wish.password, wish.email)) is not None:
        raise WeakPassword(broken)
    await allow(world, (SIGN_UP_NETWORK, browser.network), (LETTERS_IN_ALL, ""))
    password = await world.hasher.hash(wish.password)
    async with world.database.write(key) as connection:
        known = (await connection.execute(select(users.c.email).where(users.c.email_key == key))).scalar()
        begun = flows.Begun(
            kind="sign_up",
            email=known or wish.email,
            email_key=key,
            password=None if known else password,
            lang=wish.lang,
            newsletter=wish.newsletter,
            return_to=wish.return_to,
        )
        token, challenge = await flows.begin(connection, world, begun)
        await _write_to(connection, world, begun, challenge, browser)
    world.mail_waiting.set()
    audit.note(world, "sign-up begun", network=browser.network)
    return token


async def resend(world: World, token: str | None, browser: Browser) -> flows.Flow:
    """A new code in place of the older; nothing, and nothing is said, within a minute. NoFlow."""
    await allow(world, (CODE_NETWORK, browser.network), (LETTERS_IN_ALL, ""))
    async with world.database.write() as connection:
        flow = await flows.find(connection, world, token, "sign_up", hold=True)
        if flow is not None and flow.done_ms is None:
            challenge = await flows.renew(connection, world, flow)
            if challenge is not None:
                await _write_to(connection, world, flow, challenge, browser)
    if flow is None or flow.done_ms is not None:
        raise NoFlow
    world.mail_waiting.set()
    return flow


async def _write_to(
    connection: AsyncConnection, world: World, flow: flows.Begun, challenge: str, browser: Browser
) -> None:
    """The letter with the code; to somebody who already has an account, the letter that says so."""
    if await count(connection, world, *allowance(world, LETTERS_ACCOUNT, flow.email_key, browser.device)):
        return
    known = flow.password is None
    facts = {"purpose": flow.kind, "challenge": challenge, "kid": world.keys.kid}
    letter = Letter("already_member" if known else "sign_up_code", flow.lang, flow.email, {} if known else facts)
    now, id = world.clock(), world.random(16).hex()
    await post(connection, id=id, letter=letter, now_ms=now, expires_ms=now + LIFE_MS)


async def verify(world: World, token: str | None, code: str, browser: Browser) -> Entered:
    """Opens the account whose code this is, and signs its owner in.

    NoFlow, BadCode, CodeExpired, CodeUsed, TooManyTries. Of many at once with the right code, one wins.
    """
    await allow(world, (CODE_NETWORK, browser.network))
    flow, challenge = await flows.prove(world, token, "sign_up", code, browser.device)
    async with world.database.write(flow.email_key) as connection:
        won = flow.password is not None and await flows.spend(connection, world, flow, challenge)
        user_id = await _open(connection, world, flow) if won else None
        session = ""
        if user_id is not None:
            await flows.mark_done(connection, world, flow)
            await flows.end_others(connection, flow.email_key, but=flow.id)
            session = await sessions.begin(
                connection,
                world,
                user_id,
                agent=browser.agent,
                return_to=flow.return_to,
                replacing=browser.session,
            )
            if flow.newsletter:
                await newsletter.subscribe_proved(
                    connection, world, flow.email, flow.email_key, flow.lang, source="sign-up", network=browser.network
                )
    if user_id is None:
        raise BadCode if won or flow.password is None else CodeUsed
    world.mail_waiting.set()
    audit.note(world, "account opened", account=user_id, network=browser.network)
    return Entered(session, flow.return_to, flow.lang, mark(world, flow.email_key, browser.device))


async def _open(connection: AsyncConnection, world: World, flow: flows.Flow) -> str | None:
    """The new account's id; None when the address got one in another way meanwhile."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {
        "id": world.random(16).hex(),
        "email": flow.email,
        "email_key": flow.email_key,
        "password": flow.password,
        "lang": flow.lang,
        "created_ms": world.clock(),
    }
    made = insert(users).values(**row).on_conflict_do_nothing(index_elements=[users.c.email_key]).returning(users.c.id)
    id: str | None = (await connection.execute(made)).scalar()
    return id
