"""What the table of downloads is told and asked: values and statements, made of orders and of what became of them."""

import msgspec
from sqlalchemy import Select, Update, select, update

from .clip_order import ClipOrder
from .clips import Failed, Made, Outcome
from .links import LIFE_MS
from .orders import Wanted
from .schema import downloads


def values_of(wanted: Wanted, outcome: Outcome | None, now_ms: int) -> dict[str, object]:
    """A grant of what is wanted, with a life that begins now."""
    order = wanted.order
    return {
        "interview": order.interview,
        "lang": order.lang,
        "kind": order.kind,
        "profile": order.profile,
        "master": wanted.master,
        "version": wanted.version,
        "in_frame": wanted.in_frame,
        "out_frame": wanted.out_frame,
        "in_ms": wanted.in_ms,
        "out_ms": wanted.out_ms,
        **named(wanted.clip),
        "filename": wanted.filename,
        **told(outcome),
        "expires_ms": now_ms + LIFE_MS,
    }


def named(order: ClipOrder | None) -> dict[str, object]:
    """The name of what is made, and all that is needed to make it again."""
    return {
        "clip": order.key if order else None,
        "clip_order": msgspec.json.encode(order).decode() if order else None,
    }


def told(outcome: Outcome | None) -> dict[str, object]:
    """Where a download stands."""
    match outcome:
        case None:
            return {"state": "queued", "reason": None, "bytes": None}
        case Made(bytes=size):
            return {"state": "ready", "reason": None, "bytes": size}
        case Failed(reason=reason):
            return {"state": "failed", "reason": reason, "bytes": None}


def same_grant(user_id: str, wanted: Wanted) -> Select[str]:
    """Asks for the grant that a member has for the same file under the same name, if it was not taken back."""
    clip = wanted.clip.key if wanted.clip else None
    query = select(downloads.c.id).where(
        downloads.c.user_id == user_id,
        downloads.c.interview == wanted.order.interview,
        downloads.c.lang == wanted.order.lang,
        downloads.c.kind == wanted.order.kind,
        downloads.c.profile == wanted.order.profile,
        downloads.c.version == wanted.version,
        downloads.c.filename == wanted.filename,
        downloads.c.clip.is_(None) if clip is None else downloads.c.clip == clip,
        downloads.c.revoked_ms.is_(None),
    )
    return query.limit(1)


def finished(key: str, outcome: Outcome, now_ms: int) -> Update:
    """Tells all who wait for a clip what became of it; whoever gets it has a whole life to fetch it."""
    waiting = update(downloads).where(downloads.c.clip == key, downloads.c.state == "queued")
    match outcome:
        case Made(bytes=size):
            return waiting.values(state="ready", bytes=size, expires_ms=now_ms + LIFE_MS)
        case Failed(reason=reason):
            return waiting.values(state="failed", reason=reason)
