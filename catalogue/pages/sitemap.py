"""The map for search engines (sitemaps.org 0.9): an index, and below it maps of interviews by year and of all else,
with the languages of each page and its film as Google reads them (xhtml:link, video:video)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial

from catalogue.escaping import escape
from catalogue.interview import LANGUAGES, Record, media
from catalogue.pages.leaf import Leaf, Place
from catalogue.sources import digest_of

# The standard allows 50,000 addresses and 50 MB; an address with a film and its languages takes about a kilobyte.
_MOST = 20_000
# Google reads no longer descriptions.
_LONGEST_DESCRIPTION = 2048
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">\n'
)


def sitemaps(
    pages: Iterable[Place],
    interviews: Iterable[Place],
    origin: str,
    base: bytes,
) -> Iterator[Leaf]:
    """The index and its maps. A new interview changes the map of its year only."""
    maps: dict[str, list[Place]] = defaultdict(list)
    for place in interviews:
        if place.interview is not None:
            maps[f"interviews-{place.interview.date.year}"].append(place)
    for place in pages:
        maps["lists" if place.path.removeprefix("/en").count("/") > 2 else "pages"].append(place)
    names = []
    for name, places in sorted(maps.items()):
        for number, start in enumerate(range(0, len(places), _MOST), 1):
            some = places[start : start + _MOST]
            file = f"sitemaps/{name}{'' if number == 1 else f'-{number}'}.xml"
            names.append(file)
            parts = [
                f"{place.path}\0{place.twin}\0".encode() + (place.interview.mark if place.interview else b"")
                for place in some
            ]
            yield Leaf(name=file, key=digest_of(base, *parts), make=partial(_map, some, origin))
    yield Leaf(name="sitemap.xml", key=digest_of(base, repr(names).encode()), make=partial(_index, names, origin))


def _index(names: Iterable[str], origin: str) -> bytes:
    maps = "".join(f"<sitemap><loc>{origin}/{name}</loc></sitemap>\n" for name in names)
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex {space}>\n{maps}</sitemapindex>\n'.encode()


def _map(places: Iterable[Place], origin: str) -> bytes:
    return (_HEAD + "".join(_url(place, origin) for place in places) + "</urlset>\n").encode()


def _url(place: Place, origin: str) -> str:
    languages = ""
    if place.twin is not None:
        french, english = (place.twin, place.path) if place.path.startswith("/en/") else (place.path, place.twin)
        named = zip((*LANGUAGES, "x-default"), (french, english, french), strict=True)
        languages = "".join(
            f'<xhtml:link rel="alternate" hreflang="{lang}" href="{origin}{path}"/>' for lang, path in named
        )
    film = _video(place.interview, origin) if place.interview and place.interview.film else ""
    return f"<url><loc>{origin}{place.path}</loc>{languages}{film}</url>\n"


def _video(one: Record, origin: str) -> str:
    if one.film is None:
        return ""
    described = one.summary
    if len(described) > _LONGEST_DESCRIPTION:
        described = f"{described[: _LONGEST_DESCRIPTION - 1]}…"
    return (
        f"<video:video><video:thumbnail_loc>{origin}{media(one.film, 'poster.jpg')}</video:thumbnail_loc>"
        f"<video:title>{escape(one.title)}</video:title><video:description>{escape(described)}</video:description>"
        f"<video:content_loc>{origin}{media(one.film, 'proxy.mp4')}</video:content_loc>"
        # Whole seconds, from one to eight hours' worth: what the extension allows.
        f"<video:duration>{min(28_800, max(1, (one.film.duration_ms + 500) // 1000))}</video:duration>"
        f"<video:publication_date>{one.date}</video:publication_date></video:video>"
    )


def robots_text(origin: str) -> str:
    """Everything may be read, but nobody needs the service's own addresses."""
    return f"User-agent: *\nDisallow: /api/\nDisallow: /d/\n\nSitemap: {origin}/sitemap.xml\n"
