"""The poster: one good frame of a film, not a black one and not the first title card."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
from av import VideoFrame
from PIL import Image

from ..clips.picture import frames_of
from ..clips.still import shown_whole, upright
from ..errors import DamagedFile
from ..judging.judge import luma
from ..reading.index import Index, shape

POSTER_WIDTH = 1280
_QUALITY, _SMALLER_QUALITY = 86, 82
# Where people look into a film for a first picture: past its titles, long before its end.
_LOOKED_AT = (10, 14, 18, 22, 26, 30, 40)


def write_poster(master: Path, index: Index, target: Path) -> None:
    """Writes the liveliest of a few key frames as JPEG, 1280 pixels wide, in the shape in which the film is shown."""
    best: tuple[float, int, VideoFrame] | None = None
    for frame_number in sorted({_key_near(index, percent * index.frames // 100) for percent in _LOOKED_AT}):
        try:
            frame = next(frames_of(master, index, frame_number, frame_number + 1))
        except DamagedFile:
            continue
        if best is None or liveliness(frame) > best[0]:
            best = liveliness(frame), frame_number, frame
    if best is None:
        raise DamagedFile(str(master), "none of its key frames can be decoded", "export it again")
    size = POSTER_WIDTH, round(POSTER_WIDTH / shape(index) / 2) * 2
    chosen = best[2]
    with suppress(DamagedFile):  # a frame beside it may be broken
        chosen = shown_whole(master, index, best[1])
    picture = upright(chosen, index)
    picture.resize(size).save(target, "JPEG", quality=_QUALITY, progressive=True, optimize=True)


def smaller(poster: bytes, width: int) -> bytes:
    """A poster in another width, in its shape."""
    made = BytesIO()
    with Image.open(BytesIO(poster)) as picture:
        size = width, max(1, round(picture.height * width / picture.width))
        resized = picture.resize(size, Image.Resampling.LANCZOS)
    resized.save(made, "JPEG", quality=_SMALLER_QUALITY, progressive=True, optimize=True)
    return made.getvalue()


def _key_near(index: Index, frame: int) -> int:
    """The key frame before a frame: it decodes alone."""
    return index.rank(index.pts[index.key_before(frame)])


def liveliness(frame: VideoFrame) -> float:
    """How much there is to see: the spread of light, times how evenly detail is strewn over a grid of 8 x 8 fields.

    A black or white frame has no spread; a title card has its detail in a few fields.
    """
    light = luma(frame)[::4, ::4].astype(np.float32)
    high, wide = light.shape[0] // 8, light.shape[1] // 8
    if not high or not wide:
        return float(light.std())
    fields = light[: high * 8, : wide * 8].reshape(8, high, 8, wide).std(axis=(1, 3))
    return float(light.std() * np.median(fields))
