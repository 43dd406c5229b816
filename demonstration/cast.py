"""Which films there are and who speaks in them: plain data, the only place to edit when an interview is added."""

from fractions import Fraction
from typing import Literal

import msgspec

LEAD_MS = 4_500
"""How long the title card stands before the first word."""
TAIL_MS = 1_800
"""How long the picture stays after the last word."""


class Film(msgspec.Struct, frozen=True, kw_only=True):
    """One master to make. Its name is the master's id and the page's slug; `parts` is how many encodings are joined.

    `start` is the programme timecode of the first frame. `words` is how long an excerpt is at least; None speaks all.
    """

    name: str
    rate: Fraction = Fraction(25)
    start: str = "10:00:00:00"
    suffix: Literal[".mp4", ".mov"] = ".mp4"
    sound: Literal["aac", "pcm_s16le"] = "aac"
    parts: int = 1
    words: int | None = 170

    @property
    def drop_frame(self) -> bool:
        """Labels are counted drop-frame: the start is written with a semicolon, as SMPTE ST 12-1 does."""
        return ";" in self.start


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """How someone sounds. `pitch` and `speed` are per cent of the synthesiser's own; `body` below 1 is a longer throat.

    `accent` chooses the English voice; French has one. `side` is -1 for the left, 1 for the right of the two channels.
    """

    pitch: int
    speed: int = 100
    body: float = 1.0
    accent: Literal["en-GB", "en-US"] = "en-GB"
    side: Literal[-1, 1] = 1


FILMS = (
    Film(name="phare-men-tensel"),
    Film(
        name="chart-of-the-estuary",
        rate=Fraction(30000, 1001),
        start="01:00:00;00",
        suffix=".mov",
        sound="pcm_s16le",
    ),
    Film(name="metier-a-tisser", start="09:30:00:00"),
    Film(name="ce-que-la-montagne-retient", start="00:00:00:00", words=110),
    Film(name="archives-du-son", start="11:00:00:00"),
    Film(name="graines-de-demain", start="14:20:00:00", words=150),
    Film(name="subtitles-at-dawn", start="04:15:00:00"),
    Film(name="night-desk", start="22:00:00:00", parts=6, words=None),
)

VOICES = {
    "Anaïs Kerbrat": Voice(pitch=112, speed=94, side=-1),
    "Claire Duval": Voice(pitch=82, speed=84, body=0.94),
    "Peter Lacey": Voice(pitch=78, speed=92, body=0.86, side=-1),
    "Ruth Pellow": Voice(pitch=92, speed=88, body=0.97),
    "Idrissa Mendy": Voice(pitch=72, speed=84, body=0.84),
    "Awa Mendy": Voice(pitch=118, speed=92),
    "Lucie Ferrand": Voice(pitch=104, speed=94, side=-1),
    "Bernard Touchard": Voice(pitch=80, speed=90, body=0.85),
    "Marie-Paule Ouellet": Voice(pitch=96, speed=94, body=0.96),
    "Nadia Lambrecht": Voice(pitch=90, speed=92, body=0.95),
    "Sandra Neill": Voice(pitch=108, speed=86, accent="en-US", side=-1),
    "Iestyn Rees": Voice(pitch=84, speed=92, body=0.88),
    "Moira Kincaid": Voice(pitch=88, speed=75, body=0.95),
}
