"""The theme by itself: its words, its weight, its colours, and the arithmetic it does in the browser."""

import base64
import gzip
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from playwright.sync_api import Browser, Page

from catalogue.timecode import first_frame_at, format_timecode
from tests.site.portal import ROOT

CATALOGUE = ROOT / "catalogue"
ASSETS = CATALOGUE / "theme" / "assets"
NARROW = "\u202f"
IMPORT = re.compile(r'(?:from |import\()"\./([a-z-]+\.js)"')


def words(lang: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CATALOGUE / "words" / f"{lang}.yml").read_text(encoding="utf-8"))
    return found


def sentences(value: Any, path: str = "") -> dict[str, str]:
    """Every sentence of a words file by its dotted name."""
    if isinstance(value, dict):
        return {name: text for key, inner in value.items() for name, text in sentences(inner, f"{path}.{key}").items()}
    return {path: str(value)}


def test_both_languages_say_the_same_things_with_the_same_blanks() -> None:
    french, english = sentences(words("fr")), sentences(words("en"))
    assert french.keys() == english.keys()
    for name, text in french.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", english[name])), name


def test_french_words_keep_their_narrow_spaces() -> None:
    for name, text in sentences(words("fr")).items():
        if name in (".not_found.other",):
            continue
        assert "'" not in text, name
        assert not re.search(rf"(?<!{NARROW})[;!?»](?=\s|$|[.,])|(?<=\w) ?:(?=\s|$)|«(?!{NARROW})", text), (
            f"{name}: {text}"
        )


def test_templates_are_well_formed_and_hold_no_style_and_no_handler() -> None:
    folders = [str(CATALOGUE / "theme"), str(CATALOGUE / "templates")]
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(folders), autoescape=True)
    names = [name for name in environment.list_templates() if name.endswith(".html")]
    assert {"main.html", "shell.html", "404.html", "interview.html", "home.html"} <= set(names)
    for name in names:
        environment.get_template(name)
        text = "".join(path.read_text(encoding="utf-8") for path in CATALOGUE.rglob(name))
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|https?://", text), name


def test_style_and_script_stay_light_and_ask_nothing_of_strangers() -> None:
    style = (ASSETS / "duplex.css").read_text(encoding="utf-8")
    assert len(style.encode()) < 45_000
    assert all(re.fullmatch(r"[a-z-]+\.woff2", address) for address in re.findall(r"url\(([^)]*)\)", style))
    scripts = [path.read_text(encoding="utf-8") for path in ASSETS.glob("*.js")]
    every = modules_of("interview.js", "member.js") - {"highlight.js"}  # asked for by who comes from a search
    sent = sum(len(gzip.compress(loaded(name))) for name in every)
    assert sent < 30_000, "what an interview page asks for, as it is sent"
    for script in scripts:
        assert not re.search(r"https?://|sessionStorage|indexedDB|document\.cookie\s*=|\.innerHTML|\beval\(", script)
    keeping = [path.name for path in ASSETS.glob("*.js") if "localStorage" in path.read_text(encoding="utf-8")]
    assert keeping == ["basket.js"], "what a reader asked to keep, and nothing else"


