"""Browsers that have signed in before, and so keep a small allowance of their own.

Whoever guesses at somebody's password or code from elsewhere uses up what the address allows, never what its owner's
browser allows: nobody is shut out of an account by an attack on it (OWASP Authentication Cheat Sheet, account lockout).
The cookie opens nothing. It names a device and, as a keyed hash, an address; it holds neither account nor person.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from .. import tokens
from ..limits import Limit
from ..world import World

LIFE_MS = 180 * 24 * 60 * 60_000
_PURPOSE = "devices"


def mark(world: World, email_key: str, before: str | None) -> str:
    """The cookie for a browser that has just signed in; one that is known already stays the same device."""
    device = known(world, email_key, before) or world.random(8).hex()
    kid, key = world.keys.signing(_PURPOSE)
    return tokens.sign(kid, key, _PURPOSE, _name(key, email_key), device, str(world.clock() + LIFE_MS))


def known(world: World, email_key: str, cookie: str | None) -> str | None:
    """The device's id, if this is the cookie of a browser that has signed in to this very address."""
    keys = world.keys.all(_PURPOSE)
    words = tokens.read(keys, _PURPOSE, cookie or "")
    if words is None or int(words[2]) <= world.clock():
        return None
    return words[1] if words[0] in {_name(key, email_key) for key in keys.values()} else None


def allowance(world: World, limit: Limit, email_key: str, cookie: str | None) -> tuple[Limit, str]:
    """What to count, and for whom: a limit by address, or its twin for this one device."""
    device = known(world, email_key, cookie)
    return (limit, email_key) if device is None else (replace(limit, name=f"{limit.name}, known device"), device)


def _name(key: bytes, email_key: str) -> str:
    return hmac.digest(key, email_key.encode(), hashlib.sha256)[:16].hex()
