"""A part of an index plans and counts as the whole, and a copied clip is made without a decoder or another process."""

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

import msgspec
import pytest

from footage.clips.clip import ClipRequest
from footage.clips.copying import copy_clip
from footage.clips.plan import Profile, plan_clip
from footage.clips.recipes import Container
from footage.errors import BadTarget
from footage.reading.index import Index, index_bytes
from footage.reading.part import part_of
from footage.reading.points import Passage
from footage.store import Store
from tests.footage.clips import clip_of

Film = tuple[Path, Index]
Named = Callable[[str], Film]
WAYS: tuple[tuple[Profile, Container], ...] = (("master", "mov"), ("master", "mp4"), ("h264", "mp4"))


@pytest.mark.parametrize(
    "name", ["closed", "open", "led", "edited", "pyramid", "varied", "hevc", "xdcam_mov", "prores"]
)
def test_a_part_is_planned_as_the_whole(film_named: Named, name: str) -> None:
    index = film_named(name)[1]
    ends = [*range(0, index.frames, 7), index.frames]
    for first, last in product(ends, ends):
        if first >= last:
            continue
        part = part_of(index, first, last)
        cut = Passage(first - part.before, last - part.before)
        assert part.shown[cut.first : cut.last] == index.shown[first:last]
        assert part.start_ms(cut.last) == index.start_ms(last)
        assert part.number(cut.first) == first
        for way in WAYS:
            whole, plan = plan_clip(index, Passage(first, last), *way), plan_clip(part, cut, *way)
            pieces = [(each.how, each.first - part.before, each.last - part.before) for each in whole.pieces]
            assert pieces == [(each.how, each.first, each.last) for each in plan.pieces]
            assert msgspec.structs.replace(plan, pieces=(), sounds=()) == msgspec.structs.replace(
                whole, pieces=(), sounds=()
            )
            for one, other in zip(whole.sounds, plan.sounds, strict=True):
                assert (one.track, one.encoder, one.taken is None) == (other.track, other.encoder, other.taken is None)
                if one.taken and other.taken:
                    assert one.taken[2:] == other.taken[2:]


def test_a_part_of_a_long_film_is_small(film_named: Named) -> None:
    index = film_named("closed")[1]
    part = part_of(index, 50, 60)
    assert len(part.pts) == 24
    assert len(index_bytes(part)) < len(index_bytes(index)) / 2


def test_a_copied_clip_is_the_same_made_here_and_by_a_process(film_named: Named, tmp_path: Path) -> None:
    film, cut = film_named("prores"), Passage(5, 40)
    here, there = tmp_path / "here.mov", tmp_path / "there.mov"
    request = ClipRequest(
        source=film[0], index=film[1], in_frame=cut.first, out_frame=cut.last, profile="master", target=here
    )
    assert request.plan.copied
    copy_clip(request)
    clip_of(film, cut, there)
    assert here.read_bytes() == there.read_bytes()
    nowhere = msgspec.structs.replace(request, target=tmp_path / "nowhere" / "here.mov")
    with pytest.raises(BadTarget):
        copy_clip(nowhere)


def test_a_copied_clip_asks_for_no_decoder_and_no_other_process(film_named: Named, tmp_path: Path) -> None:
    path, index = film_named("prores")
    store = Store(tmp_path / "media")
    with store.making("phare", "0") as folder:
        store.place.bring(path, folder / "master.mov")
        store.write_index(folder, index)
        store.keep("phare", "v1", folder)
    store.put_in_force("phare", "v1")
    heavy = {"av", "numpy", "asyncio", "subprocess", "obstore", "PIL", "rich"}
    line = f"import sys, duplex\ntry: duplex.main()\nexcept SystemExit: pass\nprint(*{heavy} & set(sys.modules))"
    points = ("cut", "phare", "--in", "f5", "--out", "f40", "-o", tmp_path / "clip.mov")
    environment = {**os.environ, "DUPLEX_MEDIA": str(tmp_path / "media")}
    done = subprocess.run(
        [sys.executable, "-c", line, *points], capture_output=True, text=True, env=environment, check=True
    )
    report, loaded = done.stdout.splitlines()
    assert (msgspec.json.decode(report)["copied"], loaded) == (35, "")
