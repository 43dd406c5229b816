"""Cues from turns: sentences cut into what a screen can hold, each given its share of the turn's time.

A cue holds at most two lines of 42 characters, the common measure of broadcasters' guides (BBC, EBU-TT). Lines break at
plain spaces only, so that a no-break space keeps `mot !` together.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from catalogue.interview import Turn
from catalogue.moments import Clock, letters_in

LINE = 42
LINES = 2
# A shorter pause leaves the words on the screen: a flash of nothing is jerky (BBC subtitle guidelines, “Gaps”).
_PAUSE_MS = 1500
_LONG = re.compile(rf"[^ ]{{{LINE + 1}}}")
_SENTENCE_END = re.compile(r" (?<=[.!?…»”] )")


class Cue(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown from `start_ms` until `end_ms` (exclusive): `text` with its line ends, `settings` as WebVTT names
    them; `voice` is who speaks, when that is known."""

    id: str
    start_ms: int
    end_ms: int
    settings: dict[str, str] = {}
    text: str = ""
    voice: str = ""


def cues_of(turns: Iterable[Turn]) -> tuple[Cue, ...]:
    """The cues of every turn that has a beginning and an end; a turn outside the film has none."""
    return tuple(cue for turn in turns for cue in _turn_cues(turn))


def has_cues(turns: Iterable[Turn]) -> bool:
    """Some turn has words, a beginning and an end."""
    return any(turn.paragraphs and turn.start_ms is not None and (turn.end_ms or 0) > turn.start_ms for turn in turns)


def _turn_cues(turn: Turn) -> Iterator[Cue]:
    if turn.start_ms is None or turn.end_ms is None or turn.end_ms <= turn.start_ms:
        return
    length = turn.end_ms - turn.start_ms
    texts = [text for paragraph in turn.paragraphs for text in screens(paragraph)]
    if len(texts) > length:
        # Fewer milliseconds than cues: nobody could read them apart.
        texts = ["\n".join(texts)]
    if turn.moments:
        yield from _heard_cues(turn, texts)
        return
    total = sum(len(text) for text in texts)
    shown, start = 0, turn.start_ms
    for number, text in enumerate(texts, 1):
        shown += len(text)
        left = len(texts) - number
        end = turn.start_ms + length * shown // total
        end = min(max(end, start + 1), turn.end_ms - left)
        yield Cue(id=f"{turn.id}.{number}", start_ms=start, end_ms=end, text=text, voice=turn.name)
        start = end


def _heard_cues(turn: Turn, texts: list[str]) -> Iterator[Cue]:
    """The cues of a turn whose words are timed: each from its first letter, the first from the turn's stamp, until its
    last letter, and through a short pause until the next cue."""
    clock = Clock(turn)
    start, until, said = clock.ms[0], clock.ms[-1], 0
    for number, text in enumerate(texts, 1):
        said += letters_in(text)
        left = len(texts) - number
        following = min(max(clock.begins(said) if left else until, start + 1), until - left)
        end = clock.ends(said)
        end = following if following - end < _PAUSE_MS else max(end, start + 1)
        yield Cue(id=f"{turn.id}.{number}", start_ms=start, end_ms=end, text=text, voice=turn.name)
        start = following


def screens(paragraph: str) -> list[str]:
    """The texts of successive cues: whole short sentences share a screen, long ones are spread evenly over several."""
    texts: list[str] = []
    held = ""
    if "  " in paragraph or _LONG.search(paragraph):
        paragraph = " ".join(_words(paragraph))
    for sentence in _SENTENCE_END.split(paragraph.strip(" ")):
        together = f"{held} {sentence}" if held else sentence
        if _lines(together) <= LINES:
            held = together
            continue
        if held:
            texts.append(held)
        *whole, held = _spread(sentence)
        texts += whole
    return [_balance(text) for text in [*texts, held] if text]


def _spread(sentence: str) -> list[str]:
    """A sentence in the fewest screens, of about equal length."""
    target = len(sentence) / -(-_lines(sentence) // LINES)
    parts: list[str] = []
    start = 0
    while (cut := min(_nearest(sentence, start, target), _filled(sentence, start))) < len(sentence):
        parts.append(sentence[start:cut])
        start = cut + 1
    return [*parts, sentence[start:]]


def _nearest(text: str, start: int, target: float) -> int:
    """The space before the first word that lies, from its middle on, beyond a length; the end when there is none."""
    before = text.rfind(" ", start, start + int(target) + 1)
    after = text.find(" ", (before if before >= 0 else start) + 1)
    after = len(text) if after < 0 else after
    return before if before >= 0 and before - start + (after - before - 1) / 2 >= target else after


def _filled(text: str, start: int) -> int:
    """Where a screen is full: the space after its last line, or the end."""
    for _ in range(LINES):
        if len(text) - start <= LINE:
            return len(text)
        start = text.rfind(" ", start, start + LINE + 1) + 1
    return start - 1


def _lines(text: str) -> int:
    """How many lines hold a text, filled one after another."""
    count, start, length = 1, 0, len(text)
    while length - start > LINE:
        start = text.rfind(" ", start, start + LINE + 1) + 1
        count += 1
    return count


def _balance(text: str) -> str:
    """One line when it fits, otherwise two of the least different length."""
    if len(text) <= LINE:
        return text
    middle = len(text) // 2
    before, after = text.rfind(" ", 0, middle + 1), text.find(" ", middle)
    cut = before if after < 0 or len(text) - before - 1 <= after else after
    return f"{text[:cut]}\n{text[cut + 1 :]}"


def _words(text: str) -> list[str]:
    """The words between plain spaces; one longer than a line is cut, since nothing else would show it."""
    return [word[i : i + LINE] for word in text.split(" ") for i in range(0, len(word), LINE)]
