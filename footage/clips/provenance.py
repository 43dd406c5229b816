"""The content credentials (C2PA) that a master brings with it: read and checked once, and kept so that clips can pass
them on without the master being read again."""

import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .seal_order import SEALED_KINDS

# Every sealed clip carries them; what is longer (it may hold pictures) is named by its digest alone, as a master
# without them is.
_AT_MOST = 1 << 20
# Nothing is fetched from anywhere, no picture is made.
QUIET: dict[str, Any] = {
    "verify": {"verify_after_sign": False, "remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}
INGREDIENT = "master"


def ingredient_json(title: str, kind: str, sha256: str) -> dict[str, str]:
    """The master as the parent that a manifest names: how its file is called, its kind, its SHA-256 in hexadecimal."""
    return {
        "label": INGREDIENT,
        "title": title,
        "format": kind,
        "relationship": "parentOf",
        "instance_id": f"sha256:{sha256}",
        "description": f"SHA-256 {sha256}",
    }


def ingredient_of(master: Path, title: str, sha256: str) -> bytes:
    """The master as an ingredient with its own manifests and what checking them found, an archive of the library's;
    nothing when it has none, when they cannot be read or are too long, or where the library is not installed.

    Reads all of a master that has some: their hashes are of its bytes.
    """
    kind = SEALED_KINDS.get(master.suffix.lower())
    if kind is None or find_spec("c2pa") is None:
        return b""
    import c2pa

    context, made = c2pa.Context.from_dict(QUIET), io.BytesIO()
    try:
        with master.open("rb") as film:
            if (reader := c2pa.Reader.try_create(kind, film, context=context)) is None:
                return b""
            reader.close()
        with (
            master.open("rb") as film,
            c2pa.Builder({"claim_generator_info": [{"name": "Duplex"}]}, context) as builder,
        ):
            builder.add_ingredient_from_stream(ingredient_json(title, kind, sha256), kind, film)
            builder.write_ingredient_archive(INGREDIENT, made)
    except c2pa.C2paError:
        return b""
    return made.getvalue() if len(made.getvalue()) <= _AT_MOST else b""
