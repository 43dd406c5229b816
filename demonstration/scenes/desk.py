"""A newspaper's night desk: a town asleep behind the window, a clock that tells the film's time, one lamp."""

import math

from demonstration.art import Drawing
from demonstration.canvas import Canvas
from demonstration.picture import HEIGHT, WIDTH, Rect, Sprite
from demonstration.scenes import Moment

_ROOM, _SKY, _TOWN, _LIGHT = "#22262f", "#2f3b57", ("#232c42", "#1a2133"), "#e2a84b"
_WOOD, _BLACK, _CREAM, _BLUE = "#3a2d26", "#14161b", "#efe6d2", "#1d4f91"
_WINDOW = (430, 70, 950, 430)
_CLOCK = (1110, 250)
_LAMPS = [(470 + number * 37 % 460, 318 + number * 53 % 96) for number in range(22)]


class Desk:
    """The front room of the Morning Register."""

    def __init__(self) -> None:
        self.background = _room().planes()
        self._seconds = [_hand(6 * number, 74, 2.5, "#b23a1e") for number in range(60)]
        self._minutes = [_hand(6 * number, 66, 6, _BLACK) for number in range(60)]
        self._hours = [_hand(6 * number, 44, 8, _BLACK) for number in range(60)]
        self._lit, self._van = _lit(), _van()
        self._steam = [_steam(number / 8) for number in range(8)]

    def draw(self, canvas: Canvas, moment: Moment) -> None:
        """Lights of the town go out and on, a van passes now and then, the clock ticks, the tea steams."""
        for number, (x, y) in enumerate(_LAMPS):
            # Every window has its own habits; the same second always looks the same.
            if (int(moment.seconds) // (7 + number % 11) + number) % 3:
                canvas.blit(self._lit, x, y)
        left, _, right, bottom = _WINDOW
        # It waits outside the window most of the time.
        drive = moment.seconds * 46 % 1900
        if drive < right - left + 90:
            canvas.blit(self._van, left - 90 + round(drive), bottom - 40, Rect(left, bottom - 60, right, bottom))
        x, y = _CLOCK
        hour, minute, second = moment.clock // 3600 % 12, moment.clock // 60 % 60, moment.clock % 60
        for hand in (self._hours[hour * 5 + minute // 12], self._minutes[minute], self._seconds[second]):
            canvas.blit(hand, x - 80, y - 80)
        canvas.blit(self._steam[int(moment.seconds * 4) % 8], 822, 418)


def _room() -> Drawing:
    art = Drawing(colour=_ROOM)
    left, top, right, bottom = _WINDOW
    art.box(left - 14, top - 14, right + 14, bottom + 14, _WOOD)
    art.box(left, top, right, bottom, _SKY)
    art.circle(590, 170, 46, _CREAM)
    art.circle(610, 158, 40, _SKY)
    heights = (96, 150, 70, 124, 176, 90, 138, 60, 112, 160)
    for number, height in enumerate(heights):
        art.box(left + 52 * number, bottom - 40 - height, left + 52 * number + 52, bottom, _TOWN[0])
    art.polygon([(left + 300, bottom - 240), (left + 316, bottom - 310), (left + 332, bottom - 240)], _TOWN[0])
    art.box(left + 300, bottom - 240, left + 332, bottom, _TOWN[0])
    for number, height in enumerate(heights[3:] + heights[:3]):
        art.box(left + 52 * number, bottom - 30 - height // 2, left + 52 * number + 46, bottom, _TOWN[1])
    art.box(left, bottom - 14, right, bottom, _BLACK)
    for x in ((2 * left + right) // 3, (left + 2 * right) // 3):
        art.box(x - 4, top, x + 4, bottom, _WOOD)
    art.box(left, (top + bottom) // 2 - 4, right, (top + bottom) // 2 + 4, _WOOD)
    # The lamp and its light on the desk.
    art.polygon([(220, 300), (330, 300), (560, 566), (60, 566)], _LIGHT, 0.2)
    art.polygon([(206, 308), (236, 236), (316, 236), (346, 308)], "#2f6b4f")
    art.line([(276, 236), (276, 200), (150, 330), (150, 560)], _CREAM, 7)
    art.polygon([(0, 566), (WIDTH, 566), (WIDTH, HEIGHT), (0, HEIGHT)], _WOOD)
    art.polygon([(60, 566), (560, 566), (640, HEIGHT), (0, HEIGHT)], _LIGHT, 0.14)
    _things(art)
    x, y = _CLOCK
    art.circle(x, y, 100, _WOOD)
    art.circle(x, y, 90, _CREAM)
    for number in range(12):
        angle, inner = math.radians(30 * number), 70 if number % 3 == 0 else 78
        ends = [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for radius in (inner, 85)]
        art.line(ends, _BLACK, 5 if number % 3 == 0 else 3)
    return art


def _things(art: Drawing) -> None:
    """A telephone, a cup, tomorrow's pages, and the typewriter."""
    art.polygon([(930, 566), (960, 500), (1070, 500), (1100, 566)], _BLACK)
    art.box(920, 474, 1110, 502, _BLACK, 14)
    art.circle(1015, 534, 26, _CREAM)
    art.circle(1015, 534, 11, _BLACK)
    art.box(800, 506, 866, 566, _CREAM, 8)
    art.arc(870, 534, 18, -90, 90, _CREAM, 7)
    art.box(800, 524, 866, 534, _BLUE)
    art.polygon([(640, 566), (650, 520), (770, 520), (780, 566)], _CREAM)
    for number in range(4):
        art.box(660, 527 + 9 * number, 700, 530 + 9 * number, "#8f8878")
        art.box(712, 527 + 9 * number, 760, 530 + 9 * number, "#8f8878")
    art.polygon([(1140, 566), (1156, 486), (1270, 486), (1280, 566)], "#2f3b57")
    art.box(1150, 470, 1280, 490, _BLACK, 8)
    art.box(1176, 420, 1256, 474, _CREAM)


def _hand(degrees: float, length: float, width: float, colour: str) -> Sprite:
    art = Drawing(160, 160)
    angle = math.radians(degrees - 90)
    along, across = math.cos(angle), math.sin(angle)
    art.line([(80 - 14 * along, 80 - 14 * across), (80 + length * along, 80 + length * across)], colour, width)
    art.circle(80, 80, 7, colour)
    return art.sprite()


def _lit() -> Sprite:
    art = Drawing(14, 18)
    art.box(1, 1, 13, 17, _LIGHT)
    return art.sprite()


def _van() -> Sprite:
    art = Drawing(90, 40)
    art.box(0, 4, 62, 32, "#5b6a8c", 4)
    art.polygon([(60, 12), (78, 12), (88, 24), (88, 32), (60, 32)], "#5b6a8c")
    art.box(84, 24, 90, 29, _LIGHT)
    for x in (18, 68):
        art.circle(x, 33, 7, _BLACK)
    return art.sprite()


def _steam(phase: float) -> Sprite:
    art = Drawing(40, 90)
    for number in range(2):
        points = [
            (12 + 14 * number + 5 * math.sin(2 * math.pi * (y / 50 + phase) + number), y)
            for y in range(8 + 20 * number, 86, 4)
        ]
        art.line(points, "#5d6272", 3)
    return art.sprite()
