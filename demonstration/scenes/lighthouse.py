"""A lighthouse at night: two beams turn, the sea moves in three layers, a boat passes."""

import math

from demonstration.art import Drawing, wave
from demonstration.canvas import Canvas, baked
from demonstration.picture import HEIGHT, WHOLE, WIDTH, Planes, Rect, Sprite
from demonstration.scenes import Moment

_SKY, _GLOW, _SEA = "#2d4763", "#4e6b87", ("#1d3148", "#142438", "#0d1622")
_LIGHT, _STONE, _BAND = "#f5d98b", "#e9e6de", "#b23a1e"
_LAMP, _TOWER = (868, 166), (760, 110)
_TURN_SECONDS = 12.0
_PHASES = 50
_BEAM_HEIGHT = 332
_BEAM_TOP = _LAMP[1] - _BEAM_HEIGHT // 2  # even, and inside the picture


class Lighthouse:
    """The lamp of Men Tensel."""

    def __init__(self) -> None:
        sky, tower = _night().planes(), _tower()
        self.background = baked(sky, WHOLE, [(tower, *_TOWER)])
        self._beams = [_beams(math.pi * number / _PHASES, sky, tower) for number in range(_PHASES)]
        self._swells = [_swell(colour, 250 + 90 * number) for number, colour in enumerate(_SEA)]
        self._boat = _boat()

    def draw(self, canvas: Canvas, moment: Moment) -> None:
        """Beams behind the tower, the boat before the nearest swell."""
        # Two lenses back to back: after half a turn the picture is the same.
        phase = int(moment.seconds / (_TURN_SECONDS / 2) * _PHASES) % _PHASES
        for beam, left in self._beams[phase]:
            canvas.overlay(beam, left, _BEAM_TOP)
        for number, (swell, length) in enumerate(self._swells):
            if number == 2:
                x = WIDTH - 40 - round(moment.seconds * 9) % (WIDTH + 260)
                canvas.blit(self._boat, x, 586 + round(4 * math.sin(moment.seconds * 1.3)))
            shift = round(moment.seconds * (14 + 16 * number)) % length
            canvas.blit(swell, -shift, 560 + 38 * number + round(3 * math.sin(moment.seconds * 0.7 + number)))


def _night() -> Drawing:
    sky = Drawing(colour=_SKY)
    sky.circle(976, 160, 470, _GLOW)
    for number in range(46):
        x, y = (number * 397 + 61) % WIDTH, (number * 173 + 29) % 420
        sky.circle(x, y, 1.3 + number % 3 * 0.5, "#8fa9c2")
    sky.polygon([(0, 600), *wave(0, WIDTH, 560, 3, 300), (WIDTH, HEIGHT), (0, HEIGHT)], _SEA[0])
    return sky


def _tower() -> Sprite:
    art = Drawing(216, 520)
    x = 108.0
    art.polygon([(x - 46, 520), (x - 34, 92), (x + 34, 92), (x + 46, 520)], _STONE)
    for top in (176, 316, 440):
        lean = (top - 92) * 12 / 428
        art.polygon(
            [(x - 34 - lean, top), (x + 34 + lean, top), (x + 36 + lean, top + 70), (x - 36 - lean, top + 70)], _BAND
        )
    art.polygon([(x, 92), (x + 34, 92), (x + 46, 520), (x, 520)], "#14161b", 0.14)
    art.box(x - 46, 84, x + 46, 94, "#14161b")
    art.box(x - 24, 40, x + 24, 84, _LIGHT)
    for bar in (-8, 8):
        art.box(x + bar - 1, 40, x + bar + 1, 84, "#b98f3d")
    art.polygon([(x - 30, 40), (x, 10), (x + 30, 40)], "#14161b")
    art.box(x - 8, 244, x + 8, 266, "#2d4763")
    art.polygon([(0, 520), (20, 462), (58, 438), (96, 446), (150, 430), (190, 458), (216, 520)], "#0d1622")
    return art.sprite()


def _beams(angle: float, sky: Planes, tower: Sprite) -> list[tuple[Planes, int]]:
    """Both beams at an angle of the lens, over the sky, with their left edges."""
    beams = []
    for turned in (angle, angle + math.pi):
        reach, toward = math.cos(turned), math.sin(turned)
        length = (round(abs(reach) * 1150) + 60) // 2 * 2
        # A beam that comes toward us is wider and brighter.
        spread = 34 + 66 * (1 + toward)
        end = length if reach > 0 else 0
        start, middle = length - end, _BEAM_HEIGHT / 2
        art = Drawing(length, _BEAM_HEIGHT, bare=True)
        for part, opacity in ((1.0, 0.13 + 0.06 * toward), (0.45, 0.26 + 0.14 * toward)):
            far, near = spread * part, 5 * part
            art.polygon(
                [(start, middle - near), (end, middle - far), (end, middle + far), (start, middle + near)],
                _LIGHT,
                opacity,
            )
        left = _LAMP[0] if reach > 0 else _LAMP[0] - length
        place = Rect(max(left, 0), _BEAM_TOP, min(left + length, WIDTH), _BEAM_TOP + _BEAM_HEIGHT)
        beams.append((baked(sky, place, [(art.sprite(), left, _BEAM_TOP), (tower, *_TOWER)]), place.left))
    return beams


def _swell(colour: str, length: int) -> tuple[Sprite, int]:
    art = Drawing(WIDTH + length, 170)
    points = wave(0, WIDTH + length, 26, 15, length)
    art.polygon([(0, 170), *points, (WIDTH + length, 170)], colour)
    return art.sprite(), length


def _boat() -> Sprite:
    art = Drawing(150, 80)
    art.polygon([(6, 48), (140, 42), (122, 72), (26, 72)], "#0d1622")
    art.box(78, 22, 112, 46, "#0d1622")
    art.box(84, 27, 93, 36, _LIGHT)
    art.line([(60, 46), (60, 4)], "#0d1622", 3)
    art.circle(60, 5, 4, "#e2603f")
    return art.sprite()
