"""What machines read in a page: description, canonical address, languages, Open Graph, and JSON-LD (schema.org)."""

import json
from collections.abc import Mapping
from typing import Any

from catalogue.cues import has_cues
from catalogue.interview import LANGUAGES, Interview, home
from catalogue.shelf import Shelf, media
from catalogue.wording import iso_duration

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
FEED = "feed.xml"


def head_of(
    shelf: Shelf,
    origin: str,
    *,
    url: str,
    title: str,
    description: str,
    twin: str | None,
    kind: str = "website",
    image: str | None = None,
    json_ld: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The values of `head.html`. `twin` is the path of the real translation; a page without one names no other."""
    alternates = _alternates(shelf.lang, url, twin, origin) if twin else []
    og = {
        "og:title": title,
        "og:description": description,
        "og:type": kind,
        "og:url": origin + url,
        "og:site_name": shelf.words["site"]["name"],
        "og:locale": _LOCALES[shelf.lang],
    }
    if twin:
        og["og:locale:alternate"] = _LOCALES[next(lang for lang in LANGUAGES if lang != shelf.lang)]
    if image:
        og["og:image"] = origin + image
    return {
        "title": title,
        "description": description,
        "canonical": origin + url,
        "alternates": alternates,
        "og": og,
        "json_ld": script_json(json_ld) if json_ld else "",
        "feeds": [{"href": home(shelf.lang) + FEED, "title": shelf.words["feed"]["title"]}],
    }


def interview_head(interview: Interview, shelf: Shelf, origin: str, twin: Interview | None) -> dict[str, Any]:
    """The head of an interview's page; of a withdrawn one, only that it is."""
    if interview.withdrawn:
        title = shelf.words["withdrawn_title"]
        description = shelf.words["interview"]["withdrawn"]
        return head_of(shelf, origin, url=interview.url, title=title, description=description, twin=None)
    return head_of(
        shelf,
        origin,
        url=interview.url,
        title=interview.title,
        description=interview.summary,
        twin=twin.url if twin and not twin.withdrawn else None,
        kind="video.other" if interview.sheet else "article",
        image=media(interview, "poster.jpg"),
        json_ld=json_ld_of(interview, origin),
    )


def json_ld_of(interview: Interview, origin: str) -> dict[str, Any]:
    """A VideoObject with its transcript when there is a film, an Article otherwise (schema.org)."""
    people = [
        {"@type": "Person", "name": speaker.name} | ({"jobTitle": speaker.function} if speaker.function else {})
        for speaker in interview.speakers
        if speaker.role != "interviewer"
    ]
    text = "\n\n".join(f"{turn.name}: " + "\n\n".join(turn.paragraphs) for turn in interview.turns)
    common: dict[str, Any] = {
        "@context": "https://schema.org",
        "name": interview.title,
        "description": interview.summary,
        "url": origin + interview.url,
        "keywords": list(interview.topics),
    }
    if interview.reference:
        common["identifier"] = interview.reference
    if interview.credit:
        common["creditText"] = interview.credit
    if interview.place:
        common["contentLocation"] = {"@type": "Place", "name": interview.place}
    if interview.sheet is None:
        return common | {
            "@type": "Article",
            "headline": interview.title,
            "datePublished": interview.date.isoformat(),
            "inLanguage": interview.lang,
            "about": people,
            "articleBody": text,
        }
    video: dict[str, Any] = {
        "@type": "VideoObject",
        "uploadDate": interview.date.isoformat(),
        "inLanguage": interview.spoken,
        "duration": iso_duration(interview.sheet.duration_ms),
        "thumbnailUrl": f"{origin}{media(interview, 'poster.jpg')}",
        "contentUrl": f"{origin}{media(interview, 'proxy.mp4')}",
        "width": interview.sheet.video.width,
        "height": interview.sheet.video.height,
        "actor": people,
        "transcript": text,
    }
    if has_cues(interview.turns):
        caption = {"@type": "MediaObject", "encodingFormat": "text/vtt", "inLanguage": interview.lang}
        video["caption"] = caption | {"contentUrl": f"{origin}{interview.url}captions.vtt"}
    return common | video


def script_json(value: Mapping[str, Any]) -> str:
    """JSON that may stand inside a script element: no character of it can end the element or begin a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _alternates(lang: str, url: str, twin: str, origin: str) -> list[dict[str, str]]:
    """Absolute and reciprocal: each page names itself, its translation, and the French one as the default."""
    paths = {lang: url} | {other: twin for other in LANGUAGES if other != lang}
    named = [{"lang": each, "href": origin + paths[each]} for each in LANGUAGES]
    return [*named, {"lang": "x-default", "href": origin + paths[LANGUAGES[0]]}]
