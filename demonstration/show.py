"""A whole film as a function from a frame's number to its picture: title card, wipe, scene, names, numbers."""

from bisect import bisect_right
from fractions import Fraction
from math import ceil

import msgspec
import numpy as np
from numpy.typing import NDArray

from catalogue.interview import Interview
from catalogue.timecode import counting_base, first_frame_at, format_timecode, parse_timecode
from demonstration.canvas import Canvas
from demonstration.cast import Film
from demonstration.furniture import Guest, NamePanel, Numbers, Wipe, asking, title_card
from demonstration.picture import Planes
from demonstration.scenes import Moment, Scene
from demonstration.speech import Samples, Speech, loudness

_SOUND_RATE = 48_000
# The card leaves a moment before the first word, so that the speaker is seen when heard.
_CARD_ENDS_BEFORE_MS = 900
# Drawn animation moves on every second frame; it costs half, to draw and to encode.
_FRAMES_A_STEP = 2
_FADE = np.float32(0.8)


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """How long a film is and what its labels say: frames in all, and the first label as frames from midnight."""

    rate: Fraction
    frames: int
    first: int
    drop_frame: bool

    def label(self, frame: int) -> str:
        """The programme timecode of a frame."""
        return format_timecode(self.first + frame, self.rate, drop_frame=self.drop_frame)

    def clock(self, frame: int) -> int:
        """The time of day in whole seconds that the timecode says."""
        return (self.first + frame) // counting_base(self.rate)


def times_of(film: Film, duration_ms: int) -> Times:
    """The times of a film that lasts at least so long."""
    return Times(
        rate=film.rate,
        frames=ceil(Fraction(duration_ms, 1000) * film.rate),
        first=parse_timecode(film.start, film.rate),
        drop_frame=film.drop_frame,
    )


class Show:
    """Draws any frame of one film; which frames were drawn before makes no difference."""

    def __init__(self, times: Times, scene: Scene, interview: Interview, speech: Speech, sound: Samples) -> None:
        self._times, self._scene = times, scene
        lang = interview.spoken
        self._card = title_card(interview.title, interview.place, interview.date, lang)
        self._wipe = Wipe(self._card)
        self._numbers = Numbers(lang)
        guests = {
            speaker.key: asking(speaker.name, lang)
            if speaker.role
            else Guest(name=speaker.name, function=speaker.function)
            for speaker in interview.speakers
        }
        panels = {key: NamePanel(guest) for key, guest in guests.items()}
        self._turns = [panels[turn.key] for turn in speech.turns]
        self._starts = [first_frame_at(turn.start_ms, times.rate) for turn in speech.turns]
        self._scene_from = first_frame_at(speech.lead_ms - _CARD_ENDS_BEFORE_MS, times.rate)
        self._voice = voice_levels(times, speech, sound)

    def first_canvas(self, planes: Planes) -> Canvas:
        """A canvas on which `draw` may begin."""
        self._step = -1
        return Canvas(planes, self._card)

    def draw(self, canvas: Canvas, frame: int) -> None:
        """Draws one frame over whichever was drawn before; numbers move on every frame, the picture on every second."""
        step = frame - frame % _FRAMES_A_STEP
        if step != self._step:
            self._step = step
            self._draw_step(canvas, step)
        self._numbers.draw(canvas, self._times.label(frame), frame)

    def _draw_step(self, canvas: Canvas, frame: int) -> None:
        since = frame - self._scene_from
        if since < 0:
            canvas.clear(self._card)
            return
        canvas.clear(self._scene.background)
        self._scene.draw(canvas, self._moment(frame))
        turn = bisect_right(self._starts, frame + 1) - 1
        if turn >= 0:
            loud = float(self._voice[frame]), float(self._voice[max(frame - 2, 0)])
            self._turns[turn].draw(canvas, max(frame - self._starts[turn], 0), loud)
        if since < Wipe.FRAMES:
            self._wipe.draw(canvas, since)

    def _moment(self, frame: int) -> Moment:
        return Moment(
            seconds=float(frame / self._times.rate),
            part=frame / self._times.frames,
            voice=float(self._voice[frame]),
            clock=self._times.clock(frame),
        )


def voice_levels(times: Times, speech: Speech, sound: Samples) -> NDArray[np.float32]:
    """How loud each frame is, 0 to 1: up at once, down gently, as a meter moves. `sound` is at 48 kHz."""
    span = round(_SOUND_RATE / times.rate)
    lead = speech.lead_ms * _SOUND_RATE // 1000
    starts = [int(Fraction(frame * _SOUND_RATE) / times.rate) - lead for frame in range(times.frames)]
    levels = loudness(sound, _SOUND_RATE, starts, span)
    for frame in range(1, len(levels)):
        levels[frame] = max(levels[frame], levels[frame - 1] * _FADE)
    return levels
