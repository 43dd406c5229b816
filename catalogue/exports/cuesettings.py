"""What stands after a cue's times: where and how it is shown (W3C WebVTT, 6.2 and 6.4). What is wrong is ignored."""

import re
from collections.abc import Mapping

import msgspec

_SPACE = re.compile(r"[ \t\n\f\r]+")
_ALIGN = ("start", "center", "end", "left", "right")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


class Region(msgspec.Struct, frozen=True):
    """A region by its id: all that settings need to know of it."""

    id: str


def read_region(text: str) -> Region:
    """The region that a block's lines describe; the last id wins, as the algorithm has it."""
    found = ""
    for setting in _SPACE.split(text):
        name, _, value = setting.partition(":")
        if name == "id" and value:
            found = value
    return Region(found)


def settings_of(text: str, regions: Mapping[str, Region]) -> dict[str, str]:
    """The valid settings in the text after a cue's times, as written; a later one replaces an earlier one."""
    kept: dict[str, str] = {}
    for setting in _SPACE.split(text):
        name, colon, value = setting.partition(":")
        if colon and name and value and _valid(name, value, regions):
            kept[name] = value
    # A region cannot hold a vertical cue, nor one placed or narrowed by itself (6.4, last steps).
    if "region" in kept and ("vertical" in kept or "line" in kept or kept.get("size", "100%") != "100%"):
        del kept["region"]
    return kept


def _valid(name: str, value: str, regions: Mapping[str, Region]) -> bool:
    if name == "region":
        return value in regions
    if name == "vertical":
        return value in ("rl", "lr")
    if name == "align":
        return value in _ALIGN
    if name == "size":
        return _is_percentage(value)
    place, comma, alignment = value.partition(",")
    if name == "position":
        return _is_percentage(place) and (not comma or alignment in ("line-left", "center", "line-right"))
    if name == "line":
        right = _is_percentage(place) or _NUMBER.fullmatch(place) is not None
        return right and (not comma or alignment in ("start", "center", "end"))
    return False


def _is_percentage(text: str) -> bool:
    match = _PERCENT.fullmatch(text)
    return match is not None and float(match[1]) <= 100
