"""The verbs of the edge on the command line. `duplex` calls each by its name here."""

import asyncio
import secrets
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import cyclopts
from cyclopts import Parameter
from sqlalchemy.exc import SQLAlchemyError

from .accounts_command import accounts
from .database import BadDatabase, Database
from .keeping import doctoring
from .keeping.backup import BackupError, Contents, back_up
from .keeping.backup import restore as put_back
from .keys import KeysError, make_keys, rotate_keys
from .newsletter_command import newsletter
from .serve import CannotStart, clock, listen, settings_here
from .serve import serve as serve_here
from .terminal import no_answer, settings_or_exit
from .world import moment

app = cyclopts.App(name="edge", help="The service: accounts, letters, newsletter, downloads.")
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
        sys.exit(no_answer(error))


def _counted(contents: Contents) -> str:
    return f"{contents.rows['users']} accounts, {contents.rows['subscriptions']} subscriptions"


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
