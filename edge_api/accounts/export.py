"""Everything that is kept about a member, in one value that they may take away (GDPR, article 15 and 20)."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..downloads.schema import downloads
from ..downloads.sharing_schema import link_networks
from ..post.issues_schema import deliveries
from ..post.newsletter import names_of
from ..schema import consents, flows, outbox, sessions, subscriptions, users
from ..world import World, moment

# Of no use to a person, or a secret: how a password is kept, the hash of a cookie, how a clip is encoded.
_LEFT_OUT = frozenset(
    {"password", "token", "user_id", "email_key", "clip", "clip_order", "address", "subscription_id", "facts", "lane",
     "leased_ms"}
)  # fmt: skip


async def everything_about(world: World, user_id: str) -> dict[str, Any]:
    """All that is kept about a member, consents included; times are UTC (RFC 3339). Empty for nobody."""
    async with world.database.read() as connection:
        user = (await connection.execute(select(users).where(users.c.id == user_id))).first()
        if user is None:
            return {}
        from_where = select(link_networks).join(downloads, downloads.c.id == link_networks.c.download_id)
        return {
            "account": _told(dict(user._mapping)),
            **await _under(connection, world, user.email, user.email_key),
            "sessions": await _rows(connection, sessions, user_id=user_id),
            "downloads": await _rows(connection, downloads, user_id=user_id),
            "networks": await _told_rows(connection, from_where.where(downloads.c.user_id == user_id)),
        }


async def everything_under(world: World, email: str, email_key: str) -> dict[str, Any]:
    """All that is kept under an address without account: a subscription, say. Empty when nothing is."""
    async with world.database.read() as connection:
        found = await _under(connection, world, email, email_key)
    return found if any(found.values()) else {}


async def _under(connection: AsyncConnection, world: World, email: str, email_key: str) -> dict[str, Any]:
    agreed = select(consents).where(consents.c.address.in_(names_of(world, email_key))).order_by(consents.c.at_ms)
    mine = select(subscriptions.c.id).where(subscriptions.c.email_key == email_key)
    got = select(deliveries.c.issue, deliveries.c.lang, deliveries.c.outcome)
    return {
        "newsletter": await _rows(connection, subscriptions, email_key=email_key),
        "consents": await _told_rows(connection, agreed),
        "issues": await _told_rows(connection, got.where(deliveries.c.subscription.in_(mine))),
        "letters": await _told_rows(connection, select(outbox).where(addressed(email, email_key))),
        "codes_asked": await _told_rows(connection, _without_id(flows, email_key=email_key)),
    }


def addressed(email: str, email_key: str) -> ColumnElement[bool]:
    """Which rows of the outbox name an address: letters that wait, and those that no server took."""
    return func.lower(outbox.c.recipient).in_({email.lower(), email_key})


async def _rows(connection: AsyncConnection, table: Table, **which: str) -> list[dict[str, Any]]:
    return await _told_rows(connection, select(table).filter_by(**which))


def _without_id(table: Table, **which: str) -> Select[Any]:
    """The rows of a table whose id is the hash of a cookie."""
    return select(*(column for column in table.columns if column.name != "id")).filter_by(**which)


async def _told_rows(connection: AsyncConnection, query: Select[Any]) -> list[dict[str, Any]]:
    return [_told(dict(row._mapping)) for row in await connection.execute(query)]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in row.items():
        if name in _LEFT_OUT or value is None:
            continue
        if _is_moment(name, value):
            told["at" if name == "at_ms" else name.removesuffix("_ms") + "_at"] = moment(value)
        else:
            told[name] = value
    return told


def _is_moment(name: str, value: object) -> bool:
    # in_ms and out_ms are places in a film.
    return name.endswith("_ms") and name not in ("in_ms", "out_ms") and isinstance(value, int)
