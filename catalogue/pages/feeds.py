"""Feeds of the newest interviews: Atom (RFC 4287) and RSS 2.0, for a language, a topic or a speaker.

Their dates are those of the interviews, so that an unchanged archive makes unchanged feeds.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from email.utils import format_datetime

from catalogue.escaping import attribute, escape
from catalogue.interview import Record, media
from catalogue.wording import Words

ATOM, RSS = "feed.xml", "rss.xml"
MOST = 50
_BEGINNING = "1970-01-01T00:00:00Z"


def atom_feed(interviews: Sequence[Record], lang: str, words: Words, origin: str, title: str, url: str) -> bytes:
    """The Atom feed of a list that is shown at `url`."""
    entries = "".join(_atom_entry(one, origin) for one in interviews)
    updated = _moment(interviews[0]) if interviews else _BEGINNING
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">\n'
        f"  <title>{escape(title)}</title>\n  <id>{origin}{url}</id>\n"
        f'  <link rel="self" type="application/atom+xml" href="{origin}{url}{ATOM}"/>\n'
        f'  <link rel="alternate" type="text/html" href="{origin}{url}"/>\n  <updated>{updated}</updated>\n'
        f"  <author><name>{escape(words['site']['name'])}</name></author>\n{entries}</feed>\n"
    ).encode()


def rss_feed(interviews: Sequence[Record], lang: str, words: Words, origin: str, title: str, url: str) -> bytes:
    """The RSS 2.0 feed of the same list."""
    items = "".join(_rss_item(one, origin) for one in interviews)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"  <title>{escape(title)}</title>\n  <link>{origin}{url}</link>\n"
        f"  <description>{escape(words['site']['description'])}</description>\n  <language>{lang}</language>\n"
        f'  <atom:link rel="self" type="application/rss+xml" href="{origin}{url}{RSS}"/>\n{items}</channel>\n</rss>\n'
    ).encode()


def _atom_entry(one: Record, origin: str) -> str:
    film = (
        f'    <link rel="related" type="video/mp4" href="{origin}{media(one.film, "proxy.mp4")}"/>\n'
        if one.film
        else ""
    )
    topics = "".join(f'    <category term="{attribute(topic)}"/>\n' for topic in one.topics)
    moment = _moment(one)
    return (
        f"  <entry>\n    <title>{escape(one.title)}</title>\n    <id>{origin}{one.url}</id>\n"
        f'    <link rel="alternate" type="text/html" href="{origin}{one.url}"/>\n{film}'
        f"    <published>{moment}</published>\n    <updated>{moment}</updated>\n"
        f"    <summary>{escape(one.summary)}</summary>\n{topics}  </entry>\n"
    )


def _rss_item(one: Record, origin: str) -> str:
    day = format_datetime(datetime.combine(one.date, time(), UTC))
    topics = "".join(f"    <category>{escape(topic)}</category>\n" for topic in one.topics)
    return (
        f"  <item>\n    <title>{escape(one.title)}</title>\n    <link>{origin}{one.url}</link>\n"
        f'    <guid isPermaLink="true">{origin}{one.url}</guid>\n    <pubDate>{day}</pubDate>\n'
        f"    <description>{escape(one.summary)}</description>\n{topics}  </item>\n"
    )


def _moment(one: Record) -> str:
    return f"{one.date.isoformat()}T00:00:00Z"
