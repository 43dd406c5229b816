"""The letters at hand take the room of ours, so that nothing moves under a reader's eyes when ours arrive."""

import re
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from urllib.request import urlopen

import pytest
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, Page

from tests.site.portal import ROOT, Portal

STYLE = (ROOT / "catalogue" / "theme" / "assets" / "duplex.css").read_text(encoding="utf-8")
FACE = re.compile(
    r'font-family: "(Serif|Sans) \w"; .*size-adjust: ([\d.]+)%; ascent-override: ([\d.]+)%; descent-override: ([\d.]+)%'
)
OURS = {
    "Serif": ("font_source_serif_pro", "SourceSerifPro-Regular.ttf"),
    "Sans": ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
}


def test_letters_at_hand_stand_on_their_line_as_ours_do() -> None:
    faces = FACE.findall(STYLE)
    assert len(faces) == STYLE.count("local(") - STYLE.count("), local(") > 10
    for family, size, ascent, descent in faces:
        package, name = OURS[family]
        font = TTFont(BytesIO(files(package).joinpath("files", name).read_bytes()))
        high, low, unit = font["hhea"].ascent, -font["hhea"].descent, font["head"].unitsPerEm
        assert float(size) * float(ascent) / 1e4 == pytest.approx(high / unit, rel=0.002)
        assert float(size) * float(descent) / 1e4 == pytest.approx(low / unit, rel=0.002)


def test_our_letters_are_light_and_keep_their_kerning_and_their_figures_of_one_width(portal: Portal) -> None:
    packed = list(portal.site.glob("assets/*/*.woff2"))
    assert len(packed) == 5
    assert sum(file.stat().st_size for file in packed) < 70_000
    for file in packed:
        font = TTFont(file)
        asked = {each.FeatureTag for table in ("GPOS", "GSUB") for each in font[table].table.FeatureList.FeatureRecord}
        assert asked == {"kern", "liga"}
        glyphs = font.getBestCmap()
        assert {*map(ord, "éÉœŒç«»’…−€")} <= glyphs.keys()
        assert len({font["hmtx"][glyphs[ord(figure)]][0] for figure in "0123456789"}) == 1


@pytest.fixture
def pages(portal: Portal, browser: Browser) -> Iterator[list[Page]]:
    """The same interview on two phones: one has our typefaces, one never gets them."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=portal.origin)
    found = [context.new_page(), context.new_page()]
    found[1].route("**/*.woff2", lambda route: route.abort())
    for page in found:
        page.goto("/interviews/phare-men-tensel/")
        page.evaluate("document.fonts.ready")
    yield found
    context.close()


def test_nothing_moves_when_our_letters_arrive(pages: list[Page]) -> None:
    loaded = "[...document.fonts].filter(face => face.status === 'loaded' && face.family.includes('Source')).length"
    assert pages[0].evaluate(loaded) >= 4
    assert pages[1].evaluate(loaded) == 0
    lines = """() => {
      document.querySelectorAll(".leaf").forEach(leaf => (leaf.style.contentVisibility = "visible"));
      const high = element => element.getBoundingClientRect().height;
      return [high(document.querySelector(".head")), ...[...document.querySelectorAll(".leaf")].map(high)];
    }"""
    ours, others = (page.evaluate(lines) for page in pages)
    assert sum(others) == pytest.approx(sum(ours), rel=0.02)
    for our, other in zip(ours, others, strict=True):
        assert other == pytest.approx(our, rel=0.06)


def test_the_edge_s_own_pages_have_the_same_letters_at_hand(portal: Portal) -> None:
    with urlopen(f"{portal.origin}/edge.css") as answer:
        told = answer.read().decode()
    upright = [rule for rule in re.findall(r"@font-face \{.*local\(.*\}", STYLE) if "italic" not in rule]
    assert len(upright) == 12
    assert all(rule in told for rule in upright)
    for name in ("serif", "sans"):
        ours = re.search(rf'--{name}: ("Source \w+"(?:, "\w+ \w")+)', STYLE)
        assert ours
        assert f"--{name}: {ours[1]}, " in told
