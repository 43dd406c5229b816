"""Passages as an OpenTimelineIO file: the JSON of its schema, written from values, without the library.

Each clip refers to its master (the reference in force, with the whole film's range in source timecode), and to the file
that lies beside the list, when there is one, under the key `passage`.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from catalogue.exports.reel import Mark, Passage, Reel, record_hour
from catalogue.timecode import format_rate

MASTER, MEDIA = "DEFAULT_MEDIA", "passage"


def otio_text(title: str, passages: Sequence[Passage]) -> str:
    """A timeline with a picture track and, where the masters sound, a sound track; it starts at 01:00:00:00."""
    reel = passages[0].reel
    tracks = []
    if any(passage.reel.width for passage in passages):
        tracks.append(_track("Video", [_clip(passage, marked=True) for passage in passages]))
    if any(passage.reel.channels for passage in passages):
        tracks.append(_track("Audio", [_clip(passage, marked=not tracks) for passage in passages]))
    stack = _composition("Stack.1", "tracks", tracks)
    timeline = {
        "OTIO_SCHEMA": "Timeline.1",
        "name": title,
        "global_start_time": _time(record_hour(reel), reel.rate),
        "metadata": {},
        "tracks": stack,
    }
    return json.dumps(timeline, ensure_ascii=False, indent=1) + "\n"


def _track(kind: str, clips: list[dict[str, Any]]) -> dict[str, Any]:
    return _composition("Track.1", kind, clips) | {"kind": kind}


def _composition(schema: str, name: str, children: list[dict[str, Any]]) -> dict[str, Any]:
    return _item(schema, name) | {"source_range": None, "children": children}


def _item(schema: str, name: str) -> dict[str, Any]:
    return {"OTIO_SCHEMA": schema, "name": name, "metadata": {}, "effects": [], "markers": [], "enabled": True}


def _clip(passage: Passage, *, marked: bool) -> dict[str, Any]:
    reel = passage.reel
    references = {MASTER: _reference(reel, reel.file, 0, reel.frames)}
    if passage.media:
        references[MEDIA] = _reference(reel, passage.media, passage.first, passage.frames)
    return _item("Clip.2", passage.title) | {
        "metadata": {"duplex": {"reel": reel.name, "timecodes": list(passage.timecodes)}},
        "markers": [_marker(reel, mark) for mark in passage.marks] if marked else [],
        "source_range": _range(reel.start + passage.first, passage.frames, reel.rate),
        "media_references": references,
        "active_media_reference_key": MASTER,
    }


def _reference(reel: Reel, address: str, first: int, frames: int) -> dict[str, Any]:
    # A time in seconds and floats would lose the rate, so it stands beside it as a fraction.
    counting = {"rate": format_rate(reel.rate), "drop_frame": reel.drop_frame}
    return {
        "OTIO_SCHEMA": "ExternalReference.1",
        "name": reel.name,
        "metadata": {"duplex": counting},
        "available_range": _range(reel.start + first, frames, reel.rate),
        "available_image_bounds": None,
        "target_url": address,
    }


def _marker(reel: Reel, mark: Mark) -> dict[str, Any]:
    return {
        "OTIO_SCHEMA": "Marker.2",
        "name": mark.text,
        "metadata": {},
        "color": "WHITE",
        "marked_range": _range(reel.start + mark.frame, 1, reel.rate),
        "comment": "",
    }


def _range(first: int, frames: int, rate: Fraction) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": _time(first, rate), "duration": _time(frames, rate)}


def _time(frames: int, rate: Fraction) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate), "value": float(frames)}
