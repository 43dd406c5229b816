"""What the judge says of a clip, in the order in which an editor asks: all the frames, no other, the sound in place."""

from collections.abc import Callable
from math import inf
from pathlib import Path

import msgspec

from ..places.place import Source
from ..reading.facts import first_heard
from ..reading.index import Index
from ..reading.points import Passage
from ..reading.probe import film_sounds, open_film
from .judge import Heard, View, hear, judge

# What no eye and no instrument objects to.
FINE_DB = 45.0
# How far sound may lie from its picture, in milliseconds, where edit lists are honoured, and where they are ignored.
_IN_PLACE, _PRIMED = 11.0, 50.0
# Containers that count milliseconds shake the times of frames by less.
_SHAKE = 1.5


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One way of reading the clip. `identical` counts frames that are the master's to the last bit, `worst_db` is the
    luma PSNR of the worst of the others (None when there is none), `start_ms` when the first frame is shown, `drift_ms`
    by how much any other is shown too early or too late after it."""

    frames: int
    identical: int
    worst_db: float | None
    start_ms: float
    drift_ms: float
    sounds: tuple[Heard, ...]
    complaints: tuple[str, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Both readings of a clip that should hold `wanted` frames, and everything that is wrong, in sentences."""

    exact: bool
    wanted: int
    honoured: Reading
    ignored: Reading
    faults: tuple[str, ...]

    def rows(self) -> list[tuple[str, str, str]]:
        """The report as a table for people: what, and each reading's value."""
        both = (self.honoured, self.ignored)
        rows = [
            ("Frames", *(f"{each.frames} of {self.wanted}" for each in both)),
            ("Bit for bit the master's", *(str(each.identical) for each in both)),
            ("Worst of the others", *("none" if each.worst_db is None else f"{each.worst_db:.1f} dB" for each in both)),
            ("First frame shown at", *(f"{each.start_ms:.2f} ms" for each in both)),
            ("Others out of time by at most", *(f"{each.drift_ms:.2f} ms" for each in both)),
        ]
        rows += [
            (f"Sound {number + 1}, head and tail", *(_late(each.sounds[number]) for each in both))
            for number in range(len(self.honoured.sounds))
        ]
        return [(what, left, right) for what, left, right in rows]


def _late(heard: Heard) -> str:
    return " and ".join("silent" if ms is None else f"{ms:+.2f} ms" for ms in (heard.head_ms, heard.tail_ms))


def verify_clip(
    master: Source,
    index: Index,
    cut: Passage,
    clip: Path,
    least: float = FINE_DB,
    progress: Callable[[float], object] | None = None,
) -> Report:
    """Judges a clip of frames [first, last). `progress` hears the part done; FootageError when a film is unreadable."""
    verdict = judge(master, index, cut, clip, progress)
    readings, tracks = [], range(_expected(index, clip))
    for view, ignored in ((verdict.honoured, False), (verdict.ignored, True)):
        sounds = tuple(hear(master, index, cut, clip, track, ignore_edit_lists=ignored) for track in tracks)
        readings.append(_reading(view, sounds))
    faults = [
        f"edit lists {how}: {fault}"
        for how, reading, view, shift in (
            ("honoured", readings[0], verdict.honoured, _IN_PLACE),
            ("ignored", readings[1], verdict.ignored, _PRIMED),
        )
        for fault in _faults(reading, view, cut, least, shift)
    ]
    honoured, ignored_ = readings
    return Report(exact=not faults, wanted=cut.frames, honoured=honoured, ignored=ignored_, faults=tuple(faults))


def _expected(index: Index, clip: Path) -> int:
    """How many sounds the clip should have: the master's, or the one stereo track that a clip for the web has of the
    first two."""
    with open_film(clip) as film:
        channels = [sound.codec_context.channels for sound in film_sounds(film)]
    return 1 if channels == [2] and len(first_heard(index.facts.sounds)) == 2 else len(index.facts.sounds)


def _reading(view: View, sounds: tuple[Heard, ...]) -> Reading:
    others = [value for value in view.psnr if value != inf]
    return Reading(
        frames=view.frames,
        identical=len(view.psnr) - len(others),
        worst_db=round(max(0.0, min(others)), 2) if others else None,
        start_ms=round(view.start_ms, 3),
        drift_ms=round(view.drift_ms, 3),
        sounds=sounds,
        complaints=view.complaints,
    )


def _faults(reading: Reading, view: View, cut: Passage, least: float, shift: float) -> list[str]:
    faults = []
    if reading.frames != cut.frames:
        faults.append(f"{reading.frames} frames instead of {cut.frames}")
    wrong = [cut.first + number for number, value in enumerate(view.psnr) if value < least]
    if wrong:
        named = ", ".join(f"f{frame}" for frame in wrong[:5]) + (" …" if len(wrong) > 5 else "")
        faults.append(f"{len(wrong)} frames differ from the master by more than {least:g} dB allows: {named}")
    if abs(reading.start_ms) > 1:
        faults.append(f"the first frame is shown at {reading.start_ms:.2f} ms")
    if reading.drift_ms > _SHAKE:
        faults.append(f"frames are shown up to {reading.drift_ms:.2f} ms from their time")
    for number, heard in enumerate(reading.sounds, 1):
        if not heard.there:
            faults.append(f"sound {number} is missing")
        late = max((abs(ms) for ms in (heard.head_ms, heard.tail_ms) if ms is not None), default=0.0)
        if late > shift:
            faults.append(f"sound {number} lies {late:.1f} ms from its picture, {shift:g} ms are allowed")
    return faults + [f"a decoder complains: {complaint}" for complaint in reading.complaints]
