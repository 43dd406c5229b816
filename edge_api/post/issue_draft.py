"""The draft of an issue: the interviews that are new, as Markdown for an editor to write around. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import yaml

from catalogue.manifest import Entry
from catalogue.wording import date_text, duration_text

from .issue_text import TO_WRITE

_A_MONTH = timedelta(days=31)
_AT_LEAST = 3
_COUNTED = {
    "fr": ("", "un autre entretien", "deux autres entretiens", "trois autres entretiens", "quatre autres entretiens"),
    "en": ("", "one other interview", "two other interviews", "three other interviews", "four other interviews"),
}
_MORE = {"fr": "{n} autres entretiens", "en": "{n} other interviews"}
_AND = {"fr": "et", "en": "and"}
_HEARD = {
    ("fr", "fr"): "en français", ("fr", "en"): "en anglais, traduit",
    ("en", "en"): "in English", ("en", "fr"): "in French, translated",
}  # fmt: skip


def new_since(entries: Sequence[Entry], lang: str, told: Collection[str], today: date) -> list[Entry]:
    """The interviews of a language that no issue could tell of before, newest first.

    When there was no issue yet: those of the last month, but at least the three newest.
    """
    mine = sorted((entry for entry in entries if entry.lang == lang), key=lambda entry: (entry.date, entry.slug))[::-1]
    if told:
        return [entry for entry in mine if entry.slug not in told]
    recent = [entry for entry in mine if entry.date >= (today - _A_MONTH).isoformat()]
    return recent if len(recent) >= _AT_LEAST else mine[:_AT_LEAST]


def draft(entries: Sequence[Entry], lang: str) -> str:
    """The file for the editor: a subject, a paragraph to write, and each interview with a link and its facts."""
    head = yaml.safe_dump({"subject": _subject(entries, lang)}, allow_unicode=True, width=1000)
    parts = [f"---\n{head}---", TO_WRITE[lang], *(_told(entry) for entry in entries)]
    return "\n\n".join(parts) + "\n"


def _subject(entries: Sequence[Entry], lang: str) -> str:
    if not entries:
        return "La lettre de Duplex" if lang == "fr" else "The Duplex newsletter"
    others, counted = len(entries) - 1, _COUNTED[lang]
    if others == 0:
        return entries[0].title
    number = counted[others] if others < len(counted) else _MORE[lang].format(n=others)
    return f"{entries[0].title}, {_AND[lang]} {number}"


def _told(entry: Entry) -> str:
    people = [person for person in entry.speakers if person.role != "interviewer"]
    names = [f"{person.name}, {person.function}" if person.function else person.name for person in people]
    day = date_text(date.fromisoformat(entry.date), entry.lang)
    facts = " · ".join(filter(None, [*names, entry.place, day, _HEARD[entry.lang, entry.spoken], _length(entry)]))
    title = entry.title.replace("[", "\\[").replace("]", "\\]")
    return f"## [{title}]({entry.url})\n\n{facts}\n\n{entry.summary}"


def _length(entry: Entry) -> str:
    """The film's length in whole minutes, as both languages write it; nothing where there is no film."""
    if not entry.master:
        return ""
    ms = entry.duration_ms
    return duration_text(round(ms / 60_000) * 60_000 if ms >= 60_000 else ms)
