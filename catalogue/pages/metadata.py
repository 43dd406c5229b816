"""What machines read in a page: description, canonical address, languages, Open Graph, and JSON-LD (schema.org)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from catalogue.exports.cues import has_cues
from catalogue.interview import LANGUAGES, Interview, home, media, other_language
from catalogue.pages.clips import Clip, clips_of
from catalogue.pages.feeds import ATOM
from catalogue.pages.oembed import discovery
from catalogue.wording import Words, iso_duration

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


def head_of(
    lang: str,
    words: Words,
    origin: str,
    *,
    url: str,
    title: str,
    description: str,
    twin: str | None,
    kind: str = "website",
    image: str | None = None,
    json_ld: Mapping[str, Any] | None = None,
    feeds: Sequence[Mapping[str, str]] = (),
    around: tuple[str | None, str | None] = (None, None),
) -> dict[str, Any]:
    """The values of `head.html`. `twin` is the path of the real translation; a page without one names no other.
    `around` are the paths of the pages before and after it in a list."""
    alternates = _alternates(lang, url, twin, origin) if twin else []
    og = {
        "og:title": title,
        "og:description": description,
        "og:type": kind,
        "og:url": origin + url,
        "og:site_name": words["site"]["name"],
        "og:locale": _LOCALES[lang],
    }
    if twin:
        og["og:locale:alternate"] = _LOCALES[other_language(lang)]
    if image:
        og |= {"og:image": origin + image, "og:image:alt": title}
    return {
        "title": title,
        "switch": twin,
        "description": description,
        "canonical": origin + url,
        "alternates": alternates,
        "og": og,
        "json_ld": script_json(json_ld) if json_ld else "",
        "feeds": feeds or [_feed(lang, words)],
        "around": around,
    }


def _feed(lang: str, words: Words) -> dict[str, str]:
    return {"href": f"{home(lang)}{ATOM}", "type": "application/atom+xml", "title": words["feed"]["title"]}


def interview_head(interview: Interview, twin: Interview | None, words: Words, origin: str) -> dict[str, Any]:
    """The head of an interview's page; of a withdrawn one, only that it is."""
    lang, url = interview.lang, interview.url
    if interview.withdrawn:
        title, description = words["withdrawn_title"], words["interview"]["withdrawn"]
        head = head_of(lang, words, origin, url=url, title=title, description=description, twin=None)
        # No machine is led from one to the other; a reader who asks for the other language gets it.
        return head | {"switch": twin.url if twin else None}
    return head_of(
        lang,
        words,
        origin,
        url=url,
        title=interview.title,
        description=interview.summary,
        twin=twin.url if twin and not twin.withdrawn else None,
        kind="video.other" if interview.sheet else "article",
        image=media(interview.sheet, "poster.jpg") if interview.sheet else None,
        json_ld=json_ld_of(interview, origin),
        feeds=[
            _feed(lang, words),
            {"href": discovery(url, origin), "type": "application/json+oembed", "title": interview.title},
        ],
    )


def json_ld_of(interview: Interview, origin: str) -> dict[str, Any]:
    """A VideoObject with its transcript and its clips when there is a film, an Article otherwise (schema.org)."""
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
        # With its hour and offset, which Google asks for; nobody knows better than the day.
        "uploadDate": f"{interview.date.isoformat()}T00:00:00Z",
        "inLanguage": interview.spoken,
        "duration": iso_duration(interview.sheet.duration_ms),
        "thumbnailUrl": f"{origin}{media(interview.sheet, 'poster.jpg')}",
        "contentUrl": f"{origin}{media(interview.sheet, 'proxy.mp4')}",
        "width": interview.sheet.video.width,
        "height": interview.sheet.video.height,
        "actor": people,
        "transcript": text,
    }
    if has_cues(interview.turns):
        caption = {"@type": "MediaObject", "encodingFormat": "text/vtt", "inLanguage": interview.lang}
        video["caption"] = caption | {"contentUrl": f"{origin}{interview.url}captions.vtt"}
    if clips := clips_of(interview):
        video["hasPart"] = [_clip(clip, origin + interview.url) for clip in clips]
    return common | video


def _clip(clip: Clip, page: str) -> dict[str, Any]:
    """A key moment as Google reads it: seconds, and the page's own address with the moment in its query
    (developers.google.com/search/docs/appearance/structured-data/video#clip)."""
    start, end = _seconds(clip.start_ms), _seconds(clip.end_ms)
    return {"@type": "Clip", "name": clip.name, "startOffset": start, "endOffset": end, "url": f"{page}?t={start}"}


def _seconds(ms: int) -> int | float:
    return ms // 1000 if ms % 1000 == 0 else ms / 1000


def script_json(value: Mapping[str, Any]) -> str:
    """JSON that may stand inside a script element: no character of it can end the element or begin a comment."""
    text = msgspec.json.encode(value).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _alternates(lang: str, url: str, twin: str, origin: str) -> list[dict[str, str]]:
    """Absolute and reciprocal: each page names itself, its translation, and the French one as the default."""
    paths = {lang: url} | {other: twin for other in LANGUAGES if other != lang}
    named = [{"lang": each, "href": origin + paths[each]} for each in LANGUAGES]
    return [*named, {"lang": "x-default", "href": origin + paths[LANGUAGES[0]]}]
