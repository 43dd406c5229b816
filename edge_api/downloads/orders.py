"""What a member asks for, and what it comes to: fields become an order, an order on a film becomes a file to be had.

Pure: the catalogue's entry and the film's index are given.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

import msgspec

from catalogue.manifest import Entry
from footage.clips.plan import CONTAINERS
from footage.clips.profiles import SUFFIXES, Profile
from footage.errors import BadPoint
from footage.reading.index import Index
from footage.reading.points import frame_at, passage_of_ms

from ..errors import BadForm, BadPassage, NoSound, PassageTooLong
from ..web.forms import whether
from .alone import PAPERS, ending, is_read
from .clip_order import ClipOrder, Paper, Papers
from .filenames import clip_name, film_name, still_name

REQUIRED = ("interview", "lang", "kind")
OPTIONAL = ("in_ms", "out_ms", "profile", "package", "words_lang")
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,15}")


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A film, or the passage between two media times in milliseconds, of one interview as one language shows it.

    A still is the frame at `in_ms`. With `package` it comes with everything that belongs to it, in one archive; a paper
    is one thing of that alone, and where it is read, in the words of `words_lang`, or else of `lang`.
    """

    interview: str
    lang: Literal["fr", "en"]
    kind: Literal["film", "clip"]
    in_ms: int | None = None
    out_ms: int | None = None
    profile: Literal[Profile, Paper] = "master"
    package: bool = False
    words_lang: Literal["fr", "en"] | None = None

    @property
    def paper(self) -> Paper | None:
        """The paper that is asked for alone, if one is."""
        return cast(Paper, self.profile) if self.profile in PAPERS else None

    @property
    def media(self) -> Profile:
        """The media that is asked for, or that a paper goes with: the one in the master's own quality."""
        return "master" if self.profile in PAPERS else cast(Profile, self.profile)


@dataclass(frozen=True)
class Wanted:
    """The file that an order comes to. `clip` is None when it is the master itself, byte for byte."""

    order: Order
    master: str
    version: str
    in_frame: int
    out_frame: int
    in_ms: int
    out_ms: int
    filename: str
    clip: ClipOrder | None


def read_order(fields: Mapping[str, str]) -> Order:
    """The order in the fields of a form or JSON. BadForm when they say none."""
    points = {name: _number(fields[name]) for name in ("in_ms", "out_ms") if fields.get(name)}
    texts = {name: fields[name] for name in (*REQUIRED, "profile", "words_lang") if fields.get(name)}
    try:
        # Nothing belongs to a still or to a paper, and a form without script offers both side by side.
        package = whether(fields.get("package")) and fields.get("profile") not in ("still", *PAPERS)
        order = msgspec.convert({**texts, **points, "package": package}, Order)
    except msgspec.ValidationError as error:
        raise BadForm from error
    still = order.profile == "still"
    if still and (order.kind == "film" or order.in_ms is None):
        raise BadForm
    if not still and len(points) != (2 if order.kind == "clip" else 0):
        raise BadForm
    return order


def plan(order: Order, entry: Entry, index: Index, suffix: str, edition: str = "") -> Wanted:
    """What an order comes to on a film whose master has this suffix, and whose interview is told in this edition.

    BadPassage, PassageTooLong, NoSound when it is nothing.
    """
    assert entry.master is not None
    assert entry.version is not None
    first, last = 0, index.frames
    if order.profile == "still":
        first, last = _frame(index, order.in_ms or 0)
    elif order.in_ms is not None and order.out_ms is not None:
        first, last = _passage(index, entry.master, order.in_ms, order.out_ms)
    if order.profile in ("wav", "mp3") and not index.facts.sounds:
        raise NoSound
    as_is = order.kind == "film" and order.media in ("master", "proxy")
    if order.media != "master":
        suffix = SUFFIXES[order.media]
    elif not as_is:
        # A container that clips are not made in gives way to the one that editing programs read best; so does MXF, of
        # which a clip would have to be written.
        suffix = suffix if suffix in CONTAINERS and suffix != ".mxf" else ".mov"
    timecodes = index.timecode(first), index.timecode(last)
    # So that a small copy never takes the place of the real one in a folder.
    small = " proxy" if order.profile == "proxy" else ""
    named = _name(order, entry.title, timecodes, small + suffix)
    said = order.profile in ("wav", "mp3", "still")
    paper, filename, words_lang = order.paper, named, ""
    if order.package:
        filename = _name(order, entry.title, timecodes, f"{small}.zip")
    elif paper is not None:
        words_lang = (order.words_lang or order.lang) if is_read(paper) else ""
        filename = _name(order, entry.title, timecodes, ending(paper, words_lang))
    papers = Papers(interview=entry.slug, lang=entry.lang, edition=edition, media=named)
    clip = ClipOrder(
        master=entry.master,
        version=entry.version,
        in_frame=first,
        out_frame=last,
        profile=order.media,
        suffix=suffix if paper is None else f".{filename.rpartition('.')[2]}",
        title=entry.title,
        credit=entry.credit,
        reference=entry.reference,
        # Only what is written inside may decide the name of the content.
        terms=entry.terms if said else "",
        place=entry.place if said else "",
        day=entry.date if said else "",
        timecode=timecodes[0] if said else "",
        as_is=as_is and paper is None,
        papers=papers if order.package or paper else None,
        paper=paper,
        words_lang=words_lang,
    )
    return Wanted(
        order=order,
        master=entry.master,
        version=entry.version,
        in_frame=first,
        out_frame=last,
        in_ms=round(index.start_ms(first)),
        out_ms=round(index.start_ms(last)),
        filename=filename,
        clip=None if as_is and clip.papers is None else clip,
    )


def _name(order: Order, title: str, timecodes: tuple[str, str], suffix: str) -> str:
    if order.profile == "still":
        return still_name(title, timecodes[0], suffix)
    return film_name(title, suffix) if order.kind == "film" else clip_name(title, *timecodes, suffix)


def fragment(in_ms: int, out_ms: int) -> str:
    """A passage in the address of its page (W3C Media Fragments, 4.2.1): `t=83.2,97.4`."""
    return f"t={_seconds(in_ms)},{_seconds(out_ms)}"


def _seconds(ms: int) -> str:
    whole, rest = divmod(max(0, ms), 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")


def _passage(index: Index, master: str, in_ms: int, out_ms: int) -> tuple[int, int]:
    """The frames [first, last) of a passage."""
    if out_ms - in_ms > index.duration_ms + 1000:  # a player's clock may run a little past the last frame
        raise PassageTooLong
    if in_ms < 0 or out_ms <= in_ms:
        raise BadPassage
    try:
        chosen = passage_of_ms(index, master, in_ms, out_ms)
    except BadPoint as error:
        raise BadPassage from error
    return chosen.first, chosen.last


def _frame(index: Index, ms: int) -> tuple[int, int]:
    """The one frame shown at a time, as the frames [first, last)."""
    frame = frame_at(index, ms) if ms >= 0 else index.frames
    if frame >= index.frames:
        raise BadPassage
    return frame, frame + 1


def _number(text: str) -> int:
    if _WHOLE_NUMBER.fullmatch(text) is None:
        raise BadForm
    return int(text)
