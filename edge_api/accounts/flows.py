"""A sign-up or a reset under way: bound to one browser by a cookie, to one address, and to one code at a time.

A try is counted before the code is looked at, and committed before anything is decided: neither a refusal nor sixty
requests at once give a sixth try. So what must be remembered is a value here, and an exception only afterwards.
"""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import audit
from ..codes import COOL_DOWN_MS, LIFE_MS, TRIES, code_of, read_code, same
from ..errors import BadCode, CodeExpired, CodeUsed, EdgeError, NoFlow, TooManyTries
from ..limits import CODE_ACCOUNT, count
from ..schema import challenges, flows
from ..world import World
from .devices import allowance
from .sessions import hash_of

# A flow outlives its code, so that somebody who finds the letter too late may ask for another in the same place.
FLOW_LIFE_MS = 2 * 60 * 60_000
# How long a proved reset waits for its new password.
PROVED_MS = 30 * 60_000

Kind = Literal["sign_up", "reset"]


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What a flow is begun with. `password` is a hash, None for a reset and for a sign-up that cannot succeed."""

    kind: Kind
    email: str
    email_key: str
    lang: str
    return_to: str
    user_id: str | None = None
    password: str | None = None
    newsletter: bool = False


@dataclass(frozen=True, kw_only=True)
class Flow(Begun):
    """A flow as it stands. `id` is the hash of its cookie."""

    id: str
    verified_ms: int | None
    done_ms: int | None


async def begin(connection: AsyncConnection, world: World, begun: Begun) -> tuple[str, str]:
    """Writes a flow and its first challenge; the token for the cookie and the challenge's id."""
    token, now = world.token(), world.clock()
    row = {**_columns(begun), "id": hash_of(token), "created_ms": now, "expires_ms": now + FLOW_LIFE_MS}
    await connection.execute(flows.insert().values(**row))
    return token, await _new_challenge(connection, world, hash_of(token), begun.kind)


async def find(
    connection: AsyncConnection, world: World, token: str | None, kind: Kind, *, hold: bool = False
) -> Flow | None:
    """The flow of a cookie, done or not; None when there is none of this kind, or it is over.

    To `hold` it is to keep it from everybody else until the transaction ends.
    """
    if not token or len(token) > 128:
        return None
    query = select(flows).where(flows.c.id == hash_of(token), flows.c.kind == kind, flows.c.expires_ms > world.clock())
    row = (await connection.execute(query.with_for_update() if hold else query)).first()
    return None if row is None else _flow(row)


async def sent_to(world: World, token: str | None, kind: Kind) -> str:
    """The address to which a flow's code was sent, for the browser that gave it; NoFlow when that is over.

    Told in the form that is compared, not as a letter spells it: that is how the account spells it, where there is one.
    """
    async with world.database.read() as connection:
        flow = await find(connection, world, token, kind)
    if flow is None or flow.done_ms is not None:
        raise NoFlow
    return flow.email_key


async def language_of(world: World, token: str | None) -> str:
    """The language in which a browser began its flow, of whatever kind; empty when it began none, or that is over."""
    async with world.database.read() as connection:
        for kind in get_args(Kind):
            if (flow := await find(connection, world, token, kind)) is not None:
                return flow.lang
    return ""


async def renew(connection: AsyncConnection, world: World, flow: Flow) -> str | None:
    """A new challenge in place of the older, which dies; None within a minute of the last one."""
    newest = select(challenges.c.created_ms).where(challenges.c.flow_id == flow.id)
    last = (await connection.execute(newest.order_by(challenges.c.created_ms.desc()).limit(1))).scalar()
    if last is not None and world.clock() < last + COOL_DOWN_MS:
        return None
    return await _new_challenge(connection, world, flow.id, flow.kind)


async def _new_challenge(connection: AsyncConnection, world: World, flow_id: str, kind: Kind) -> str:
    now, id = world.clock(), world.random(16).hex()
    live = update(challenges).where(challenges.c.flow_id == flow_id, challenges.c.ended_ms.is_(None))
    await connection.execute(live.values(ended_ms=now))
    await connection.execute(
        challenges.insert().values(
            id=id,
            flow_id=flow_id,
            purpose=kind,
            kid=world.keys.kid,
            tries=0,
            created_ms=now,
            expires_ms=now + LIFE_MS,
        )
    )
    return id


