"""A strip loom under a mango tree: the shuttle flies, the heddles change places, the patterned cloth comes down."""

import math

from demonstration.art import Drawing
from demonstration.canvas import Canvas
from demonstration.picture import WIDTH, Planes, Rect, Sprite
from demonstration.scenes import Moment

_WALL, _SUN, _WOOD, _DARK = "#5b3a2e", "#c98b5f", "#2a1a15", "#3d271f"
_CLOTH, _THREADS = ("#f0e4cf", "#1d4f91", "#b23a1e", "#e2a84b"), "#e9d8ba"
_LEFT, _RIGHT, _FELL, _FLOOR = 656, 960, 396, 720
_BEAT_SECONDS = 1.2
_CELL = 16


class Loom:
    """The loom of the Mendy workshop."""

    def __init__(self) -> None:
        self.background = _courtyard().planes()
        self._cloth = _cloth()
        self._heddle = _heddle()
        self._shuttle = _shuttle()
        self._reed = _reed()
        self._leaf = _leaf()

    def draw(self, canvas: Canvas, moment: Moment) -> None:
        """One pass of the shuttle is one beat; the cloth moves on by a quarter of a figure with each."""
        beat, part = divmod(moment.seconds / _BEAT_SECONDS, 1.0)
        rows = self._cloth.y.shape[0] // 2
        grown = round((beat + min(1.0, part * 5)) * 2) * 2 % rows
        canvas.overlay(self._cloth, _LEFT, _FELL - rows + grown, Rect(_LEFT, _FELL, _RIGHT, _FLOOR))
        lifted = 1 if beat % 2 else -1
        ease = math.sin(min(1.0, part * 4) * math.pi / 2)
        for number in (0, 1):
            side = (1 if number else -1) * lifted
            canvas.blit(self._heddle, _LEFT - 28, 196 + 36 * number + round(12 * side * (2 * ease - 1)))
        press = math.sin(min(1.0, part * 5) * math.pi) if part < 0.2 else 0.0
        canvas.blit(self._reed, _LEFT - 40, 316 + round(44 * press))
        flight = min(1.0, max(0.0, (part - 0.3) / 0.5))
        flight = flight * flight * (3 - 2 * flight)
        left, right = _LEFT - 150, _RIGHT + 20
        x = left + (right - left) * (flight if beat % 2 else 1 - flight)
        canvas.blit(self._shuttle, round(x), 368)
        for number in range(3):
            sway = math.sin(moment.seconds * 0.9 + number * 1.7)
            canvas.blit(self._leaf, 70 + 190 * number + round(9 * sway), 52 + 26 * (number % 2) + round(4 * sway))


def _courtyard() -> Drawing:
    art = Drawing(colour=_WALL)
    art.circle(300, 250, 210, _SUN)
    art.polygon([(0, 600), (WIDTH, 560), (WIDTH, 720), (0, 720)], "#47291f")
    # The mango tree that gives the shade.
    art.polygon(
        [(0, 0), (560, 0), (520, 46), (430, 70), (340, 62), (250, 96), (140, 88), (60, 118), (0, 104)], "#2f3d27"
    )
    art.polygon([(0, 104), (46, 104), (40, 720), (0, 720)], _WOOD)
    for x in (_LEFT - 70, _RIGHT + 46):
        art.box(x, 104, x + 24, 720, _WOOD)
    art.box(_LEFT - 100, 130, _RIGHT + 100, 152, _WOOD)
    art.circle((_LEFT + _RIGHT) / 2, 172, 18, _DARK)
    art.circle((_LEFT + _RIGHT) / 2, 172, 7, _SUN)
    for x in range(_LEFT + 4, _RIGHT, 8):
        art.line([((_LEFT + _RIGHT) / 2 + (x - (_LEFT + _RIGHT) / 2) * 0.86, 152), (x, _FELL)], _THREADS, 1.6)
    return art


def _cloth() -> Planes:
    """Two equal lengths of cloth, one above the other, so that a window may slide over it without an end."""
    wide, high = (_RIGHT - _LEFT) // _CELL, 24
    art = Drawing(_RIGHT - _LEFT, high * _CELL * 2, _CLOTH[0])
    for row in range(high * 2):
        for column in range(wide):
            colour = _figure(row % high, min(column, wide - 1 - column))
            if colour:
                x, y = column * _CELL, row * _CELL
                art.box(x, y, x + _CELL, y + _CELL, _CLOTH[colour])
    return art.planes()


def _figure(row: int, column: int) -> int:
    """Which colour of the cloth stands in a field, counted from the nearer edge: bands of lozenges and stairs."""
    if row % 12 in (0, 11):
        return 1
    if row < 12:
        return 2 if abs(row - 5.5) + abs(column - 5) < 4 else 3 if abs(row - 5.5) + abs(column) < 3 else 0
    return 1 if (row + column) % 6 < 2 else 2 if column == 9 else 0


def _heddle() -> Sprite:
    art = Drawing(_RIGHT - _LEFT + 56, 56)
    art.box(0, 0, art_width := _RIGHT - _LEFT + 56, 12, _DARK, 6)
    art.box(0, 44, art_width, 56, _DARK, 6)
    for x in range(34, art_width - 30, 8):
        art.line([(x, 12), (x, 44)], _CLOTH[0], 1.2)
    return art.sprite()


def _reed() -> Sprite:
    width = _RIGHT - _LEFT + 80
    art = Drawing(width, 46)
    art.box(0, 0, width, 14, _WOOD, 7)
    art.box(0, 34, width, 46, _WOOD, 6)
    for x in range(44, width - 40, 6):
        art.line([(x, 14), (x, 34)], _SUN, 1)
    return art.sprite()


def _shuttle() -> Sprite:
    art = Drawing(130, 26)
    art.polygon([(0, 13), (26, 2), (104, 2), (130, 13), (104, 24), (26, 24)], "#e2a84b")
    art.box(40, 7, 90, 19, "#b23a1e", 5)
    return art.sprite()


def _leaf() -> Sprite:
    art = Drawing(90, 130)
    for tip, wide in ((14, 12), (45, 15), (76, 12)):
        art.polygon([(45, 0), (tip - wide, 60), (tip, 128), (tip + wide, 60)], "#3f5233")
    return art.sprite()
