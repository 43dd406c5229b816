"""Passages as an edit decision list of the CMX 3600 kind, which every edit suite reads: source and record timecodes,
one event each, and marks as comments.

A list counts in the rate of its reel, and says whether its timecodes drop frames (FCM). Reels of 50 or 60 frames a
second are written in their own count, which today's programs read when told the rate; tape machines knew 30 at most.
"""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256

from catalogue.exports.reel import Passage, Reel, record_hour
from catalogue.timecode import format_timecode

_LONGEST_REEL, _DIGITS = 8, 4


def edl_text(title: str, passages: Sequence[Passage]) -> str:
    """The passages one after another, from record hour 1. All are of reels that count alike.

    ValueError when they do not: no single list could say both counts.
    """
    reels = [passage.reel for passage in passages]
    if len({(reel.rate, reel.drop_frame) for reel in reels}) != 1:
        raise ValueError("the passages of one list must count in one rate, all drop-frame or none")
    counting = "DROP FRAME" if reels[0].drop_frame else "NON-DROP FRAME"
    lines = [f"TITLE: {_line(title)[:70]}", f"FCM: {counting}", ""]
    record = record_hour(reels[0])
    for number, passage in enumerate(passages, 1):
        lines += _event(number, passage, record)
        record += passage.frames
    return "\n".join([*lines, ""])


def reel_name(reel: Reel) -> str:
    """The reel as lists name it: at most eight capitals and digits, as CMX 3600 has them.

    A longer name gives its first letters and four digits that depend on the whole of it, always the same.
    """
    plain = unicodedata.normalize("NFKD", reel.name).encode("ascii", "ignore").decode().upper()
    if plain.isalnum() and len(plain) <= _LONGEST_REEL:
        return plain
    digest = sha256(reel.name.encode()).hexdigest()[:_DIGITS].upper()
    return re.sub(r"[^A-Z0-9]", "", plain)[: _LONGEST_REEL - _DIGITS] + digest


def _event(number: int, passage: Passage, record: int) -> list[str]:
    reel = passage.reel
    channels = ("B" if reel.channels else "V") if reel.width else "A"

    def at(frame: int) -> str:
        return format_timecode(frame, reel.rate, drop_frame=reel.drop_frame)

    span = " ".join((*passage.timecodes, at(record), at(record + passage.frames)))
    lines = [f"{number:03d}  {reel_name(reel):<8} {channels:<5} C        {span}"]
    lines.append(f"* FROM CLIP NAME: {_line(passage.title)}")
    if reel_name(reel) != reel.name:
        lines.append(f"* REEL: {_line(reel.name)}")
    lines.append(f"* SOURCE FILE: {_line(reel.file)}")
    places = ((at(record + mark.frame - passage.first), _line(mark.text)) for mark in passage.marks)
    return [*lines, *(f"* LOC: {timecode} WHITE   {text}" for timecode, text in places)]


def _line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
