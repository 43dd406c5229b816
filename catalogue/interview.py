"""The records of an interview: what a page says once it has been read. Frozen; nothing here asks the world."""

import re
from datetime import date, datetime
from typing import Literal

import msgspec

from catalogue.sheet import Sheet

LANGUAGES = ("fr", "en")
Severity = Literal["error", "warning"]


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _named(control: re.Match[str]) -> str:
    return f"\\u{ord(control[0]):04x}"


class Problem(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One mistake in what an editor wrote. `path` is relative to the project, `line` counts from 1; `message` says what
    is wrong and then the cure. An error stops the build, a warning does not."""

    path: str = ""
    line: int
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        word = "" if self.severity == "error" else "warning: "
        # One line, whatever a file is called or says: a terminal obeys control characters.
        return _CONTROL.sub(_named, f"{self.path}:{self.line}: {word}{self.message}")


class Speaker(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Someone heard. `key` is what the transcript writes before the colon; an interviewer may stay without a name."""

    key: str
    name: str = ""
    function: str = ""
    role: Literal["", "interviewer"] = ""


class Moment(msgspec.Struct, frozen=True, array_like=True):
    """When some words are heard: of the turn's letters and digits, counted from 0, those from `first` until `last`
    (exclusive), in media time from `start_ms` until `end_ms` (exclusive)."""

    first: int
    last: int
    start_ms: int
    end_ms: int


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What one speaker says before another begins. Times are whole milliseconds of media time, None when not stamped;
    `end_ms` is exclusive and known only once the film is. `line` is where the turn begins in its file. `moments`, when
    there are any, tell more finely when its words are heard."""

    id: str
    key: str
    name: str
    start_ms: int | None
    end_ms: int | None = None
    paragraphs: tuple[str, ...] = ()
    line: int = 1
    moments: tuple[Moment, ...] = ()


class Facts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the front matter of a page says. `embargo` always carries its offset; `withdrawn` is the reason told to
    readers, empty when the page stands."""

    slug: str
    lang: str
    title: str
    date: date
    summary: str
    spoken: str
    speakers: tuple[Speaker, ...]
    place: str = ""
    topics: tuple[str, ...] = ()
    master: str = ""
    reference: str = ""
    credit: str = ""
    terms: str = ""
    embargo: datetime | None = None
    withdrawn: str = ""

    @property
    def translated(self) -> bool:
        """The page's language is not the one heard in the film."""
        return self.lang != self.spoken

    @property
    def root(self) -> str:
        """The home of the page's language."""
        return home(self.lang)

    @property
    def url(self) -> str:
        """The page's path from the root of the site."""
        return f"{self.root}interviews/{self.slug}/"

    @property
    def answering(self) -> list[Speaker]:
        """Who speaks and does not ask."""
        return [speaker for speaker in self.speakers if speaker.role != "interviewer"]


class Interview(Facts, frozen=True, kw_only=True):
    """One interview in one language, whole. `context` is the editor's Markdown, `sheet` the film's facts when there is
    one."""

    context: str = ""
    turns: tuple[Turn, ...] = ()
    sheet: Sheet | None = None

    @property
    def timed_turns(self) -> tuple[Turn, ...]:
        """The turns that a film can be sought to."""
        return tuple(turn for turn in self.turns if turn.start_ms is not None)


class Film(msgspec.Struct, frozen=True):
    """What a list needs to know of a film: whose file it is, in which state, its length, and its picture in pixels."""

    master: str
    version: str
    duration_ms: int
    width: int
    height: int


class Record(Facts, frozen=True, kw_only=True, omit_defaults=True):
    """An interview without its words: all that any other page, list or feed needs of it. `quote` is how the first
    answer begins, `languages` those in which the interview stands, `turns` and `timed_turns` are counts,
    `reference_line` is where its reference was written, and `mark` the hash of all the rest."""

    film: Film | None = None
    quote: str = ""
    languages: tuple[str, ...] = ()
    turns: int = 0
    timed_turns: int = 0
    reference_line: int = 1
    mark: bytes = b""


def media(film: Film | Sheet, name: str) -> str:
    """The public address of a file made from a master."""
    return f"/media/{film.master if isinstance(film, Film) else film.id}/{film.version}/{name}"


def home(lang: str) -> str:
    """The path of a language's home page: French is the default tree, English lies under /en/."""
    return "/" if lang == LANGUAGES[0] else f"/{lang}/"


def other_language(lang: str) -> str:
    """The other of the two languages."""
    return LANGUAGES[1] if lang == LANGUAGES[0] else LANGUAGES[0]
