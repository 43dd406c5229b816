"""What `words.yml` holds, typed. Lists are written there as text, so that YAML takes no `on` for true."""

from pathlib import Path

import msgspec


class Stems(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language: lists of words parted by spaces."""

    bare: bool
    frequent: str
    verbs: str
    verb_endings: str
    prefixes: str
    nouns: str
    noun_endings: str
    adjectives: str
    adjective_endings: str


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything an interview is made of."""

    fr: Stems
    en: Stems
    syllables: str
    ends: str
    places: str
    first_names: str
    topics: str
    functions: tuple[str, ...]
    interviewers: tuple[str, ...]


WORDS = msgspec.yaml.decode((Path(__file__).parent / "words.yml").read_bytes(), type=Words)
STEMS = {"fr": WORDS.fr, "en": WORDS.en}
SYLLABLES, ENDS = tuple(WORDS.syllables.split()), tuple(WORDS.ends.split())
PLACES, FIRST_NAMES = tuple(WORDS.places.split()), tuple(WORDS.first_names.split())
TOPICS = dict(pair.split("=") for pair in WORDS.topics.split())
FUNCTIONS = dict(pair.split("=") for pair in WORDS.functions)
INTERVIEWERS = WORDS.interviewers
