"""The key ring: one file of secrets, from which every purpose derives a key of its own.

The first key signs, all verify. Rotation puts a new key first; taking an old one out ends what it signed, so a key
stays as long as a password hash or a subscription names it.
"""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from .private_file import private_file

_SHORTEST = 32
_KID = re.compile(r"[a-z0-9]{1,12}")


class KeysError(Exception):
    """The key ring cannot be used; the message says why and what to do."""


class _Key(msgspec.Struct, frozen=True):
    kid: str
    secret: str


class _File(msgspec.Struct, frozen=True):
    keys: list[_Key]


class KeyRing:
    """Secrets by key id, in the order of the file. Holds at least one; the first signs."""

    def __init__(self, secrets: dict[str, bytes]) -> None:
        self._secrets = secrets
        self._derived: dict[str, Mapping[str, bytes]] = {}
        self.kid = next(iter(secrets))

    def key(self, purpose: str, kid: str | None = None) -> bytes | None:
        """The key of a purpose: the signing one, or the one named; None when the ring does not hold it."""
        return self.all(purpose).get(kid or self.kid)

    def signing(self, purpose: str) -> tuple[str, bytes]:
        """The key id and key with which a purpose signs today."""
        return self.kid, self.all(purpose)[self.kid]

    def all(self, purpose: str) -> Mapping[str, bytes]:
        """Every key of a purpose by its id: what may still verify."""
        if purpose not in self._derived:
            label = f"duplex|{purpose}|v1".encode()
            self._derived[purpose] = MappingProxyType(
                {kid: hmac.digest(secret, label, hashlib.sha256) for kid, secret in self._secrets.items()}
            )
        return self._derived[purpose]


def read_keys(path: Path) -> KeyRing:
    """The key ring in a file. KeysError when it is missing, unreadable, short, doubled or empty."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise KeysError(f"{path} is missing. Make it with `duplex keys make`, or put back your copy.") from None
    try:
        keys = msgspec.json.decode(content, type=_File).keys
        secrets = {key.kid: b64decode(key.secret, validate=True) for key in keys}
    except (msgspec.DecodeError, NotBase64, ValueError) as error:
        raise KeysError(
            f"{path} is no key ring ({error}). Put back your copy; a new one signs everybody out."
        ) from None
    if not keys:
        raise KeysError(f"{path} holds no key. Put back your copy, or make a new ring with `duplex keys make`.")
    if len(secrets) < len(keys) or len(set(secrets.values())) < len(keys):
        raise KeysError(f"{path} holds the same key twice. Take one of the two out.")
    if bad := [kid for kid in secrets if not _KID.fullmatch(kid)]:
        raise KeysError(f"{path} names a key “{bad[0]}”. Key names are up to 12 small letters and digits.")
    if short := [kid for kid, secret in secrets.items() if len(secret) < _SHORTEST]:
        raise KeysError(f"Key “{short[0]}” in {path} is shorter than {_SHORTEST} bytes. Make a longer one.")
    return KeyRing(secrets)


def make_keys(path: Path, chance: Callable[[int], bytes]) -> KeyRing:
    """A new ring of one key in a new file that only its owner can read; an existing file is never touched."""
    _write(path, [_new_key("k1", chance)], fresh=True)
    return read_keys(path)


def rotate_keys(path: Path, chance: Callable[[int], bytes]) -> str:
    """Puts a new key first in the ring and returns its id; all older keys go on verifying."""
    read_keys(path)
    keys = msgspec.json.decode(path.read_bytes(), type=_File).keys
    numbers = [int(key.kid[1:]) for key in keys if re.fullmatch(r"k[0-9]{1,6}", key.kid)]
    newest = _new_key(f"k{max(numbers, default=0) + 1}", chance)
    _write(path, [newest, *keys], fresh=False)
    return newest.kid


def _new_key(kid: str, chance: Callable[[int], bytes]) -> _Key:
    return _Key(kid, b64encode(chance(48)).decode())


def _write(path: Path, keys: list[_Key], *, fresh: bool) -> None:
    with private_file(path, fresh=fresh) as file:
        file.write(msgspec.json.format(msgspec.json.encode(_File(keys))) + b"\n")
