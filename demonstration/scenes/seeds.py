"""Beans in a row come up while one listens; behind them stand the jars they came from, and a sun goes over."""

import math

from demonstration.art import Drawing
from demonstration.canvas import Canvas
from demonstration.picture import HEIGHT, WIDTH, Rect, Sprite
from demonstration.scenes import Moment

_SKY, _SUN, _HILL = "#2f4a2c", "#e8c873", "#3d5e38"
_SOIL, _DEEP, _STEM, _LEAF = "#4a3326", "#3a271d", "#9fc08e", ("#9fc08e", "#7fa96d")
_GROUND = 600
_STAGES, _SWAYS = 30, 5
_ROOM = (170, 330)
_PLANTS = tuple(range(650, 1230, 92))


class Seeds:
    """A field that runs down to the river, and the shelf of the old general store."""

    def __init__(self) -> None:
        self.background = _field().planes()
        self._sun = _sun()
        self._plants = [
            [_plant((stage + 1) / _STAGES, sway / (_SWAYS // 2) - 1) for sway in range(_SWAYS)]
            for stage in range(_STAGES)
        ]
        self._soil = _soil()
        self._butterfly = [_butterfly(wide) for wide in (15, 9, 4)]

    def draw(self, canvas: Canvas, moment: Moment) -> None:
        """Each plant has its own day to come up; a wind goes along the row."""
        arc = math.pi * (0.15 + 0.7 * moment.part)
        canvas.blit(
            self._sun, 560 - round(380 * math.cos(arc)), 290 - round(220 * math.sin(arc)), Rect(0, 0, WIDTH, 380)
        )
        for number, x in enumerate(_PLANTS):
            age = min(1.0, max(0.0, moment.part * 1.5 - 0.03 * (number * 5 % 7) - 0.02))
            stage = round((1 - (1 - age) ** 2) * _STAGES)
            if stage:
                wind = math.sin(moment.seconds * 1.1 - number * 0.5)
                sway = round((wind + 1) / 2 * (_SWAYS - 1))
                canvas.blit(self._plants[stage - 1][sway], x - _ROOM[0] // 2, _GROUND - _ROOM[1] + 8)
        canvas.blit(self._soil, 600, _GROUND - 6)
        flown = moment.seconds * 0.35
        over, down = 880 + 250 * math.sin(flown), 300 + 90 * math.sin(2.3 * flown)
        canvas.blit(self._butterfly[(0, 1, 2, 1)[int(moment.seconds * 6) % 4]], round(over), round(down))


def _field() -> Drawing:
    art = Drawing(colour=_SKY)
    art.circle(560, 300, 330, "#39573a")
    art.polygon([(0, 470), (220, 400), (520, 430), (860, 370), (WIDTH, 420), (WIDTH, HEIGHT), (0, HEIGHT)], _HILL)
    art.polygon([(0, 492), (400, 470), (900, 486), (WIDTH, 462), (WIDTH, 500), (0, 510)], "#8fb4b0")
    art.polygon([(0, 510), (WIDTH, 500), (WIDTH, HEIGHT), (0, HEIGHT)], "#34512f")
    art.box(0, _GROUND, WIDTH, HEIGHT, _SOIL)
    art.box(0, _GROUND + 60, WIDTH, HEIGHT, _DEEP)
    for number in range(60):
        art.circle(number * 211 % WIDTH, _GROUND + 18 + number * 67 % 96, 2 + number % 3, "#5d4331")
    # The shelf, with a jar set apart.
    art.box(40, 452, 560, 466, _DEEP)
    for number, (colour, level) in enumerate(
        (("#d9b65c", 0.7), ("#f0e4cf", 0.5), ("#7a3b2a", 0.8), ("#c7d3a4", 0.35), ("#b23a1e", 0.6))
    ):
        x = 62 + 98 * number
        art.box(x, 340, x + 80, 452, "#5d7d62", 12)
        art.box(x + 5, 446 - 96 * level, x + 75, 447, colour, 8)
        art.box(x + 6, 322, x + 74, 344, "#a9adb0", 5)
        art.box(x + 16, 384, x + 64, 412, "#fbfaf6")
        art.box(x + 22, 392, x + 58, 395, "#5b5f6b")
        art.box(x + 22, 401, x + 48, 404, "#5b5f6b")
    return art


def _sun() -> Sprite:
    art = Drawing(110, 110)
    art.circle(55, 55, 54, _SUN)
    return art.sprite()


def _soil() -> Sprite:
    art = Drawing(680, 26)
    for x in _PLANTS:
        art.polygon([(x - 640, 26), (x - 616, 6), (x - 600, 2), (x - 584, 6), (x - 560, 26)], _SOIL)
    return art.sprite()


def _plant(age: float, sway: float) -> Sprite:
    """A bean at a part of its growth: the neck first, then leaf by leaf, at last the pods."""
    art = Drawing(*_ROOM)
    wide, high = _ROOM
    tall = 30 + 250 * age
    stem = []
    for step in range(25):
        up = step / 24
        stem.append((wide / 2 + 14 * sway * up * up + 5 * math.sin(up * 9 * age), high - tall * up))
    art.line(stem, _STEM, 5 - 1.5 * (1 - age))
    for number in range(6):
        up = 0.24 + 0.15 * number
        grown = min(1.0, max(0.0, age * 1.9 - up))
        if grown > 0.04:
            x, y = stem[round(up * 24)]
            for side in (-1, 1):
                _leaf(art, x, y, side, 50 * grown * (1.1 - 0.5 * up), sway, _LEAF[(number + side) % 2])
    if age > 0.75:
        for number in (9, 14, 19):
            x, y = stem[number]
            art.line([(x, y), (x + 9, y + 10), (x + 10, y + 10 + 60 * (age - 0.75) * 3)], "#c7d77f", 7)
    return art.sprite()


def _leaf(art: Drawing, x: float, y: float, side: int, size: float, sway: float, colour: str) -> None:
    tip = x + side * size * 1.35, y - size * (0.5 + 0.12 * sway * side)
    middle = x + side * size * 0.6
    art.polygon(
        [(x, y), (middle, y - size * 0.72), (x + side * size * 1.05, y - size * 0.78), tip, (middle, y + size * 0.06)],
        colour,
    )


def _butterfly(wide: float) -> Sprite:
    art = Drawing(40, 36)
    for side in (-1, 1):
        art.polygon(
            [(20, 18), (20 + side * wide, 4), (20 + side * wide * 1.1, 16), (20 + side * wide * 0.7, 30)], "#f3e7d3"
        )
    art.line([(20, 8), (20, 28)], "#1c1e24", 2.5)
    return art.sprite()
