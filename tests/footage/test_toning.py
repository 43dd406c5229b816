"""Pictures of films in high dynamic range, as a JPEG shows them."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from footage.clips.labels import Labels
from footage.clips.still import write_still
from footage.clips.toning import toned
from footage.masters.poster import write_poster
from footage.masters.renditions import board_of, write_board
from footage.reading.indexing import read_index
from tests.footage.clips import Named
from tests.footage.masters import X264, ffmpeg

PQ, HLG = ("smpte2084", 16), ("arib-std-b67", 18)


@pytest.mark.parametrize(
    # ITU-R BT.2408-7, table 1: what a grey card of 18 % and white of a page are, in either.
    ("transfer", "grey", "white"),
    [(PQ[1], 0.38, 0.58), (HLG[1], 0.38, 0.75)],
    ids=["PQ", "HLG"],
)
def test_grey_and_white_of_either_light_are_those_of_a_page(
    film_named: Named, transfer: int, grey: float, white: float
) -> None:
    said = msgspec.structs.replace(film_named("closed")[1].facts.picture, transfer=transfer, primaries=9)
    signal = np.repeat(np.array([[0, grey, white, 1]]), 3).reshape(1, 4, 3)
    deep = toned(np.rint(signal * 65535).astype(np.uint16), said)[0].astype(int)
    assert (deep.max(axis=1) - deep.min(axis=1)).max() == 0
    # 26 candelas of 203 are 100 in sRGB; from the knee on room is made for what is brighter than white.
    assert np.abs(deep[:, 0] - (0, 100, 229, 255)).max() <= 2
    shallow = toned(np.rint(signal * 255).astype(np.uint8), said)[0].astype(int)
    assert np.abs(shallow - deep).max() <= 2


@pytest.mark.parametrize(("name", "white"), [(PQ[0], 0.58), (HLG[0], 0.75)], ids=["PQ", "HLG"])
def test_still_poster_and_storyboard_show_white_as_white(tmp_path: Path, name: str, white: float) -> None:
    master, tiles = tmp_path / "hdr.mp4", tmp_path / "tiles.rgb"
    level = f"{round(255 * white):02x}" * 3
    said = f"setparams=color_trc={name}:color_primaries=bt2020:colorspace=bt2020nc:range=tv"
    ffmpeg("-f", "lavfi", "-i", f"color=c=0x{level}:s=160x96:r=25:d=0.2,format=yuv420p10le,{said}", *X264[:2], master)
    index = read_index(master)
    write_still(master, index, 2, tmp_path / "still.jpg", Labels(title="Blanc"))
    write_poster(master, index, tmp_path / "poster.jpg")
    board = board_of(index)
    tiles.write_bytes(bytes.fromhex(level) * (board.width * board.height * board.count))
    write_board(tiles, board, tmp_path / "board.jpg", index.facts.picture)
    for picture in ("still", "poster", "board"):
        with Image.open(tmp_path / f"{picture}.jpg") as opened:
            seen = opened.convert("RGB").getpixel((20, 20))
        assert np.abs(np.array(seen) - 229).max() <= 6, (picture, seen)
