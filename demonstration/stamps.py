"""`python -m demonstration.stamps`: writes the true times of the speech before the turns of both language pages.

Only `[HH:MM:SS.mmm] ` at the start of a turn is written or replaced; not one word of the page is touched.
"""

import re
import sys
from pathlib import Path

from catalogue.reading.parsing import read_page
from catalogue.timecode import format_clock
from demonstration.cast import FILMS
from demonstration.script import DOCS, page_path
from demonstration.speech import Speech, read_speech

_STAMP = re.compile(r"\[\d{2,}:[0-5]\d:[0-5]\d\.\d{3}\] *")


def stamped(text: str, lang: str, name: str, speech: Speech) -> str:
    """The page with the time of each spoken turn; turns that are not spoken lose theirs.

    ValueError when the page's turns are not those that were spoken, in their order.
    """
    turns = read_page(text.encode(), path=name, slug=name, lang=lang).turns
    keys, heard = [turn.key for turn in turns], [turn.key for turn in speech.turns]
    if keys[: len(heard)] != heard:
        raise ValueError(f"{lang}/{name}: other speakers than in the film. Make both pages agree, or speak it again")
    lines = text.split("\n")
    for number, turn in enumerate(turns):
        words = _STAMP.sub("", lines[turn.line - 1], count=1)
        stamp = f"[{format_clock(speech.turns[number].start_ms)}] " if number < len(heard) else ""
        lines[turn.line - 1] = stamp + words
    return "\n".join(lines)


def stamp_pages(docs: Path, name: str, speech: Speech) -> list[Path]:
    """Stamps an interview's pages, in whichever languages it has; which of them changed."""
    changed = []
    for lang in ("fr", "en"):
        path = page_path(docs, lang, name)
        if path.exists():
            text = path.read_bytes().decode()
            new = stamped(text, lang, name, speech)
            if new != text:
                path.write_bytes(new.encode())
                changed.append(path)
    return changed


def main(names: list[str]) -> int:
    """Stamps the films named, or all of them."""
    for film in FILMS:
        if not names or film.name in names:
            for path in stamp_pages(DOCS, film.name, read_speech(film.name)):
                print(f"{path}: stamped")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
