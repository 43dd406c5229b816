"""`python -m demonstration.voices [NAME …]`: speaks the films and writes Opus files and their times. Run once.

SVOX Pico (PyPI `ttspico`, extra `voices`) says one sentence at a time, so that the start of each is known exactly.
"""

import sys
from pathlib import Path

import av
import msgspec
import numpy as np
import ttspico

from catalogue.interview import Interview, Turn
from demonstration.cast import FILMS, LEAD_MS, TAIL_MS, VOICES, Film, Voice
from demonstration.script import DOCS, excerpt, heard_interview, sayable, sentences, words_mark
from demonstration.speech import VOICES_FOLDER, Samples, Speech, SpokenTurn, sound_path, times_path

RATE = 16_000
_PAUSE_MS = {"sentence": 240, "paragraph": 620, "turn": 520}
_AUDIBLE = 0.012
_MARGIN = RATE // 50
_RMS = 0.11
_BIT_RATE = 16_000


def say(text: str, voice: Voice, language: str) -> Samples:
    """A sentence as heard, silence around it cut away, at one loudness for all voices."""
    engine = ttspico.TtsEngine(language)
    # A longer throat is a slower tape: what is played slower is said higher and faster first.
    engine.pitch = round(voice.pitch / voice.body)
    engine.rate = round(voice.speed / voice.body)
    samples: Samples = np.frombuffer(engine.speak(text), np.int16).astype(np.float32) / np.float32(32768)
    if voice.body != 1.0:
        samples = _retimed(samples, round(RATE * voice.body))
    audible = np.nonzero(np.abs(samples) > _AUDIBLE)[0]
    samples = samples[max(audible[0] - _MARGIN, 0) : audible[-1] + _MARGIN]
    louder = samples * (_RMS / float(np.sqrt(np.mean(samples * samples))))
    # The loudest peaks bend instead of breaking.
    return np.asarray(np.tanh(louder), np.float32)


def _retimed(samples: Samples, rate: int) -> Samples:
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="fltp", layout="mono")
    frame.sample_rate = rate
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
    return np.concatenate([piece.to_ndarray()[0] for item in (frame, None) for piece in resampler.resample(item)])


def _silence(ms: int) -> Samples:
    return np.zeros(ms * RATE // 1000, np.float32)


def speak(interview: Interview, turns: tuple[Turn, ...]) -> tuple[Samples, Speech]:
    """The turns one after the other, and when each is heard."""
    names = {speaker.key: speaker.name for speaker in interview.speakers}
    pieces: list[Samples] = []
    spoken: list[SpokenTurn] = []
    for turn in turns:
        voice = VOICES[names[turn.key]]
        language = "fr-FR" if interview.spoken == "fr" else voice.accent
        starts: list[int] = []
        if pieces:
            pieces.append(_silence(_PAUSE_MS["turn"]))
        for paragraph in turn.paragraphs:
            if starts:
                pieces.append(_silence(_PAUSE_MS["paragraph"] - _PAUSE_MS["sentence"]))
            for sentence in sentences(paragraph):
                if starts:
                    pieces.append(_silence(_PAUSE_MS["sentence"]))
                starts.append(_film_ms(pieces))
                pieces.append(say(sayable(sentence), voice, language))
        end = _film_ms(pieces)
        spoken.append(
            SpokenTurn(key=turn.key, start_ms=starts[0], end_ms=end, sentences=tuple(starts), words=words_mark(turn))
        )
    speech = Speech(lead_ms=LEAD_MS, duration_ms=spoken[-1].end_ms + TAIL_MS, turns=tuple(spoken))
    return np.concatenate(pieces), speech


def _film_ms(pieces: list[Samples]) -> int:
    return LEAD_MS + sum(map(len, pieces)) * 1000 // RATE


def write_sound(samples: Samples, path: Path) -> None:
    """Mono Opus in Ogg (RFC 7845); the same samples give the same bytes."""
    frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="flt", layout="mono")
    frame.sample_rate = RATE
    frame.pts = 0
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact"}) as output:
        stream = output.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = _BIT_RATE
        stream.options = {"application": "voip", "frame_duration": "40", "flags": "+bitexact"}
        for item in (frame, None):
            output.mux(stream.encode(item))


def write_voices(film: Film, docs: Path, folder: Path) -> Speech:
    """Speaks one film and writes its two files."""
    interview = heard_interview(docs, film.name)
    samples, speech = speak(interview, excerpt(interview.turns, film.words))
    write_sound(samples, sound_path(film.name, folder))
    times_path(film.name, folder).write_bytes(msgspec.yaml.encode(speech))
    return speech


def main(names: list[str]) -> int:
    """Speaks the films named, or all of them."""
    for film in FILMS:
        if not names or film.name in names:
            speech = write_voices(film, DOCS, VOICES_FOLDER)
            size = sound_path(film.name).stat().st_size
            print(f"{film.name}: {len(speech.turns)} turns, {speech.duration_ms / 1000:.1f} s, {size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