async def prove(world: World, token: str | None, kind: Kind, typed: str, device: str | None) -> tuple[Flow, str]:
    """The flow whose code was typed, and the challenge it answers, still to be spent; `device` as in Browser.

    NoFlow, BadCode (with the tries `left`), CodeExpired, CodeUsed, TooManyTries; a try that counts is counted by then.
    """
    async with world.database.read() as connection:
        flow = await find(connection, world, token, kind)
    if flow is None:
        raise NoFlow
    code = read_code(typed)
    if code is None:
        # What cannot be a code gives nothing away, so a slip of the hand costs no try.
        raise BadCode
    outcome = await _count_and_compare(world, flow, code, device)
    if isinstance(outcome, EdgeError):
        audit.note(world, "code refused", account=flow.user_id, why=outcome.code)
        raise outcome
    return flow, outcome


async def _count_and_compare(world: World, flow: Flow, code: str, device: str | None) -> str | EdgeError:
    now = world.clock()
    counted = (
        update(challenges)
        .where(challenges.c.flow_id == flow.id, challenges.c.ended_ms.is_(None), challenges.c.used_ms.is_(None))
        .where(challenges.c.tries < TRIES, challenges.c.expires_ms > now)
        .values(tries=challenges.c.tries + 1)
        .returning(challenges.c.id, challenges.c.kid, challenges.c.tries)
    )
    async with world.database.write() as connection:
        row = (await connection.execute(counted)).first()
        if row is None:
            return await _why_not(connection, flow, now)
        wait = await count(connection, world, *allowance(world, CODE_ACCOUNT, flow.email_key, device))
    if wait:
        return TooManyTries(retry_after=wait)
    key = world.keys.key("codes", row.kid)
    if key is None or not same(code_of(key, flow.kind, row.id), code):
        return BadCode(left=TRIES - row.tries) if row.tries < TRIES else TooManyTries()
    return str(row.id)


async def _why_not(connection: AsyncConnection, flow: Flow, now: int) -> EdgeError:
    newest = select(challenges).where(challenges.c.flow_id == flow.id).order_by(challenges.c.created_ms.desc()).limit(1)
    row = (await connection.execute(newest)).first()
    if row is not None and row.used_ms is not None:
        return CodeUsed()
    if row is not None and row.ended_ms is None and row.expires_ms > now:
        return TooManyTries()
    return CodeExpired()


async def spend(connection: AsyncConnection, world: World, flow: Flow, challenge: str) -> bool:
    """Uses a challenge up; False when somebody was quicker, or it was taken back meanwhile."""
    # Whoever ends a flow holds the flow first and its challenge next; so do we, or each would wait for the other.
    await connection.execute(select(flows.c.id).where(flows.c.id == flow.id).with_for_update())
    spent = (
        update(challenges)
        .where(challenges.c.id == challenge, challenges.c.used_ms.is_(None), challenges.c.ended_ms.is_(None))
        .values(used_ms=world.clock())
        .returning(challenges.c.id)
    )
    return (await connection.execute(spent)).first() is not None


async def mark_proved(connection: AsyncConnection, world: World, flow: Flow) -> str:
    """Notes that the code was given; the flow goes on under a new token, which is returned."""
    token, now = world.token(), world.clock()
    await connection.execute(
        update(flows)
        .where(flows.c.id == flow.id)
        .values(id=hash_of(token), verified_ms=now, expires_ms=now + PROVED_MS)
    )
    return token


async def mark_done(connection: AsyncConnection, world: World, flow: Flow) -> bool:
    """Ends a flow that reached its goal, and forgets the password it carried; False when it already had."""
    done = (
        update(flows)
        .where(flows.c.id == flow.id, flows.c.done_ms.is_(None))
        .values(done_ms=world.clock(), password=None)
        .returning(flows.c.id)
    )
    return (await connection.execute(done)).first() is not None


async def end_others(connection: AsyncConnection, email_key: str, but: str) -> None:
    """Ends every other flow of an address, and with it every code that was on its way."""
    await connection.execute(delete(flows).where(flows.c.email_key == email_key, flows.c.id != but))


def _columns(begun: Begun) -> dict[str, Any]:
    return {name: getattr(begun, name) for name in Begun.__dataclass_fields__}


def _flow(row: Row[Any]) -> Flow:
    return Flow(**{name: getattr(row, name) for name in Flow.__dataclass_fields__})
