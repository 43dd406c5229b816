"""What the verbs of the edge share at a terminal: the service's things for a while, and how to end with a sentence."""

import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from .database import BadDatabase
from .logs import say_less
from .serve import CannotStart, clock, keys_here, settings_here
from .settings import Settings
from .world import World, open_world


def in_world(act: Callable[[World], Awaitable[None]], *, asks: bool = True, cure: str = "") -> None:
    """Does something with the service's things; what `asks` nothing of the database needs none. What keeps it from
    being done ends the process; `cure` says then what to do when the database is away."""

    async def live() -> None:
        settings = settings_here()
        say_less(settings)
        world = open_world(settings, keys_here(settings), clock, secrets.token_bytes)
        try:
            if asks:
                world.database.require()
                await world.database.upgrade()
            await act(world)
        finally:
            await world.close()

    try:
        asyncio.run(live())
    except (CannotStart, BadDatabase) as error:
        sys.exit(str(error))
    except (SQLAlchemyError, ConnectionError) as error:  # the last for a server that is away
        sys.exit(f"{no_answer(error)} {cure}".rstrip())


def no_answer(error: Exception) -> str:
    """What to say when the database does not answer."""
    return f"DUPLEX_DATABASE does not answer ({getattr(error, 'orig', None) or error})."


def settings_or_exit() -> Settings:
    """The settings of this process; what is wrong with them ends it."""
    try:
        return settings_here()
    except CannotStart as error:
        sys.exit(str(error))


def agreed(question: str) -> bool:
    """Whether somebody typed yes; whoever is not there to be asked (cron, a closed pipe) must say --yes."""
    try:
        return input(question) == "yes"
    except EOFError:
        sys.exit("Nobody is there to be asked, so nothing was done. Say it beforehand: --yes")
