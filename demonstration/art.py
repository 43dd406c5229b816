"""Flat, poster-like drawing: few colours, plain shapes, drawn at twice the size and halved so that edges are smooth."""

import math
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import font_source_sans_pro
import font_source_serif_pro
from PIL import Image, ImageColor, ImageDraw, ImageFont

from demonstration.picture import HEIGHT, WIDTH, Planes, Sprite, planes_of

Point = tuple[float, float]
Face = Literal["SourceSerifPro-Semibold", "SourceSerifPro-It", "SourceSansPro-Regular", "SourceSansPro-Semibold"]

PAPER, INK, QUIET, NIGHT = "#fbfaf6", "#1c1e24", "#5b5f6b", "#14161b"
BLUE, VERMILION = "#1d4f91", "#b23a1e"
_SCALE = 2
_FOLDERS = {
    "SourceSerifPro": Path(font_source_serif_pro.font_directory),
    "SourceSansPro": Path(font_source_sans_pro.font_directory),
}


@cache
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """A face that a package brings, at a size in pixels of the film; never a font of the system."""
    # Basic layout: the same letters at the same places whether or not Pillow finds a shaping library.
    path = _FOLDERS[face.partition("-")[0]] / f"{face}.ttf"
    return ImageFont.truetype(str(path), size * _SCALE, layout_engine=ImageFont.Layout.BASIC)


def text_width(text: str, face: Face, size: int) -> int:
    """How wide a line of text is, in pixels."""
    return math.ceil(font(face, size).getlength(text) / _SCALE)


class Drawing:
    """A picture being drawn, in pixels of the film. Without a colour it begins transparent.

    What is not opaque lies over what was drawn before; in a `bare` drawing it takes its place, which is faster.
    """

    def __init__(
        self, width: int = WIDTH, height: int = HEIGHT, colour: str | None = None, *, bare: bool = False
    ) -> None:
        self._bare = bare
        self._image = Image.new("RGBA", (width * _SCALE, height * _SCALE), _ink(colour) if colour else (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self._image)

    def polygon(self, points: Iterable[Point], colour: str, opacity: float = 1.0) -> None:
        """A filled shape."""
        self._with(opacity, lambda draw, ink: draw.polygon(_scaled(points), fill=ink), colour)

    def circle(self, x: float, y: float, radius: float, colour: str, opacity: float = 1.0) -> None:
        """A filled disc."""
        box = _scaled([(x - radius, y - radius), (x + radius, y + radius)])
        self._with(opacity, lambda draw, ink: draw.ellipse(box, fill=ink), colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str, round_by: float = 0.0) -> None:
        """A filled rectangle, its right and bottom exclusive, with round corners if asked."""
        shape = _scaled([(left, top), (right, bottom)])
        inner = [shape[0], (shape[1][0] - 1, shape[1][1] - 1)]
        self._draw.rounded_rectangle(inner, radius=round_by * _SCALE, fill=_ink(colour))

    def line(self, points: Iterable[Point], colour: str, width: float) -> None:
        """An open line with round joints."""
        self._draw.line(_scaled(points), fill=_ink(colour), width=max(1, round(width * _SCALE)), joint="curve")

    def arc(self, x: float, y: float, radius: float, start: float, end: float, colour: str, width: float) -> None:
        """Part of a circle, from one angle to another in degrees clockwise from three o'clock."""
        box = _scaled([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.arc(box, start, end, fill=_ink(colour), width=max(1, round(width * _SCALE)))

    def text(self, x: float, y: float, words: str, face: Face, size: int, colour: str, anchor: str = "ls") -> None:
        """A line of text; (x, y) is the left end of its base line unless `anchor` (as Pillow's) says otherwise."""
        self._draw.text((x * _SCALE, y * _SCALE), words, fill=_ink(colour), font=font(face, size), anchor=anchor)

    def turned(self, degrees: float) -> "Drawing":
        """The drawing turned clockwise about its middle."""
        other = Drawing(self._image.width // _SCALE, self._image.height // _SCALE)
        other._image = self._image.rotate(-degrees, Image.Resampling.BICUBIC)
        other._draw = ImageDraw.Draw(other._image)
        return other

    def sprite(self) -> Sprite:
        """The drawing as a sprite."""
        return Sprite(self._image.reduce(_SCALE))

    def planes(self) -> Planes:
        """The drawing as an opaque picture."""
        return planes_of(self._image.reduce(_SCALE))

    def _with(self, opacity: float, act: Callable[[ImageDraw.ImageDraw, Any], None], colour: str) -> None:
        red, green, blue, _ = _ink(colour)
        if opacity >= 1 or self._bare:
            act(self._draw, (red, green, blue, round(255 * opacity)))
            return
        glass = Image.new("RGBA", self._image.size, (red, green, blue, 0))
        act(ImageDraw.Draw(glass), (red, green, blue, round(255 * opacity)))
        self._image.alpha_composite(glass)


def wave(left: float, right: float, base: float, height: float, length: float, phase: float = 0.0) -> list[Point]:
    """Points of a swell from left to right around a base line; `phase` is a part of its length."""
    count = max(2, round((right - left) / 4)) + 1
    xs = [left + (right - left) * step / (count - 1) for step in range(count)]
    return [(x, base - height * math.sin(2 * math.pi * (x / length + phase))) for x in xs]


def _ink(colour: str) -> tuple[int, ...]:
    return (*ImageColor.getrgb(colour)[:3], 255)


def _scaled(points: Iterable[Point]) -> list[tuple[float, float]]:
    return [(x * _SCALE, y * _SCALE) for x, y in points]
