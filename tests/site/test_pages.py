"""What must hold on every page of the built site, whoever wrote it."""

import re
import unicodedata
import urllib.parse
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest

from tests.site.kinds import KINDS
from tests.site.portal import ROOT, Portal

# Words that one language has and the other has not, common enough that a forgotten sentence holds one of them.
ONLY_ENGLISH = frozenset(
    [
        "the",
        "and",
        "your",
        "you",
        "with",
        "this",
        "that",
        "from",
        "have",
        "has",
        "been",
        "will",
        "not",
        "are",
        "was",
        "were",
        "which",
        "what",
        "when",
        "check",
        "enter",
        "send",
        "download",
        "sign",
        "account",
        "password",
        "inbox",
        "please",
        "search",
    ]
)
ONLY_FRENCH = frozenset(
    [
        "le",
        "les",
        "du",
        "une",
        "et",
        "vous",
        "votre",
        "vos",
        "nous",
        "avec",
        "pour",
        "dans",
        "qui",
        "cette",
        "ces",
        "été",
        "être",
        "entretien",
        "entretiens",
        "télécharger",
        "compte",
        "mot",
        "courriel",
        "retour",
        "recherche",
    ]
)
# Addresses, machine words and names of people are neither French nor English.
NOT_PROSE = {"script", "style", "code", "pre", "template", "svg"}


@cache
def tree(path: Path) -> ElementTree.Element:
    return html5lib.parse(path.read_bytes(), namespaceHTMLElements=False, transport_encoding="utf-8")


def shown(element: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    """Every element of this name, except in templates: what stands there is filled by a script before it is seen."""
    if element.tag == tag:
        yield element
    for child in element:
        if child.tag != "template":
            yield from shown(child, tag)


def pages(portal: Portal) -> list[Path]:
    found = sorted(portal.site.rglob("*.html"))
    assert len(found) > 50, "the site is built"
    return found


def name(portal: Portal, page: Path) -> str:
    return str(page.relative_to(portal.site))


def test_every_page_is_valid_html(portal: Portal) -> None:
    wrong = []
    for page in pages(portal):
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        parser.parse(page.read_bytes(), transport_encoding="utf-8")
        wrong += [f"{name(portal, page)}:{place}: {code} {detail}" for place, code, detail in parser.errors]
    assert not wrong, "\n".join(wrong[:20])


def test_every_id_stands_once_on_its_page(portal: Portal) -> None:
    for page in pages(portal):
        ids = [element.get("id") for element in tree(page).iter() if element.get("id")]
        assert len(ids) == len(set(ids)), name(portal, page)


def test_every_page_says_its_language_and_has_one_title_and_one_heading(portal: Portal) -> None:
    for page in pages(portal):
        html = tree(page)
        lang = "en" if name(portal, page).startswith("en/") else "fr"
        assert html.get("lang") == lang, name(portal, page)
        assert (html.findtext(".//title") or "").strip(), name(portal, page)
        assert len(list(html.iter("h1"))) == 1, name(portal, page)


def test_no_link_is_empty_and_every_inner_link_leads_somewhere(portal: Portal) -> None:
    wrong = []
    for page in pages(portal):
        for link in shown(tree(page), "a"):
            href, words = link.get("href", ""), "".join(link.itertext()).strip()
            pictured = any(image.get("alt") for image in link.iter("img"))
            if not href or not (words or pictured or link.get("aria-label")):
                wrong.append(f"{name(portal, page)}: empty link {href!r} {words!r}")
            elif (problem := dead(portal, page, href)) is not None:
                wrong.append(f"{name(portal, page)}: {problem}")
    assert not wrong, "\n".join(sorted(set(wrong))[:30])


# Addresses that the edge answers, not the site.
EDGE = ("/account/back", "/api/", "/media/", "/dev/")


def dead(portal: Portal, page: Path, href: str) -> str | None:
    """What is wrong with the address of a link on a page; None when it leads to a page, file or place that exists."""
    base = "/" + name(portal, page).removesuffix("index.html")
    parts = urllib.parse.urlsplit(urllib.parse.urljoin(base, href))
    if parts.scheme in ("mailto", "tel") or (parts.netloc and not portal.origin.endswith(parts.netloc)):
        return None
    if parts.path.startswith(EDGE):
        return None
    target = portal.site / urllib.parse.unquote(parts.path).strip("/")
    target = target / "index.html" if target.is_dir() or parts.path.endswith("/") else target
    if not target.is_file():
        return f"{href} leads nowhere"
    place = parts.fragment
    if not place or place.startswith("t=") or target.suffix != ".html":
        return None
    known = {element.get("id") for element in tree(target).iter()}
    return None if place in known else f"{href}: no such place on the page"


def test_no_page_carries_inline_script_or_style_and_asks_nothing_of_third_parties(portal: Portal) -> None:
    for page in pages(portal):
        for element in tree(page).iter():
            assert element.get("style") is None, f"{name(portal, page)}: {element.tag} has a style"
            assert not [key for key in element.attrib if key.startswith("on")], name(portal, page)
            if element.tag == "script" and element.get("type") != "application/ld+json":
                # Search names its scripts from where it stands, so that it also works in a folder.
                assert re.match(r"(?:/|(?:\.\./)+)assets/", element.get("src", "")), name(portal, page)
            assert element.tag != "style", name(portal, page)
            source = element.get("src") or (element.get("href") if element.tag == "link" else "") or ""
            from_here = urllib.parse.urljoin(f"{portal.origin}/{name(portal, page)}", source)
            assert from_here.startswith(f"{portal.origin}/"), f"{name(portal, page)}: {source}"


def prose(element: ElementTree.Element, lang: str) -> Iterator[tuple[str, str]]:
    """Every run of words a person may read or hear, with its language."""
    lang = element.get("lang", lang)
    if element.tag in NOT_PROSE:
        return
    if element.text:
        yield lang, element.text
    for attribute in ("alt", "title", "aria-label", "placeholder", "label"):
        if element.get(attribute):
            yield lang, str(element.get(attribute))
    if element.tag == "meta" and element.get("name") == "description":
        yield lang, element.get("content", "")
    for child in element:
        yield from prose(child, lang)
        if child.tail:
            yield lang, child.tail


def foreign(text: str, lang: str) -> set[str]:
    words = set(re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text).casefold()))
    return words & (ONLY_ENGLISH if lang == "fr" else ONLY_FRENCH)


