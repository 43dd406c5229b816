"""The token of a download link: `kid.exp.grant.mac`, checked before any database work.

The MAC is HMAC-SHA-256 (RFC 2104) over the three parts before it, cut to 128 bits and written in base64url without
padding (RFC 4648, section 5). It is compared as text, so there is exactly one spelling of a valid token: the four bits
that the last letter carries for nothing must be zero too. What the token permits (which file, for whom, whether it was
taken back) stands in the grant's row; the token only proves that we wrote it.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

LIFE_MS = 24 * 60 * 60 * 1000
"""How long a link lives, in milliseconds."""

GRACE_S = 6 * 60 * 60
"""A transfer that was begun may be resumed so many seconds after its link died (parts of a file but the first)."""

_PURPOSE = b"duplex|download|v1|"
_TOKEN = re.compile(r"([A-Za-z0-9_-]{1,32})\.([1-9][0-9]{0,11})\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{22})")


@dataclass(frozen=True)
class Link:
    """A token of ours: the grant it stands for, and the second (since 1970) from which it is dead."""

    grant: str
    expires: int

    def alive(self, now: int, grace: int = 0) -> bool:
        """Whether it may still be used at `now`, or within `grace` seconds of its end."""
        return now < self.expires + grace


def write_token(link: Link, kid: str, key: bytes) -> str:
    """The token of a link, signed with the key named `kid`."""
    signed = f"{kid}.{link.expires}.{link.grant}"
    token = f"{signed}.{_mac(signed, key)}"
    if _TOKEN.fullmatch(token) is None:
        raise ValueError(f"“{signed}” cannot be a token: key names and grants are letters, digits, - and _")
    return token


def read_token(token: str, keys: Mapping[str, bytes]) -> Link | None:
    """The link of a token that one of these keys signed, dead or alive; None for everything else."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    kid, expires, grant, mac = match.groups()
    # An unknown key name costs the same work as a known one, with a key that signs nothing.
    key = keys.get(kid)
    right = hmac.compare_digest(_mac(f"{kid}.{expires}.{grant}", key or b"nobody"), mac)
    return Link(grant, int(expires)) if right and key is not None else None


def _mac(signed: str, key: bytes) -> str:
    digest = hmac.digest(key, _PURPOSE + signed.encode(), hashlib.sha256)[:16]
    return urlsafe_b64encode(digest).decode().rstrip("=")
