"""The transcript: how turns are written, read leniently and reported strictly.

A turn begins with an optional `[HH:MM:SS.mmm]`, a speaker's key as listed, and a colon that may follow a space, a
no-break space or nothing. What is read is never thrown away: a word that stands in the file stands in a turn, whatever
problem is reported about its line.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches

import msgspec

from catalogue.interview import Problem, Severity, Speaker, Turn
from catalogue.reading.soundness import quoted, unprintable
from catalogue.timecode import format_clock, parse_clock

_BRACKET = re.compile(r"\[([^\[\]]*)\]\s*(.*)", re.DOTALL)
_STAMP = re.compile(r"\[(\d{2,}:[0-5]\d:[0-5]\d[.,]\d{3})\]\s*")
_DIGITS_AND_MARKS = re.compile(r"[\d:.,;\s]*\d[\d:.,;\s]*")
_KEY_LETTERS = re.compile(r"[^\W\d_][\w’'.&\-\s]*")
_LONGEST_KEY = 60
# Enough for any interview; what follows keeps a broken one from costing minutes.
_MOST_COMPARED, _MOST_NAMED = 200, 12
# A turn every two seconds of a whole day. A page of more would take a build, and then a browser, gigabytes.
MOST_TURNS = 50_000
STAMP_CURE = "Write [HH:MM:SS.mmm], for example [00:01:02.500]"


class Reading(msgspec.Struct, frozen=True):
    """What a transcript gave: its turns, and everything to be mended, in the order of the lines."""

    turns: tuple[Turn, ...]
    problems: tuple[Problem, ...]


def lines_of(text: str) -> list[str]:
    """The lines of a text, whatever system ended them. Only line ends part lines: U+2028 and form feeds are text."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_transcript(lines: Sequence[str], speakers: Sequence[Speaker], first_line: int = 1) -> Reading:
    """The turns in the lines below the transcript's heading; `first_line` is the number of the first of them."""
    reader = _Reader(speakers)
    for number, line in enumerate(lines, first_line):
        reader.take(line, number)
    return Reading(*reader.result(first_line))


def end_turns(turns: Sequence[Turn], duration_ms: int | None) -> tuple[Turn, ...]:
    """The turns with their ends: the start of the next timed turn, and the end of the film for the last one."""
    ended: list[Turn] = []
    end = duration_ms
    for turn in reversed(turns):
        if turn.start_ms is None:
            ended.append(turn)
        else:
            ended.append(msgspec.structs.replace(turn, end_ms=end))
            end = turn.start_ms
    return tuple(reversed(ended))


