"""A glacier under a slow sun: clouds drift between the ridges, two on a rope climb."""

import math
from itertools import pairwise

from demonstration.art import Drawing, Point
from demonstration.canvas import Canvas, baked
from demonstration.picture import HEIGHT, WHOLE, WIDTH, Rect, Sprite
from demonstration.scenes import Moment

_SKY, _SUN, _CLOUD = "#3b3f5c", "#f0c98a", "#d5daee"
_FAR, _MIDDLE, _NEAR = "#5a6088", "#474c70", "#23263b"
_ICE, _ICE_SHADE = "#e3e8f5", "#a9b1d6"
_FAR_LINE: list[Point] = [
    (0, 360),
    (120, 270),
    (210, 330),
    (350, 190),
    (450, 270),
    (560, 220),
    (700, 330),
    (860, 210),
    (960, 290),
    (1090, 230),
    (1280, 340),
]
_MIDDLE_LINE: list[Point] = [
    (0, 470),
    (160, 400),
    (300, 460),
    (420, 390),
    (560, 470),
    (700, 380),
    (790, 250),
    (850, 180),
    (910, 250),
    (1000, 340),
    (1140, 420),
    (1280, 400),
]
_NEAR_LINE: list[Point] = [
    (0, 600),
    (200, 560),
    (420, 630),
    (640, 600),
    (860, 520),
    (1060, 430),
    (1180, 380),
    (1280, 350),
]


class Mountain:
    """The Valgaudémar, where the ice gives things back."""

    def __init__(self) -> None:
        sky = Drawing(colour=_SKY)
        sky.circle(420, 250, 240, "#4b5075")
        self._far, self._middle, self._near = _ridge(_FAR_LINE, _FAR), _middle(), _ridge(_NEAR_LINE, _NEAR)
        ridges = [(self._far, 0, 0), (self._middle, 0, 0), (self._near, 0, 0)]
        self.background = baked(sky.planes(), WHOLE, ridges)
        self._sun = _disc()
        self._clouds = [_cloud(width) for width in (300, 220, 380)]
        self._climber = [_climber(step) for step in (0, 1)]

    def draw(self, canvas: Canvas, moment: Moment) -> None:
        """The sun sinks behind the far ridge, clouds pass before the middle one, people walk on the near one."""
        seconds = moment.seconds
        sun = 300 + round(90 * moment.part), 130 + round(110 * moment.part)
        canvas.blit(self._sun, *sun)
        behind = Rect(sun[0] & ~1, sun[1] & ~1, (sun[0] + 152) & ~1, (sun[1] + 152) & ~1)
        for ridge in (self._far, self._middle):
            canvas.blit(ridge, 0, 0, behind)
        for number, (cloud, top, speed) in enumerate(zip(self._clouds, (330, 210, 420), (9, 14, 6), strict=True)):
            x = round(seconds * speed + number * 520) % (WIDTH + 420) - 400
            canvas.blit(cloud, x, top + round(4 * math.sin(seconds * 0.4 + number)))
            low = Rect(max(x, 0) & ~1, top & ~1, min(max(x + 400, 0), WIDTH) & ~1, (top + 110) & ~1)
            canvas.blit(self._near, 0, 0, low)
        for number in (0, 1):
            walked = 690 + 3.4 * seconds + 74 * number
            step = int(seconds * 1.6 + number * 0.5) % 2
            canvas.blit(self._climber[step], round(walked), round(_height(_NEAR_LINE, walked + 16)) - 50)
        a, b = 690 + 3.4 * seconds + 16, 690 + 3.4 * seconds + 90
        canvas.blit(
            _rope(_height(_NEAR_LINE, b) - _height(_NEAR_LINE, a)), round(a), round(_height(_NEAR_LINE, b)) - 30
        )


def _height(line: list[Point], x: float) -> float:
    for (left, high), (right, low) in pairwise(line):
        if left <= x <= right:
            return high + (low - high) * (x - left) / (right - left)
    return line[-1][1]


def _ridge(line: list[Point], colour: str) -> Sprite:
    art = Drawing()
    art.polygon([(0, HEIGHT), *line, (WIDTH, HEIGHT)], colour)
    return art.sprite()


def _middle() -> Sprite:
    art = Drawing()
    art.polygon([(0, HEIGHT), *_MIDDLE_LINE, (WIDTH, HEIGHT)], _MIDDLE)
    # The glacier falls from the gap below the summit and widens toward us.
    art.polygon(
        [(850, 180), (812, 236), (770, 330), (640, 470), (470, 640), (1010, 640), (930, 470), (900, 330), (884, 236)],
        _ICE,
    )
    art.polygon(
        [(850, 180), (884, 236), (900, 330), (930, 470), (1010, 640), (880, 640), (846, 470), (850, 330)], _ICE_SHADE
    )
    for y in range(300, 620, 44):
        wide = 46 + (y - 300) * 0.5
        x = 838 - (y - 300) * 0.3
        art.line([(x - wide * 0.6, y + 6), (x, y), (x + wide * 0.4, y + 9)], "#8f98c4", 3)
    return art.sprite()


def _disc() -> Sprite:
    art = Drawing(150, 150)
    art.circle(75, 75, 74, _SUN)
    return art.sprite()


def _cloud(width: int) -> Sprite:
    art = Drawing(width, 100)
    art.box(0, 56, width, 92, _CLOUD, 18)
    art.box(width * 0.2, 30, width * 0.72, 80, _CLOUD, 25)
    art.circle(width * 0.42, 42, 38, _CLOUD)
    return art.sprite()


def _climber(step: int) -> Sprite:
    art = Drawing(36, 54)
    swing = 7 if step else -5
    art.line([(18, 30), (12 - swing / 2, 52)], "#12141f", 5)
    art.line([(18, 30), (24 + swing / 2, 52)], "#12141f", 5)
    art.polygon([(12, 12), (25, 12), (24, 34), (12, 34)], "#b23a1e")
    art.circle(19, 8, 6, _ICE)
    art.line([(24, 18), (32, 50)], "#12141f", 2)
    return art.sprite()


def _rope(rise: float) -> Sprite:
    art = Drawing(76, 80)
    art.line([(2, 4 - rise), (38, 12 - rise / 2), (74, 4)], _ICE, 1.5)
    return art.sprite()
