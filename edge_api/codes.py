"""One-time codes: derived from a key and a challenge, so that no table and no outbox ever holds one."""

from __future__ import annotations

import hashlib
import hmac

LIFE_MS = 30 * 60_000
"""How long a code is good for, in milliseconds."""

TRIES = 5
"""How many tries one challenge allows, right or wrong."""

COOL_DOWN_MS = 60_000
"""How long a person waits, in milliseconds, before another letter is sent."""

DIGITS = 8
_LONGEST_TYPED = 32
# Spaces of every width, no-break ones among them, and dashes: what letters and mail programs put between groups.
_SEPARATORS = str.maketrans("", "", " \t\r\n\u00a0\u2007\u2009\u202f-\u2010\u2011\u2012\u2013\u2014\u2212")


def code_of(key: bytes, purpose: str, challenge: str) -> str:
    """The 8 digits that answer `challenge` for `purpose`.

    The same key, purpose and challenge always give the same code, so a letter that is sent again says the same thing.
    Eight bytes modulo 10^8 leave a bias below one in 10^11.
    """
    drawn = hmac.digest(key, f"otc|v1|{purpose}|{challenge}".encode(), hashlib.sha256)
    return f"{int.from_bytes(drawn[:8]) % 10**DIGITS:0{DIGITS}d}"


def shown(code: str) -> str:
    """The code as people read it: two groups of four, `1234 5678`."""
    return f"{code[:4]} {code[4:]}"


def read_code(text: str) -> str | None:
    """The 8 digits somebody typed or pasted, without spaces and dashes; None if that is not a code at all."""
    if len(text) > _LONGEST_TYPED:
        return None
    digits = text.translate(_SEPARATORS)
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else None


def same(a: str, b: str) -> bool:
    """Whether two codes are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(a.encode(), b.encode())
