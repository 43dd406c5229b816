"""Cues from turns: sentences cut into what a screen can hold, each given its share of the turn's time.

A cue holds at most two lines of 42 characters, the common measure of broadcasters' guides (BBC, EBU-TT). Lines break at
plain spaces only, so that a no-break space keeps `mot !` together.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from catalogue.interview import Turn

LINE = 42
LINES = 2
_SENTENCE_END = re.compile(r"(?<=[.!?…»”]) +(?=\S)")


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
    total = sum(len(text) for text in texts)
    shown, start = 0, turn.start_ms
    for number, text in enumerate(texts, 1):
        shown += len(text)
        left = len(texts) - number
        end = turn.start_ms + length * shown // total
        end = min(max(end, start + 1), turn.end_ms - left)
        yield Cue(id=f"{turn.id}.{number}", start_ms=start, end_ms=end, text=text, voice=turn.name)
        start = end


def screens(paragraph: str) -> list[str]:
    """The texts of successive cues: whole short sentences share a screen, long ones are spread evenly over several."""
    texts: list[str] = []
    held = ""
    for sentence in _SENTENCE_END.split(paragraph):
        together = f"{held} {sentence}".strip(" ")
        # Measured before it is wrapped: most sentences are too long at sight.
        if len(together) <= LINES * LINE + 1 and len(_wrap(together)) <= LINES:
            held = together
            continue
        if held:
            texts.append(held)
        *whole, held = _spread(sentence)
        texts += whole
    return ["\n".join(_balance(text)) for text in [*texts, held] if text]


def _spread(sentence: str) -> list[str]:
    """A sentence in the fewest screens, of about equal length."""
    target = len(sentence) / -(-len(_wrap(sentence)) // LINES)
    parts: list[list[str]] = []
    size = lines = last = 0
    for word in _words(sentence):
        fits = last + 1 + len(word) <= LINE
        if not parts or (lines == LINES and not fits) or size + len(word) / 2 >= target:
            parts.append([word])
            size, lines, last = len(word), 1, len(word)
            continue
        parts[-1].append(word)
        size += 1 + len(word)
        lines, last = (lines, last + 1 + len(word)) if fits else (lines + 1, len(word))
    return [" ".join(part) for part in parts] or [""]


def _wrap(text: str) -> list[str]:
    """Lines filled one after another."""
    lines: list[str] = []
    for word in _words(text):
        if lines and len(lines[-1]) + 1 + len(word) <= LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _balance(text: str) -> list[str]:
    """One line when it fits, otherwise two of the least different length."""
    lines = _wrap(text)
    if len(lines) != LINES:
        return lines
    words = _words(text)
    pairs = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return list(min((pair for pair in pairs if max(map(len, pair)) <= LINE), key=lambda pair: max(map(len, pair))))


def _words(text: str) -> list[str]:
    """The words between plain spaces; one longer than a line is cut, since nothing else would show it."""
    return [word[i : i + LINE] for word in text.split(" ") if word for i in range(0, len(word), LINE)]
