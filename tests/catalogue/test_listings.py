"""Lists in pages whose addresses stay, places in two languages, feeds and maps."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from catalogue.interview import Record, Speaker
from catalogue.pages.paging import LEAST, SIZE, parts_of, path_of
from catalogue.pages.shelf import Shelf


def record(number, lang="fr", **fields):
    said = {"title": f"{number}", "summary": "", "spoken": "fr", "speakers": (Speaker(key="A", name="Anne Morin"),)}
    day = date(2020, 1, 1) + timedelta(days=number)
    return Record(slug=f"s{number:05d}", lang=lang, date=day, **said | fields)


@pytest.mark.parametrize("count", [0, 1, SIZE, SIZE + LEAST - 1, SIZE + LEAST, 333, 1000])
def test_a_list_shows_each_interview_once_and_its_pages_lead_to_each_other(count):
    ones = [record(number) for number in range(count)][::-1]
    parts = list(parts_of(ones))
    assert [one for part in parts for one in part.interviews] == ones
    assert [part.older for part in parts[:-1]] == [path_of(part.number) for part in parts[1:]]
    assert [part.newer for part in parts[1:]] == [path_of(part.number) for part in parts[:-1]]
    assert parts[0].newer is parts[-1].older is None


def test_a_new_interview_changes_no_numbered_page():
    ones = [record(number) for number in range(400)][::-1]
    before = {part.number: part for part in parts_of(ones) if part.number}
    after = {part.number: part for part in parts_of([record(400), *ones]) if part.number}
    assert before == after


def test_a_place_bears_its_name_in_each_language():
    both = [record(1, place="Londres"), record(1, "en", place="London"), record(2, place="Londres")]
    pages = {(one.slug, one.lang): one for one in sorted(both, key=lambda one: one.date, reverse=True)}
    shelves = {lang: Shelf(pages, {}, lang, {}) for lang in ("fr", "en")}
    assert [group.name for group in shelves["fr"].places.values()] == ["Londres"]
    assert [(group.name, len(group.interviews)) for group in shelves["en"].places.values()] == [("London", 2)]


def test_feeds_and_maps_of_a_site_can_be_read(built):
    for name in ("rss.xml", "en/rss.xml", "topics/phares/feed.xml", "en/speakers/anne-morin/rss.xml"):
        assert ElementTree.fromstring(built.page(name)) is not None
    index = ElementTree.fromstring(built.page("sitemap.xml"))
    names = [loc.text.split("/sitemaps/")[1] for loc in index.findall(".//{*}loc")]
    assert names == ["interviews-2026.xml", "lists.xml", "pages.xml"]
    films = ElementTree.fromstring(built.page("sitemaps/interviews-2026.xml"))
    assert [title.text for title in films.findall(".//{*}title")] == ["phare in fr", "phare in en"]
    assert [found.text for found in films.findall(".//{*}duration")] == ["60", "60"]
    links = [(link.get("hreflang"), link.get("href")) for link in films.findall(".//{*}link")]
    assert ("x-default", "http://127.0.0.1:8000/interviews/phare/") in links
    assert not any("seul" in href for _, href in links)


def test_an_editorial_page_names_its_translation_and_a_page_alone_names_none(project):
    project.interview("phare")
    project.write("docs/fr/seule.md", "# Seule")
    assert project.build().returncode == 0
    for lang, path in (("fr", "/about/"), ("en", "/en/about/"), ("x-default", "/about/")):
        link = f'<link rel="alternate" hreflang="{lang}" href="http://127.0.0.1:8000{path}">'
        assert link in project.page("about/index.html")
    assert "hreflang" not in project.page("seule/index.html").partition("</head>")[0]


def test_many_names_have_a_page_for_each_letter_and_lead_to_the_same_letter(project, monkeypatch):
    monkeypatch.setattr("catalogue.pages.names._MOST_NAMES", 1)
    project.interview("phare", topics="[musique, vent, mer]")
    project.interview("phare", "en", topics="[music, wind]")
    project.build_here()
    index, page = project.page("topics/index.html"), project.page("topics/letters/m/index.html")
    assert re.findall(r'href="(/topics/letters/[^"]+)"', index) == ["/topics/letters/m/", "/topics/letters/v/"]
    assert 'href="/topics/letters/m/" aria-current="page"' in page
    assert 'href="/topics/letters/v/">V' in page
    assert re.findall(r'href="/topics/(m[^"]+)/"', page) == ["mer", "musique"]
    assert 'hreflang="en" href="http://127.0.0.1:8000/en/topics/letters/m/"' in page
    alone = project.page("topics/letters/v/index.html")
    assert "hreflang" not in alone.partition("</head>")[0]
    assert 'href="/topics/vent/"' in alone
    assert "/en/topics/letters/w/" in project.page("sitemaps/lists.xml")


def test_a_withdrawn_interview_leads_readers_to_its_other_language_and_machines_nowhere(project):
    for lang in ("fr", "en"):
        project.interview("retire", lang, withdrawn="sur demande")
    project.interview("seul", withdrawn="sur demande")
    project.build_here()
    page = project.page("interviews/retire/index.html")
    assert '<a href="/en/interviews/retire/" class="" hreflang="en">' in page
    assert 'rel="alternate" hreflang' not in page
    assert '<a href="/en/interviews/" class="missing" hreflang="en">' in project.page("interviews/seul/index.html")