class _Reader:
    """Takes lines one by one. A paragraph is kept as its lines until the turn is whole."""

    def __init__(self, speakers: Sequence[Speaker]) -> None:
        self.names = {speaker.key: speaker.name or speaker.key for speaker in speakers}
        # The longest key first, so that `ANNE MARIE` is never read as `ANNE`.
        self.keys = sorted(self.names, key=len, reverse=True)
        self.turns: list[Turn] = []
        self.paragraphs: list[list[str]] = []
        self.problems: list[Problem] = []
        self.given: dict[str, int] = {}
        self.cures: dict[str, str] = {}
        self.last_ms = -1

    def take(self, line: str, number: int) -> None:
        text = line.strip(" \t")
        if said := unprintable(text):
            self.report(number, said)
        if not text:
            self.open_paragraph()
            return
        stamp, rest = self.stamp_of(text)
        key, words = self.key_of(rest, stamped=stamp is not None)
        if key is None:
            self.continue_turn(text, number, stamped=stamp is not None)
            return
        self.begin_turn(key, self.time_of(stamp, number), number)
        if key not in self.names:
            self.report(number, f"unknown speaker “{quoted(key)}”. {self.cure_for(key)}")
        if words:
            self.paragraphs[-1].append(words)

    def stamp_of(self, text: str) -> tuple[str | None, str]:
        """The inside of a leading bracket that is meant as a time, and what follows it.

        `[rires] Oui` and `[12] Voir la note` are words; `[00:75:01.000] Q :` is a time, and a wrong one.
        """
        if stamp := _STAMP.match(text):
            return stamp[1], text[stamp.end() :]
        bracket = _BRACKET.match(text)
        if bracket is None or not re.match(r"\s*\d", bracket[1]):
            return None, text
        followed_by_key = self.key_of(bracket[2], stamped=False)[0] is not None
        looks_like_time = ":" in bracket[1] and _DIGITS_AND_MARKS.fullmatch(bracket[1]) is not None
        return (bracket[1], bracket[2]) if followed_by_key or looks_like_time else (None, text)

    def key_of(self, text: str, *, stamped: bool) -> tuple[str | None, str]:
        """The key that begins a line and the words after its colon; None when the line begins no turn."""
        for key in self.keys:
            if text.startswith(key) and (after := text[len(key) :].lstrip()).startswith(":"):
                return key, after[1:].strip()
        head, colon, words = text.partition(":")
        head = head.strip()
        is_key = colon and len(head) <= _LONGEST_KEY and _KEY_LETTERS.fullmatch(head) is not None
        if is_key and not words.startswith("//") and (head.isupper() or (stamped and len(head.split()) <= 5)):
            return head, words.strip()
        return None, text

    def time_of(self, stamp: str | None, number: int) -> int | None:
        if stamp is None:
            return None
        try:
            ms = parse_clock(stamp.strip())
        except ValueError:
            self.report(number, f"“[{quoted(stamp)}]” is not a time. {STAMP_CURE}")
            return None
        if ms < self.last_ms:
            before = format_clock(self.last_ms)
            self.report(
                number, f"time goes back: [{stamp}] comes after [{before}]. Put the turns in order, or mend the time"
            )
        elif ms == self.last_ms:
            self.report(number, f"two turns start at [{stamp}]. Give each turn its own time")
        self.last_ms = max(ms, self.last_ms)
        return ms

    def begin_turn(self, key: str, start_ms: int | None, number: int) -> None:
        self.close_turn()
        name = f"turn-{len(self.turns) + 1}" if start_ms is None else f"t{start_ms}"
        # How often a name was given is remembered: two hundred thousand turns at one moment take no longer than others.
        self.given[name] = self.given.get(name, 0) + 1
        unique = name if self.given[name] == 1 else f"{name}-{self.given[name]}"
        if len(self.turns) == MOST_TURNS:
            self.report(number, f"more than {MOST_TURNS} turns. Part the interview into several pages")
        self.turns.append(Turn(id=unique, key=key, name=self.names.get(key, key), start_ms=start_ms, line=number))

    def continue_turn(self, text: str, number: int, *, stamped: bool) -> None:
        if stamped:
            self.report(number, "a time without a speaker. Write the speaker's key and a colon after it")
        elif self.starts_like_a_key(text):
            self.report(
                number, "this line begins like a key in other letters. Write the key exactly as listed", "warning"
            )
        elif re.match(r"#{1,6}\s", text):
            self.report(number, "a heading below the transcript’s is read as words. Put it above", "warning")
        if not self.turns:
            self.report(number, "words before the first turn. Begin with a speaker's key and a colon, as “Q :”")
            self.begin_turn("", None, number)
        if not self.paragraphs:
            self.paragraphs.append([])
        self.paragraphs[-1].append(text)

    def starts_like_a_key(self, text: str) -> bool:
        head = text.partition(":")[0].strip() if ":" in text else ""
        return head.casefold() in {key.casefold() for key in self.keys}

    def open_paragraph(self) -> None:
        if self.paragraphs and self.paragraphs[-1]:
            self.paragraphs.append([])

    def close_turn(self) -> None:
        if self.turns:
            joined = tuple(" ".join(lines) for lines in self.paragraphs if lines)
            self.turns[-1] = msgspec.structs.replace(self.turns[-1], paragraphs=joined)
            if not joined:
                self.report(self.turns[-1].line, "a turn without words. Write what was said, or delete it", "warning")
        self.paragraphs = [[]]

    def cure_for(self, key: str) -> str:
        if key not in self.cures:
            close = get_close_matches(key, self.keys[:_MOST_COMPARED], n=1) if len(key) <= _LONGEST_KEY else []
            self.cures[key] = self.cure_with(close)
        return self.cures[key]

    def cure_with(self, close: Sequence[str]) -> str:
        if close:
            return f"Did you mean “{close[0]}”? Otherwise add the key to `speakers`"
        if not self.names:
            return "Add it to `speakers`"
        named = [quoted(key) for key in self.names][:_MOST_NAMED]
        return f"Add it to `speakers`, or use one of: {', '.join(named)}{', …' if len(self.names) > len(named) else ''}"

    def report(self, line: int, message: str, severity: Severity = "error") -> None:
        self.problems.append(Problem(line=line, message=message, severity=severity))

    def result(self, first_line: int) -> tuple[tuple[Turn, ...], tuple[Problem, ...]]:
        self.close_turn()
        if not self.turns:
            self.report(first_line, "the transcript has no turn. Write a speaker's key, a colon, and the words")
        return tuple(self.turns), tuple(sorted(self.problems, key=lambda problem: problem.line))
