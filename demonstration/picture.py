"""Pictures as an encoder wants them: planes of 8-bit Y'CbCr 4:2:0, ITU-R BT.709, video range. Drawn once, moved often.

A film has tens of thousands of frames, so nothing is drawn twice: a Sprite is a drawing turned into planes once, a
Canvas copies it into place and remembers what to wipe before the next frame. Sizes and places are whole pixels.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.uint8]
Wide = NDArray[np.uint16]

WIDTH, HEIGHT = 1280, 720


class Rect(NamedTuple):
    """A part of the picture, right and bottom exclusive."""

    left: int
    top: int
    right: int
    bottom: int


WHOLE = Rect(0, 0, WIDTH, HEIGHT)


class Planes(NamedTuple):
    """Luma at full size, blue and red difference at half of it."""

    y: Plane
    u: Plane
    v: Plane


def _ycbcr(rgb: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """BT.709 (items 3.2 to 3.4 and 4.6) of red, green and blue from 0 to 255."""
    red, green, blue = (rgb[..., channel] / np.float32(255) for channel in range(3))
    luma = np.float32(0.2126) * red + np.float32(0.7152) * green + np.float32(0.0722) * blue
    blueness = np.float32(128) + np.float32(224 / 1.8556) * (blue - luma)
    redness = np.float32(128) + np.float32(224 / 1.5748) * (red - luma)
    return np.float32(16) + np.float32(219) * luma, blueness, redness


def _halved(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    return (plane[::2, ::2] + plane[1::2, ::2] + plane[::2, 1::2] + plane[1::2, 1::2]) / np.float32(4)


def planes_of(image: Image.Image) -> Planes:
    """The planes of an opaque picture of even size."""
    luma, blueness, redness = _ycbcr(np.asarray(image.convert("RGB"), np.float32))
    return Planes(*(np.rint(plane).astype(np.uint8) for plane in (luma, _halved(blueness), _halved(redness))))


class _Blend(NamedTuple):
    """A plane ready to lay over another: what it adds, and how much of the other stays, of 256."""

    adds: Wide
    stays: Wide


class Sprite:
    """A drawing with transparency that can stand at any place, odd ones too."""

    def __init__(self, image: Image.Image) -> None:
        self.width, self.height = image.size
        self._pixels = np.asarray(image.convert("RGBA"), np.float32)
        self._at: dict[tuple[int, int], tuple[_Blend, _Blend, _Blend]] = {}

    def planes_at(self, odd_x: int, odd_y: int) -> tuple[_Blend, _Blend, _Blend]:
        """The planes of this sprite when it stands at an odd column or row: chroma samples span two pixels."""
        if (odd_x, odd_y) not in self._at:
            right, bottom = (self.width + odd_x) % 2, (self.height + odd_y) % 2
            padded = np.pad(self._pixels, ((odd_y, bottom), (odd_x, right), (0, 0)))
            share = padded[..., 3] * np.float32(256 / 255)
            luma, blueness, redness = _ycbcr(padded)
            small = _halved(share)
            self._at[odd_x, odd_y] = (
                _blend(luma * share, share),
                _blend(_halved(blueness * share), small),
                _blend(_halved(redness * share), small),
            )
        return self._at[odd_x, odd_y]


def _blend(adds: NDArray[np.float32], share: NDArray[np.float32]) -> _Blend:
    # Half of 256 is added here, so that the shift when blending rounds.
    return _Blend((np.rint(adds) + 128).clip(0, 65535).astype(np.uint16), (256 - np.rint(share)).astype(np.uint16))


class Canvas:
    """The frame being made. What sprites covered is wiped by `clear` before the next frame is drawn."""

    def __init__(self, planes: Planes, background: Planes) -> None:
        self.planes = planes
        self._background = background
        self._covered: list[Rect] = [WHOLE]

    def clear(self, background: Planes | None = None) -> None:
        """Wipes what was drawn; a new background covers everything."""
        if background is not None and background is not self._background:
            self._background, self._covered = background, [WHOLE]
        for rect in self._covered:
            self.paste(self._background, rect.left, rect.top, rect)
        self._covered = []

    def paste(self, planes: Planes, x: int, y: int, within: Rect = WHOLE, *, origin: tuple[int, int] = (0, 0)) -> None:
        """Copies an opaque picture whose pixel `origin` comes to (x, y), as far as it lies `within`.

        All numbers are even. Pasting a background restores it, so a pasted picture is not wiped: paste it each frame.
        """
        height, width = planes.y.shape
        if planes is self._background:
            x, y = 0, 0
        x, y = x - origin[0], y - origin[1]
        left, top = max(x, within.left), max(y, within.top)
        right, bottom = min(x + width, within.right), min(y + height, within.bottom)
        if left >= right or top >= bottom:
            return
        for number, (target, source) in enumerate(zip(self.planes, planes, strict=True)):
            half = 1 if number else 0
            target[top >> half : bottom >> half, left >> half : right >> half] = source[
                (top - y) >> half : (bottom - y) >> half, (left - x) >> half : (right - x) >> half
            ]

    def blit(self, sprite: Sprite, x: int, y: int, within: Rect = WHOLE) -> None:
        """Lays a sprite over the picture with its left top corner at (x, y), as far as it lies `within` (even)."""
        blends = sprite.planes_at(x & 1, y & 1)
        x, y = x & ~1, y & ~1
        height, width = blends[0].adds.shape
        left, top = max(x, within.left, 0), max(y, within.top, 0)
        right, bottom = min(x + width, within.right, WIDTH), min(y + height, within.bottom, HEIGHT)
        if left >= right or top >= bottom:
            return
        for number, (target, (adds, stays)) in enumerate(zip(self.planes, blends, strict=True)):
            half = 1 if number else 0
            part = target[top >> half : bottom >> half, left >> half : right >> half]
            rows = slice((top - y) >> half, (bottom - y) >> half)
            columns = slice((left - x) >> half, (right - x) >> half)
            mixed = part * stays[rows, columns]
            mixed += adds[rows, columns]
            mixed >>= 8
            part[...] = mixed
        self._covered.append(Rect(left, top, right, bottom))

    def fill(self, rect: Rect, colour: tuple[int, int, int]) -> None:
        """Fills a part, even on all sides, with one colour given as Y', Cb, Cr."""
        for number, (target, value) in enumerate(zip(self.planes, colour, strict=True)):
            half = 1 if number else 0
            target[rect.top >> half : rect.bottom >> half, rect.left >> half : rect.right >> half] = value
        self._covered.append(rect)
