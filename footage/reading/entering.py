"""At which frames decoding can begin, and whether their times are those at which they are shown: told by decoding.

Some H.264 streams are refreshed column by column (intra refresh) and have no whole picture but the first; containers
name as key frames those at which such a refresh begins, and a decoder gives no frame before it ends.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

import av
import msgspec

from ..errors import DamagedFile
from ..places.place import Source
from .decoding import pictures_of
from .facts import PROGRESSIVE, Facts
from .index import Index
from .opening import restarted
from .probe import film_picture, open_film
from .samples import read_sample

REFRESHED = "it is refreshed little by little (intra refresh), so clips are decoded from its start and encoded"
# So many of a film's key frames are tried: two at its beginning, one in its middle, one at its end.
_TRIED = 4
_LOOKED_AT = 200
# So many frames are compared with their times, and so many times a frame are a time for each field.
_TIMES, _FIELDS_OVER = 60, 1.5

# So many samples of an open group are decoded both ways.
_OPENED = 60
# Groups longer than this are not tried, and not copied from.
_APART = 1000


def sure(source: Source, index: Index) -> Index:
    """The index, with those key frames alone at which decoding can begin; all of them unless one tried is none."""
    if index.facts.picture.codec != "h264" or len(index.keys) < 2 or index.intra:
        return index
    known = frozenset(index.coding.idr) if index.coding else frozenset[int]()
    doubted = [key for key in index.keys[1:] if key not in known]
    places = {0, 1, len(doubted) // 2, len(doubted) - 1}
    tried = [doubted[place] for place in sorted(places) if 0 <= place < len(doubted)][:_TRIED]
    if all(_begins(source, index, key) for key in tried):
        return index
    keys = (index.keys[0], *(key for key in index.keys[1:] if key in known))
    return msgspec.structs.replace(index, keys=keys, encoded=REFRESHED)


def check_times(source: Source, facts: Facts, shown: Sequence[int]) -> None:
    """Decodes the first frames. DamagedFile when a container gives H.264 or HEVC other times than those at which frames
    are shown: MXF whose index tables leave them out, or anything with a time for each field."""
    if facts.picture.codec not in ("h264", "hevc"):
        return
    with open_film(source, fflags="+genpts") as film:
        times = [frame.pts or 0 for frame in islice(film.decode(film_picture(source, film)), _TIMES)]
    if times != sorted(times):
        what = "says in which order its frames are decoded, and not in which they are shown"
        raise DamagedFile(str(source), what, "export it again, in MOV or MP4")
    said = bisect_right(shown, times[-1]) - bisect_left(shown, times[0]) if times else 0
    if facts.picture.scan != PROGRESSIVE and said > _FIELDS_OVER * len(times) > _FIELDS_OVER:
        what = "gives each field a time of its own, so its frames cannot be counted"
        raise DamagedFile(str(source), what, "export it again in MOV or MP4, both fields of a frame in one sample")


def lost(source: Source, pts: Sequence[int], key: int) -> list[int]:
    """The samples shown before the first key frame that no decoder shows: a film that begins in the middle of another
    looks back at what is not there."""
    leading = {time: sample for sample, time in enumerate(pts) if time < pts[key]}
    if not leading:
        return []
    with open_film(source, fflags="+genpts") as film:
        for packet in islice(film.demux(film_picture(source, film)), key + len(leading) + _LOOKED_AT):
            with suppress(av.error.InvalidDataError):
                for frame in packet.decode():
                    leading.pop(frame.pts or 0, None)
    return list(leading.values())


def _begins(source: Source, index: Index, key: int) -> bool:
    """Whether a decoder that begins at a key frame shows it."""
    with open_film(source, fflags="+genpts") as film:
        stream = film_picture(source, film)
        film.seek(index.dts[key], stream=stream, backward=True)
        frames = (frame.pts or 0 for frame in islice(film.decode(stream), _LOOKED_AT))
        return next((time for time in frames if time >= index.pts[key]), None) == index.pts[key]


def proven(source: Source, index: Index) -> Index:
    """The index, without its open groups unless they show the same as streams of their own as they do in the film.

    No rule says how an encoder uses the pictures that it keeps in memory; two of its groups decoded both ways do.
    """
    coding = index.coding
    if coding is None or not coding.opened:
        return index
    later = [sample for sample in coding.opened if sample] or coding.opened
    try:
        exact = all(_alike(source, index, opened) for opened in {later[0], later[-1]})
    except (DamagedFile, IndexError):
        exact = False
    return index if exact else msgspec.structs.replace(index, coding=msgspec.structs.replace(coding, opened=()))


def _alike(source: Source, index: Index, opened: int) -> bool:
    coding = index.coding
    entries = (*index.keys, *coding.idr, *coding.opened) if coding else index.keys
    before = max((entry for entry in entries if entry < opened), default=opened)
    samples = range(opened, min(opened + _OPENED, len(index.pts)))
    if not 0 < opened - before < _APART:
        return False
    times = frozenset(index.pts[sample] for sample in samples if index.pts[sample] >= index.pts[opened])
    shown = [sample for sample in samples if index.pts[sample] in times]
    with source.open("rb") as file:
        whole = [(sample, read_sample(file, source, index, sample)) for sample in range(before, samples.stop)]
    alone = dict(whole) | dict(restarted(source, index, shown, beside=False))
    right = pictures_of(index, whole, times)
    return len(right) == len(times) and right == pictures_of(index, [(each, alone[each]) for each in shown], times)
