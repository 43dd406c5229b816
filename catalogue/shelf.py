"""The catalogue as one language sees it: which page stands for each interview, its card, its topics, its speakers."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from catalogue.archive import Archive
from catalogue.interview import LANGUAGES, Interview, home
from catalogue.timecode import format_short
from catalogue.wording import Words, date_text, slug_of

_QUOTE_LEAST, _QUOTE_MOST = 40, 220
_RELATED = 3
_NEAR = 40


class Shelf:
    """Every interview once, in `lang` when it exists there and otherwise in the other language, newest first."""

    def __init__(self, archive: Archive, lang: str, words: Words) -> None:
        self.lang, self.words, self.root = lang, words, home(lang)
        self.pairs = {"fr": archive.topic_pairs, "en": {en: fr for fr, en in archive.topic_pairs.items()}}
        self.pages = {(one.slug, one.lang): one for one in archive.interviews}
        standing = [one for one in archive.interviews if not one.withdrawn]
        own = {one.slug for one in standing if one.lang == lang}
        self.interviews = [one for one in standing if one.lang == lang or one.slug not in own]
        # A withdrawn page keeps its address; its twin must not stand in for it.
        withdrawn = {one.slug for one in archive.interviews if one.withdrawn and one.lang == lang}
        self.interviews = [one for one in self.interviews if one.slug not in withdrawn]
        self.places = {one.slug: place for place, one in enumerate(self.interviews)}

    @cached_property
    def by_topic(self) -> dict[str, list[Interview]]:
        """Interviews by topic, in this language's words, in the order of the alphabet."""
        return self._grouped(self.topics_of, order=slug_of)

    @cached_property
    def by_speaker(self) -> dict[str, list[Interview]]:
        """Interviews by the name of who answers, in the order of family names as far as a name tells."""

        def answering(one: Interview) -> list[str]:
            return [speaker.name for speaker in one.speakers if speaker.role != "interviewer"]

        return self._grouped(answering, order=lambda name: slug_of(name.split()[-1]))

    def _grouped(
        self, names: Callable[[Interview], list[str]], order: Callable[[str], str]
    ) -> dict[str, list[Interview]]:
        """Two spellings of one address are one group, under the spelling of the newest page."""
        spelling: dict[str, str] = {}
        found = defaultdict[str, list[Interview]](list)
        for one in self.interviews:
            for name in names(one):
                group = found[spelling.setdefault(slug_of(name), name)]
                if not group or group[-1] is not one:
                    group.append(one)
        return {name: found[name] for name in sorted(found, key=order)}

    def topics_of(self, interview: Interview) -> list[str]:
        """Its topics in this language; one that nobody paired is not shown in the other language."""
        if interview.lang == self.lang:
            return list(dict.fromkeys(interview.topics))
        pairs = self.pairs[interview.lang]
        return list(dict.fromkeys(pairs[topic] for topic in interview.topics if topic in pairs))

    def topic_url(self, topic: str) -> str:
        """The page of a topic."""
        return f"{self.root}topics/{slug_of(topic)}/"

    def speaker_url(self, name: str) -> str:
        """The page of a speaker."""
        return f"{self.root}speakers/{slug_of(name)}/"

    def card(self, interview: Interview) -> dict[str, Any]:
        """What a listing shows of an interview."""
        answering = [speaker for speaker in interview.speakers if speaker.role != "interviewer"]
        languages = [lang for lang in LANGUAGES if self.stands(interview.slug, lang)]
        return {
            "url": interview.url,
            "title": interview.title,
            "title_lang": interview.lang,
            "date": interview.date.isoformat(),
            "date_text": date_text(interview.date, self.lang),
            "place": interview.place,
            "speaker_names": [speaker.name for speaker in answering],
            "speaker_functions": [speaker.function for speaker in answering if speaker.function],
            "duration_text": format_short(interview.sheet.duration_ms) if interview.sheet else "",
            "poster": media(interview, "poster.jpg"),
            "languages": languages,
            "untranslated": interview.lang != self.lang,
            "summary": interview.summary,
            "quote": quote_of(interview),
        }

    def cards(self, interviews: Iterable[Interview]) -> list[dict[str, Any]]:
        """The cards of several."""
        return [self.card(one) for one in interviews]

    def stands(self, slug: str, lang: str) -> bool:
        """The interview has a page in a language, and that page is not withdrawn."""
        page = self.pages.get((slug, lang))
        return page is not None and not page.withdrawn

    def related(self, interview: Interview) -> list[Interview]:
        """Those with most topics and speakers in common; then the nearest in time."""
        common = defaultdict[str, int](int)
        groups = [self.by_topic.get(topic, []) for topic in self.topics_of(interview)]
        groups += [self.by_speaker.get(speaker.name, []) for speaker in interview.speakers]
        for group in groups:
            # The newest of a large group are enough: the cost of a page must not grow with the archive.
            for one in group[:_NEAR]:
                common[one.slug] += 1
        place = self.places.get(interview.slug, 0)
        around = self.interviews[max(0, place - _RELATED) : place + _RELATED + 1]
        slugs = {*common, *(one.slug for one in around)} - {interview.slug}
        ranked = sorted(slugs, key=lambda slug: (-common[slug], abs(self.places[slug] - place), slug))
        return [self.interviews[self.places[slug]] for slug in ranked[:_RELATED]]


def media(interview: Interview, name: str) -> str | None:
    """The public address of a file made from the interview's master."""
    sheet = interview.sheet
    return f"/media/{sheet.id}/{sheet.version}/{name}" if sheet else None


def quote_of(interview: Interview) -> str:
    """The first sentence or sentences of the first answer, never cut in the middle of one unless it is endless."""
    asking = {speaker.key for speaker in interview.speakers if speaker.role == "interviewer"}
    answers = (turn for turn in interview.turns if turn.key not in asking and turn.paragraphs)
    first = next(answers, None)
    if first is None:
        return ""
    quote = ""
    rest = first.paragraphs[0]
    while rest and len(quote) < _QUOTE_LEAST:
        end = min((at + 1 for mark in ".!?…" if (at := rest.find(f"{mark} ")) >= 0), default=len(rest))
        quote, rest = f"{quote} {rest[:end]}".strip(), rest[end:].strip()
    if len(quote) > _QUOTE_MOST:
        quote = quote[:_QUOTE_MOST].rpartition(" ")[0].rstrip(",;: ") + "…"
    return quote
