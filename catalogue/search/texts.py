"""The text of a page in blocks of a few kilobytes, so that a result shows its sentence without the whole transcript."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

import msgspec

from catalogue.interview import Interview, Turn
from catalogue.wording import slug_of

UNITS_IN_BLOCK = 32
# Title, speakers, topics, place, summary with context: units that are no turns.
HEADS = 5
_MARKUP = re.compile(r"\]\([^)\s]*\)|[*_`#>\[\]]+")


# How a page is written: short names, because they come again in every block.
_SHORT = {
    "lang": "g",
    "slug": "u",
    "title": "t",
    "date": "d",
    "place": "p",
    "speakers": "s",
    "asking": "q",
    "topics": "k",
    "spoken": "l",
    "film": "f",
    "ids": "i",
    "voices": "w",
    "units": "x",
    "count": "n",
}


class Page(msgspec.Struct, frozen=True, kw_only=True, rename=_SHORT):
    """What search knows of a page. `ids` are the turns' ids, a whole number for `t<ms>`; `voices` tells for each turn
    which of `speakers` says it, -1 for none. `units` begins with the five heads."""

    lang: str
    slug: str
    title: str
    date: str
    place: str
    speakers: tuple[str, ...]
    asking: tuple[int, ...]
    topics: tuple[str, ...]
    spoken: str
    film: bool
    ids: tuple[int | str, ...]
    voices: tuple[int, ...]
    units: tuple[str, ...]

    def facets(self) -> Iterator[str]:
        """What a search can be narrowed to, besides the year, which the document's number tells."""
        yield f"l.{self.spoken}"
        if self.film:
            yield "f"
        for place, name in enumerate(self.speakers):
            if name and place not in self.asking:
                yield f"s.{slug_of(name)}"
        for topic in self.topics:
            yield f"t.{slug_of(topic)}"


class Block(Page, frozen=True, kw_only=True, rename=_SHORT):
    """A block as the browser reads it: the page's head with `UNITS_IN_BLOCK` of its `count` units and the turns among
    them."""

    count: int


def page_of(interview: Interview, topics: Sequence[str]) -> Page:
    """The page of an interview; `topics` in the page's language."""
    names = [speaker.name for speaker in interview.speakers]
    places = {speaker.key: place for place, speaker in enumerate(interview.speakers)}
    asking = [place for place, speaker in enumerate(interview.speakers) if speaker.role == "interviewer"]
    people = [
        f"{speaker.name}, {speaker.function}" for place, speaker in enumerate(interview.speakers) if place not in asking
    ]
    about = _MARKUP.sub(" ", interview.context)
    heads = [interview.title, " · ".join(people), " · ".join(topics), interview.place, f"{interview.summary} {about}"]
    return Page(
        lang=interview.lang,
        slug=interview.slug,
        title=_line(interview.title),
        date=interview.date.isoformat(),
        place=_line(interview.place),
        speakers=tuple(map(_line, names)),
        asking=tuple(asking),
        topics=tuple(map(_line, topics)),
        spoken=interview.spoken,
        film=interview.sheet is not None,
        ids=tuple(_id(turn) for turn in interview.turns),
        voices=tuple(places.get(turn.key, -1) for turn in interview.turns),
        units=tuple(map(_line, [*heads, *(" ".join(turn.paragraphs) for turn in interview.turns)])),
    )


def blocks_of(page: Page) -> list[str]:
    """The blocks of a page, each one line of JSON."""
    head = msgspec.structs.asdict(page) | {"count": len(page.units)}
    blocks = []
    for first in range(0, len(page.units), UNITS_IN_BLOCK):
        turns = slice(max(0, first - HEADS), first + UNITS_IN_BLOCK - HEADS)
        units = page.units[first : first + UNITS_IN_BLOCK]
        block = Block(**head | {"ids": page.ids[turns], "voices": page.voices[turns], "units": units})
        blocks.append(msgspec.json.encode(block).decode())
    return blocks


def count_of(block: bytes) -> int:
    """How many blocks a page has, told by any of them. msgspec.MsgspecError when it is no block."""
    return -(-msgspec.json.decode(block, type=Block).count // UNITS_IN_BLOCK)


def page_again(blocks: Sequence[bytes]) -> Page:
    """The page whose blocks these are: what `blocks_of` did, undone. msgspec.MsgspecError when they are no blocks."""
    read = [msgspec.json.decode(block, type=Block) for block in blocks]
    head = {name: getattr(read[0], name) for name in Page.__struct_fields__}
    rows = {name: tuple(one for block in read for one in getattr(block, name)) for name in ("ids", "voices", "units")}
    return Page(**head | rows)


def _line(text: str) -> str:
    """One line, composed: what is shown is what was indexed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _id(turn: Turn) -> int | str:
    return turn.id if turn.start_ms is None or turn.id != f"t{turn.start_ms}" else turn.start_ms
