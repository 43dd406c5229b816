"""An interview as its template sees it. Plain values: text, numbers, lists; the only HTML is the editor's context."""

from collections.abc import Mapping
from typing import Any

from catalogue.exports.cues import has_cues
from catalogue.interview import Interview, Record, media, other_language
from catalogue.manifest import Entry, Person
from catalogue.pages.embed import embed_code
from catalogue.pages.technical import facts_text
from catalogue.pages.turns import Turns
from catalogue.reading.markup import context_html
from catalogue.timecode import format_short
from catalogue.wording import Words, cite_text, date_text, duration_text, slug_of

_NOTHING: dict[str, Any] = {
    "film": None,
    "speakers": [],
    "topics": [],
    "turns_html": "",
    "timed_turns": 0,
    "files": [],
    "other_url": None,
}
FILES = ("captions.vtt", "captions.srt", "transcript.txt", "transcript.json")


def spoken_text(interview: Interview, words: Words) -> str:
    """`filmé en français`, or `en français` where there is no film."""
    return str(words["spoken_in" if interview.sheet else "told_in"][interview.spoken])


def interview_view(interview: Interview, twin: Interview | None, words: Words, origin: str) -> dict[str, Any]:
    """Everything `interview.html` shows; `twin` is the page in the other language. A withdrawn interview gives its
    address, its reason, and nothing else."""
    view: dict[str, Any] = {
        "slug": interview.slug,
        "lang": interview.lang,
        "url": interview.url,
        "title": words["withdrawn_title"] if interview.withdrawn else interview.title,
        "date": interview.date.isoformat(),
        "date_text": date_text(interview.date, interview.lang),
        "withdrawn": interview.withdrawn or None,
    }
    if interview.withdrawn:
        return view | _NOTHING
    nameless = words["interview"]["question"]
    turns = Turns(interview, words)
    return view | {
        "place": interview.place,
        "summary": interview.summary,
        "spoken": interview.spoken,
        "spoken_text": spoken_text(interview, words),
        "translated_text": words["translated_from" if interview.sheet else "told_from"][interview.spoken],
        "translated": interview.translated,
        "other_url": twin.url if twin else None,
        "other_lang": other_language(interview.lang),
        "speakers": [
            {
                "key": speaker.key,
                "name": speaker.name or nameless,
                "function": speaker.function,
                "role": speaker.role,
                "url": None if speaker.role == "interviewer" else f"{interview.root}speakers/{slug_of(speaker.name)}/",
            }
            for speaker in interview.speakers
        ],
        "topics": [
            {"name": topic, "url": f"{interview.root}topics/{slug_of(topic)}/"}
            for topic in dict.fromkeys(interview.topics)
        ],
        "context_html": context_html(interview.context),
        "film": _film(interview, twin, words),
        "turns_html": turns.html(),
        "beginnings_html": turns.beginnings() if interview.sheet else "",
        "ends_html": turns.ends() if interview.sheet else "",
        "timed_turns": len(interview.timed_turns),
        "files": _files(interview, words["files"]),
        "reference": interview.reference,
        "credit": interview.credit,
        "terms": interview.terms,
        "cite_text": cite_text(interview, origin + interview.url, words),
    }


def is_excerpt(interview: Interview) -> bool:
    """The film shows a part of the interview: some turns are timed and others are not."""
    return interview.sheet is not None and 0 < len(interview.timed_turns) < len(interview.turns)


def _film(interview: Interview, twin: Interview | None, words: Words) -> dict[str, Any] | None:
    sheet = interview.sheet
    if sheet is None:
        return None
    return {
        "master": sheet.id,
        "version": sheet.version,
        "poster": media(sheet, "poster.jpg"),
        "proxy": media(sheet, "proxy.mp4"),
        "storyboard": media(sheet, "storyboard.vtt"),
        "peaks": media(sheet, "peaks.json"),
        "duration_ms": sheet.duration_ms,
        "duration_text": duration_text(sheet.duration_ms),
        "duration_clock": format_short(sheet.duration_ms),
        "excerpt": is_excerpt(interview),
        "frame_rate": sheet.video.frame_rate,
        "start_timecode": sheet.start_timecode,
        "drop_frame": sheet.drop_frame,
        "width": sheet.video.width,
        "height": sheet.video.height,
        "bytes": sheet.bytes,
        "facts_text": facts_text(sheet, interview.lang, words),
        # The page's script writes the address, with the passage in it.
        "embed": embed_code(interview, sheet, "{src}"),
        "captions": tracks_of(interview, twin, words),
    }


def tracks_of(interview: Interview, twin: Interview | None, words: Words) -> list[dict[str, Any]]:
    """The captions of a film, the page's own language first."""
    return [
        {
            "lang": one.lang,
            "label": words["language"][one.lang],
            "src": f"{one.url}captions.vtt",
            # Who reads a translation does not understand the film: its captions are shown unasked.
            "default": one is interview and interview.translated,
        }
        for one in (interview, twin)
        if one is not None and not one.withdrawn and has_cues(one.turns)
    ]


def _files(interview: Interview, labels: Mapping[str, str]) -> list[dict[str, str]]:
    """The files worth offering: captions only when there is something in them."""
    offered = FILES if has_cues(interview.turns) else FILES[2:]
    return [{"href": interview.url + name, "label": labels[name.replace(".", "_")], "note": ""} for name in offered]


def entry_of(one: Record) -> Entry:
    """The line of `catalogue.json` that tells the edge of this page."""
    return Entry(
        slug=one.slug,
        lang=one.lang,
        url=one.url,
        title=one.title,
        date=one.date.isoformat(),
        place=one.place,
        summary=one.summary,
        spoken=one.spoken,
        translated=one.translated,
        languages=one.languages,
        master=one.film.master if one.film else None,
        version=one.film.version if one.film else None,
        duration_ms=one.film.duration_ms if one.film else 0,
        width=one.film.width if one.film else 0,
        height=one.film.height if one.film else 0,
        turns=one.turns,
        timed_turns=one.timed_turns,
        reference=one.reference,
        credit=one.credit,
        terms=one.terms,
        speakers=tuple(
            Person(key=speaker.key, name=speaker.name, function=speaker.function, role=speaker.role)
            for speaker in one.speakers
        ),
        topics=one.topics,
    )
