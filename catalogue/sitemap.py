"""The site's map for search engines (sitemaps.org 0.9), with the languages of each page as Google reads them."""

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from catalogue.interview import LANGUAGES

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


def sitemap_bytes(pages: Mapping[str, str | None], origin: str) -> bytes:
    """Every page by its path, with the path of its translation or None."""
    root = ET.Element("urlset", {"xmlns": _SITEMAP, "xmlns:xhtml": _XHTML})
    for path, twin in sorted(pages.items()):
        url = ET.SubElement(root, "url")
        ET.SubElement(url, "loc").text = origin + path
        if twin is None:
            continue
        english, french = (path, twin) if path.startswith("/en/") else (twin, path)
        for lang, href in [*zip(LANGUAGES, (french, english), strict=True), ("x-default", french)]:
            ET.SubElement(url, "xhtml:link", {"rel": "alternate", "hreflang": lang, "href": origin + href})
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def robots_text(origin: str) -> str:
    """Everything may be read, but nobody needs the service's own addresses."""
    return f"User-agent: *\nDisallow: /api/\nDisallow: /d/\n\nSitemap: {origin}/sitemap.xml\n"
