"""Tokens in the links of letters: a few words signed for one purpose, so that nobody can make up another's link.

A token is `kid.words.mac`: the words in base64url, the first 128 bits of an HMAC-SHA-256 over purpose and words.
It opens nothing by itself: a page asks first, and only its button acts.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping

_MAC_BYTES = 16
_LONGEST = 400
_SEPARATOR = "|"


def sign(kid: str, key: bytes, purpose: str, *words: str) -> str:
    """The token for `words`, none of which may hold a vertical bar. It lives as long as the key stays in the ring."""
    body = _SEPARATOR.join(words).encode()
    return f"{kid}.{_text(body)}.{_text(_mac(key, purpose, body))}"


def read(keys: Mapping[str, bytes], purpose: str, token: str) -> list[str] | None:
    """The words of a token signed for this purpose with one of `keys` (by key id); None for anything else."""
    if len(token) > _LONGEST or not token.isascii() or token.count(".") != 2:
        return None
    kid, text, mac = token.split(".")
    key = keys.get(kid)
    try:
        body = _bytes(text)
    except ValueError:
        return None
    # Texts are compared, not what they decode to: base64 has several spellings for the same bytes.
    if key is None or not hmac.compare_digest(mac, _text(_mac(key, purpose, body))) or _text(body) != text:
        return None
    return body.decode().split(_SEPARATOR)


def _mac(key: bytes, purpose: str, body: bytes) -> bytes:
    return hmac.digest(key, f"token|v1|{purpose}|".encode() + body, hashlib.sha256)[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
