"""What the flows are given instead of asking: the time, the chance, the keys, the stored things."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from msgspec import MsgspecError

from catalogue.manifest import Manifest, read_manifest

from .database import Database
from .keys import KeyRing
from .metrics import Metrics
from .passwords import Hasher
from .settings import Settings


def moment(ms: int) -> str:
    """Milliseconds since 1970 as RFC 3339 in UTC, to the second."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class World:
    """`clock` tells milliseconds since 1970, `random` gives that many unpredictable bytes."""

    settings: Settings
    clock: Callable[[], int]
    random: Callable[[int], bytes]
    keys: KeyRing
    database: Database
    hasher: Hasher
    # Set whenever a letter was posted, so that the postman need not wait for his next round.
    mail_waiting: asyncio.Event = field(default_factory=asyncio.Event)
    metrics: Metrics = field(default_factory=Metrics)
    _manifest: tuple[int, Manifest] | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    def manifest(self) -> Manifest:
        """The catalogue as it was at the last look. OSError when there is none, MsgspecError when it is none."""
        if self._manifest is None:
            self._manifest = self._read()
        return self._manifest[1]

    async def look(self) -> None:
        """Has `manifest` tell what the last build left. A large catalogue takes a while: only who asks for it waits."""
        async with self._looking:
            try:
                if self._manifest is None or self._manifest[0] != self._catalogue.stat().st_mtime_ns:
                    self._manifest = await asyncio.to_thread(self._read)
            except (OSError, MsgspecError):
                self._manifest = None

    @property
    def _catalogue(self) -> Path:
        return self.settings.site / "catalogue.json"

    def _read(self) -> tuple[int, Manifest]:
        stamp = self._catalogue.stat().st_mtime_ns
        return stamp, read_manifest(self._catalogue).prepare()

    async def close(self) -> None:
        """Lets go of threads and connections."""
        self.hasher.close()
        await self.database.close()

    def token(self) -> str:
        """A new unguessable name: 256 bits, in letters that fit a cookie and an address."""
        return self.random(32).hex()


def open_world(settings: Settings, keys: KeyRing, clock: Callable[[], int], random: Callable[[int], bytes]) -> World:
    """A world on these settings and keys; the tables are not looked at yet."""
    peppers = keys.all("passwords")
    return World(
        settings=settings,
        clock=clock,
        random=random,
        keys=keys,
        database=Database(settings.database),
        hasher=Hasher(peppers, keys.kid, settings.bcrypt_cost),
    )
