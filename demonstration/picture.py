"""Pictures as an encoder wants them: planes of 8-bit Y'CbCr 4:2:0, ITU-R BT.709, video range. Drawn once, moved often.

A film has tens of thousands of frames, so nothing is drawn twice: a Sprite is a drawing turned into planes once. Sizes
and places are whole pixels.
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


def planes_of_colour(colour: str) -> tuple[int, int, int]:
    """Y', Cb, Cr of a colour written `#rrggbb`."""
    planes = planes_of(Image.new("RGB", (2, 2), colour))
    return int(planes.y[0, 0]), int(planes.u[0, 0]), int(planes.v[0, 0])


def picture_part(planes: Planes, part: Rect) -> Planes:
    """A copy of a part (even) of a picture."""
    rows, columns = slice(part.top, part.bottom), slice(part.left, part.right)
    small = slice(part.top // 2, part.bottom // 2), slice(part.left // 2, part.right // 2)
    return Planes(planes.y[rows, columns].copy(), planes.u[small].copy(), planes.v[small].copy())


class Band(NamedTuple):
    """Some rows of a sprite's plane, cut to the columns that show: what it adds, and how much of what lies below stays,
    of 256. `solid` is there when nothing of it stays: a copy is ten times faster than a blend."""

    top: int
    left: int
    adds: Wide
    stays: Wide
    solid: Plane | None


class Sprite:
    """A drawing with transparency that can stand at any place, odd ones too."""

    def __init__(self, image: Image.Image) -> None:
        self.width, self.height = image.size
        self._pixels = np.asarray(image.convert("RGBA"))
        self._at: dict[tuple[int, int], tuple[list[Band], list[Band], list[Band]]] = {}

    def bands_at(self, odd_x: int, odd_y: int) -> tuple[list[Band], list[Band], list[Band]]:
        """This sprite when it stands at an odd column or row: a chroma sample spans two pixels of each."""
        if (odd_x, odd_y) not in self._at:
            right, bottom = (self.width + odd_x) % 2, (self.height + odd_y) % 2
            padded = np.pad(self._pixels, ((odd_y, bottom), (odd_x, right), (0, 0))).astype(np.float32)
            share = padded[..., 3] * np.float32(256 / 255)
            luma, blueness, redness = _ycbcr(padded)
            small = _halved(share)
            self._at[odd_x, odd_y] = (
                _bands(luma * share, share, 16),
                _bands(_halved(blueness * share), small, 8),
                _bands(_halved(redness * share), small, 8),
            )
        return self._at[odd_x, odd_y]


def _bands(adds: NDArray[np.float32], share: NDArray[np.float32], height: int) -> list[Band]:
    stays = (256 - np.rint(share)).astype(np.uint16)
    # Half of 256 is added here, so that the shift when blending rounds.
    rounded = (np.rint(adds) + 128).clip(0, 65535).astype(np.uint16)
    bands = []
    for top in range(0, len(stays), height):
        shown = np.nonzero((stays[top : top + height] < 256).any(axis=0))[0]
        if len(shown):
            rows, columns = slice(top, top + height), slice(int(shown[0]), int(shown[-1]) + 1)
            below = np.ascontiguousarray(stays[rows, columns])
            above = np.ascontiguousarray(rounded[rows, columns])
            solid = (above >> 8).astype(np.uint8) if not below.any() else None
            bands.append(Band(top, int(shown[0]), above, below, solid))
    return bands
