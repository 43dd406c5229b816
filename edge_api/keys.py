"""The key ring: named keys, the newest signs, all of them verify; each purpose has a key of its own derived from them."""

import hashlib
import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path

KEY_BYTES = 32


class BadKeys(Exception):
    """A key ring that cannot be trusted; the message says what to do."""


class Keys:
    """Keys by name, oldest first. A purpose never sees another purpose's key (HKDF-like: HMAC of the purpose)."""

    def __init__(self, ring: dict[str, bytes]) -> None:
        if not ring:
            raise BadKeys("the key ring is empty: run `duplex keys rotate` to make a key")
        if any(len(key) < KEY_BYTES for key in ring.values()):
            raise BadKeys(f"a key is shorter than {KEY_BYTES} bytes: run `duplex keys rotate` and remove it")
        if len(set(ring.values())) < len(ring):
            raise BadKeys("two names hold the same key: remove one of them")
        self._ring = ring

    def current(self, purpose: str) -> tuple[str, bytes]:
        """Name and key that sign today."""
        name = next(reversed(self._ring))
        return name, _derived(self._ring[name], purpose)

    def all(self, purpose: str) -> dict[str, bytes]:
        """Every key that verifies, by name."""
        return {name: _derived(key, purpose) for name, key in self._ring.items()}

    def rotated(self, random: Callable[[int], bytes]) -> "Keys":
        """The ring with a new key at its end."""
        number = max(int(name[1:]) for name in self._ring) + 1
        return Keys({**self._ring, f"k{number}": random(KEY_BYTES)})

    def text(self) -> str:
        """The ring as it is kept on disk."""
        return json.dumps({name: b64encode(key).decode() for name, key in self._ring.items()}, indent=1) + "\n"


def _derived(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, f"duplex|key|v1|{purpose}".encode(), hashlib.sha256)


def read_keys(path: Path) -> Keys:
    """The ring in a file. BadKeys when it is not one; FileNotFoundError when there is none."""
    try:
        ring = {str(name): b64decode(key, validate=True) for name, key in json.loads(path.read_text()).items()}
        if not all(name[:1] == "k" and name[1:].isdigit() for name in ring):
            raise ValueError("key names are k1, k2, …")
    except (ValueError, AttributeError, TypeError) as error:
        raise BadKeys(f"{path} is not a key ring ({error}): restore it from a backup") from error
    return Keys(ring)


def write_keys(path: Path, keys: Keys) -> None:
    """Keeps the ring in a file that only its owner reads; the old ring stands until the new one is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(keys.text())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def keys_at_start(path: Path, loopback: bool, random: Callable[[int], bytes]) -> Keys:
    """The ring in a file; on one's own machine it is made at first start, elsewhere its absence is refused."""
    try:
        return read_keys(path)
    except FileNotFoundError:
        if not loopback:
            raise BadKeys(f"there is no key ring at {path}: make one with `duplex keys make`, and back it up") from None
        keys = Keys({"k1": random(KEY_BYTES)})
        write_keys(path, keys)
        return keys
