"""The page that other sites may show: there for each film and for nothing else, safe whatever a title says."""

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from catalogue.interview import Interview, Speaker
from catalogue.pages.embed import embed_code, embed_page, embed_size
from catalogue.sheet import Sheet, Video

HARSH = 'L’eau & <b>« le "feu" »</b> {src} {in}'
WORDS = msgspec.yaml.decode((Path(__file__).resolve().parents[2] / "catalogue" / "words" / "fr.yml").read_bytes())
ASSETS = {"mark.svg": "/assets/mark.svg", "embed.css": "/assets/0/embed.css", "embed.js": "/assets/0/embed.js"}


def film(width: int = 1280, height: int = 720) -> Sheet:
    video = Video(codec="h264", width=width, height=height, frame_rate="30000/1001", frames=1)
    return Sheet(id="f", version="v", sha256="", bytes=1, container="mp4", duration_ms=60_000, video=video)


def interview() -> Interview:
    return Interview(
        slug="eau",
        lang="fr",
        title=HARSH,
        date=date(2026, 3, 14),
        summary="Un résumé.",
        spoken="fr",
        speakers=(Speaker(key="Q", role="interviewer"), Speaker(key="ANNE", name="Anne <i>Morin")),
        credit='"Duplex" & Cie',
    )


def test_the_page_holds_a_film_and_a_link_and_no_line_of_script_or_style():
    track = {"lang": "fr", "label": "Français", "src": "/interviews/eau/captions.vtt", "default": True}
    page = embed_page(interview(), film(), [track], WORDS, origin="https://d.example", assets=ASSETS).decode()
    assert '<source src="/media/f/v/proxy.mp4" type="video/mp4"><track kind="captions" srclang="fr"' in page
    assert 'href="https://d.example/interviews/eau/" target="_blank" rel="noopener"' in page
    assert 'Anne &lt;i&gt;Morin · Crédit\u202f: "Duplex" &amp; Cie' in page
    assert 'name="robots" content="noindex"' in page
    assert not re.search(r"<b>|<i>|<style|style=|<script(?! type=\"module\" src=\"/assets/)|onclick", page)
    assert len(page) < 3_000, "there is one for each film"


def test_the_code_to_paste_is_one_element_whatever_the_title_says():
    address = 'https://d.example/interviews/eau/embed.html#t=6,20"><script>'
    code = embed_code(interview(), film(), address)
    assert code.count("<") == 2
    assert re.match(r'<iframe src="https://d\.example/interviews/eau/embed\.html#t=6,20&#34;&gt;', code)


@pytest.mark.parametrize(
    ("width", "height", "size"), [(1280, 720, (640, 452)), (640, 480, (640, 572)), (1080, 1920, (640, 572))]
)
def test_the_frame_holds_the_picture_and_what_stands_below_it(width, height, size):
    assert embed_size(film(width, height)) == size


def test_only_an_interview_with_a_film_that_still_stands_has_one(built):
    pages = {file.relative_to(built.site).as_posix() for file in built.site.rglob("embed.html")}
    assert pages == {"interviews/phare/embed.html", "en/interviews/phare/embed.html"}
    english = built.page("en/interviews/phare/embed.html")
    assert re.search(r'srclang="en"[^>]* default', english), "who reads a translation is shown its captions"
