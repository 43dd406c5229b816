"""A tape machine: two reels turn, the tape runs over the heads, the needles follow the voice."""

import math

from demonstration.art import Drawing
from demonstration.canvas import Canvas
from demonstration.picture import HEIGHT, WIDTH, Sprite
from demonstration.scenes import Moment

_WALL, _GLOW, _DECK, _STEEL = "#4a2f4d", "#6b4670", "#2b1c2f", "#d9cbd8"
_TAPE, _FACE, _INK, _RED = "#8a5a3c", "#f3e7d3", "#1c1e24", "#b23a1e"
_REELS = ((548, 292), (914, 292))
_RADIUS = 168
_PHASES = 24
_METERS = ((786, 590), (986, 590))


class Tape:
    """The workshop in Liège."""

    def __init__(self) -> None:
        self.background = _machine().planes()
        reel = _reel()
        # Three arms: a third of a turn looks like none.
        self._reels = [reel.turned(120 * number / _PHASES).sprite() for number in range(_PHASES)]
        self._needles = [_needle(number / 31) for number in range(32)]
        self._lamp = _lamp()

    def draw(self, canvas: Canvas, moment: Moment) -> None:
        """The fuller reel turns slower; the needles lag a little apart."""
        for (x, y), speed in zip(_REELS, (0.5208, 0.78), strict=True):
            phase = int(moment.seconds * speed * _PHASES) % _PHASES
            canvas.blit(self._reels[phase], x - _RADIUS, y - _RADIUS)
        for number, (x, y) in enumerate(_METERS):
            tremble = 0.03 * math.sin(moment.seconds * 9 + number * 2)
            level = min(1.0, max(0.0, moment.voice * (0.95 - 0.1 * number) + tremble))
            canvas.blit(self._needles[round(level * 31)], x - 80, y - 80)
        if int(moment.seconds * 1.25) % 2:
            canvas.blit(self._lamp, 560, 614)


def _machine() -> Drawing:
    art = Drawing(colour=_WALL)
    art.circle(730, 320, 440, _GLOW)
    for x in range(60, WIDTH, 150):
        art.box(x, 0, x + 3, HEIGHT, "#432a46")
    art.box(340, 84, 1124, 696, _DECK, 26)
    art.box(354, 98, 1110, 682, "#38253c", 18)
    (left, y), (right, _) = _REELS
    art.line(
        [(left - 116, y + 84), (left - 40, 498), (600, 490), (850, 490), (right + 40, 498), (right + 116, y + 84)],
        _TAPE,
        7,
    )
    for x in (506, 956):
        art.circle(x, 496, 22, _STEEL)
        art.circle(x, 496, 8, _DECK)
    art.box(650, 464, 812, 506, _STEEL, 8)
    for x in (670, 716, 762):
        art.box(x, 474, x + 30, 506, "#8d7d90", 4)
    for x, y in _METERS:
        art.box(x - 90, y - 58, x + 90, y + 62, _FACE, 10)
        art.arc(x, y + 44, 84, 215, 325, _INK, 3)
        art.arc(x, y + 44, 84, 297, 325, _RED, 7)
        for degrees in range(220, 325, 15):
            angle = math.radians(degrees)
            art.line(
                [
                    (x + 76 * math.cos(angle), y + 44 + 76 * math.sin(angle)),
                    (x + 86 * math.cos(angle), y + 44 + 86 * math.sin(angle)),
                ],
                _INK,
                2,
            )
        art.text(x, y + 30, "VU", "SourceSansPro-Semibold", 22, _INK, anchor="ms")
    for number, x in enumerate((400, 452, 504)):
        art.circle(x, 634, 17, (_STEEL, _STEEL, _RED)[number])
    return art


def _reel() -> Drawing:
    art = Drawing(2 * _RADIUS, 2 * _RADIUS)
    middle = float(_RADIUS)
    art.circle(middle, middle, _RADIUS - 2, _STEEL)
    art.circle(middle, middle, _RADIUS - 12, "#b9a9ba")
    art.circle(middle, middle, 132, _TAPE)
    art.circle(middle, middle, 126, "#7a4d32")
    for arm in range(3):
        angle = math.radians(120 * arm)
        points = [(angle - 0.34, 150), (angle + 0.34, 150), (angle + 0.5, 54), (angle - 0.5, 54)]
        art.polygon([(middle + r * math.cos(a), middle + r * math.sin(a)) for a, r in points], _STEEL)
    art.circle(middle, middle, 62, _STEEL)
    art.circle(middle, middle, 24, _DECK)
    for arm in range(3):
        angle = math.radians(120 * arm + 60)
        art.circle(middle + 40 * math.cos(angle), middle + 40 * math.sin(angle), 7, _DECK)
    return art


def _needle(level: float) -> Sprite:
    art = Drawing(160, 130)
    angle = math.radians(218 + 104 * level)
    art.line([(80, 124), (80 + 92 * math.cos(angle), 124 + 92 * math.sin(angle))], _RED, 3.5)
    art.circle(80, 124, 7, _INK)
    return art.sprite()


def _lamp() -> Sprite:
    art = Drawing(40, 40)
    art.circle(20, 20, 17, "#7b2412")
    art.circle(20, 20, 12, "#ff6a48")
    return art.sprite()
