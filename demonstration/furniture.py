"""What every film shows over its scene: title card, burned-in numbers, who is speaking and how loudly."""

from datetime import date
from fractions import Fraction

import msgspec

from catalogue.timecode import format_timecode
from demonstration.art import BLUE, INK, NIGHT, PAPER, QUIET, VERMILION, Drawing, Face, text_width
from demonstration.canvas import Canvas
from demonstration.picture import HEIGHT, WIDTH, Planes, Rect, planes_of_colour

_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
_DEMONSTRATION = {
    "fr": "Archive de démonstration : personnes et voix inventées",
    "en": "Demonstration archive: people and voices are invented",
}
_FRAME_WORD = {"fr": "image", "en": "frame"}
_ASKS = {"fr": "questions", "en": "questions"}


def date_text(day: date, lang: str) -> str:
    """A date as a title card writes it."""
    first = "er" if lang == "fr" and day.day == 1 else ""
    return f"{day.day}{first} {_MONTHS[lang].split()[day.month - 1]} {day.year}"


class Guest(msgspec.Struct, frozen=True, kw_only=True):
    """A name to show, and what stands below it."""

    name: str
    function: str


def asking(name: str, lang: str) -> Guest:
    """How the interviewer is shown."""
    return Guest(name=name, function=_ASKS[lang])


def title_card(title: str, place: str, day: date, lang: str) -> Planes:
    """The opening picture: the sign, the title on one or two lines, where and when."""
    card = Drawing(colour=PAPER)
    lines = _lines(title, "SourceSerifPro-Semibold", 84, 1040)
    top = 330 - 46 * (len(lines) - 1)
    card.box(112, top - 150, 124, top - 96, BLUE)
    card.box(134, top - 150, 146, top - 96, VERMILION)
    card.text(164, top - 106, "Duplex", "SourceSerifPro-Semibold", 46, INK)
    for number, line in enumerate(lines):
        card.text(108, top + 40 + 92 * number, line, "SourceSerifPro-Semibold", 84, INK)
    below = top + 40 + 92 * (len(lines) - 1)
    card.box(112, below + 48, 1168, below + 50, VERMILION)
    card.box(112, below + 54, 1168, below + 56, VERMILION)
    card.text(112, below + 108, f"{date_text(day, lang)} · {place}", "SourceSansPro-Regular", 34, INK)
    card.text(112, 664, _DEMONSTRATION[lang], "SourceSansPro-Regular", 24, QUIET)
    return card.planes()


def _lines(text: str, face: Face, size: int, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, face, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


class Numbers:
    """Timecode and frame number, top right, in figures of one width, so that a cut can be checked by eye."""

    _LEFT, _TOP, _RIGHT, _BOTTOM = 984, 32, 1240, 116
    _DIGIT, _MARK, _SMALL = 24, 12, 16

    def __init__(self, lang: str) -> None:
        box = Drawing(self._RIGHT - self._LEFT, self._BOTTOM - self._TOP, NIGHT)
        box.text(24, 68, _FRAME_WORD[lang], "SourceSansPro-Regular", 24, "#a3a8b4")
        self._box = box.planes()
        self._large = {sign: self._cell(sign, self._DIGIT, 40, 36, PAPER) for sign in "0123456789"}
        self._large |= {sign: self._cell(sign, self._MARK, 40, 36, PAPER) for sign in ":;"}
        self._small = {sign: self._cell(sign, self._SMALL, 28, 26, "#e9e6de") for sign in "0123456789"}

    @staticmethod
    def _cell(sign: str, width: int, height: int, size: int, colour: str) -> Planes:
        cell = Drawing(width, height, NIGHT)
        cell.text(width / 2, height - 8, sign, "SourceSansPro-Semibold", size, colour, anchor="ms")
        return cell.planes()

    def draw(self, canvas: Canvas, timecode: str, frame: int) -> None:
        """Burns in a label such as `10:00:04:12` and the number of the frame, counted from 0."""
        canvas.paste(self._box, self._LEFT, self._TOP)
        x = self._LEFT + 16
        for sign in timecode:
            cell = self._large[sign]
            canvas.paste(cell, x, self._TOP + 6)
            x += cell.y.shape[1]
        for number, sign in enumerate(f"{frame:06d}"):
            canvas.paste(self._small[sign], self._RIGHT - 16 - self._SMALL * (6 - number), self._TOP + 46)


class NamePanel:
    """Who speaks, bottom left above where captions stand; the two strokes of the sign rise with the voice."""

    _LEFT, _TOP, _HEIGHT = 56, 484, 92
    _SLIDE = 9

    def __init__(self, guest: Guest) -> None:
        name = text_width(guest.name, "SourceSerifPro-Semibold", 38)
        function = text_width(guest.function, "SourceSansPro-Regular", 25)
        self._width = (max(name, function) + 106) // 2 * 2
        panel = Drawing(self._width, self._HEIGHT, PAPER)
        panel.text(74, 43, guest.name, "SourceSerifPro-Semibold", 38, INK)
        panel.text(75, 76, guest.function, "SourceSansPro-Regular", 25, QUIET)
        self._panel = panel.sprite()
        self._strokes = [planes_of_colour(colour) for colour in (BLUE, VERMILION)]

    def draw(self, canvas: Canvas, since: int, loud: tuple[float, float]) -> None:
        """Slides in during the first frames; `loud` is the loudness of this frame and of the one before, 0 to 1."""
        left = 1 - min(1.0, (since + 1) / self._SLIDE)
        x = round((self._LEFT + (-self._width - self._LEFT) * left**3) / 2) * 2
        canvas.blit(self._panel, x, self._TOP)
        middle = self._TOP + self._HEIGHT // 2
        for number, (colour, level) in enumerate(zip(self._strokes, loud, strict=True)):
            half = 8 + round(13 * min(1.0, level)) * 2
            at = x + 24 + 18 * number
            if at >= 0:
                canvas.fill(Rect(at, middle - half, at + 10, middle + half), colour)


class Wipe:
    """From the title card to the scene: the sign's two strokes cross the picture and leave the scene behind them."""

    FRAMES = 16
    _STROKE = 26

    def __init__(self, card: Planes) -> None:
        self._card = card
        self._strokes = [planes_of_colour(colour) for colour in (BLUE, VERMILION)]

    def draw(self, canvas: Canvas, step: int) -> None:
        """Covers the scene with what is left of the card; `step` counts from 0 to FRAMES - 1."""
        part = (step + 1) / (self.FRAMES + 1)
        edge = round((WIDTH + 120) * (part * part * (3 - 2 * part)) / 2) * 2 - 60
        for number, colour in enumerate(self._strokes):
            left = edge - 60 + number * 40
            if left >= 0 and left + self._STROKE <= WIDTH:
                canvas.fill(Rect(left, 0, left + self._STROKE, HEIGHT), colour)
        if 0 <= edge + 6 < WIDTH:
            canvas.overlay(self._card, 0, 0, Rect(edge + 6, 0, WIDTH, HEIGHT))


def label(frame: int, first: int, rate: Fraction, drop_frame: bool) -> str:
    """The programme timecode of a frame when the film's first frame is `first` from midnight."""
    return format_timecode(first + frame, rate, drop_frame=drop_frame)
