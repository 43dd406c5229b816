"""A made-up archive, always the same: so many interviews in two languages, in a project that `duplex build` builds.

    python -m bench.archive --interviews 2000 --into build/bench/archive-2000

An interview has about 1,500 words in 60 timed turns. What interview n says depends on n alone, so that a small archive
is the beginning of every larger one. Most exist in both languages and have a film (its sheet, not its bytes).
"""

import json
import random
import re
import shutil
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import cyclopts
import msgspec

from bench.vocabulary import joined, proper_name, vocabulary
from bench.words import FIRST_NAMES, FUNCTIONS, INTERVIEWERS, PLACES, TOPICS
from catalogue.sheet import Audio, Sheet, Video
from catalogue.timecode import format_clock

HOUSE = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr", "en")
TURNS = 60
_FIRST_DAY, _DAYS = date(2004, 1, 5), 8300
_HEADINGS = {"fr": "## Transcription", "en": "## Transcript"}
_MARKS = {"fr": ("\u202f?", "\u202f!"), "en": ("?", "!")}
_MS_A_WORD = 370
# Shares of interviews: in one language only, without film, and by somebody who was heard before.
_ALONE, _FILMLESS, _HEARD_BEFORE = 0.06, 0.12, 0.3
# Of a hundred words, so many are names that no list has, and so many are numbers.
_NAMES, _NUMBERS = 0.012, 0.008


class Interview(msgspec.Struct, frozen=True, kw_only=True):
    """What both pages of an interview say alike. `starts` are milliseconds, one more than there are turns."""

    number: int
    slug: str
    day: date
    place: str
    spoken: str
    languages: tuple[str, ...]
    speaker: str
    function: str
    interviewer: str
    topics: tuple[str, ...]
    lengths: tuple[int, ...]
    starts: tuple[int, ...]
    film: bool


def interview(number: int) -> Interview:
    """Interview `number`, counted from 0."""
    chance = random.Random(f"interview {number}")
    words = [vocabulary("fr").words[chance.randrange(250, 4000)] for _ in range(2)]
    heard = number > 3 and chance.random() < _HEARD_BEFORE
    person = random.Random(f"speaker {chance.randrange(number) if heard else number}")
    lengths = tuple(chance.randint(*((6, 16) if turn % 2 == 0 else (30, 50))) for turn in range(TURNS))
    starts = [4_000 + chance.randrange(2_000)]
    for length in lengths:
        starts.append(starts[-1] + length * _MS_A_WORD + chance.randrange(200, 900))
    spoken = chance.choices(LANGUAGES, (2, 1))[0]
    topics = chance.choices(list(TOPICS), [1 / rank for rank in range(3, 3 + len(TOPICS))], k=3)
    return Interview(
        number=number,
        slug=f"{'-'.join(_plain(word) for word in words)}-{number:05d}",
        day=_FIRST_DAY + timedelta(days=chance.randrange(_DAYS)),
        place=chance.choice(PLACES),
        spoken=spoken,
        languages=(spoken,) if chance.random() < _ALONE else LANGUAGES,
        speaker=f"{person.choice(FIRST_NAMES)} {proper_name(person)}",
        function=person.choice(list(FUNCTIONS)),
        interviewer=chance.choice(INTERVIEWERS),
        topics=tuple(dict.fromkeys(topics)),
        lengths=lengths,
        starts=tuple(starts),
        film=chance.random() >= _FILMLESS,
    )


def page(one: Interview, lang: str) -> str:
    """The file of a page: front matter, context, transcript."""
    chance = random.Random(f"page {one.number} {lang}")
    french = lang == "fr"
    asks, answers = one.interviewer.upper(), one.speaker.upper()
    function = one.function if french else FUNCTIONS[one.function]
    topics = one.topics if french else [TOPICS[topic] for topic in one.topics]
    fields = {
        "title": _sentence(chance, lang, chance.randint(4, 8)).rstrip("."),
        "date": None,
        "place": one.place,
        "summary": said(chance, lang, chance.randint(16, 30)),
        "spoken": one.spoken,
        "topics": topics,
        "reference": f"DPX-{one.number:06d}",
        "credit": f"Duplex, image {one.interviewer}",
        "terms": "Usage libre avec la mention du crédit." if french else "Free use with the credit.",
    }
    lines = ["---"]
    for name, value in fields.items():
        lines.append(f"{name}: {one.day if name == 'date' else json.dumps(value, ensure_ascii=False)}")
    lines += ["speakers:", f'  - {{key: "{asks}", name: "{one.interviewer}", role: interviewer}}']
    lines.append(f'  - {{key: "{answers}", name: "{one.speaker}", function: "{function}"}}')
    if one.film:
        lines.append(f"master: {one.slug}")
    lines += ["---", "", said(chance, lang, 45), "", said(chance, lang, 35), "", _HEADINGS[lang], ""]
    colon = " : " if french else ": "
    for turn, length in enumerate(one.lengths):
        stamp = f"[{format_clock(one.starts[turn])}] "
        question = turn % 2 == 0
        words = _sentence(chance, lang, length, _MARKS[lang][0]) if question else said(chance, lang, length)
        lines += [f"{stamp}{asks if question else answers}{colon}{words}", ""]
    return "\n".join(lines)


