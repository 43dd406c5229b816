"""The catalogue as one language sees it: which page stands for each interview, and its groups."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

import msgspec

from catalogue.interview import Facts, Record, home, other_language
from catalogue.wording import Words, slug_of

_RELATED = 3
Pages = Mapping[tuple[str, str], Record]


class Group(msgspec.Struct):
    """Interviews that have something in common, newest first; `name` is how the newest writes it."""

    slug: str
    name: str
    interviews: list[Record]


class Shelf:
    """Every interview once, in `lang` when it exists there and otherwise in the other language, newest first.

    `pages` are all that may be seen, by slug and language and in that order; `pairs` maps French topics to English.
    """

    def __init__(self, pages: Pages, pairs: Mapping[str, str], lang: str, words: Words) -> None:
        self.pages, self.lang, self.words, self.root = pages, lang, words, home(lang)
        self.pairs = {"fr": dict(pairs), "en": {en: fr for fr, en in pairs.items()}}
        # A withdrawn page keeps its address; its twin does not stand in for it.
        self.interviews = [
            one for one in pages.values() if not one.withdrawn and (one.lang == lang or (one.slug, lang) not in pages)
        ]

    def twin(self, one: Facts) -> Record | None:
        """The same interview's page in the other language, None when there is none to lead to."""
        found = self.pages.get((one.slug, other_language(one.lang)))
        return found if found is not None and not found.withdrawn else None

    @cached_property
    def topics(self) -> dict[str, Group]:
        """Interviews by topic, in this language's words, in the order of the alphabet."""
        return self._grouped(self.topics_of)

    @cached_property
    def speakers(self) -> dict[str, Group]:
        """Interviews by who answers, in the order of family names as far as a name tells."""
        return self._grouped(_answering, family_name)

    @cached_property
    def places(self) -> dict[str, Group]:
        """Interviews by place, as this language writes it where a translation tells."""
        return self._grouped(self._places_of)

    @cached_property
    def spoken(self) -> dict[str, Group]:
        """Interviews by the language heard in them."""
        return self._grouped(lambda one: [one.spoken])

    @cached_property
    def place_pairs(self) -> dict[str, str]:
        """How the other language writes a place, by its slug in this one: learned from pages in both."""
        pairs: dict[str, str] = {}
        for one in self.interviews:
            twin = self.twin(one) if one.lang == self.lang else None
            if twin is not None and one.place and twin.place:
                pairs.setdefault(slug_of(one.place), twin.place)
        return pairs

    def _places_of(self, one: Record) -> list[str]:
        if not one.place:
            return []
        return [one.place if one.lang == self.lang else self._translated_places.get(slug_of(one.place), one.place)]

    @cached_property
    def _translated_places(self) -> dict[str, str]:
        """How this language writes a place, by its slug in the other."""
        return {slug_of(foreign): self._spelling[slug] for slug, foreign in reversed(self.place_pairs.items())}

    @cached_property
    def _spelling(self) -> dict[str, str]:
        own = (one for one in reversed(self.interviews) if one.lang == self.lang and one.place)
        return {slug_of(one.place): one.place for one in own}

    def _grouped(
        self, names: Callable[[Record], Iterable[str]], order: Callable[[str], str] = slug_of
    ) -> dict[str, Group]:
        """Two spellings of one address are one group, under the spelling of the newest page."""
        found: dict[str, Group] = {}
        for one in self.interviews:
            for name in names(one):
                slug = slug_of(name)
                group = found.get(slug)
                if group is None:
                    found[slug] = Group(slug, name, [one])
                elif group.interviews[-1] is not one:
                    group.interviews.append(one)
        return {slug: found[slug] for slug in sorted(found, key=lambda slug: (order(found[slug].name), slug))}

    def topics_of(self, one: Facts) -> list[str]:
        """Its topics in this language; one that nobody paired is not shown in the other language."""
        if one.lang == self.lang:
            return list(dict.fromkeys(one.topics))
        pairs = self.pairs[one.lang]
        return list(dict.fromkeys(pairs[topic] for topic in one.topics if topic in pairs))

    def groups_of(self, one: Facts) -> Iterator[Sequence[Record]]:
        """The interviews with which it shares a topic or a speaker, one list for each."""
        kinds = ((self.topics, self.topics_of(one)), (self.speakers, _answering(one)))
        for groups, names in kinds:
            for slug in dict.fromkeys(map(slug_of, names)):
                if slug in groups:
                    yield groups[slug].interviews

    def related(self, one: Record) -> tuple[str, ...]:
        """The slugs of those with most topics and speakers in common among the nearest in time; then the nearest.

        Only a few neighbours in each group are looked at: the cost of a page does not grow with the archive, and a new
        interview changes only pages near it.
        """
        common: dict[str, int] = {}
        days: dict[str, date] = {}
        for count, group in [(0, self.interviews), *((1, group) for group in self.groups_of(one))]:
            for other in around(group, one):
                common[other.slug] = common.get(other.slug, 0) + count
                days[other.slug] = other.date
        common.pop(one.slug, None)
        return tuple(
            sorted(common, key=lambda slug: (-common[slug], abs((days[slug] - one.date).days), slug))[:_RELATED]
        )

    def shown(self, slug: str) -> Record:
        """The page that stands for an interview here."""
        own = self.pages.get((slug, self.lang))
        return own if own is not None else self.pages[slug, other_language(self.lang)]


def around(group: Sequence[Record], one: Facts) -> Iterator[Record]:
    """The nearest in a group, before and after the place where an interview stands in it, or would stand."""
    place = bisect_left(group, _place(one), key=_place)
    for at in range(max(0, place - _RELATED), min(len(group), place + _RELATED + 1)):
        yield group[at]


def _place(one: Facts) -> tuple[int, str]:
    return (-one.date.toordinal(), one.slug)


def _answering(one: Facts) -> list[str]:
    return [speaker.name for speaker in one.speakers if speaker.role != "interviewer"]


def family_name(name: str) -> str:
    """What a speaker is put in order by: the last word of the name."""
    return slug_of(name.split()[-1])
