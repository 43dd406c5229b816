"""One scene for each film: a background drawn once, and what moves in front of it."""

from typing import Protocol

import msgspec

from demonstration.canvas import Canvas
from demonstration.picture import Planes


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What a scene may know of a frame: seconds since the film began, the part of it done, and the voice, 0 to 1.

    `clock` is the time of day in seconds that the timecode says.
    """

    seconds: float
    part: float
    voice: float
    clock: int


class Scene(Protocol):
    """A moving picture. The same moment always gives the same picture, whatever was drawn before."""

    background: Planes

    def draw(self, canvas: Canvas, moment: Moment) -> None:
        """Draws what moves over the background, which the canvas shows already."""
