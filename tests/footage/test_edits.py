"""Masters whose own edit list trims them, or puts passages of them together, as recorders and telephones write them."""

import struct
from pathlib import Path

import pytest

from footage.reading.index import Index
from footage.reading.indexing import JOINED, read_index
from footage.reading.points import Passage
from tests.footage.clips import assert_exact, clip_of, numbers
from tests.footage.masters import X264, film

Edit = tuple[int, int]
"""So many frames, from this one on."""


def edited(target: Path, *edits: Edit) -> tuple[Path, Index]:
    """A film of 60 frames, a key frame every 20, whose picture is shown as an edit list says."""
    data = film(target, 60, "25", *X264, "-g", "20", "-bf", "2", "-sc_threshold", "0", sound=()).read_bytes()
    at = data.index(b"moov") - 4
    assert data.index(b"mdat") < at
    scale = struct.unpack_from(">I", data, data.index(b"mvhd") + 16)[0]
    media = struct.unpack_from(">I", data, data.index(b"mdhd") + 16)[0]
    begins = struct.unpack_from(">i", data, data.index(b"elst") + 16)[0]
    rows = [(frames * scale // 25, begins + first * media // 25, 1 << 16) for frames, first in edits]
    body = struct.pack(">II", 0, len(rows)) + b"".join(struct.pack(">Iii", *row) for row in rows)

    def changed(boxes: bytes) -> bytes:
        made, place = b"", 0
        while place < len(boxes):
            size, kind = struct.unpack_from(">I4s", boxes, place)
            payload = boxes[place + 8 : place + size]
            inner = changed(payload) if kind in (b"moov", b"trak", b"edts") else payload
            inner = body if kind == b"elst" else inner
            made, place = made + struct.pack(">I4s", len(inner) + 8, kind) + inner, place + size
        return made

    target.write_bytes(data[:at] + changed(data[at:]))
    return target, read_index(target)


def test_a_film_trimmed_at_both_ends_is_whole(tmp_path: Path) -> None:
    """QuickTime and telephones trim so: what lies behind the end stays in the file, and is not shown."""
    trimmed = edited(tmp_path / "trimmed.mp4", (20, 7))
    assert trimmed[1].frames == 20
    clip_of(trimmed, Passage(2, 20), tmp_path / "clip.mp4")
    assert_exact(trimmed, Passage(2, 20), tmp_path / "clip.mp4")
    assert numbers(tmp_path / "clip.mp4", "1") == list(range(9, 27))


@pytest.mark.parametrize(
    ("edits", "shown"),
    [
        (((20, 0), (20, 33)), [*range(20), *range(33, 53)]),
        (((20, 0), (20, 20)), [*range(40)]),
        (((15, 25), (25, 8)), [*range(25, 40), *range(8, 33)]),
        (((12, 5), (12, 5)), [*range(5, 17), *range(5, 17)]),
    ],
    ids=["skips", "goes on", "goes back", "repeats"],
)
def test_passages_put_together_by_an_edit_list_are_cut_as_they_are_shown(
    tmp_path: Path, edits: tuple[Edit, ...], shown: list[int]
) -> None:
    joined = edited(tmp_path / "joined.mp4", *edits)
    assert joined[1].frames == len(shown)
    if edits[1][1] % 20:
        assert joined[1].encoded == JOINED
    seam = edits[0][0]
    for cut in (Passage(seam - 1, seam), Passage(seam - 3, seam + 4), Passage(0, len(shown))):
        clip_of(joined, cut, tmp_path / "clip.mp4")
        assert_exact(joined, cut, tmp_path / "clip.mp4")
        assert numbers(tmp_path / "clip.mp4", "1") == shown[cut.first : cut.last]
