"""Which made files are thrown away: the old, and the longest unread while there is too much. Pure: it only decides."""

from collections.abc import Iterable

from footage.places.folder import Kept

# A reader marks its file at least once a minute; what was read this recently may still be being read, or resumed.
QUIET_MS = 10 * 60 * 1000


def evicted(
    files: Iterable[Kept], now_ms: int, *, most_bytes: int, most_age_ms: int, quiet_ms: int = QUIET_MS
) -> list[Kept]:
    """The files to remove: all unread for longer than `most_age_ms`, then the longest unread until the rest holds at
    most `most_bytes`. One that was read within the last `quiet_ms` stays, however much there is."""
    gone: list[Kept] = []
    quiet = sorted(files, key=lambda kept: kept.read_ms)
    total = sum(kept.size for kept in quiet)
    for kept in quiet:
        if kept.read_ms > now_ms - quiet_ms:
            break
        if total > most_bytes or kept.read_ms < now_ms - most_age_ms:
            gone.append(kept)
            total -= kept.size
    return gone
