"""Who is signed in: an opaque token in a cookie, its hash in the database.

A marker cookie that scripts can read says that somebody is signed in and nothing else, so that a stranger's page never
needs to ask. Over https names carry `__Host-` (RFC 6265bis, 4.1.3.2); over loopback http that prefix cannot be set.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotSignedIn
from ..question import Question
from ..schema import sessions, users
from ..settings import Settings
from ..world import World

_DAY_MS = 24 * 60 * 60 * 1000
IDLE_MS = 14 * _DAY_MS
ABSOLUTE_MS = 30 * _DAY_MS
# The time last seen is kept to the nearest five minutes: a write for every request would serve nobody.
_SEEN_MS = 5 * 60 * 1000
# Whose session a token opens, unless it has been idle for too long or is over.
_HOLDER = Question(
    select(
        users.c.id,
        users.c.email,
        users.c.email_key,
        users.c.lang,
        sessions.c.id.label("session"),
        sessions.c.return_to,
        sessions.c.seen_ms,
    )
    .join(sessions, users.c.id == sessions.c.user_id)
    .where(sessions.c.token == bindparam("token"))
    .where(sessions.c.seen_ms > bindparam("idle"), sessions.c.expires_ms > bindparam("now"))
)


@dataclass(frozen=True)
class Member:
    """Somebody signed in: the account, and the `session` (its id, not its token) by which we know it."""

    id: str
    email: str
    email_key: str
    lang: str
    session: str
    return_to: str


def cookie_name(settings: Settings, name: str) -> str:
    """The name of one of our cookies on this origin."""
    return f"__Host-duplex_{name}" if settings.secure else f"duplex_{name}"


def set_cookie(
    response: Response, settings: Settings, name: str, value: str, *, seconds: int, readable: bool = False
) -> None:
    """Sets one of our cookies; an empty value takes it back."""
    response.set_cookie(
        cookie_name(settings, name),
        value,
        max_age=seconds if value else 0,
        path="/",
        secure=settings.secure,
        httponly=not readable,
        samesite="lax",
    )


def hash_of(token: str) -> str:
    """What stands in the database for a token; tokens are random, so a plain hash keeps them."""
    return hashlib.sha256(token.encode()).hexdigest()


async def begin(
    connection: AsyncConnection, world: World, user_id: str, *, agent: str, return_to: str = "", replacing: str | None
) -> str:
    """Opens a session in the caller's transaction and ends the one this browser had; the new token."""
    token, now = world.token(), world.clock()
    if replacing:
        await connection.execute(delete(sessions).where(sessions.c.token == hash_of(replacing)))
    await connection.execute(
        sessions.insert().values(
            id=world.random(16).hex(),
            token=hash_of(token),
            user_id=user_id,
            agent=agent_name(agent),
            return_to=return_to,
            created_ms=now,
            seen_ms=now,
            expires_ms=now + ABSOLUTE_MS,
        )
    )
    return token


def remember(response: Response, settings: Settings, token: str) -> Response:
    """Gives the browser its session and the marker that scripts may read."""
    set_cookie(response, settings, "session", token, seconds=ABSOLUTE_MS // 1000)
    set_cookie(response, settings, "in", "1", seconds=ABSOLUTE_MS // 1000, readable=True)
    return response


def forget(response: Response, settings: Settings) -> Response:
    """Takes both cookies back."""
    set_cookie(response, settings, "session", "", seconds=0)
    set_cookie(response, settings, "in", "", seconds=0, readable=True)
    return response


def token_of(request: Request) -> str | None:
    """The session token a browser sends, whatever it is worth."""
    return request.cookies.get(cookie_name(request.app.state.world.settings, "session"))


async def member_of(request: Request) -> Member | None:
    """Who asks, or None: unknown, idle for two weeks, or signed in a month ago."""
    world: World = request.app.state.world
    token = token_of(request)
    if not token or len(token) > 128:
        return None
    now = world.clock()
    row = await world.database.row(_HOLDER, token=hash_of(token), idle=now - IDLE_MS, now=now)
    if row is None:
        return None
    if row.pop("seen_ms") < now - _SEEN_MS:
        async with world.database.write(lasting=False) as connection:
            await connection.execute(update(sessions).where(sessions.c.id == row["session"]).values(seen_ms=now))
    return Member(**row)


async def signed_in(request: Request) -> Member:
    """Who asks. NotSignedIn when nobody does."""
    member = await member_of(request)
    if member is None:
        raise NotSignedIn
    return member


_BROWSERS = (("Firefox/", "Firefox"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_MACHINES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


def agent_name(user_agent: str) -> str:
    """A browser and its machine as their owner knows them, `Firefox, Windows`; empty when neither is told.

    The field itself is not kept: it says more about a person than a list of sessions needs.
    """
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    machine = next((name for name in _MACHINES if name in user_agent), "")
    return ", ".join(filter(None, (browser, machine)))


async def end_all(connection: AsyncConnection, user_id: str, *, but: str | None = None) -> None:
    """Ends every session of an account, `but` one."""
    gone = delete(sessions).where(sessions.c.user_id == user_id)
    await connection.execute(gone.where(sessions.c.id != but) if but else gone)
