"""An estuary cut open: a boat draws its fan of sound over the bed, buoys ride the swell, depths stand on the chart."""

import math

from demonstration.art import Drawing, Point, wave
from demonstration.canvas import Canvas, baked
from demonstration.picture import HEIGHT, WHOLE, WIDTH, Rect, Sprite
from demonstration.scenes import Moment

_SKY, _SUN, _HILL = "#204a4f", "#7fb6b0", "#1a3d42"
_WATER, _SAND, _SHADE, _PALE = "#2f6b6e", "#d9c48f", "#c2a96f", "#eef1e6"
_SURFACE = 250
_LENGTH = 210


def _depth(x: float) -> float:
    """How deep the bed lies at a column: a channel, a bar, a deeper channel."""
    return 560 - 70 * math.sin(x / 190 + 0.4) - 34 * math.sin(x / 83) + 26 * math.cos(x / 310)


_FLOOR: list[Point] = [(x, _depth(x)) for x in range(0, WIDTH + 4, 4)]


class Estuary:
    """The bar below Appledore."""

    def __init__(self) -> None:
        self._bed = _bed()
        self.background = baked(_section().planes(), WHOLE, [(self._bed, 0, 0)])
        self._boat, self._fan = _boat(), [_fan(0.12), _fan(0.22)]
        self._swell = _swell()
        self._buoys = [_buoy("#b23a1e"), _buoy("#3f8f5a")]
        self._gull = [_gull(lift) for lift in (-9, 0, 9)]

    def draw(self, canvas: Canvas, moment: Moment) -> None:
        """The boat crosses slowly; its fan pulses as it pings."""
        seconds = moment.seconds
        x = 420 + round(300 * math.sin(seconds / 17 - 0.6))
        bob = round(5 * math.sin(seconds * 1.2))
        ping = int(seconds * 2.5) % 2
        canvas.blit(self._fan[ping], x - 100, _SURFACE + 10)
        # The bed hides what would go through it.
        canvas.blit(self._bed, 0, 0, Rect((x - 100) & ~1, 440, (x + 302) & ~1, 660))
        canvas.blit(self._boat, x, _SURFACE - 98 + bob)
        for number, buoy in enumerate(self._buoys):
            lean = math.sin(seconds * 1.1 + number * 2.2)
            canvas.blit(buoy, 900 + 190 * number + round(3 * lean), _SURFACE - 62 + round(6 * lean))
        canvas.blit(self._swell, -(round(seconds * 26) % _LENGTH), _SURFACE - 14)
        for number in range(3):
            flown = (seconds * (26 + 5 * number) + 420 * number) % (WIDTH + 200)
            flap = (0, 1, 2, 1)[int(seconds * 3 + number) % 4]
            canvas.blit(
                self._gull[flap], WIDTH + 60 - round(flown), 60 + 38 * number + round(10 * math.sin(seconds + number))
            )


def _section() -> Drawing:
    art = Drawing(colour=_SKY)
    art.circle(300, 170, 150, _SUN)
    art.polygon([(0, 215), *wave(0, WIDTH, 196, 22, 760, 0.3), (WIDTH, 260), (0, 260)], _HILL)
    for x in (1010, 1050, 1084, 1130):
        art.box(x, 178, x + 26, 206, "#e9e6de")
        art.polygon([(x - 3, 178), (x + 13, 164), (x + 29, 178)], "#b23a1e")
    art.box(0, _SURFACE, WIDTH, HEIGHT, _WATER)
    for number in range(3, 0, -1):
        art.polygon([(0, HEIGHT), *[(x, y - 38 * number) for x, y in _FLOOR], (WIDTH, HEIGHT)], _PALE, 0.05)
    return art


def _bed() -> Sprite:
    art = Drawing()
    art.polygon([(0, HEIGHT), *_FLOOR, (WIDTH, HEIGHT)], _SAND)
    for down in (46, 96):
        art.polygon(
            [(0, HEIGHT), *[(x, y + down - 8 * math.sin(x / 60)) for x, y in _FLOOR], (WIDTH, HEIGHT)], _SHADE, 0.45
        )
    for x in range(640, WIDTH, 130):
        depth = round((_depth(x) - _SURFACE) / 32, 1)
        art.text(x, _depth(x) + 34, f"{depth:.1f}", "SourceSansPro-Semibold", 24, "#5a4a22", anchor="ms")
    return art.sprite()


def _boat() -> Sprite:
    art = Drawing(200, 116)
    art.polygon([(4, 70), (196, 64), (176, 108), (30, 108)], _PALE)
    art.polygon([(20, 92), (184, 90), (176, 108), (30, 108)], "#1d4f91")
    art.box(66, 30, 136, 70, _PALE)
    art.box(74, 38, 98, 56, _SKY)
    art.box(104, 38, 128, 56, _SKY)
    art.line([(100, 30), (100, 2)], _PALE, 4)
    art.polygon([(102, 3), (128, 9), (102, 16)], "#b23a1e")
    return art.sprite()


def _fan(opacity: float) -> Sprite:
    art = Drawing(400, 390, bare=True)
    art.polygon([(196, 0), (204, 0), (400, 390), (0, 390)], _PALE, opacity)
    for spread in (-160, -80, 0, 80, 160):
        art.polygon([(199, 0), (201, 0), (202 + spread, 390), (198 + spread, 390)], _PALE, opacity + 0.12)
    return art.sprite()


def _swell() -> Sprite:
    width = WIDTH + _LENGTH
    art = Drawing(width, 40)
    art.polygon([(0, 40), *wave(0, width, 14, 7, _LENGTH), (width, 40)], _WATER)
    art.line(wave(0, width, 14, 7, _LENGTH), _SUN, 2.5)
    return art.sprite()


def _buoy(colour: str) -> Sprite:
    art = Drawing(60, 80)
    art.polygon([(30, 4), (44, 54), (16, 54)], colour)
    art.box(8, 52, 52, 66, colour, 7)
    art.circle(30, 6, 5, "#f5d98b")
    return art.sprite()


def _gull(lift: float) -> Sprite:
    art = Drawing(64, 40)
    art.line([(4, 20 - lift), (20, 14 - lift / 2), (32, 22), (44, 14 - lift / 2), (60, 20 - lift)], _PALE, 3.5)
    return art.sprite()
