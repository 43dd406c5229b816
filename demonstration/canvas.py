"""The frame being made: pictures are copied and sprites laid onto it, and wiped again before the next frame."""

from collections.abc import Iterable

from demonstration.picture import WHOLE, Band, Plane, Planes, Rect, Sprite, picture_part


class Canvas:
    """Planes to draw on. What sprites covered is wiped by `clear` before the next frame is drawn."""

    def __init__(self, planes: Planes, background: Planes) -> None:
        self.planes = planes
        self._background = background
        self._covered: list[Rect] = [WHOLE]

    def paste(self, planes: Planes, x: int, y: int, within: Rect = WHOLE) -> None:
        """Copies an opaque picture to (x, y), as far as it lies `within`; all numbers are even.

        What is pasted is not wiped: paste it on each frame.
        """
        height, width = planes.y.shape
        left, top = max(x, within.left), max(y, within.top)
        right, bottom = min(x + width, within.right), min(y + height, within.bottom)
        if left >= right or top >= bottom:
            return
        for number, (target, source) in enumerate(zip(self.planes, planes, strict=True)):
            half = 1 if number else 0
            target[top >> half : bottom >> half, left >> half : right >> half] = source[
                (top - y) >> half : (bottom - y) >> half, (left - x) >> half : (right - x) >> half
            ]

    def overlay(self, planes: Planes, x: int, y: int, within: Rect = WHOLE) -> None:
        """As `paste`, to be wiped before the next frame."""
        self.paste(planes, x, y, within)
        height, width = planes.y.shape
        left, top = max(x, within.left), max(y, within.top)
        right, bottom = min(x + width, within.right), min(y + height, within.bottom)
        if left < right and top < bottom:
            self._covered.append(Rect(left, top, right, bottom))

    def clear(self, background: Planes | None = None) -> None:
        """Wipes what was drawn; a new background covers everything."""
        if background is not None and background is not self._background:
            self._background, self._covered = background, [WHOLE]
        for rect in self._covered:
            self.paste(self._background, 0, 0, rect)
        self._covered = []

    def blit(self, sprite: Sprite, x: int, y: int, within: Rect = WHOLE) -> None:
        """Lays a sprite over the picture with its left top corner at (x, y), as far as it lies `within` (even)."""
        planes = sprite.bands_at(x & 1, y & 1)
        x, y = x & ~1, y & ~1
        for number, (target, bands) in enumerate(zip(self.planes, planes, strict=True)):
            half = 1 if number else 0
            shown = Rect(*(side >> half for side in within))
            for band in bands:
                if (y >> half) + band.top >= shown.bottom or (y >> half) + band.top + len(band.stays) <= shown.top:
                    continue
                _lay(target, band, (x >> half) + band.left, (y >> half) + band.top, shown)
        left, top = max(x, within.left), max(y, within.top)
        right, bottom = min(x + sprite.width + 2, within.right), min(y + sprite.height + 2, within.bottom)
        if left < right and top < bottom:
            self._covered.append(Rect(left, top, right & ~1, bottom & ~1))

    def fill(self, rect: Rect, colour: tuple[int, int, int]) -> None:
        """Fills a part, even on all sides, with one colour given as Y', Cb, Cr."""
        for number, (target, value) in enumerate(zip(self.planes, colour, strict=True)):
            half = 1 if number else 0
            target[rect.top >> half : rect.bottom >> half, rect.left >> half : rect.right >> half] = value
        self._covered.append(rect)


def _lay(target: Plane, band: Band, x: int, y: int, within: Rect) -> None:
    height, width = band.stays.shape
    left, top = max(x, within.left), max(y, within.top)
    right, bottom = min(x + width, within.right), min(y + height, within.bottom)
    if left >= right or top >= bottom:
        return
    inside = slice(top - y, bottom - y), slice(left - x, right - x)
    part = target[top:bottom, left:right]
    if band.solid is not None:
        part[...] = band.solid[inside]
        return
    mixed = part * band.stays[inside]
    mixed += band.adds[inside]
    mixed >>= 8
    part[...] = mixed


def baked(background: Planes, part: Rect, sprites: Iterable[tuple[Sprite, int, int]]) -> Planes:
    """A part (even) of a background with sprites laid over it: to be pasted there, faster than blending each time."""
    picture = Planes(*(plane.copy() for plane in background))
    canvas = Canvas(picture, background)
    for sprite, x, y in sprites:
        canvas.blit(sprite, x, y, part)
    return picture_part(picture, part)
