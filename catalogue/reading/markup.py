"""The editor's Markdown as HTML in which nothing can act: raw HTML is text, links lead where links may lead."""

import re
from functools import lru_cache
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

# What a link may begin with. Everything else, however it is spelled, is not a link: a list of what is allowed cannot
# be talked round, a list of what is forbidden can.
_LINK = re.compile(r"(?:https?://|mailto:|/(?!/)|#)(?:[^\s\x00-\x1f\"'<>\\]|\x02amp\x03)*|[\w.-][\w./-]*(?:#[\w-]+)?")
# An image from elsewhere would tell that place who reads here.
_IMAGE = re.compile(r"/(?!/)[\w./-]+")


def context_html(text: str, top: int = 2) -> str:
    """The HTML of a context. Headings begin at level `top`: two, below the title of the page, unless said."""
    return _reader(top).reset().convert(text) if text else ""


@lru_cache
def _reader(top: int) -> markdown.Markdown:
    """Made once: to set up Python-Markdown costs more than to read a context."""
    return markdown.Markdown(extensions=[_Neutral(top)], output_format="html")


class _Neutral(Extension):
    def __init__(self, top: int) -> None:
        super().__init__()
        self.top = top

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # the name is Python-Markdown's
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_Links(md, self.top), "links", -10)


class _Links(Treeprocessor):
    """Runs last, when the library has put back what it had set aside."""

    def __init__(self, md: markdown.Markdown, top: int) -> None:
        super().__init__(md)
        self.top = top

    def run(self, root: Element) -> None:
        for parent in root.iter():
            for child in list(parent):
                if child.tag == "a" and _LINK.fullmatch(child.get("href", "")) is None:
                    child.tag = "span"
                    child.attrib.clear()
                elif child.tag == "img" and _IMAGE.fullmatch(child.get("src", "")) is None:
                    child.tag, child.text = "span", child.get("alt", "")
                    child.attrib.clear()
                elif child.tag == "h1":
                    child.tag = f"h{self.top}"
