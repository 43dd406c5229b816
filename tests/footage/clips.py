"""Clips as the tests ask for them."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from footage.clips.clip import ClipReport, ClipRequest
from footage.clips.cut import make_clip
from footage.clips.plan import Profile
from footage.judging.judge import judge, luma
from footage.judging.verdict import FINE_DB
from footage.reading.index import Index
from footage.reading.points import Passage
from footage.reading.probe import open_film
from tests.footage.masters import number_in

Film = tuple[Path, Index]
Named = Callable[[str], Film]


def clip_of(film: Film, cut: Passage, target: Path, profile: Profile = "master", **labels: str) -> ClipReport:
    path, index = film
    return asyncio.run(
        make_clip(
            ClipRequest(
                source=path,
                index=index,
                in_frame=cut.first,
                out_frame=cut.last,
                profile=profile,
                target=target,
                **labels,
            )
        )
    )


def numbers(clip: Path, ignore: str) -> list[int]:
    """The numbers that the frames of a clip show, read from the pictures."""
    with open_film(clip, ignore_editlist=ignore) as opened:
        return [number_in(luma(frame)) for frame in opened.decode(video=0)]


def assert_exact(film: Film, cut: Passage, clip: Path) -> None:
    verdict = judge(*film, cut, clip)
    assert verdict.right(FINE_DB), (cut, verdict)
    assert verdict.honoured.start_ms == verdict.ignored.start_ms == 0
