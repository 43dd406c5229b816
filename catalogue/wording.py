"""Dates, lengths, sizes and addresses as each language writes them; no-break spaces keep numbers with units."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from babel.dates import get_month_names

from catalogue.interview import Facts
from catalogue.timecode import parse_rate

Words = Mapping[str, Any]
NARROW = "\u202f"


def date_text(day: date, lang: str) -> str:
    """`14 mars 2026`, `1er mars 2026`; `14 March 2026`."""
    number = "1er" if lang == "fr" and day.day == 1 else day.day
    return f"{number} {_months(lang)[day.month]} {day.year}"


@lru_cache
def _months(lang: str) -> Mapping[int, str]:
    return get_month_names("wide", locale="fr_FR" if lang == "fr" else "en_GB")


def duration_text(ms: int) -> str:
    """`1 min 30 s`, `2 h 5 min`: in both languages, rounded to the second, from one hour on to the minute."""
    seconds = (ms + 500) // 1000
    if seconds >= 3600:
        parts = [(seconds // 3600, "h"), ((seconds % 3600) // 60, "min")]
    else:
        parts = [(seconds // 60, "min"), (seconds % 60, "s")]
    shown = [f"{number}{NARROW}{unit}" for number, unit in parts if number]
    return " ".join(shown) or f"0{NARROW}s"


def iso_duration(ms: int) -> str:
    """`PT90.5S`: ISO 8601, in seconds, as schema.org wants it."""
    seconds, rest = divmod(ms, 1000)
    fraction = f".{rest:03d}".rstrip("0") if rest else ""
    return f"PT{seconds}{fraction}S"


def size_text(size: int, lang: str) -> str:
    """`42 Mo` or `42 MB`, in decimal units, as storage is sold and shown."""
    byte = "o" if lang == "fr" else "B"
    for factor, prefix in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if size >= factor:
            tenths = round(size * 10 / factor)
            whole, tenth = divmod(tenths, 10)
            mark = "," if lang == "fr" else "."
            number = f"{whole}{mark}{tenth}" if whole < 10 and tenth else f"{(tenths + 5) // 10}"
            return f"{number}{NARROW}{prefix}{byte}"
    return f"{size}{NARROW}{byte}"


def rate_text(rate: str, lang: str) -> str:
    """`25 i/s`, `29,97 i/s`; `25 fps`, `29.97 fps`."""
    fraction = parse_rate(rate)
    hundredths = round(fraction * 100)
    text = str(hundredths // 100) if hundredths % 100 == 0 else f"{hundredths // 100}.{hundredths % 100:02d}"
    return f"{text.replace('.', ',')}{NARROW}i/s" if lang == "fr" else f"{text}{NARROW}fps"


def number_text(number: int, words: Words) -> str:
    """`12 345` with a narrow no-break space, or `12,345`."""
    return str(number) if number < 1000 else f"{number:,}".replace(",", words["counts"]["thousands"])


def count_text(number: int, words: Words) -> str:
    """`Aucun entretien`, `1 entretien`, `1 200 entretiens`."""
    counts = words["counts"]
    if number < 2:
        return str(counts["interviews_one" if number else "interviews_none"])
    return str(counts["interviews_many"]).replace("{n}", number_text(number, words))


def counts_text(interviews: int, films: int, films_ms: int, words: Words) -> str:
    """`1 352 entretiens, 310 films, 412 h`; from 10 h on in whole hours."""
    parts = [count_text(interviews, words)]
    if films:
        several = str(words["counts"]["films_one" if films == 1 else "films_many"])
        parts += [several.replace("{n}", number_text(films, words))]
        hours = number_text(films_ms // 3_600_000, words)
        parts += [f"{hours}{NARROW}h" if films_ms >= 36_000_000 else duration_text(films_ms)]
    return ", ".join(parts)


def names_text(names: list[str], words: Words) -> str:
    """`Anne, Paul et Marie`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {words['and']} {names[-1]}"


def cite_text(interview: Facts, address: str, words: Words) -> str:
    """How to cite the page: title, who speaks, where, when, and its absolute address."""
    names = [speaker.name for speaker in interview.speakers if speaker.role != "interviewer"]
    form = words["citation"] if names else words["citation_alone"]
    values = {
        "title": interview.title,
        "speakers": names_text(names, words),
        "date": date_text(interview.date, interview.lang),
        "url": address,
    }
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], str(form))


@lru_cache(maxsize=100_000)
def slug_of(text: str) -> str:
    """An address for a topic or a name: `Savoir-faire d’été` is `savoir-faire-d-ete`. Never empty."""
    plain = text.lower().replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    plain = "".join(char for char in unicodedata.normalize("NFD", plain) if not unicodedata.combining(char))
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    # A name in another script keeps an address of its own: the numbers of its letters.
    return slug or "-".join(f"{ord(char):x}" for char in text.strip()) or "x"
