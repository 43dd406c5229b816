"""The page of an interview that nobody has written yet: every field, one question, one answer, and nothing said.

What must be filled in is left empty, so that `duplex check` names it, and no build publishes it by accident.
"""

import json
from collections.abc import Sequence
from datetime import date

from catalogue.reading.parsing import HEADINGS

_NOBODY = {"fr": "NOM", "en": "NAME"}
_FILM = {"fr": "identifiant du film, une fois ingéré", "en": "id of the film, once it is ingested"}
_COLON = {"fr": " :", "en": ":"}


def skeleton(lang: str, day: date, *, spoken: str, speakers: Sequence[str] = (), master: str = "") -> str:
    """The Markdown of a page in a language. `speakers` are the names of those who answer, `master` is the film's id."""
    people = [(_key(name), _quoted(name)) for name in speakers] or [(_NOBODY[lang], "")]
    listed = "\n".join(f"  - {{key: {_quoted(key)}, name: {name}, function: }}" for key, name in people)
    film = f"master: {master}" if master else f"# master: {_FILM[lang]}"
    colon = _COLON[lang]
    return f"""---
title:
date: {day.isoformat()}
place:
summary:
spoken: {spoken}
speakers:
  - {{key: Q, role: interviewer}}
{listed}
topics: []
{film}
reference:
credit:
terms:
---

{HEADINGS[lang]}

[00:00:00.000] Q{colon}

[00:00:10.000] {people[0][0]}{colon}
"""


def _key(name: str) -> str:
    """How the transcript writes a name: `CLAIRE DUVAL`. A colon would end it."""
    return " ".join(name.upper().replace(":", " ").replace("[", " ").split()) or "?"


def _quoted(text: str) -> str:
    """Plain where YAML reads it as the same text, in quotes otherwise."""
    plain = all(char.isalpha() or char in " -’" for char in text) and text[:1].isalpha()
    return (
        text
        if plain and text.lower() not in ("no", "yes", "null", "on", "off", "true", "false")
        else json.dumps(text, ensure_ascii=False)
    )
