"""Dates, lengths, sizes and addresses in both languages, and Markdown that cannot act."""

from datetime import date

import html5lib
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.pages.plan import HERE as HOUSE
from catalogue.reading.markup import context_html
from catalogue.wording import (
    count_text,
    counts_text,
    date_text,
    duration_text,
    iso_duration,
    rate_text,
    size_text,
    slug_of,
)

HERE = HOUSE / "words"


@pytest.mark.parametrize(
    ("day", "french", "english"),
    [
        (date(2026, 3, 1), "1er mars 2026", "1 March 2026"),
        (date(2026, 8, 11), "11 août 2026", "11 August 2026"),
        (date(1998, 12, 21), "21 décembre 1998", "21 December 1998"),
    ],
)
def test_dates(day, french, english):
    assert (date_text(day, "fr"), date_text(day, "en")) == (french, english)


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "0\u202fs"), (90_400, "1\u202fmin 30\u202fs"), (600_000, "10\u202fmin"), (7_500_000, "2\u202fh 5\u202fmin")],
)
def test_durations(ms, text):
    assert duration_text(ms) == text


def test_counts_are_parted_in_thousands_as_each_language_does():
    words = {lang: msgspec.yaml.decode((HERE / f"{lang}.yml").read_bytes()) for lang in ("fr", "en")}
    big = (12_345, 1_000, 3_600_000 * 4_321)
    assert counts_text(*big, words["fr"]) == "12\u202f345\xa0entretiens, 1\u202f000 films, 4\u202f321\u202fh"
    assert counts_text(*big, words["en"]) == "12,345 interviews, 1,000 films, 4,321\u202fh"
    assert count_text(999, words["fr"]) == "999\xa0entretiens"


@pytest.mark.parametrize(("ms", "text"), [(60_000, "PT60S"), (90_500, "PT90.5S"), (1_005, "PT1.005S")])
def test_durations_for_machines(ms, text):
    assert iso_duration(ms) == text


@pytest.mark.parametrize(
    ("size", "french", "english"),
    [
        (512, "512\u202fo", "512\u202fB"),
        (42_300_000, "42\u202fMo", "42\u202fMB"),
        (1_540_000_000, "1,5\u202fGo", "1.5\u202fGB"),
    ],
)
def test_sizes(size, french, english):
    assert (size_text(size, "fr"), size_text(size, "en")) == (french, english)


def test_rates():
    assert (rate_text("30000/1001", "fr"), rate_text("25/1", "en")) == ("29,97\u202fi/s", "25\u202ffps")


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Savoir-faire d’été", "savoir-faire-d-ete"), ("Cœur", "coeur"), ("日本", "65e5-672c"), ("—", "2014")],
)
def test_an_address_is_never_empty(text, slug):
    assert slug_of(text) == slug


PIECES = st.sampled_from(
    ["<script>", "</script>", "[a](", ")", "javascript:", "&#106;", "\\", "![", "](data:", "<", ">", "`", "*", "\n", "http://x/",
    '"',
     "onload=", "<img src=x onerror=y>", "\x02", "\x03", "[r]: ", "//x",
    " ", "#", "{.a}", "<java&#115;cript:a>", "a@b.c"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_markdown_can_act(text):
    for element in html5lib.parseFragment(context_html(text), namespaceHTMLElements=False).iter():
        assert element.tag not in ("script", "iframe", "object", "style", "form", "svg", "base", "link", "meta")
        assert not [name for name in element.attrib if name.startswith("on")]
        assert "javascript:" not in element.get("href", "").lower().replace("\n", "").replace("\t", "")[:30]
        assert not element.get("src", "").startswith(("data:", "http", "//"))
        assert not element.get("href", "").startswith("//")


def test_common_links_stay():
    made = context_html("[a](/about/) [b](https://x.org/?a=1&b=2#c) [c](mailto:a@b.org) [d](#t=5,9)")
    assert made.count("<a href=") == 4
