"""What is spoken: the turns of a page that its film holds, sentence by sentence, as a synthesiser can say them."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from catalogue.interview import Interview, Turn
from catalogue.reading.parsing import read_page

DOCS = Path("docs")
# In Python \s is every white space of Unicode, narrow and no-break spaces too.
_SENTENCE_END = re.compile(r"(?<=[.!?…])(?:\s*[»”’])?\s+(?=[«“‘]?\s*[A-ZÀ-Þ0-9])")
_SPOKEN_AS = (
    (re.compile(r"[«»“”*]|(?<!\w)[‘’]|[‘’](?!\w)"), " "),
    (re.compile("[’‘]"), "'"),
    (re.compile("…"), "."),
    (re.compile(r"\s*[–—]\s*"), ", "),
    (re.compile(r"\s+([;:!?.,])"), r"\1"),
    (re.compile(r"\s+"), " "),
)


def page_path(docs: Path, lang: str, name: str) -> Path:
    """Where the page of an interview lies."""
    return docs / lang / "interviews" / f"{name}.md"


def read_interview(docs: Path, lang: str, name: str) -> Interview:
    """The interview in one language. ValueError when the page has a mistake: `duplex check` says which."""
    path = page_path(docs, lang, name)
    page = read_page(path.read_bytes(), path=str(path), slug=name, lang=lang)
    if page.interview is None:
        raise ValueError(f"{path} cannot be read. `duplex check` says why")
    return page.interview


def heard_interview(docs: Path, name: str) -> Interview:
    """The interview in the language that is spoken in its film."""
    for lang in ("fr", "en"):
        if page_path(docs, lang, name).exists():
            interview = read_interview(docs, lang, name)
            if interview.spoken == lang:
                return interview
    raise ValueError(f"{name} has no page in the language it was filmed in. Add it to {docs}")


def excerpt(turns: Sequence[Turn], words: int | None) -> tuple[Turn, ...]:
    """The first turns that hold at least so many words, ending with an answer; all of them when `words` is None."""
    if words is None:
        return tuple(turns)
    interviewer = turns[0].key
    count = 0
    for number, turn in enumerate(turns, 1):
        count += len(" ".join(turn.paragraphs).split())
        if count >= words and turn.key != interviewer:
            return tuple(turns[:number])
    return tuple(turns)


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph as they are written; joined by a space they are the paragraph's words."""
    found, start = [], 0
    for end in _SENTENCE_END.finditer(paragraph):
        found.append(paragraph[start : end.end()].strip())
        start = end.end()
    return [*found, paragraph[start:].strip()]


def sayable(sentence: str) -> str:
    """The sentence without what a synthesiser stumbles on: guillemets, typographic apostrophes and spaces."""
    for pattern, plain in _SPOKEN_AS:
        sentence = pattern.sub(plain, sentence)
    return sentence.strip()


def words_mark(turn: Turn) -> str:
    """A short mark of a turn's words: when it changes, the voice no longer says what the page does."""
    return hashlib.sha256("\n".join(turn.paragraphs).encode()).hexdigest()[:12]
