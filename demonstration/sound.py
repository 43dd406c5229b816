"""The sound of a film: the speech at its time, each voice a little to one side, silence around it."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from catalogue.interview import Interview
from demonstration.cast import VOICES
from demonstration.encoding import SOUND_RATE
from demonstration.show import Times
from demonstration.speech import Samples, Speech

_NEAR, _FAR = np.float32(0.92), np.float32(0.7)


def stereo(times: Times, interview: Interview, speech: Speech, sound: Samples) -> NDArray[np.float32]:
    """Two channels at 48 kHz, exactly as long as the picture. `sound` is the speech at 48 kHz, from `lead_ms` on."""
    both = np.zeros((2, round(Fraction(times.frames * SOUND_RATE) / times.rate)), np.float32)
    lead = speech.lead_ms * SOUND_RATE // 1000
    length = min(len(sound), both.shape[1] - lead)
    both[:, lead : lead + length] = sound[:length]
    names = {speaker.key: speaker.name for speaker in interview.speakers}
    begins = 0
    for number, turn in enumerate(speech.turns):
        last = number + 1 == len(speech.turns)
        # A voice keeps its side until halfway into the pause, where nothing is heard.
        ends_ms = speech.duration_ms if last else (turn.end_ms + speech.turns[number + 1].start_ms) // 2
        ends = ends_ms * SOUND_RATE // 1000
        side = VOICES[names[turn.key]].side
        both[0, begins:ends] *= _NEAR if side < 0 else _FAR
        both[1, begins:ends] *= _FAR if side < 0 else _NEAR
        begins = ends
    return both
