"""The page that other sites may show: an interview's film, what it is, whose it is, and the way to its words.

It is written by hand, as turns and cards are: one small file for each interview that has a film, and nothing in it but
what it shows. It stands beside the interview's page, so it comes, changes and goes with it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from catalogue.escaping import attribute, escape
from catalogue.interview import Interview, media
from catalogue.sheet import Sheet
from catalogue.wording import Words, names_text

EMBED = "embed.html"
WIDTH = 640
# The tallest picture, so that a film taken upright stays on the screen; and the lines below it.
_TALLEST, _BELOW = 480, 92


def embed_size(sheet: Sheet) -> tuple[int, int]:
    """Width and height in pixels of the frame that holds the page without cutting anything."""
    return frame_size(sheet.video.width, sheet.video.height)


def frame_size(width: int, height: int, max_width: int | None = None) -> tuple[int, int]:
    """The same for a picture of this width and height, no wider than it may be."""
    wide = min(WIDTH, max_width or WIDTH)
    return wide, min(_TALLEST, round(wide * height / width)) + _BELOW


def embed_code(interview: Interview, sheet: Sheet, address: str) -> str:
    """The element that shows the page in another one (WHATWG HTML, 4.8.5). `address` is absolute, and may end in
    `#t=in,out`."""
    return frame_code(interview.title, address, *embed_size(sheet))


def frame_code(title: str, address: str, width: int, height: int) -> str:
    """The same in a given size."""
    return (
        f'<iframe src="{attribute(address)}" width="{width}" height="{height}" title="{attribute(title)}" '
        'loading="lazy" allowfullscreen style="border:0;max-width:100%"></iframe>'
    )


def embed_page(
    interview: Interview,
    sheet: Sheet,
    tracks: Iterable[Mapping[str, Any]],
    words: Words,
    *,
    origin: str,
    assets: Mapping[str, str],
) -> bytes:
    """The page itself; `tracks` are the film's captions. Without script it is the whole film with the browser's own
    controls."""
    site, say = words["site"]["name"], words["embed"]
    title, address = attribute(interview.title), attribute(origin + interview.url)
    captions = "".join(
        f'<track kind="captions" srclang="{track["lang"]}" label="{attribute(track["label"])}" '
        f'src="{attribute(track["src"])}"{" default" if track["default"] else ""}>'
        for track in tracks
    )
    who = names_text([speaker.name for speaker in interview.answering if speaker.name], words)
    credit = say["credit"].replace("{credit}", interview.credit) if interview.credit else ""
    facts = " · ".join(escape(part) for part in (who, credit) if part)
    return f"""<!doctype html>
<html lang="{interview.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{escape(interview.title)} – {escape(site)}</title>
<link rel="canonical" href="{address}">
<link rel="icon" href="{assets["mark.svg"]}" type="image/svg+xml">
<link rel="stylesheet" href="{assets["embed.css"]}">
<script type="module" src="{assets["embed.js"]}"></script>
</head>
<body>
<main>
<video id="film" controls preload="none" playsinline poster="{media(sheet, "poster-720.jpg")}" \
width="{sheet.video.width}" height="{sheet.video.height}" aria-label="{title}" \
data-duration="{sheet.duration_ms}" data-rate="{sheet.video.frame_rate}">
<source src="{media(sheet, "proxy.mp4")}" type="video/mp4">{captions}
</video>
<div class="about">
<h1>{escape(interview.title)}</h1>
<p class="facts"><span id="passage" data-says="{attribute(say["passage"])}" \
data-moment="{attribute(say["moment"])}"></span>{facts}</p>
<p class="alarm" id="missing" role="alert" hidden>{escape(say["missing"])}</p>
<p class="alarm" id="nowhere" role="alert" hidden>{escape(words["passage"]["bad_address"])}</p>
<p class="read"><a id="page" href="{address}" target="_blank" rel="noopener">{escape(say["read"])}</a></p>
</div>
</main>
</body>
</html>
""".encode()
