"""The spoken words as HTML, and the lists of moments among which a passage is chosen without JavaScript.

Written by hand, not by a template: the turns are most of a page, and would be most of what building it costs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from catalogue.escaping import attribute, escape
from catalogue.interview import Interview, Turn, media
from catalogue.reading.sentences import Sentence, sentences_of
from catalogue.timecode import format_short

# How much of a turn's beginning the two lists show.
_FROM_LENGTH, _UNTIL_LENGTH, _LEEWAY = 38, 30, 6
# Stands once among the turns, between two leaves: here the template says what to ask for while words still come.
HALF = "<!--half-->"
# The turns of a leaf together have about this many letters; the name above a turn takes the room of so many.
_LEAF, _NAME = 1200, 110


class Turns:
    """One interview's turns in the words of its page."""

    def __init__(self, interview: Interview, words: Mapping[str, Any]) -> None:
        self.interview, self.words = interview, words
        self.end_ms = interview.sheet.duration_ms if interview.sheet else None
        self.asking = {speaker.key for speaker in interview.speakers if speaker.role == "interviewer"}
        question = words["interview"]["question"]
        names = {speaker.key: speaker.name or question for speaker in interview.speakers}
        self.names = {key: escape(name) for key, name in names.items()}
        told = {
            speaker.key: ", ".join(filter(None, (speaker.name, speaker.function))) for speaker in interview.speakers
        }
        self.told = {key: attribute(text) for key, text in told.items()}
        # Without script a time opens the film there (W3C Media Fragments); keys.js makes it a place in the page.
        self.film = attribute(media(interview.sheet, "proxy.mp4")) if interview.sheet else ""

    def html(self) -> str:
        """Every turn, and, where the film is an excerpt, the line at which it ends.

        Turns stand together in leaves of about one height: a browser that has not come to a leaf leaves it aside whole
        (content-visibility), and one that watches sixty leaves has more time for its reader than one that watches
        four hundred turns.
        """
        play_from = attribute(self.words["interview"]["play_from"])
        timed = len(self.interview.timed_turns)
        excerpt = self.interview.sheet is not None and 0 < timed < len(self.interview.turns)
        parts: list[str] = []
        leaves: list[int] = []
        room = 0
        for turn in self.interview.turns:
            ends = excerpt and timed == 0 and turn.start_ms is None
            if parts and (ends or room >= _LEAF):
                parts.append("</div>\n")
            if ends:
                parts.append(
                    f'<p class="end-of-film"><span>{escape(self.words["interview"]["end_of_excerpt"])}</span></p>\n'
                )
                excerpt = False
            if not parts or ends or room >= _LEAF:
                leaves.append(len(parts))
                parts.append('<div class="leaf">\n')
                room = 0
            timed -= turn.start_ms is not None
            room += _NAME + sum(map(len, turn.paragraphs))
            parts.append(self._turn(turn, play_from))
        if not leaves:
            return HALF
        parts.insert(leaves[len(leaves) // 2], HALF)
        return "".join([*parts, "</div>\n"])

    def _turn(self, turn: Turn, play_from: str) -> str:
        asking = turn.key in self.asking
        kind = "turn question" if asking else "turn"
        says = "" if asking else f' data-says="{self.told.get(turn.key) or attribute(turn.name)}"'
        time = data = ""
        if turn.start_ms is not None:
            start = format_short(turn.start_ms)
            data = f' data-ms="{turn.start_ms}" data-end="{turn.end_ms or self.end_ms or turn.start_ms}"'
            if self.end_ms is None:
                time = f' <span class="time">{start}</span>'
            else:
                label = play_from.replace("{time}", start)
                there = f"{self.film}#t={_seconds(turn.start_ms)}"
                time = f' <a class="time" href="{there}" aria-label="{label}">{start}</a>'
        words = "".join(f'<p class="said">{" ".join(map(_sentence, line))}</p>\n' for line in sentences_of(turn))
        return (
            f'<section class="{kind}" id="{turn.id}"{data}{says}>\n'
            f'<p class="voice"><b>{self._voice(turn)}</b>{time}</p>\n{words}</section>\n'
        )

    def beginnings(self) -> str:
        """The options of where a passage begins: one a timed turn."""
        return "".join(
            f'<option value="{turn.start_ms}">{format_short(turn.start_ms or 0)} · {self._voice(turn)}'
            f"{_opening(turn, _FROM_LENGTH)}</option>\n"
            for turn in self.interview.timed_turns
        )

    def ends(self) -> str:
        """The options of where it ends; the second is chosen, so that a passage is more than one question."""
        return "".join(self._ends())

    def _ends(self) -> Iterator[str]:
        until = escape(self.words["passage"]["until"])
        for number, turn in enumerate(self.interview.timed_turns, 1):
            end = turn.end_ms or self.end_ms or 0
            chosen = " selected" if number == 2 else ""
            yield (
                f'<option value="{end}"{chosen}>{until.replace("{time}", format_short(end))} · {self._voice(turn)}'
                f"{_opening(turn, _UNTIL_LENGTH)}</option>\n"
            )

    def _voice(self, turn: Turn) -> str:
        return self.names.get(turn.key) or escape(turn.name)


def _sentence(sentence: Sentence) -> str:
    """The handle by which a script plays it and chooses it; without a script it is a stretch of text."""
    at = "" if sentence.start_ms is None else f' data-at="{sentence.start_ms}"'
    return f"<span{at}>{escape(sentence.text)}</span>"


def _opening(turn: Turn, length: int) -> str:
    """The first words of a turn, cut between two words."""
    text = turn.paragraphs[0] if turn.paragraphs else ""
    if len(text) > length + _LEEWAY:
        text = text[: length - 1].rpartition(" ")[0] + "…"
    return f" – {escape(text)}" if text else ""


def _seconds(ms: int) -> str:
    """Seconds as a media fragment writes them: `83.2`."""
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")
