"""The verbs that find, export and erase an account, and end what it has open."""

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated

import cyclopts
from cyclopts import Parameter
from sqlalchemy import select

from . import audit
from .accounts import sessions
from .accounts.export import everything_about, everything_under
from .accounts.members import erase, forget_address
from .addresses import address_key
from .downloads import sharing
from .errors import BadEmail
from .schema import users
from .terminal import agreed, in_world
from .world import World

accounts = cyclopts.App(name="accounts", help="Find, export or erase an account. Example: duplex accounts find a@b.fr")


@accounts.command
def find(email: str) -> None:
    """Show the account of an address, or what else is kept under it.

    Example: duplex accounts find redaction@exemple.fr
    """

    async def look(world: World, account: str) -> None:
        everything = await everything_about(world, account)
        counts = {name: len(everything[name]) for name in ("newsletter", "sessions", "downloads")}
        print(json.dumps({**everything["account"], **counts}, ensure_ascii=False, indent=1))

    async def look_under(world: World, key: str) -> None:
        kept = await everything_under(world, email, key)
        print(json.dumps({"account": None, **{name: len(rows) for name, rows in kept.items()}}, indent=1))

    _with_account(email, look, look_under)


@accounts.command
def export(email: str) -> None:
    """Print everything kept about an address, as JSON. Example: duplex accounts export redaction@exemple.fr"""

    async def tell(world: World, account: str) -> None:
        audit.note(world, "data exported", account=account)
        print(json.dumps(await everything_about(world, account), ensure_ascii=False, indent=1))

    async def tell_under(world: World, key: str) -> None:
        audit.note(world, "data exported", account=None)
        print(json.dumps(await everything_under(world, email, key), ensure_ascii=False, indent=1))

    _with_account(email, tell, tell_under)


@accounts.command
def end_sessions(email: str) -> None:
    """Sign an account out everywhere. Example: duplex accounts end-sessions redaction@exemple.fr"""

    async def end(world: World, account: str) -> None:
        async with world.database.write() as connection:
            await sessions.end_all(connection, account)
        audit.note(world, "session ended", account=account)
        print(f"{email} is signed out everywhere.")

    _with_account(email, end)


@accounts.command
def revoke_links(email: str) -> None:
    """Take back every download link of an account; each is dead at the next request.

    Example: duplex accounts revoke-links redaction@exemple.fr
    """

    async def take_back(world: World, account: str) -> None:
        print(f"{await sharing.revoke_all(world, account)} downloads of {email} were taken back.")

    _with_account(email, take_back)


@accounts.command(name="erase")
def erase_account(email: str, *, yes: Annotated[bool, Parameter(help="Do not ask.", negative="")] = False) -> None:
    """Erase an account and everything that names it; its owner gets a letter. Without account, what else names the
    address: a subscription to the newsletter.

    Example: duplex accounts erase redaction@exemple.fr --yes
    """
    if not yes and not agreed(f"Erase {email} for good? Type yes: "):
        sys.exit("Nothing was erased.")

    async def gone(world: World, account: str) -> None:
        async with world.database.write(address_key(email)) as connection:
            user = (await connection.execute(select(users).where(users.c.id == account))).one()
            await erase(connection, world, user.id, user.email, user.email_key, user.lang)
        audit.note(world, "account erased", account=account)
        print(f"{email} is erased. The letter that says so leaves with the service.")

    async def gone_under(world: World, key: str) -> None:
        async with world.database.write(key) as connection:
            await forget_address(connection, email, key)
        print(f"{email} had no account. What was kept under it is erased, but for the scrambled proof of consent.")

    _with_account(email, gone, gone_under)


_Act = Callable[[World, str], Awaitable[None]]


def _with_account(email: str, act: _Act, otherwise: _Act | None = None) -> None:
    """Does something with the account of an address, or `otherwise` with the address that has none and is known."""

    async def look_up(world: World) -> None:
        key = _key(email)
        async with world.database.read() as connection:
            account = (await connection.execute(select(users.c.id).where(users.c.email_key == key))).scalar()
        if account is not None:
            await act(world, account)
        elif otherwise is not None and await everything_under(world, email, key):
            await otherwise(world, key)
        else:
            sys.exit(f"There is no account for {email}.")

    in_world(look_up)


def _key(email: str) -> str:
    try:
        return address_key(email)
    except BadEmail:
        sys.exit(f"{email} is no e-mail address.")
