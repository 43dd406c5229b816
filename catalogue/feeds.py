"""The feed of a language: Atom (RFC 4287), the newest interviews that exist in that language."""

from xml.etree import ElementTree as ET

from catalogue.interview import Interview
from catalogue.metadata import FEED
from catalogue.shelf import Shelf, media

_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 50


def feed_bytes(shelf: Shelf, origin: str) -> bytes:
    """The feed. Its dates are those of the interviews, so that an unchanged archive makes an unchanged feed."""
    interviews = [one for one in shelf.interviews if one.lang == shelf.lang][:_MOST]
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": shelf.lang})
    ET.SubElement(feed, "title").text = shelf.words["feed"]["title"]
    ET.SubElement(feed, "id").text = origin + shelf.root
    ET.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": origin + shelf.root + FEED})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": origin + shelf.root})
    ET.SubElement(feed, "updated").text = _moment(interviews[0]) if interviews else "1970-01-01T00:00:00Z"
    author = ET.SubElement(feed, "author")
    ET.SubElement(author, "name").text = shelf.words["site"]["name"]
    for one in interviews:
        _entry(feed, one, origin)
    ET.indent(feed)
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _entry(feed: ET.Element, one: Interview, origin: str) -> None:
    entry = ET.SubElement(feed, "entry")
    ET.SubElement(entry, "title").text = one.title
    ET.SubElement(entry, "id").text = origin + one.url
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": origin + one.url})
    if one.sheet is not None:
        film = f"{origin}{media(one, 'proxy.mp4')}"
        ET.SubElement(entry, "link", {"rel": "related", "type": "video/mp4", "href": film})
    ET.SubElement(entry, "published").text = _moment(one)
    ET.SubElement(entry, "updated").text = _moment(one)
    ET.SubElement(entry, "summary").text = one.summary
    for topic in one.topics:
        ET.SubElement(entry, "category", {"term": topic})


def _moment(one: Interview) -> str:
    return f"{one.date.isoformat()}T00:00:00Z"
