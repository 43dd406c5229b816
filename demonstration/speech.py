"""The speech of a film as it is committed: an Opus file, and beside it when each turn and each sentence is heard.

Times are whole milliseconds of the film's media time; the sound file itself begins at `lead_ms`.
"""

from pathlib import Path

import av
import msgspec
import numpy as np
from numpy.typing import NDArray

VOICES_FOLDER = Path(__file__).parent / "voices"
Samples = NDArray[np.float32]


class SpokenTurn(msgspec.Struct, frozen=True, kw_only=True):
    """One turn as heard: `end_ms` is exclusive, `sentences` are starts, `words` is script.words_mark of the turn."""

    key: str
    start_ms: int
    end_ms: int
    sentences: tuple[int, ...]
    words: str


class Speech(msgspec.Struct, frozen=True, kw_only=True):
    """The times of one film. `duration_ms` is the whole film's, title card included."""

    lead_ms: int
    duration_ms: int
    turns: tuple[SpokenTurn, ...]


def sound_path(name: str, folder: Path = VOICES_FOLDER) -> Path:
    """The Opus file of a film."""
    return folder / f"{name}.opus"


def times_path(name: str, folder: Path = VOICES_FOLDER) -> Path:
    """The times of a film."""
    return folder / f"{name}.yml"


def read_speech(name: str, folder: Path = VOICES_FOLDER) -> Speech:
    """The committed times. OSError when there are none; msgspec.ValidationError when they are not times."""
    return msgspec.yaml.decode(times_path(name, folder).read_bytes(), type=Speech)


def read_sound(path: Path, sample_rate: int) -> Samples:
    """A sound file as mono samples in -1 to 1 at a rate in hertz."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=sample_rate)
    with av.open(str(path)) as sound:
        pieces = [piece.to_ndarray()[0] for frame in sound.decode(audio=0) for piece in resampler.resample(frame)]
        pieces += [piece.to_ndarray()[0] for piece in resampler.resample(None)]
    return np.concatenate(pieces).astype(np.float32)


def loudness(samples: Samples, sample_rate: int, starts: list[int], span: int) -> NDArray[np.float32]:
    """How loud it is, 0 to 1, in the `span` samples from each of `starts`; starts outside the sound are silent."""
    levels = np.zeros(len(starts), np.float32)
    for number, start in enumerate(starts):
        piece = samples[max(start, 0) : max(start + span, 0)]
        if len(piece):
            levels[number] = float(np.sqrt(np.mean(piece * piece)))
    loudest = float(levels.max(initial=0.0))
    return levels / loudest if loudest > 0 else levels
