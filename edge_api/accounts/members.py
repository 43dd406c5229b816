"""What a member does with an account: sign in, sign out, change the password, see what is kept, leave."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import audit
from ..addresses import address_key
from ..errors import BadCredentials, BadEmail, NotFound, WeakPassword, WrongPassword
from ..limits import OWN_PASSWORD, SIGN_IN_ACCOUNT, SIGN_IN_NETWORK, allow, forget
from ..passwords import MOST_BYTES, problem
from ..post import newsletter
from ..post.letters import Letter
from ..post.outbox import post
from ..question import Question
from ..schema import outbox, users
from ..schema import sessions as session_table
from ..world import World, moment
from . import flows, sessions
from .devices import allowance, mark
from .export import addressed
from .sessions import Member
from .signing_up import Browser, Entered

_ACCOUNT = Question(select(users.c.id, users.c.password, users.c.lang).where(users.c.email_key == bindparam("key")))


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """What the form says. `return_to` is already one of our own pages, or empty for home."""

    email: str
    password: str
    return_to: str


async def sign_in(world: World, wish: SignIn, browser: Browser) -> Entered:
    """Opens a session. BadCredentials, TooManyRequests, Busy; an unknown address costs the work of a known one."""
    try:
        key = address_key(wish.email)
    except BadEmail:
        key = wish.email.strip().lower()
    counted = allowance(world, SIGN_IN_ACCOUNT, key, browser.device)
    await allow(world, (SIGN_IN_NETWORK, browser.network), counted)
    user = await world.database.row(_ACCOUNT, key=key)
    id, stored = (None, None) if user is None else (user["id"], user["password"])
    short = len(wish.password) <= MOST_BYTES
    right = await world.hasher.check(wish.password[:MOST_BYTES], stored)
    if user is None or id is None or stored is None or not right or not short:
        audit.note(world, "sign-in refused", account=id, network=browser.network)
        raise BadCredentials
    anew = await world.hasher.hash(wish.password) if world.hasher.stale(stored) else None
    async with world.database.write(key) as connection:
        # A reset between our look and this moment has ended the password that was right a moment ago.
        still = select(users.c.id).where(users.c.id == id, users.c.password == stored)
        token = None
        if (await connection.execute(still)).first() is not None:
            if anew is not None:
                await connection.execute(update(users).where(users.c.id == id).values(password=anew))
            await forget(connection, world, *counted)
            token = await sessions.begin(
                connection,
                world,
                id,
                agent=browser.agent,
                return_to=wish.return_to,
                replacing=browser.session,
            )
    if token is None:
        raise BadCredentials
    audit.note(world, "signed in", account=id, network=browser.network)
    return Entered(token, wish.return_to, user["lang"], mark(world, key, browser.device))


async def sign_out(world: World, token: str | None) -> None:
    """Ends a session, if it is one."""
    async with world.database.write() as connection:
        gone = delete(session_table).where(session_table.c.token == sessions.hash_of(token or ""))
        account = (await connection.execute(gone.returning(session_table.c.user_id))).scalar()
    if account is not None:
        audit.note(world, "signed out", account=account)


async def change_password(world: World, member: Member, current: str, password: str) -> None:
    """A new password for who knows the current one; every other session and pending code ends, and a letter tells it.

    WrongPassword, WeakPassword, TooManyRequests, Busy.
    """
    if (broken := problem(password, member.email)) is not None:
        raise WeakPassword(broken)
    stored = await _check_own(world, member, current)
    hashed = await world.hasher.hash(password)
    async with world.database.write(member.email_key) as connection:
        kept = update(users).where(users.c.id == member.id, users.c.password == stored).values(password=hashed)
        won = (await connection.execute(kept.returning(users.c.id))).first() is not None
        if won:
            await replaced(
                connection, world, member.id, member.email, member.email_key, member.lang, but=member.session
            )
    if not won:
        raise WrongPassword
    world.mail_waiting.set()
    audit.note(world, "password changed", account=member.id)


async def replaced(
    connection: AsyncConnection,
    world: World,
    user_id: str,
    email: str,
    email_key: str,
    lang: str,
    *,
    but: str | None = None,
    but_flow: str = "",
) -> None:
    """What follows from a new password, in the same transaction: sessions and codes end, the owner gets a letter."""
    await sessions.end_all(connection, user_id, but=but)
    await flows.end_others(connection, email_key, but=but_flow)
    await forget(connection, world, SIGN_IN_ACCOUNT, email_key)
    letter = Letter("password_changed", lang, email)
    await post(connection, id=world.random(16).hex(), letter=letter, now_ms=world.clock())


async def _check_own(world: World, member: Member, password: str) -> str:
    """The stored form of the member's own password, when this is it. WrongPassword; guesses count as at sign-in."""
    await allow(world, (OWN_PASSWORD, member.id))
    async with world.database.read() as connection:
        stored = (await connection.execute(select(users.c.password).where(users.c.id == member.id))).scalar()
    if not await world.hasher.check(password[:MOST_BYTES], stored) or stored is None or len(password) > MOST_BYTES:
        raise WrongPassword
    async with world.database.write() as connection:
        await forget(connection, world, OWN_PASSWORD, member.id)
    return str(stored)