def test_what_an_element_holds_is_asked_of_few_elements() -> None:
    style = re.sub(r"/\*.*?\*/", "", (ASSETS / "duplex.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    bare = r"(?:^|[\s,>+~]):(?:(?:not|is|where)\((?:[^(){]|\([^()]*\))*?(?<=[\s,(]):)?has\("
    assert re.search(bare, ".prose > :not(h1, :has(b)) {}")
    assert not re.search(bare, ".a > :not(h1, p), label:not(:has(b)), :is(form, p:has(b)) {}")
    asked = re.findall(bare, style) + re.findall(r":has\([^)]*\[hidden\]", style)
    assert not asked, "asked of every element of a page, whenever anything on it changes: name the element before it"


def test_modules_import_one_way() -> None:
    imports = {path.name: set(IMPORT.findall(path.read_text(encoding="utf-8"))) for path in ASSETS.glob("*.js")}
    while free := [name for name, needs in imports.items() if not needs & imports.keys()]:
        imports = {name: needs for name, needs in imports.items() if name not in free}
    assert not imports, "each of these needs itself, by way of others"


def loaded(name: str) -> bytes:
    """A module of the theme, as it is sent."""
    return (ASSETS / name).read_bytes()


def modules_of(*entries: str) -> set[str]:
    """These modules and all that they import."""
    found: set[str] = set()
    waiting = list(entries)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += IMPORT.findall(loaded(name).decode())
    return found


def colours(style: str, dark: bool) -> dict[str, str]:
    """The colours of the light theme, or of the dark one, by name."""
    light, night = re.findall(r":root \{([^}]*--paper[^}]*)\}", style)[:2]
    found = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})\b", light))
    return found | dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})\b", night)) if dark else found


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_pair_of_colours_can_be_read(dark: bool) -> None:
    named = colours((ASSETS / "duplex.css").read_text(encoding="utf-8"), dark)
    for ground in ("paper", "raised", "wash", "now"):
        assert contrast(named["ink"], named[ground]) >= 7, f"reading on {ground}"
    for text in ("quiet", "blue", "deep", "red", "green"):
        for ground in ("paper", "raised"):
            assert contrast(named[text], named[ground]) >= 4.5, f"{text} on {ground}"
    for ground in ("blue", "deep"):
        assert contrast(named["on"], named[ground]) >= 4.5, f"a button's words on {ground}"
    assert contrast(named["field"], named["raised"]) >= 3, "the border of a field"


@pytest.fixture
def counting(browser: Browser) -> Page:
    """A page in which the theme's arithmetic stands as `time`."""
    page = browser.new_page()
    source = base64.b64encode((ASSETS / "timecode.js").read_bytes()).decode()
    page.evaluate("async source => { window.time = await import(`data:text/javascript;base64,${source}`) }", source)
    return page


FILMS = [
    ("25/1", "10:00:00:00", False),
    ("30000/1001", "01:00:00;00", True),
    ("30000/1001", "00:58:59:29", False),
    ("60000/1001", "00:00:00;00", True),
    ("24000/1001", "23:59:50:00", False),
]


@pytest.mark.parametrize(("rate", "start", "drop"), FILMS)
def test_the_browser_counts_frames_as_the_catalogue_does(counting: Page, rate: str, start: str, drop: bool) -> None:
    times = [0, 1, 20, 39, 40, 41, 999, 1001, 6000, 59_993, 60_060, 83_200, 599_999, 600_600, 3_599_999]
    film = {"frame_rate": rate, "start_timecode": start, "drop_frame": drop, "duration_ms": 3_600_000}
    said = counting.evaluate(
        "([film, times]) => { const c = new time.Counter(film); return times.map(ms => [c.frameAt(ms), c.label(ms)]) }",
        [film, times],
    )
    fraction = Fraction(rate)
    first = counting.evaluate("film => new time.Counter(film).start", film)
    for ms, (frame, label) in zip(times, said, strict=True):
        assert frame == first_frame_at(ms, fraction), ms
        assert label == format_timecode(first + frame, fraction, drop_frame=drop), ms


@pytest.mark.parametrize(
    ("typed", "ms"),
    [
        ("1:18", 78_000),
        ("0:06.000", 6_000),
        ("00:01:18.040", 78_040),
        ("78,04", 78_040),
        ("10:01:18:02", 78_080),
        ("10:01:18", 78_000),
        (" 9 ", 9_000),
        ("1:78", None),
        ("10:01:18:25", None),
        ("abc", None),
        ("", None),
        ("-4", None),
    ],
)
def test_a_typed_time_is_read_in_every_way_people_write_it(counting: Page, typed: str, ms: int | None) -> None:
    film = {"frame_rate": "25/1", "start_timecode": "10:00:00:00", "drop_frame": False, "duration_ms": 720_000}
    assert counting.evaluate("([film, typed]) => new time.Counter(film).read(typed)", [film, typed]) == ms


@pytest.mark.parametrize(
    ("fragment", "told"),
    [
        ("#t=83.2,97.4", {"in": 83_200, "out": 97_400}),
        ("#t=npt:1:23.2", {"in": 83_200, "out": None}),
        ("#t=,5", {"in": 0, "out": 5_000}),
        ("#t%3D6%2C9", {"in": 6_000, "out": 9_000}),
        ("#t4200", None),
        ("#t=", None),
        ("#t=1:2:3:4", None),
        ("#%", None),
        ("", None),
    ],
)
def test_an_address_says_a_passage_a_moment_or_nothing(counting: Page, fragment: str, told: object) -> None:
    assert counting.evaluate("hash => time.readFragment(hash)", fragment) == told


@pytest.mark.parametrize(("lang", "said"), [("fr", "1er décembre 2026"), ("en", "1 December 2026")])
def test_days_are_written_as_the_page_s_language_writes_them(browser: Browser, lang: str, said: str) -> None:
    page = browser.new_page(timezone_id="UTC")
    page.set_content(f"<html lang={lang}>")
    source = base64.b64encode((ASSETS / "say.js").read_bytes()).decode()
    page.evaluate("async source => { window.say = await import(`data:text/javascript;base64,${source}`) }", source)
    assert page.evaluate("say.day('2026-12-01T15:39:00Z')") == said
    moment = page.evaluate("say.moment('2026-12-01T15:39:00Z')")
    assert moment.startswith(said)
    assert moment.endswith("15:39")
    page.close()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_numbers_are_written_as_the_language_s_own_rules_write_them(browser: Browser, lang: str) -> None:
    page = browser.new_page()
    page.set_content(f"<html lang={lang}>")
    source = base64.b64encode((ASSETS / "say.js").read_bytes()).decode()
    page.evaluate("async source => { window.say = await import(`data:text/javascript;base64,${source}`) }", source)
    values = [[0, 0], [7, 2], [14.04, 2], [59.999, 1], [999, 0], [1000, 0], [90_000, 0], [1_234_567.891, 2], [3.1, 1]]
    ours = page.evaluate("values => values.map(([value, digits]) => say.number(value, digits))", values)
    rules = "([lang, values]) => values.map(([n, most]) => n.toLocaleString(lang, { maximumFractionDigits: most }))"
    assert ours == page.evaluate(rules, [{"fr": "fr", "en": "en-GB"}[lang], values])
    page.close()


def test_the_parts_of_the_theme_are_where_the_stylesheet_expects_them() -> None:
    missing = [
        name for name in ("mark.svg", "interview.js", "member.js", "account.js") if not Path(ASSETS / name).is_file()
    ]
    assert not missing
