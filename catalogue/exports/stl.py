"""Captions as EBU STL (EBU Tech 3264-E): a block of 1,024 bytes for the programme, then 128 bytes for each subtitle.

Times are programme timecodes, as an edit suite shows them: frame n of the film has its own label. The format knows 25
and 30 frames a second; a film of 50 or 24 counts in 25, one of 29.97, 59.94 or 60 in 30. Seconds stay what they are.
"""

import unicodedata
from collections.abc import Iterable
from datetime import date

from catalogue.exports.cues import Cue
from catalogue.exports.iso6937 import encode
from catalogue.exports.reel import Reel
from catalogue.timecode import counting_base, first_frame_at

_LANGUAGES = {"fr": b"0F", "en": b"09"}
_TEXT = 112
_UNUSED, _NEW_LINE = b"\x8f", b"\x8a"
_ROWS = 23
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "œ": "oe", "Œ": "OE"})


def stl_bytes(
    cues: Iterable[Cue], *, reel: Reel, first: int, lang: str, title: str, reference: str, day: date
) -> bytes:
    """The cues as open subtitles (Latin, ISO/IEC 6937); `first` is the frame of the reel at which their time begins.

    `day` is written as the file's date, so that the same cues always give the same bytes.
    """
    shown = list(cues)
    blocks = [block for number, cue in enumerate(shown) for block in _blocks(number, cue, reel, first)]
    start = _label(reel, first)
    cued = _label(reel, first + first_frame_at(shown[0].start_ms, reel.rate)) if shown else start
    stamp = day.strftime("%y%m%d").encode()
    general = (
        b"437"  # code page of this block
        + _DFC[_base(reel)]
        + b"0"  # open subtitles
        + b"00"  # Latin
        + _LANGUAGES.get(lang, b"00")
        + _field(title, 32)
        + _field("", 32 * 5)
        + _field(reference, 16)
        + stamp * 2
        + b"00"
        + f"{len(blocks):05d}{len(shown):05d}001".encode()
        + b"42"
        + f"{_ROWS:02d}".encode()
        + b"1"  # the timecodes are to be used
        + "".join(f"{part:02d}" for part in (*start, *cued)).encode()
        + b"11"
        + b"   "  # country of origin, unsaid
    )
    return general.ljust(1024, b" ") + b"".join(blocks)


_DFC = {25: b"STL25.01", 30: b"STL30.01"}


def _base(reel: Reel) -> int:
    return 30 if counting_base(reel.rate) % 30 == 0 else 25


def _label(reel: Reel, frame: int) -> tuple[int, int, int, int]:
    """Hours, minutes, seconds and frames of the programme timecode, its frames counted as the format does."""
    parts = reel.timecode(frame).replace(";", ":").split(":")
    hours, minutes, seconds, frames = (int(part) for part in parts)
    return hours, minutes, seconds, frames * _base(reel) // counting_base(reel.rate)


def _blocks(number: int, cue: Cue, reel: Reel, first: int) -> list[bytes]:
    """The blocks of one subtitle (table 4): the last one has extension number 255."""
    lines = [encode(line) for line in cue.text.split("\n")]
    text = _NEW_LINE.join(lines)
    # An accent must not be parted from its letter: both codes go to the next block.
    parts: list[bytes] = []
    while text:
        size = _TEXT - 1
        if len(text) > size and 0xC1 <= text[size - 1] <= 0xCF:
            size -= 1
        parts.append(text[:size])
        text = text[size:]
    begin, end = (_label(reel, first + first_frame_at(ms, reel.rate)) for ms in (cue.start_ms, cue.end_ms))
    row = max(1, _ROWS - 1 - 2 * (len(lines) - 1))
    blocks = []
    for place, part in enumerate(parts or [b""]):
        extension = 0xFF if place >= len(parts) - 1 else place
        head = bytes([1]) + number.to_bytes(2, "little") + bytes([extension, 0])
        # Justified to the centre; not a comment.
        blocks.append(head + bytes((*begin, *end, row, 2, 0)) + part.ljust(_TEXT, _UNUSED))
    return blocks


def _field(text: str, size: int) -> bytes:
    """A text of the general block, in its own code page (437), which lacks the apostrophe of typography and œ."""
    return b"".join(map(_letter, unicodedata.normalize("NFC", text).translate(_PLAIN)))[:size].ljust(size, b" ")


def _letter(letter: str) -> bytes:
    try:
        return letter.encode("cp437")
    except UnicodeEncodeError:
        return unicodedata.normalize("NFKD", letter)[0].encode("ascii", "replace")
