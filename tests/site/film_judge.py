"""Whether a clip that came through the portal shows the master's own frames, and only those."""

from fractions import Fraction
from pathlib import Path

from catalogue.manifest import Entry
from catalogue.sheet import read_sheet
from catalogue.timecode import first_frame_at
from footage.judging.judge import judge
from footage.reading.points import Passage
from footage.store import Store
from tests.site.portal import ROOT, Portal

# Luma PSNR in dB under which an eye begins to object; frames copied from the master are infinite.
LEAST = 40.0


def frames_of_clip_equal_the_masters(portal: Portal, entry: Entry, clip: Path, in_ms: int, out_ms: int) -> None:
    """Fails unless the clip holds frames [in, out) of the entry's master, with edit lists honoured and ignored."""
    assert entry.master, entry
    assert entry.version, entry
    rate = Fraction(read_sheet(ROOT / "docs" / "masters" / f"{entry.master}.yml").video.frame_rate)
    passage = Passage(first_frame_at(in_ms, rate), first_frame_at(out_ms, rate))
    store = Store(portal.media)
    master = store.master(entry.master, entry.version)
    verdict = judge(master, store.index(entry.master, entry.version), passage, clip)
    assert verdict.right(LEAST), verdict
    # The judge itself must be able to say no: one frame further on is another picture.
    beside = Passage(passage.first + 1, passage.last + 1)
    assert not judge(master, store.index(entry.master, entry.version), beside, clip).right(LEAST)
