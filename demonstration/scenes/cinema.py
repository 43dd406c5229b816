"""A cinema seen from the back: a landscape on the screen, two lines of subtitle, and heads that dip to read them."""

import math

from demonstration.art import Drawing
from demonstration.canvas import Canvas
from demonstration.picture import HEIGHT, WIDTH, Rect, Sprite
from demonstration.scenes import Moment

_HALL, _SCREEN, _HILLS, _LINE = "#241f2b", "#e0b58a", ("#b9805e", "#8a5a4a", "#5a3f3f"), "#fbfaf6"
_HEAD, _SEAT, _BEAM = ("#17131d", "#0c0a10"), "#5a2a2c", "#f3e3c0"
_LEFT, _TOP, _RIGHT, _BOTTOM = 330, 84, 960, 438
_LINE_SECONDS = 4.6
_SHOWN = 0.62


class Cinema:
    """The festival in Cardiff, at nine in the morning."""

    def __init__(self) -> None:
        self.background = _hall().planes()
        self._rows = [[_head(number, row) for number in range(10)] for row in (0, 1)]
        self._lines = [_line(number) for number in range(7)]
        self._goat = [_goat(step) for step in (0, 1)]
        self._sun = _sun()
        self._ridge = _ridge()
        self._seats = _seats()
        self._mote = _mote()

    def draw(self, canvas: Canvas, moment: Moment) -> None:
        """When a line is shown the heads go down by a little, and come up again for the face."""
        seconds = moment.seconds
        number, part = divmod(seconds / _LINE_SECONDS, 1.0)
        screen = Rect(_LEFT, _TOP, _RIGHT, _BOTTOM)
        canvas.blit(self._sun, 640, 210 - round(70 * moment.part), screen)
        canvas.blit(self._ridge, _LEFT, 250, screen)
        canvas.blit(self._goat[int(seconds * 1.5) % 2], 380 + round(seconds * 5) % 520, 318, screen)
        if part < _SHOWN:
            canvas.blit(self._lines[int(number) % len(self._lines)], (_LEFT + _RIGHT) // 2 - 210, 364, screen)
        for mote in range(9):
            x = 640 + 420 * math.sin(mote * 2.4 + seconds * 0.07 * (1 + mote % 3))
            y = 20 + (mote * 61 + seconds * (5 + mote % 4)) % 300
            canvas.blit(self._mote, round(x), round(y))
        floor = Rect(0, 470, WIDTH, 660)
        for row, heads in enumerate(self._rows):
            for seat, head in enumerate(heads):
                late = 0.02 * (seat * 7 % 5) + 0.03 * row
                reading = _between(part - late, 0.04, 0.12) - _between(part - late, _SHOWN - 0.08, _SHOWN + 0.04)
                x = seat * 136 - 40 + 68 * row
                canvas.blit(head, x, 478 + 66 * row + round((9 + 4 * row) * reading), floor)
        canvas.blit(self._seats, 0, 640)


def _between(value: float, start: float, end: float) -> float:
    part = min(1.0, max(0.0, (value - start) / (end - start)))
    return part * part * (3 - 2 * part)


def _hall() -> Drawing:
    art = Drawing(colour=_HALL)
    for x in range(0, WIDTH, 80):
        art.box(x, 0, x + 40, 560, "#2c2535")
    art.polygon([(620, 0), (670, 0), (_RIGHT + 160, 560), (_LEFT - 160, 560)], _BEAM, 0.05)
    art.polygon([(630, 0), (660, 0), (_RIGHT, _BOTTOM), (_LEFT, _BOTTOM)], _BEAM, 0.06)
    art.box(_LEFT - 18, _TOP - 18, _RIGHT + 18, _BOTTOM + 18, "#0f0d13")
    art.box(_LEFT, _TOP, _RIGHT, _BOTTOM, _SCREEN)
    art.polygon([(0, 560), (WIDTH, 560), (WIDTH, HEIGHT), (0, HEIGHT)], "#332b3d")
    return art


def _sun() -> Sprite:
    art = Drawing(120, 120)
    art.circle(60, 60, 58, "#f6dcae")
    return art.sprite()


def _ridge() -> Sprite:
    width, height = _RIGHT - _LEFT, _BOTTOM - 250
    art = Drawing(width, height)
    art.polygon(
        [(0, height), (0, 40), (120, 8), (260, 52), (400, 16), (520, 46), (width, 10), (width, height)], _HILLS[0]
    )
    art.polygon([(0, height), (0, 84), (180, 56), (340, 88), (width, 50), (width, height)], _HILLS[1])
    art.polygon([(0, height), (0, 118), (300, 104), (width, 116), (width, height)], _HILLS[2])
    for x in (70, 210, 470, 560):
        art.circle(x, 66, 16, "#6d6a45")
        art.box(x - 3, 74, x + 3, 100, _HILLS[2])
    return art.sprite()


def _goat(step: int) -> Sprite:
    art = Drawing(70, 56)
    art.box(14, 16, 52, 36, _LINE, 9)
    art.polygon([(46, 20), (58, 6), (68, 14), (64, 22), (52, 28)], _LINE)
    art.line([(58, 8), (50, 0)], "#2a2025", 3)
    art.line([(14, 20), (8, 14)], _LINE, 4)
    for number, x in enumerate((20, 28, 40, 48)):
        art.line([(x, 34), (x + (3 if (number + step) % 2 else -3), 52)], _LINE, 4)
    return art.sprite()


def _line(number: int) -> Sprite:
    """Two bars of words: a film in a language that nobody here reads."""
    art = Drawing(420, 60)
    for row, words in enumerate(((40, 64, 28, 90), (56, 34, 72)) if number % 3 else ((70, 36, 50, 30),)):
        rotated = words[number % len(words) :] + words[: number % len(words)]
        x = 210 - (sum(rotated) + 10 * (len(rotated) - 1)) / 2
        for word in rotated:
            art.box(x, 6 + 26 * row, x + word, 22 + 26 * row, _LINE, 5)
            x += word + 10
    return art.sprite()


def _head(number: int, row: int) -> Sprite:
    size = 1.0 + 0.25 * row
    art = Drawing(150, 190)
    colour, hair = _HEAD[row % 2], number % 4
    art.circle(75, 50 * size, 30 * size, colour)
    if hair == 0:
        art.circle(75, 50 * size - 32 * size, 13 * size, colour)
    elif hair == 1:
        art.box(75 - 33 * size, 48 * size, 75 + 33 * size, 92 * size, colour, 16)
    elif hair == 2:
        art.polygon(
            [
                (75 - 36 * size, 38 * size),
                (75 + 36 * size, 38 * size),
                (75 + 20 * size, 14 * size),
                (75 - 20 * size, 14 * size),
            ],
            colour,
        )
    art.box(75 - 13 * size, 70 * size, 75 + 13 * size, 100 * size, colour)
    art.box(75 - 56 * size, 92 * size, 75 + 56 * size, 190, colour, 30)
    return art.sprite()


def _seats() -> Sprite:
    art = Drawing(WIDTH, 80)
    for x in range(-40, WIDTH, 136):
        art.box(x, 6, x + 124, 110, _SEAT, 18)
    return art.sprite()


def _mote() -> Sprite:
    art = Drawing(6, 6)
    art.circle(3, 3, 2, "#8d8270")
    return art.sprite()