def sheet(one: Interview) -> Sheet:
    """The facts of a film that does not exist."""
    sha256 = f"{random.Random(f'film {one.number}').getrandbits(256):064x}"
    duration = -(-(one.starts[-1] + 3_000) // 40) * 40
    return Sheet(
        id=one.slug,
        version=sha256[:12],
        sha256=sha256,
        bytes=duration * 400,
        container="mp4",
        duration_ms=duration,
        video=Video(codec="h264", width=1280, height=720, frame_rate="25/1", frames=duration // 40),
        audio=(Audio(codec="aac", sample_rate=48_000, channels=2, layout="stereo"),),
        start_timecode="10:00:00:00",
    )


def write_archive(interviews: int, folder: Path) -> None:
    """The whole project, afresh: pages and sheets made up, editorial pages and configuration as they stand here."""
    shutil.rmtree(folder, ignore_errors=True)
    for lang in LANGUAGES:
        shutil.copytree(HOUSE / "docs" / lang, folder / "docs" / lang, ignore=shutil.ignore_patterns("interviews"))
        (folder / "docs" / lang / "interviews").mkdir()
    (folder / "docs" / "masters").mkdir()
    shutil.copyfile(HOUSE / "mkdocs_hook.py", folder / "mkdocs_hook.py")
    settings = (HOUSE / "mkdocs.yml").read_text(encoding="utf-8")
    theme = f"custom_dir: {HOUSE / 'catalogue' / 'theme'}"
    (folder / "mkdocs.yml").write_text(settings.replace("custom_dir: catalogue/theme", theme), encoding="utf-8")
    pairs = "".join(f"- {{fr: {french}, en: {english}}}\n" for french, english in TOPICS.items())
    (folder / "docs" / "topics.yml").write_text(pairs, encoding="utf-8")
    for number in range(interviews):
        one = interview(number)
        for lang in one.languages:
            (folder / "docs" / lang / "interviews" / f"{one.slug}.md").write_text(page(one, lang), encoding="utf-8")
        if one.film:
            text = json.dumps(msgspec.to_builtins(sheet(one)), indent=1)
            (folder / "docs" / "masters" / f"{one.slug}.yml").write_text(text + "\n", encoding="utf-8")


def change_a_word(folder: Path, number: int) -> str:
    """One word more in the middle of one answer of one page; gives the page's path. Each call changes it anew."""
    one = interview(number)
    path = f"docs/{one.languages[0]}/interviews/{one.slug}.md"
    lines = (folder / path).read_text(encoding="utf-8").split("\n")
    turns = [index for index, line in enumerate(lines) if line.startswith("[") and index % 4]
    middle = turns[len(turns) // 2]
    lines[middle] += " Absolument." if one.languages[0] == "fr" else " Absolutely."
    (folder / path).write_text("\n".join(lines), encoding="utf-8")
    return path


def change_a_title(folder: Path, number: int) -> str:
    """Another title for one page, which lists, feeds, maps and neighbours show too; gives the page's path."""
    one = interview(number)
    path = f"docs/{one.languages[0]}/interviews/{one.slug}.md"
    text = (folder / path).read_text(encoding="utf-8")
    word = "reprise" if one.languages[0] == "fr" else "continued"
    (folder / path).write_text(
        re.sub(r'^(title: "[^"]*)"', rf'\1, {word}"', text, count=1, flags=re.MULTILINE), encoding="utf-8"
    )
    return path


def said(chance: random.Random, lang: str, words: int) -> str:
    """Sentences with so many words together."""
    sentences = []
    while words > 0:
        length = words if words < 12 else min(words, chance.randint(5, 22))
        end = "." if chance.random() < 0.94 else _MARKS[lang][1]
        sentences.append(_sentence(chance, lang, length, end))
        words -= length
    return " ".join(sentences)


def _sentence(chance: random.Random, lang: str, length: int, end: str = ".") -> str:
    words = vocabulary(lang).draw(chance, length)
    for place in range(1, length):
        kind = chance.random()
        if kind < _NAMES:
            words[place] = proper_name(chance)
        elif kind < _NAMES + _NUMBERS:
            words[place] = str(chance.choice((chance.randint(1900, 2025), chance.randint(3, 400))))
    if length > 9:
        words[length // 2 - 1] += ","
    text = joined(words, lang)
    return text[0].upper() + text[1:] + end


def _plain(word: str) -> str:
    spelled = unicodedata.normalize("NFD", word.lower().replace("œ", "oe"))
    return "".join(letter for letter in spelled if letter.isascii() and letter.isalnum())


app = cyclopts.App(help="Write a made-up archive, always the same.")


@app.default
def main(*, interviews: int = 250, into: Path = Path("build/bench/archive-250")) -> None:
    """Write a project with so many interviews into a folder, which is emptied first.

    Example: python -m bench.archive --interviews 2000 --into build/bench/archive-2000
    """
    write_archive(interviews, into)
    print(f"{interviews} interviews in {into}/. Build them there with `duplex build`.")


if __name__ == "__main__":
    app()
