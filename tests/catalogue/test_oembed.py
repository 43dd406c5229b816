"""What other sites are told to show of an address of ours, as oEmbed 1.0 asks."""

import re

import pytest

from catalogue.manifest import Entry, Person, read_manifest
from catalogue.pages.oembed import Place, discovery, oembed, place_of

ORIGIN = "https://duplex.example"
REQUIRED = {"version", "type", "html", "width", "height"}


def entry(width=1280, height=720, master="phare"):
    return Entry(
        slug="phare", lang="en", url="/en/interviews/phare/", title='The "lamp" & <b>', date="2026-03-14", place="",
        summary="", spoken="fr", translated=True, languages=("fr", "en"), master=master, version=master and "0123",
        duration_ms=60_000, turns=1, timed_turns=1, reference="", credit="", terms="", topics=(), width=width,
        height=height, speakers=(Person(key="Q", name="Q", role="interviewer"), Person(key="A", name="Anne Morin")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://duplex.example/interviews/phare/", Place("phare", "fr")),
        ("http://Duplex.example/en/interviews/phare/#t=6,20.5", Place("phare", "en", "6,20.5")),
        ("https://duplex.example/en/interviews/phare/embed.html?t=83.2", Place("phare", "en", "83.2")),
        ("https://duplex.example/interviews/phare/index.html#t4680", Place("phare", "fr")),
        ('https://duplex.example/interviews/phare/?t=1"><script>', Place("phare", "fr")),
        ("https://duplex.example/interviews/phare", None),
        ("https://duplex.example/interviews/", None),
        ("https://duplex.example.evil.example/interviews/phare/", None),
        ("https://duplex.example@evil.example/interviews/phare/", None),
        ("ftp://duplex.example/interviews/phare/", None),
        ("https://[duplex.example/interviews/phare/", None),
        ("/interviews/phare/", None),
        ("", None),
    ],
)
def test_only_the_address_of_an_interview_here_means_a_page(address, place):
    assert place_of(address, ORIGIN) == place


@pytest.mark.parametrize(
    ("asked", "size", "thumbnail"),
    [
        ({}, (640, 452), 720),
        ({"max_width": 5_000, "max_height": 5_000}, (640, 452), 720),
        ({"max_width": 400}, (400, 317), 360),
        ({"max_width": 300}, (300, 261), None),
        ({"max_height": 250}, (640, 250), 360),
        ({"max_width": 1, "max_height": 1}, (1, 1), None),
    ],
)
def test_a_film_keeps_to_what_may_be_spared_for_it(asked, size, thumbnail):
    told = oembed(entry(), ORIGIN, "6,20", **asked)
    assert told.keys() >= REQUIRED
    assert (told["type"], (told["width"], told["height"])) == ("video", size)
    assert told.get("thumbnail_width") == thumbnail
    assert ("thumbnail_url" in told, "thumbnail_height" in told) == (thumbnail is not None, thumbnail is not None)
    assert f'width="{size[0]}" height="{size[1]}"' in told["html"]
    assert 'src="https://duplex.example/en/interviews/phare/embed.html#t=6,20"' in told["html"]
    assert told["html"].count("<") == 2
    assert (told["author_name"], told["provider_url"]) == ("Anne Morin", f"{ORIGIN}/en/")


def test_words_without_film_are_a_link():
    told = oembed(entry(0, 0, None), ORIGIN)
    assert (told["type"], told["version"], told["title"]) == ("link", "1.0", 'The "lamp" & <b>')
    assert not told.keys() & {"html", "width", "height", "thumbnail_url"}


def test_each_page_of_an_interview_that_stands_names_what_tells_of_it(built):
    origin = "http://127.0.0.1:8000"
    for path in ("/interviews/phare/", "/en/interviews/phare/", "/interviews/seul/"):
        found = re.findall(
            r'<link rel="alternate" type="application/json\+oembed" title="[^"]+" href="([^"]+)">',
            built.page(f"{path[1:]}index.html"),
        )
        assert [address.replace("&amp;", "&") for address in found] == [discovery(path, origin)]
    assert "oembed" not in built.page("interviews/retire/index.html")
    assert "oembed" not in built.page("interviews/index.html")
    film = read_manifest(built.site / "catalogue.json").find("phare", "fr")
    assert (film.width, film.height) == (1280, 720)
