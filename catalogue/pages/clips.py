"""The moments of a film that a search engine may lead to: one for each question, or for each turn where nobody asks."""

import msgspec

from catalogue.interview import Interview
from catalogue.reading.sentences import split

# Google shows moments only of films of half a minute and more, and a screen or two of them at most.
LEAST_FILM_MS = 30_000
MOST = 24
_LONGEST_NAME = 110


class Clip(msgspec.Struct, frozen=True):
    """A part of a film in milliseconds, `end_ms` exclusive; `name` is what is asked or said there."""

    name: str
    start_ms: int
    end_ms: int


def clips_of(interview: Interview) -> tuple[Clip, ...]:
    """The clips of an interview's film in order, no two with the same start. Of more than MOST the longest are kept:
    a question that opens ten minutes says more of a film than one that is answered by a word."""
    if interview.sheet is None or interview.sheet.duration_ms < LEAST_FILM_MS:
        return ()
    asking = {speaker.key for speaker in interview.speakers if speaker.role == "interviewer"}
    spoken = [turn for turn in interview.timed_turns if turn.paragraphs]
    opening = [turn for turn in spoken if turn.key in asking] or spoken
    # Each lasts until the next begins, the last until the film ends.
    starts = [turn.start_ms or 0 for turn in opening]
    lasting = list(zip(opening, starts, [*starts, interview.sheet.duration_ms][1:], strict=True))
    if len(lasting) > MOST:
        longest = sorted(lasting, key=lambda part: part[1] - part[2])[:MOST]
        lasting = sorted(longest, key=lambda part: part[1])
    return tuple(Clip(_name(turn.paragraphs), start, end) for turn, start, end in lasting if start < end)


def _name(paragraphs: tuple[str, ...]) -> str:
    """What is asked, without what leads up to it; the first sentence where nothing is."""
    asked = next((text for text in paragraphs if "?" in text), paragraphs[0])
    sentences = split(asked)
    name = next((sentence for sentence in sentences if "?" in sentence[-3:]), sentences[0])
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rpartition(" ")[0].rstrip(",;: ") + "…"
