"""A page from its bytes: encoding, front matter, context, transcript. No input raises; what is wrong is told."""

import re
import unicodedata

import msgspec

from catalogue.interview import Interview, Problem, Turn
from catalogue.reading.frontmatter import Matter, broken_yaml, read_front_matter, speakers_anyway
from catalogue.reading.soundness import context_problems
from catalogue.reading.transcript import Reading, lines_of, read_transcript

_HEADING = re.compile(r"##[ \t]+(transcription|transcript)[ \t#]*", re.IGNORECASE)
HEADINGS = {"fr": "## Transcription", "en": "## Transcript"}


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One file as read. `interview` is None when the front matter could not be read whole; the turns are there anyway.
    `lines` gives the line of each field of the front matter."""

    path: str
    slug: str
    lang: str
    interview: Interview | None
    turns: tuple[Turn, ...] = ()
    lines: dict[str, int] = {}
    problems: tuple[Problem, ...] = ()


def decode(data: bytes) -> str | Problem:
    """The text of a file in UTF-8, with or without a byte order mark; a problem with its line when it is not."""
    try:
        # Composed letters (NFC), so that a key typed on one system is the key typed on another.
        return unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = len(lines_of(data[: error.start].decode("latin-1")))
        byte = data[error.start]
        return Problem(line=line, message=f"not UTF-8 (byte 0x{byte:02X}). Save the file as UTF-8 in your editor")


def read_page(data: bytes, *, path: str, slug: str, lang: str) -> Page:
    """The page in a file's bytes. `path` is what problems will say; `lang` decides which heading is expected."""
    text = decode(data)
    if isinstance(text, Problem):
        return Page(path=path, slug=slug, lang=lang, interview=None, problems=(_at(text, path),))
    lines = lines_of(text)
    front, body_at = _front(lines)
    matter = _no_front_matter(lines) if front is None else read_front_matter(front)
    speakers = matter.record.speakers if matter.record else speakers_anyway(front or "")
    heading_at = _heading(lines, body_at)
    context = "\n".join(lines[body_at:heading_at]).strip("\n")
    withdrawn = matter.record is not None and bool(matter.record.withdrawn)
    problems = [*matter.problems, *context_problems(lines[body_at:heading_at], body_at + 1)]
    reading = Reading((), ())
    if heading_at is not None:
        reading = read_transcript(lines[heading_at + 1 :], speakers, heading_at + 2)
        problems += _wrong_heading(lines[heading_at], heading_at + 1, lang)
    elif not withdrawn:
        missing = f"no transcript. Write the heading `{HEADINGS.get(lang, HEADINGS['en'])}`, and the turns below it"
        last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
        problems.append(Problem(line=last, message=missing))
    # Without its speakers every turn would be called unknown: the cause is told once, above.
    problems += [p for p in reading.problems if speakers or not p.message.startswith("unknown speaker")]
    interview = None
    if matter.record is not None:
        values = {name: value for name, value in msgspec.structs.asdict(matter.record).items() if value is not None}
        interview = Interview(slug=slug, lang=lang, context=context, turns=reading.turns, **values)
    return Page(
        path=path,
        slug=slug,
        lang=lang,
        interview=interview,
        turns=reading.turns,
        lines=matter.lines,
        problems=tuple(_at(problem, path) for problem in sorted(problems, key=lambda problem: problem.line)),
    )


def read_other(data: bytes) -> tuple[str, Problem | None]:
    """A page that is no interview: its Markdown below the front matter, and what keeps it from being read."""
    text = decode(data)
    if isinstance(text, Problem):
        return "", text
    lines = lines_of(text)
    front, body_at = _front(lines)
    wrong = broken_yaml(front) if front else None
    return "\n".join(lines[body_at:]).strip("\n"), wrong or next(context_problems(lines[body_at:], body_at + 1), None)


def _front(lines: list[str]) -> tuple[str | None, int]:
    """The text between the two `---` and the index of the first line after them; None when there is no such text."""
    if lines[0].rstrip() == "---":
        for index, line in enumerate(lines[1:], 1):
            if line.rstrip() in ("---", "..."):
                return "\n".join(lines[1:index]), index + 1
    return None, 0


def _no_front_matter(lines: list[str]) -> Matter:
    opened = lines[0].rstrip() == "---"
    cure = "End it with a line `---`" if opened else "Begin the file with a line `---`, then `title: …`"
    what = "the front matter never ends" if opened else "no front matter"
    return Matter(None, {}, (Problem(line=1, message=f"{what}. {cure}"),))


def _heading(lines: list[str], start: int) -> int | None:
    return next((i for i in range(start, len(lines)) if _HEADING.fullmatch(lines[i].rstrip())), None)


def _wrong_heading(line: str, number: int, lang: str) -> list[Problem]:
    wanted = HEADINGS.get(lang)
    if wanted is None or line.rstrip(" \t#").lower() == wanted.lower():
        return []
    return [Problem(line=number, message=f"the heading is in the other language. Write `{wanted}`", severity="warning")]


def _at(problem: Problem, path: str) -> Problem:
    return msgspec.structs.replace(problem, path=path)