async def choose_language(world: World, member: Member, lang: str) -> None:
    """The language of letters to this member from now on, the newsletter's too."""
    async with world.database.write(member.email_key) as connection:
        await connection.execute(update(users).where(users.c.id == member.id).values(lang=lang))
        await newsletter.choose_language(connection, member.email_key, lang)
    audit.note(world, "language changed", account=member.id)


async def own_sessions(world: World, member: Member) -> list[dict[str, Any]]:
    """The member's open sessions, the one last seen first."""
    now = world.clock()
    query = (
        select(session_table)
        .where(session_table.c.user_id == member.id, session_table.c.expires_ms > now)
        .where(session_table.c.seen_ms > now - sessions.IDLE_MS)
        .order_by(session_table.c.seen_ms.desc(), session_table.c.id)
    )
    async with world.database.read() as connection:
        return [
            {
                "id": row.id,
                "device": row.agent,
                "created_at": moment(row.created_ms),
                "seen_at": moment(row.seen_ms),
                "current": row.id == member.session,
            }
            for row in await connection.execute(query)
        ]


async def end_session(world: World, member: Member, id: str) -> None:
    """Ends one of the member's own sessions. NotFound for any other."""
    gone = delete(session_table).where(session_table.c.id == id, session_table.c.user_id == member.id)
    async with world.database.write() as connection:
        ended = (await connection.execute(gone.returning(session_table.c.id))).first()
    if ended is None:
        raise NotFound
    audit.note(world, "session ended", account=member.id)


async def delete_account(world: World, member: Member, password: str) -> None:
    """Erases the account and everything that names it, after its own password. WrongPassword, TooManyRequests, Busy."""
    await _check_own(world, member, password)
    async with world.database.write(member.email_key) as connection:
        await erase(connection, world, member.id, member.email, member.email_key, member.lang)
    world.mail_waiting.set()
    audit.note(world, "account erased", account=member.id)


async def erase(connection: AsyncConnection, world: World, user_id: str, email: str, email_key: str, lang: str) -> None:
    """Erases an account: sessions, downloads, flows, and letters that wait or that no server took go with it; of
    consents only the keyed hash remains. One letter more says so."""
    await forget_address(connection, email, email_key)
    await connection.execute(delete(users).where(users.c.id == user_id))
    letter = Letter("account_deleted", lang, email)
    await post(connection, id=world.random(16).hex(), letter=letter, now_ms=world.clock())


async def forget_address(connection: AsyncConnection, email: str, email_key: str) -> None:
    """Forgets what is kept under an address, with account or without: subscription, flows, unsent letters."""
    await newsletter.erase(connection, email_key)
    await flows.end_others(connection, email_key, but="")
    await connection.execute(delete(outbox).where(addressed(email, email_key)))
