"""Sprites lie where they are put, to the pixel and to half a chroma sample, and leave no trace."""

import numpy as np
import pytest
from PIL import Image

from demonstration.canvas import Canvas
from demonstration.picture import HEIGHT, WIDTH, Planes, Rect, Sprite, planes_of, planes_of_colour
from demonstration.scenes import Moment
from demonstration.scenes.all import scene_of


def grey() -> Planes:
    return planes_of(Image.new("RGB", (WIDTH, HEIGHT), "#808080"))


def copied(planes: Planes) -> Planes:
    return Planes(*(plane.copy() for plane in planes))


@pytest.mark.parametrize(
    ("colour", "expected"), [("#000000", (16, 128, 128)), ("#ffffff", (235, 128, 128)), ("#ff0000", (63, 102, 240))]
)
def test_colours_are_bt709_in_video_range(colour: str, expected: tuple[int, int, int]) -> None:
    assert planes_of_colour(colour) == expected


@pytest.mark.parametrize("place", [(100, 100), (101, 100), (100, 101), (101, 101), (-7, 30), (WIDTH - 9, HEIGHT - 5)])
def test_a_sprite_lies_as_pillow_would_lay_it(place: tuple[int, int]) -> None:
    image = Image.new("RGBA", (37, 41), (178, 58, 30, 255))
    image.paste((29, 79, 145, 128), (5, 5, 20, 30))
    background = grey()
    canvas = Canvas(copied(background), background)
    canvas.blit(Sprite(image), *place)
    flat = Image.new("RGBA", (WIDTH, HEIGHT), "#808080")
    layer = Image.new("RGBA", (WIDTH, HEIGHT))
    layer.paste(image, place)
    expected = planes_of(Image.alpha_composite(flat, layer))
    for plane, wanted in zip(canvas.planes, expected, strict=True):
        assert np.abs(plane.astype(int) - wanted).max() <= 2


def test_clearing_wipes_everything_drawn() -> None:
    background = grey()
    canvas = Canvas(copied(background), background)
    canvas.clear()
    canvas.blit(Sprite(Image.new("RGBA", (33, 33), (255, 0, 0, 200))), 11, 13)
    canvas.fill(Rect(300, 20, 340, 60), (81, 90, 240))
    canvas.clear()
    assert all(np.array_equal(plane, clean) for plane, clean in zip(canvas.planes, background, strict=True))


def test_a_sprite_stays_within() -> None:
    background = grey()
    canvas = Canvas(copied(background), background)
    canvas.blit(Sprite(Image.new("RGBA", (60, 60), (255, 255, 255, 255))), 90, 90, Rect(100, 100, 120, 110))
    changed = np.argwhere(canvas.planes.y != background.y)
    assert (changed.min(axis=0).tolist(), changed.max(axis=0).tolist()) == ([100, 100], [109, 119])


@pytest.mark.parametrize("name", ["phare-men-tensel", "night-desk", "graines-de-demain"])
def test_a_moment_looks_the_same_whatever_was_drawn_before(name: str) -> None:
    scene = scene_of(name)

    def drawn(*seconds: float) -> Planes:
        canvas = Canvas(copied(scene.background), scene.background)
        for second in seconds:
            canvas.clear()
            scene.draw(canvas, Moment(seconds=second, part=second / 70, voice=0.5, clock=round(second)))
        return canvas.planes

    once, later, other = drawn(31.2), drawn(0.0, 12.7, 31.2), drawn(31.6)
    assert all(np.array_equal(a, b) for a, b in zip(once, later, strict=True))
    assert not np.array_equal(once.y, other.y)
