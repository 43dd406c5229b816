"""Home, and the lists by date, by topic and by speaker: for each page its address, its template and its values."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec

from catalogue.interview import Interview
from catalogue.shelf import Shelf
from catalogue.wording import count_text, slug_of

_RECENT = 6


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One generated page. `twin` is the same list in the other language, None when that language lacks it."""

    url: str
    kind: str
    template: str
    title: str
    description: str
    values: dict[str, Any]
    twin: str | None


def listings(shelf: Shelf, other: Shelf) -> Iterator[Listing]:
    """Every list of one language; `other` is the other language's shelf."""
    words = shelf.words["listing"]
    yield _listing(
        shelf,
        "interviews/",
        heading=words["interviews_title"],
        intro=words["interviews_intro"],
        interviews=list(shelf.interviews),
        tab="interviews",
        crumbs=[],
        twin=f"{other.root}interviews/",
        by_year=True,
    )
    yield _names(shelf, other, "topics", shelf.by_topic)
    for topic, interviews in shelf.by_topic.items():
        yield _listing(
            shelf,
            f"topics/{slug_of(topic)}/",
            heading=topic,
            intro="",
            interviews=interviews,
            tab="topics",
            crumbs=[{"text": words["topics_title"], "url": f"{shelf.root}topics/"}, {"text": topic, "url": None}],
            twin=_twin_of_topic(shelf, other, topic),
        )
    yield _names(shelf, other, "speakers", shelf.by_speaker)
    for name, interviews in shelf.by_speaker.items():
        yield _listing(
            shelf,
            f"speakers/{slug_of(name)}/",
            heading=name,
            intro=_function(interviews, name, shelf.lang),
            interviews=interviews,
            tab="speakers",
            crumbs=[{"text": words["speakers_title"], "url": f"{shelf.root}speakers/"}, {"text": name, "url": None}],
            twin=other.speaker_url(name) if name in other.by_speaker else None,
        )


def home_page(shelf: Shelf, other: Shelf, *, intro_html: str, title: str) -> Listing:
    """The home of a language: the editors' words, the latest interview, the recent ones."""
    cards = shelf.cards(shelf.interviews[: _RECENT + 1])
    return Listing(
        url=shelf.root,
        kind="home",
        template="home.html",
        title=title,
        description=shelf.words["site"]["description"],
        values={
            "intro_html": intro_html,
            "title": title,
            "latest": cards[0] if cards else None,
            "recent": cards[1:],
            "counts_text": count_text(len(shelf.interviews), shelf.words),
        },
        twin=other.root,
    )


def _listing(
    shelf: Shelf,
    path: str,
    *,
    heading: str,
    intro: str,
    interviews: list[Interview],
    tab: str,
    crumbs: list[dict[str, Any]],
    twin: str | None,
    by_year: bool = False,
) -> Listing:
    groups = None
    if by_year:
        years = groupby(interviews, key=lambda one: one.date.year)
        groups = [{"heading": str(year), "cards": shelf.cards(ones)} for year, ones in years]
    return Listing(
        url=shelf.root + path,
        kind="listing",
        template="listing.html",
        title=heading,
        description=intro or shelf.words["site"]["description"],
        values={
            "heading": heading,
            "intro": intro,
            "cards": [] if by_year else shelf.cards(interviews),
            "count_text": count_text(len(interviews), shelf.words),
            "crumbs": crumbs,
            "tabs": _tabs(shelf, tab),
            "groups": groups,
        },
        twin=twin,
    )


def _names(shelf: Shelf, other: Shelf, kind: str, found: dict[str, list[Interview]]) -> Listing:
    words = shelf.words["listing"]
    address = shelf.topic_url if kind == "topics" else shelf.speaker_url
    items = [
        {
            "text": name,
            "url": address(name),
            "count_text": count_text(len(interviews), shelf.words),
            "note": _function(interviews, name, shelf.lang) if kind == "speakers" else "",
        }
        for name, interviews in found.items()
    ]
    heading, intro = words[f"{kind}_title"], words[f"{kind}_intro"]
    return Listing(
        url=f"{shelf.root}{kind}/",
        kind="listing",
        template="index_of.html",
        title=heading,
        description=intro,
        values={"heading": heading, "intro": intro, "tabs": _tabs(shelf, kind), "items": items},
        twin=f"{other.root}{kind}/",
    )


def _tabs(shelf: Shelf, current: str) -> list[dict[str, Any]]:
    words = shelf.words["listing"]
    names = {"interviews": "by_date", "topics": "by_topic", "speakers": "by_speaker"}
    return [
        {"text": words[word], "url": f"{shelf.root}{path}/", "current": path == current} for path, word in names.items()
    ]


def _twin_of_topic(shelf: Shelf, other: Shelf, topic: str) -> str | None:
    paired = shelf.pairs[shelf.lang].get(topic)
    return other.topic_url(paired) if paired in other.by_topic else None


def _function(interviews: list[Interview], name: str, lang: str) -> str:
    """What somebody does, from the newest page; a page in the other language says it in the wrong words."""
    for one in interviews:
        for speaker in one.speakers:
            if one.lang == lang and speaker.name == name and speaker.function:
                return speaker.function
    return ""
