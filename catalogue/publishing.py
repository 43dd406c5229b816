"""The site put in place file by file, each by rename, writing only what changed and deleting what is no longer made."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from catalogue.building import Build
from catalogue.pouring import site_files

# Every site that was published here has this file, and nothing else is ever cleared away.
_SIGN = "catalogue.json"


class NotASite(Exception):
    """The folder to publish into holds something that is no site of ours."""


class State(msgspec.Struct, frozen=True):
    """The last build: what it depended on, and the size of every file it left in the site."""

    print: str
    site: str
    sizes: dict[str, int]


class Published(msgspec.Struct, frozen=True):
    """How many files the site has, and how many were written and deleted to get there."""

    files: int
    written: int
    deleted: int


def publish(build: Build) -> Published:
    """Makes every file first, and only then touches the site. NotASite, OSError."""
    files = site_files(build)
    published = write_site(files, build.site)
    sizes = {name: len(data) for name, data in files.items()}
    build.work.mkdir(parents=True, exist_ok=True)
    _replace(build.state, msgspec.json.encode(State(build.print, str(build.site), sizes)))
    return published


def is_published(build: Build) -> bool:
    """The last build depended on the same things, and what it left in the site still stands there."""
    try:
        state = msgspec.json.decode(build.state.read_bytes(), type=State)
        same = (state.print, state.site) == (build.print, str(build.site))
        return same and all((build.site / name).stat().st_size == size for name, size in state.sizes.items())
    except (OSError, msgspec.MsgspecError):
        return False


def write_site(files: Mapping[str, bytes], site: Path) -> Published:
    """Brings a folder to hold exactly these files. Pages come after what they show, the manifest after the pages."""
    present = {file.relative_to(site).as_posix() for file in site.rglob("*") if not file.is_dir()}
    if present and _SIGN not in present:
        raise NotASite(f"{site} holds files that are no site of Duplex. Empty it, or set DUPLEX_SITE to another folder")
    written = 0
    for name in sorted(files, key=lambda name: (name == _SIGN, name.endswith(".html"), name)):
        target = site / name
        if name in present and target.is_file() and target.read_bytes() == files[name]:
            continue
        if target.is_dir():
            raise NotASite(f"{target} is a folder where a file must stand. Delete it")
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, files[name])
        written += 1
    gone = present - files.keys()
    for name in gone:
        (site / name).unlink()
        _remove_empty((site / name).parent, site)
    return Published(files=len(files), written=written, deleted=len(gone))


def _replace(target: Path, data: bytes) -> None:
    """Writes beside the target, then renames: a reader sees the old file or the new one, never half of either."""
    half = target.with_name(f".{target.name}.half")
    try:
        half.write_bytes(data)
        os.replace(half, target)
    finally:
        half.unlink(missing_ok=True)


def _remove_empty(folder: Path, site: Path) -> None:
    while folder != site and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
