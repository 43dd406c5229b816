"""Passwords: which ones are good enough, and how they are kept.

Kept as bcrypt of base64(HMAC-SHA-384(key, NFC(password))), after the OWASP Password Storage Cheat Sheet: 64 ASCII bytes
whatever the length, so nothing is cut at bcrypt's 72 bytes, and worthless without the key ring.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import sys
import threading
import unicodedata
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import bcrypt

from .errors import Busy, PasswordCode
from .favourites import is_favourite

SHORTEST = 12
LONGEST = 128
MOST_BYTES = 1024
_SCHEME = "v1"
_WAIT_S = 5
# Steps below pages, and above encoders, which are 10 and more below.
_NICE = 5


def problem(password: str, email: str = "") -> PasswordCode | None:
    """The rule that a new password breaks, as a stable code; None if it may be used.

    Length is counted in code points after NFC. Spaces of every kind, controls, invisible format characters and lone
    surrogates all answer `weak_password_space`. `email` is the address it is for: its own name is a favourite too.
    """
    text = _nfc(password)
    if len(text) > LONGEST or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return "password_too_long"
    kinds = {unicodedata.category(character) for character in text}
    if kinds & {"Cc", "Cf", "Cs"} or any(kind.startswith("Z") for kind in kinds):
        return "weak_password_space"
    if len(text) < SHORTEST:
        return "weak_password_length"
    symbols = any(kind[0] in "PS" for kind in kinds)
    if not (kinds & {"Lu", "Lt"} and "Ll" in kinds and "Nd" in kinds and symbols):
        return "weak_password_mix"
    return "weak_password_common" if is_favourite(text, email) else None


class Hasher:
    """Hashes and checks passwords in threads of its own, so that bcrypt never holds up a page.

    `keys` by key id; `kid` names the one that new hashes use. `cost` is bcrypt's (each step doubles the work). At most
    `queue` passwords wait; one more is refused with Busy, before any work.
    """

    def __init__(self, keys: Mapping[str, bytes], kid: str, cost: int = 12, queue: int = 16) -> None:
        self._keys = dict(keys)
        self._kid = kid
        self._cost = cost
        # More threads than cores make bcrypt slower and pages late; these give way to whatever else runs.
        hands = os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(hands, thread_name_prefix="passwords", initializer=_give_way)
        self._room = queue + hands
        self._under_way = 0

    async def hash(self, password: str) -> str:
        """The form to store: `v1$<kid>$<bcrypt>`. Raises Busy when too many already wait."""
        hashed = await self._run(_prehash(self._keys[self._kid], password), bcrypt.gensalt(self._cost))
        return f"{_SCHEME}${self._kid}${hashed.decode()}"

    async def check(self, password: str, stored: str | None) -> bool:
        """Whether this is the password that was stored. Raises Busy when too many already wait.

        With None, or with a stored form whose key has left the ring, the same work is done and the answer is False.
        """
        kid, kept = self._parts(stored)
        if not kept:
            await self._run(_prehash(self._keys[self._kid], password), bcrypt.gensalt(self._cost))
            return False
        hashed = await self._run(_prehash(self._keys[kid], password), kept)
        return hmac.compare_digest(hashed, kept)

    def stale(self, stored: str) -> bool:
        """Whether a stored form should be made anew at the next sign-in, because cost or key have changed."""
        kid, kept = self._parts(stored)
        return kid != self._kid or kept[4:6] != f"{self._cost:02d}".encode()

    def close(self) -> None:
        """Lets the work under way end and takes no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _parts(self, stored: str | None) -> tuple[str, bytes]:
        scheme, _, rest = (stored or "").partition("$")
        kid, _, kept = rest.partition("$")
        known = scheme == _SCHEME and kid in self._keys and kept.isascii() and len(kept) == 60
        return (kid, kept.encode()) if known else ("", b"")

    async def _run(self, prehashed: bytes, salt: bytes) -> bytes:
        if self._under_way >= self._room:
            raise Busy(retry_after=_WAIT_S)
        self._under_way += 1
        # The place is free when the thread is, not when the person who asked has gone.
        work = self._pool.submit(bcrypt.hashpw, prehashed, salt)
        loop = asyncio.get_running_loop()
        work.add_done_callback(lambda _: loop.call_soon_threadsafe(self._leave) if not loop.is_closed() else None)
        return await asyncio.wrap_future(work)

    def _leave(self) -> None:
        self._under_way -= 1


def _give_way() -> None:
    """Lets the event loop have a core at once when it wants one. Only Linux has a niceness for each thread."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        # From where the service stands: whoever began it with `nice` may not make a thread more urgent than the rest.
        os.setpriority(os.PRIO_PROCESS, thread, min(19, os.getpriority(os.PRIO_PROCESS, thread) + _NICE))


def _prehash(key: bytes, password: str) -> bytes:
    """64 ASCII bytes. Lone surrogates, which no stored password has, are hashed too: same work, no error."""
    whole = _nfc(password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.digest(key, whole, hashlib.sha384))


def _nfc(password: str) -> str:
    """The composed form (NFC, RFC 8265): macOS may send é as two code points, other keyboards as one."""
    return unicodedata.normalize("NFC", password)
