"""Which made files are thrown away: the old, and the longest unread while there is too much. Pure: it only decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# A reader marks its file at least once a minute; what was read this recently may still be being read, or resumed.
QUIET_MS = 10 * 60 * 1000


@dataclass(frozen=True)
class Kept:
    """A file that stands: its size in bytes and when it was last read, in milliseconds since 1970."""

    path: Path
    size: int
    read_ms: int


def evicted(files: Iterable[Kept], now_ms: int, *, most_bytes: int, most_age_ms: int) -> list[Kept]:
    """The files to remove: all unread for longer than `most_age_ms`, then the longest unread until the rest holds at
    most `most_bytes`. One that was read within the last ten minutes stays, however much there is."""
    gone: list[Kept] = []
    quiet = sorted(files, key=lambda kept: kept.read_ms)
    total = sum(kept.size for kept in quiet)
    for kept in quiet:
        if kept.read_ms > now_ms - QUIET_MS:
            break
        if total > most_bytes or kept.read_ms < now_ms - most_age_ms:
            gone.append(kept)
            total -= kept.size
    return gone
