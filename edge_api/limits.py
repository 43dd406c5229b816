"""How often somebody may do something: the generic cell rate algorithm (ITU-T I.371), one row and one statement a key.

Keys are made of canonical things only (an address as it is looked up, an IPv4 address, an IPv6 /64) and kept as keyed
hashes, so that neither spelling nor a stolen table helps anybody.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from sqlalchemy import case, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .errors import TooManyRequests
from .schema import limits
from .world import World

_MINUTE_MS = 60_000
_DAY_MS = 24 * 60 * _MINUTE_MS


@dataclass(frozen=True)
class Limit:
    """`burst` times at once, then once each `every_ms`; those that `widen` are a hundredfold on one's own machine."""

    name: str
    burst: int
    every_ms: int
    widen: bool = False


SIGN_UP_NETWORK = Limit("sign-up by network", 20, 3 * _MINUTE_MS, widen=True)
SIGN_IN_NETWORK = Limit("sign-in by network", 30, 10_000, widen=True)
CODE_NETWORK = Limit("codes by network", 60, 10_000, widen=True)
NEWSLETTER_NETWORK = Limit("newsletter by network", 20, 3 * _MINUTE_MS, widen=True)
# Letters that strangers may cause in all, whatever the number of networks and addresses: 3,600 an hour.
LETTERS_IN_ALL = Limit("letters in all", 300, 1000, widen=True)
# Ten wrong passwords at once, then one every three minutes: 480 a day against one account.
SIGN_IN_ACCOUNT = Limit("sign-in by account", 10, 3 * _MINUTE_MS)
# The same for somebody signed in who must give the password again: no stranger can use this one up.
OWN_PASSWORD = Limit("own password by account", 10, 3 * _MINUTE_MS)
# 20 wrong codes in a day for one address, whatever the number of challenges.
CODE_ACCOUNT = Limit("codes by address", 20, _DAY_MS // 20)
# Papers of packages written for one member, which no cutting room's line holds up: each is a file of some kilobytes.
PAPERS_ACCOUNT = Limit("papers by account", 60, 5_000)
# Letters with a code, or instead of one, that a stranger may cause to one address.
LETTERS_ACCOUNT = Limit("letters by address", 10, _DAY_MS // 20)
# Letters that ask whether an address wants the newsletter: counted apart, so that they use up nobody's codes.
ASKED_ACCOUNT = Limit("newsletter by address", 3, _DAY_MS // 3)

_WIDE = 100


def key_of(secret: bytes, limit: Limit, who: str) -> str:
    """The name under which the table counts somebody."""
    return hmac.new(secret, f"{limit.name}|{who}".encode(), hashlib.sha256).hexdigest()


def network_of(host: str) -> str:
    """The canonical network of a client: an IPv4 address, an IPv6 /64 (IPv4 inside IPv6 is IPv4)."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, 64), strict=False))
        address = address.ipv4_mapped
    return str(address)


def shortened(network: str) -> str:
    """The /24 or /48 of a network: enough to tell where abuse came from, too little to tell who it was."""
    try:
        found = ipaddress.ip_network(network, strict=False)
    except ValueError:
        return "unknown"
    return str(found.supernet(new_prefix=24 if found.version == 4 else 48))


async def take(connection: AsyncConnection, limit: Limit, key: str, now_ms: int, *, wide: bool = False) -> int:
    """Counts one use. 0 when it is within the limit; otherwise the milliseconds to wait, and nothing is counted.

    One statement decides, so that sixty at once count as sixty.
    """
    burst = limit.burst * (_WIDE if wide and limit.widen else 1)
    every = limit.every_ms // (_WIDE if wide and limit.widen else 1)
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    later = case((limits.c.empty_ms > now_ms, limits.c.empty_ms), else_=literal(now_ms)) + every
    statement = (
        insert(limits)
        .values(id=key, empty_ms=now_ms + every)
        .on_conflict_do_update(
            index_elements=[limits.c.id], set_={"empty_ms": later}, where=later <= now_ms + every * burst
        )
        .returning(limits.c.empty_ms)
    )
    if (await connection.execute(statement)).first() is not None:
        return 0
    return every


async def count(connection: AsyncConnection, world: World, limit: Limit, who: str) -> int:
    """Counts one use by an address or a network, given in canonical form; the seconds to wait, 0 when it is allowed."""
    key = key_of(world.keys.signing("limits")[1], limit, who)
    wait_ms = await take(connection, limit, key, world.clock(), wide=world.settings.wide)
    return -(-wait_ms // 1000)


async def allow(world: World, *uses: tuple[Limit, str]) -> None:
    """Counts one use of each in a transaction of its own, before any work is begun. TooManyRequests over a limit.

    Uses are counted in the order given, up to the first that is over: networks first, then addresses, then all.
    """
    wait = 0
    async with world.database.write(lasting=False) as connection:
        for limit, who in uses:
            wait = wait or await count(connection, world, limit, who)
    if wait:
        raise TooManyRequests(retry_after=wait)


async def forget(connection: AsyncConnection, world: World, limit: Limit, who: str) -> None:
    """A success clears what an account's owner was counted."""
    key = key_of(world.keys.signing("limits")[1], limit, who)
    await connection.execute(limits.delete().where(limits.c.id == key))