def test_no_word_of_the_other_language_is_left(portal: Portal) -> None:
    wrong = []
    for page in pages(portal):
        html = tree(page)
        for lang, text in prose(html, html.get("lang", "")):
            # One such word may be part of a name or a title; two are a sentence somebody forgot.
            if len(found := foreign(text, lang)) >= 2:
                wrong.append(f"{name(portal, page)}: {sorted(found)} in {' '.join(text.split())[:90]!r}")
    assert not wrong, "\n".join(wrong[:20])


def test_the_guard_sees_a_heading_left_in_english() -> None:
    assert len(foreign("Check your inbox and enter verification code", "fr")) >= 2
    assert len(foreign("Vérifiez votre boîte de réception et entrez le code", "en")) >= 2


def test_french_pages_keep_french_spaces_and_apostrophes(portal: Portal) -> None:
    wrong = []
    for page in pages(portal):
        html = tree(page)
        for lang, text in prose(html, html.get("lang", "")):
            if lang == "fr" and (found := re.search(r"\w ?[!?;](\s|$)|\w :\s|« | »|[a-zà-ÿ]'[a-zà-ÿ]", text)):
                wrong.append(f"{name(portal, page)}: {text[max(0, found.start() - 30) : found.end() + 20]!r}")
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("folder", ["", "account"])
def test_both_languages_have_the_same_pages(folder: str) -> None:
    def listed(lang: str) -> set[str]:
        base = ROOT / "docs" / lang / folder
        return {str(path.relative_to(base)) for path in base.rglob("*.md") if "interviews" not in path.parts}

    assert listed("fr") == listed("en") != set()


def test_every_kind_of_page_that_is_looked_at_stands_in_both_languages(portal: Portal) -> None:
    files = {root + path.split("#")[0] for root in ("", "en/") for kind, path in KINDS.items() if kind != "nowhere"}
    pages = [portal.site / (file if file.endswith(".html") else f"{file}index.html") for file in files]
    assert [page for page in pages if not page.is_file()] == []


def test_an_interview_under_embargo_leaves_no_trace(portal: Portal) -> None:
    hidden = [path for path in (ROOT / "docs").rglob("interviews/*.md") if "\nembargo: 20" in path.read_text()]
    assert hidden, "the demonstration holds an interview under embargo"
    theme = [path for path in (ROOT / "catalogue").rglob("*") if path.suffix in (".css", ".js", ".html", ".yml")]
    theme += portal.site.glob("*.schema.json")
    pages_shown = [path for path in (ROOT / "docs").rglob("*.md") if path not in hidden]
    # The search index has every word without its accents.
    said = bare(" ".join(path.read_text() for path in [*pages_shown, *theme]))
    rare = {
        word for path in hidden for word in re.findall(r"[^\W\d_]{7,}", path.read_text()) if bare(word) not in said
    } | {path.stem for path in hidden}
    assert len(rare) > 20
    everything = b"".join(path.read_bytes() for path in portal.site.rglob("*") if path.is_file()).decode(
        errors="ignore"
    )
    folded = bare(everything)
    assert not [word for word in rare if bare(word) in folded]


def bare(text: str) -> str:
    """Small letters without accents."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(each for each in plain if not unicodedata.combining(each))
