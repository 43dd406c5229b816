"""The asset sheets of masters, read again only when they changed."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import yaml

from catalogue.interview import Problem
from catalogue.sheet import Sheet
from catalogue.sources import KnownSheet, Source, Stamp, bytes_of, source_of
from catalogue.workers import batches, cores, spread


def read_sheets(
    root: Path, stamps: Mapping[str, Stamp], known: Mapping[str, KnownSheet], began_ns: int
) -> dict[str, KnownSheet]:
    """Every sheet by its path; those that have the stamp with which they are `known` are not read again."""
    sheets = {
        path: known[path] for path, stamp in stamps.items() if path in known and known[path].source.stamp == stamp
    }

    def read(some: Sequence[tuple[str, Stamp]]) -> list[tuple[str, KnownSheet]]:
        return [(path, read_known_sheet(root, path, stamp, began_ns)) for path, stamp in some]

    stale = [(path, stamp) for path, stamp in stamps.items() if path not in sheets]
    for some in spread(read, batches(stale, 200), cores()):
        sheets.update(some)
    return sheets


def sheets_by_id(sheets: Mapping[str, KnownSheet]) -> dict[str, Sheet]:
    """The sheets that could be read, by the id of their master."""
    return {known.sheet.id: known.sheet for known in sheets.values() if known.sheet is not None}


def read_known_sheet(root: Path, path: str, stamp: Stamp, began_ns: int = 0) -> KnownSheet:
    """The sheet at a path, or what keeps it from being one."""
    stem = Path(path).stem
    data = bytes_of(root / path)
    if isinstance(data, Problem):
        return KnownSheet(Source(stamp, b""), None, (msgspec.structs.replace(data, path=path),))
    source = source_of(stamp, data, began_ns)
    try:
        sheet = msgspec.yaml.decode(data, type=Sheet)
    except (msgspec.MsgspecError, yaml.YAMLError, ValueError, RecursionError) as error:
        # A pattern says nothing to an editor.
        reason = re.sub(r"`str` matching regex '.*'", "another form", str(error).partition("\n")[0])
        message = f"this is no asset sheet ({reason}). Run `duplex ingest FILE --id {stem}` again"
        return KnownSheet(source, None, (Problem(path=path, line=1, message=message),))
    if sheet.id != stem:
        message = f"the sheet of “{sheet.id}” is named {stem}.yml. Name it {sheet.id}.yml"
        return KnownSheet(source, sheet, (Problem(path=path, line=1, message=message),))
    return KnownSheet(source, sheet)
