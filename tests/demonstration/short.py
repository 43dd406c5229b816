"""A film of three seconds: an invented page, and noise where its two turns are spoken."""

from fractions import Fraction
from pathlib import Path

import av
import msgspec
import numpy as np

from demonstration.cast import Film
from demonstration.making import Places
from demonstration.script import page_path
from demonstration.speech import Speech, SpokenTurn, sound_path, times_path

RATE = 48_000
NAME = "metier-a-tisser"
PAGE = """---
title: Trois secondes de mer
date: 2026-03-01
place: Île de Sein
summary: Un essai.
spoken: fr
speakers:
  - {key: Q, role: interviewer, name: Anaïs Kerbrat}
  - {key: CLAIRE DUVAL, name: Claire Duval, function: ancienne gardienne de phare}
master: metier-a-tisser
---

Un essai : il y a [00:00:01.000] dans ce paragraphe.

## Transcription

Q : Vous entendez ?

CLAIRE DUVAL : « Oui. » Et puis [rires] non.

Une suite : elle aussi.

Q : Encore une question, qui n’est pas dans le film.
"""
SPEECH = Speech(
    lead_ms=1000,
    duration_ms=3000,
    turns=(
        SpokenTurn(key="Q", start_ms=1000, end_ms=1400, sentences=(1000,), words=""),
        SpokenTurn(key="CLAIRE DUVAL", start_ms=2000, end_ms=2600, sentences=(2000,), words=""),
    ),
)
FILMS = {
    "25": Film(name=NAME, start="10:00:00:00"),
    "25 in three parts": Film(name=NAME, start="22:59:59:00", parts=3),
    "29.97 drop-frame": Film(
        name=NAME, rate=Fraction(30000, 1001), start="01:00:59;20", suffix=".mov", sound="pcm_s16le", parts=2
    ),
}


def write_noise(path: Path) -> None:
    """The speech of both turns as Opus: noise that begins and ends at once."""
    sound = np.zeros((1, 2 * RATE), np.float32)
    noise = np.random.default_rng(3).normal(0, 0.2, RATE).astype(np.float32)
    for turn in SPEECH.turns:
        first, last = ((ms - 1000) * RATE // 1000 for ms in (turn.start_ms, turn.end_ms))
        sound[0, first:last] = noise[: last - first]
    frame = av.AudioFrame.from_ndarray(sound, format="flt", layout="mono")
    frame.sample_rate = RATE
    with av.open(str(path), "w", format="ogg") as output:
        stream = output.add_stream("libopus", rate=RATE, layout="mono")
        for item in (frame, None):
            output.mux(stream.encode(item))


def project(root: Path) -> Places:
    """A project with one page and its speech, and an empty media store."""
    places = Places(docs=root / "docs", media=root / "media", work=root / "films", voices=root / "voices")
    for lang in ("fr", "en"):
        page_path(places.docs, lang, NAME).parent.mkdir(parents=True)
    page_path(places.docs, "fr", NAME).write_text(PAGE)
    places.voices.mkdir()
    times_path(NAME, places.voices).write_bytes(msgspec.yaml.encode(SPEECH))
    write_noise(sound_path(NAME, places.voices))
    return places
