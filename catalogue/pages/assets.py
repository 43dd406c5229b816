"""Style, scripts, sign and typefaces under one address that changes whenever any of them does.

One folder named by the hash of everything in it: modules import each other, and the style sheet its typefaces, by plain
relative names, and every answer may be kept for ever.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

_IMPORT = re.compile(rb'^import [^;"]* from "\./([^"]+)";', re.MULTILINE)


class Assets(msgspec.Struct, frozen=True):
    """`files` holds the bytes by path from the root of the site, `addresses` the address of each name; `modules` are
    each module and all it imports, itself or by others: a browser that is told asks for all of them at once."""

    files: dict[str, bytes]
    addresses: dict[str, str]
    modules: dict[str, tuple[str, ...]]


def gather_assets(folder: Path, fonts: Mapping[str, bytes]) -> Assets:
    """Everything under a theme's folder of assets, and the fonts beside it."""
    found = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    named = dict(sorted({**found, **fonts}.items()))
    digest = hashlib.sha256()
    for name, data in named.items():
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    place = f"assets/{digest.hexdigest()[:12]}"
    return Assets(
        files={f"{place}/{name}": data for name, data in named.items()},
        addresses={name: f"/{place}/{name}" for name in named},
        modules={name: tuple(_with_imports(name, named)) for name in named if name.endswith(".js")},
    )


def _with_imports(name: str, files: Mapping[str, bytes]) -> list[str]:
    """A module and those it imports, the nearest first."""
    found = [name]
    for each in found:
        imports = dict.fromkeys(other.decode() for other in _IMPORT.findall(files[each]))
        found += (other for other in imports if other not in found)
    return found
