"""The verbs of the edge on the command line. `duplex` calls each by its name here."""

import asyncio
import json
import secrets
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import cyclopts
from cyclopts import Parameter
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from . import audit
from .accounts import sessions
from .accounts.export import everything_about, everything_under
from .accounts.members import erase, forget_address
from .addresses import address_key
from .database import BadDatabase, Database
from .downloads import sharing
from .errors import BadEmail
from .keeping import doctoring
from .keeping.backup import BackupError, Contents, back_up
from .keeping.backup import restore as put_back
from .keys import KeysError, make_keys, rotate_keys
from .logs import say_less
from .newsletter_command import agreed, newsletter
from .schema import users
from .serve import CannotStart, clock, keys_here, listen, settings_here
from .serve import serve as serve_here
from .settings import Settings
from .world import World, moment, open_world

app = cyclopts.App(name="edge", help="The service: accounts, letters, newsletter, downloads.")
accounts = cyclopts.App(name="accounts", help="Find, export or erase an account. Example: duplex accounts find a@b.fr")
keys = cyclopts.App(name="keys", help="Make or rotate the key ring. Example: duplex keys rotate")
app.command(accounts)
app.command(keys)
app.command(newsletter)


@app.command
def serve(*, check: Annotated[bool, Parameter(help="Only tell whether it could start.", negative="")] = False) -> None:
    """Serve catalogue and accounts at DUPLEX_ORIGIN until Ctrl-C.

    Example: DUPLEX_ORIGIN=http://127.0.0.1:9000 duplex serve
    """
    try:
        if check:
            listen(settings_here()).close()
        else:
            serve_here()
    except CannotStart as error:
        sys.exit(str(error))


@app.command
def doctor() -> None:
    """Tell what is wrong with the settings, and the cure. Exits 1 when something is.

    Example: DUPLEX_ORIGIN=https://duplex.example duplex doctor
    """
    problems = asyncio.run(doctoring.problems(settings_or_exit()))
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(1)
    print("All is well.")


@app.command
def backup(file: Path) -> None:
    """Write database and key ring into one file, while the service runs. Who has the file has the portal: keep it safe.

    Films and clips are not in it. Example: duplex backup /backup/duplex-2026-12-01.zip
    """
    settings = settings_or_exit()

    async def write() -> Contents:
        database = Database(settings.database)
        try:
            return await back_up(database, settings.secrets, file, moment(clock()))
        finally:
            await database.close()

    contents = _or_exit(write())
    print(f"{file}: {_counted(contents)}, and the keys.")


@app.command
def restore(file: Path) -> None:
    """Put a backup into an empty database, and its key ring in place: whole, or not at all.

    The same file serves SQLite and PostgreSQL. Example: duplex restore /backup/duplex-2026-12-01.zip
    """
    settings = settings_or_exit()

    async def read() -> Contents:
        database = Database(settings.database)
        try:
            return await put_back(database, settings.secrets, file)
        finally:
            await database.close()

    contents = _or_exit(read())
    print(f"Restored as of {contents.made_at}: {_counted(contents)}, and the keys. Start the service.")


def _or_exit(work: Coroutine[Any, Any, Contents]) -> Contents:
    try:
        return asyncio.run(work)
    except (BackupError, BadDatabase) as error:
        sys.exit(str(error))
    except SQLAlchemyError as error:
        sys.exit(_no_answer(error))


def _no_answer(error: Exception) -> str:
    return f"DUPLEX_DATABASE does not answer ({getattr(error, 'orig', None) or error})."


def _counted(contents: Contents) -> str:
    return f"{contents.rows['users']} accounts, {contents.rows['subscriptions']} subscriptions"


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

    asyncio.run(_with_account(email, look, look_under))


@accounts.command
def export(email: str) -> None:
    """Print everything kept about an address, as JSON. Example: duplex accounts export redaction@exemple.fr"""

    async def tell(world: World, account: str) -> None:
        audit.note(world, "data exported", account=account)
        print(json.dumps(await everything_about(world, account), ensure_ascii=False, indent=1))

    async def tell_under(world: World, key: str) -> None:
        audit.note(world, "data exported", account=None)
        print(json.dumps(await everything_under(world, email, key), ensure_ascii=False, indent=1))

    asyncio.run(_with_account(email, tell, tell_under))


@accounts.command
def end_sessions(email: str) -> None:
    """Sign an account out everywhere. Example: duplex accounts end-sessions redaction@exemple.fr"""

    async def end(world: World, account: str) -> None:
        async with world.database.write() as connection:
            await sessions.end_all(connection, account)
        audit.note(world, "session ended", account=account)
        print(f"{email} is signed out everywhere.")

    asyncio.run(_with_account(email, end))


@accounts.command
def revoke_links(email: str) -> None:
    """Take back every download link of an account; each is dead at the next request.

    Example: duplex accounts revoke-links redaction@exemple.fr
    """

    async def take_back(world: World, account: str) -> None:
        print(f"{await sharing.revoke_all(world, account)} downloads of {email} were taken back.")

    asyncio.run(_with_account(email, take_back))


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

    asyncio.run(_with_account(email, gone, gone_under))


@keys.command
def rotate() -> None:
    """Put a new key first; the older ones go on verifying. Example: duplex keys rotate"""
    settings = settings_or_exit()
    try:
        kid = rotate_keys(settings.secrets, secrets.token_bytes)
    except (KeysError, OSError) as error:
        sys.exit(str(error))
    print(f"{kid} signs from the next start on. Back up {settings.secrets}, then restart the service.")


@keys.command
def make() -> None:
    """Make the key ring where there is none. Example: DUPLEX_SECRETS=/etc/duplex/secrets.json duplex keys make"""
    settings = settings_or_exit()
    try:
        make_keys(settings.secrets, secrets.token_bytes)
    except OSError as error:
        if settings.secrets.exists():
            sys.exit(f"{settings.secrets} is there already, and was left as it is. To add a key: duplex keys rotate")
        sys.exit(f"{settings.secrets} cannot be written ({error.strerror}). Name another file in DUPLEX_SECRETS.")
    print(f"{settings.secrets} is made. Back it up: without it every password and every link is worthless.")


def settings_or_exit() -> Settings:
    """The settings of this process; what is wrong with them ends it."""
    try:
        return settings_here()
    except CannotStart as error:
        sys.exit(str(error))


_Act = Callable[[World, str], Awaitable[None]]


async def _with_account(email: str, act: _Act, otherwise: _Act | None = None) -> None:
    """Does something with the account of an address, or `otherwise` with the address that has none and is known."""
    try:
        settings = settings_here()
        say_less(settings)
        world = open_world(settings, keys_here(settings), clock, secrets.token_bytes)
    except CannotStart as error:
        sys.exit(str(error))
    try:
        world.database.require()
        await world.database.upgrade()
        key = _key(email)
        async with world.database.read() as connection:
            account = (await connection.execute(select(users.c.id).where(users.c.email_key == key))).scalar()
        if account is not None:
            await act(world, account)
        elif otherwise is not None and await everything_under(world, email, key):
            await otherwise(world, key)
        else:
            sys.exit(f"There is no account for {email}.")
    except BadDatabase as error:
        sys.exit(str(error))
    except (SQLAlchemyError, ConnectionError) as error:  # the last for a server that is away
        sys.exit(_no_answer(error))
    finally:
        await world.close()


def _key(email: str) -> str:
    try:
        return address_key(email)
    except BadEmail:
        sys.exit(f"{email} is no e-mail address.")
