"""What is asked of `sealing`, apart from it: who asks needs neither its library nor its keys."""

from typing import Literal

import msgspec

# By suffix, the kinds of files that a C2PA manifest can be bound to, as the library names them.
SEALED_KINDS = {".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".wav": "audio/wav"}
SEALED_KINDS |= {".mp3": "audio/mpeg", ".jpg": "image/jpeg"}


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What a manifest says: frames [first, last) of a master, known by its SHA-256, of `frames` in all at `rate` (a
    fraction in text); `begin` and `end` are the same in seconds of media time, as decimals in text. `coded` says that
    picture or sound were coded anew for another use."""

    title: str
    master: str
    master_kind: str
    sha256: str
    first: int
    last: int
    frames: int
    rate: str
    timecodes: tuple[str, str]
    begin: str
    end: str
    coded: bool


class SealOrder(msgspec.Struct, frozen=True):
    """The file to seal at `source`; with `master` it is a clip that was kept, whose other bytes lie there. `target`
    gets the sealed file, or the manifest alone. `ingredient` is the master with manifests of its own, as
    `provenance.ingredient_of` made it. `certificate` and `key` are paths of PEM files, `kind` is one of
    SEALED_KINDS.
    """

    source: str
    target: str
    how: Literal["inside", "beside"]
    master: str = ""
    kind: str = ""
    claim: Claim | None = None
    certificate: str = ""
    key: str = ""
    ingredient: bytes = b""
