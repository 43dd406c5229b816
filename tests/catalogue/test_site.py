"""The site as the real MkDocs and the catalogue make it together."""

import fcntl
import json
import posixpath
import re
import struct
import subprocess
import sys
from xml.etree import ElementTree

import html5lib
import msgspec
import pytest

from catalogue.manifest import read_manifest

ORIGIN = "http://127.0.0.1:8000"


def test_both_languages_have_home_lists_pages_and_404(built):
    for root in ("", "en/"):
        for path in ("index.html", "interviews/index.html", "topics/index.html", "speakers/anne-morin/index.html"):
            assert f'<html lang="{root[:2] or "fr"}">' in built.page(root + path)
        assert (built.site / root / "404.html").exists()
        assert (built.site / root / "about/index.html").exists()


def test_no_mark_of_the_shell_is_left_and_words_that_look_like_one_stay(built):
    assert "Et @@title@@ ?" in built.page("interviews/phare/index.html")
    marks = re.compile(rb"@@(kind|path|other)@@|<!--@@")
    assert [name for name, data in built.files().items() if name.endswith(".html") and marks.search(data)] == []


def test_the_scripts_of_an_interview_are_asked_for_at_once_and_after_its_words(built):
    page = built.page("interviews/phare/index.html")
    before, _, body = page.partition('<section class="reuse"')
    waits, scripts = zip(*re.findall(r'<script type="module"( async)? src="/([^"]+)">', body), strict=True)
    assert [name.rpartition("/")[2] for name in scripts] == ["interview.js", "member.js"]
    assert waits == (" async", ""), "one that waits for the style sheet, so that nothing is laid out before it"
    told = [re.findall(r'<link rel="modulepreload" href="/([^"]+)">', part) for part in (before, body)]
    halfway = before.index("modulepreload")
    assert before.index('id="t1000"') < halfway < before.rindex("<section"), "in the midst of the words"
    for script, names in zip(scripts, told, strict=True):
        code, folder = "".join(map(built.page, {script, *names})), script.rpartition("/")[0]
        imports = {f"{folder}/{other}" for other in re.findall(r'from "\./([^"]+)"', code)}
        assert {script, *names} == {script, *imports}
        assert len(names) == len(set(names)) <= 6, "a few: a browser of HTTP/1.1 asks for six things at a time"
    assert before.count("<script") == 0, "nothing that a script does is waited for by what is read"
    assert 'rel="preload"' not in before, "nothing comes between a slow line and the style sheet"
    assert built.page("interviews/index.html").count("modulepreload") == 1


def test_what_is_asked_for_in_the_second_place_is_all_asked_for_at_once(built):
    page = built.page("interviews/phare/index.html")
    first = re.findall(r'<link rel="modulepreload" href="/[^"]+/([^"/]+)">', page)
    [folder] = {name.rpartition("/")[0] for name in built.files() if name.endswith("/interview.js")}
    named = set(re.findall(r'import\("\./([^"]+)"\)', built.page(f"{folder}/interview.js")))
    code = "".join(built.page(f"{folder}/{name}") for name in named)
    assert {"panel.js", "reading.js"} <= named
    assert set(re.findall(r'from "\./([^"]+)"', code)) <= named | set(first), "one more journey over a slow line"


def test_nothing_long_comes_before_what_a_reader_sees(built):
    page = built.page("interviews/phare/index.html")
    assert page.index('rel="stylesheet"') < 2000
    assert page.index("<h1") < page.index('id="t1000"') < page.index("application/ld+json")


def test_what_an_editor_writes_cannot_act(built):
    document = html5lib.parse(built.page("interviews/seul/index.html"), namespaceHTMLElements=False)
    scripts = [element for element in document.iter("script") if not element.get("src")]
    assert all(element.get("type") in ("application/ld+json", "application/json") for element in scripts)
    assert "javascript:" not in "".join(element.get("href", "") for element in document.iter("a"))
    assert document.find(".//h1").text == "<script>alert(1)</script> & Cie"
    assert json.loads(scripts[0].text)["headline"] == "<script>alert(1)</script> & Cie"


def test_tags_in_a_transcript_are_words(built):
    assert "Non, &lt;b&gt;merci&lt;/b&gt;." in built.page("interviews/phare/index.html")


def test_an_embargoed_page_leaves_no_trace(built):
    for name, data in built.files().items():
        assert "secret" not in name
        assert b"2999" not in data
        assert b"interviews/secret" not in data
        assert not name.startswith(("topics/lune", "en/topics/moon"))


def test_a_withdrawn_page_keeps_its_address_and_says_why_and_nothing_else(built):
    page = built.page("interviews/retire/index.html")
    assert "à la demande de l’intervenante" in page
    assert "Titre retiré" not in page
    assert "Non, merci." not in page
    assert sorted(file.name for file in (built.site / "interviews/retire").iterdir()) == ["index.html"]
    others = [data for name, data in built.files().items() if not name.startswith("interviews/retire/")]
    assert not any(b"interviews/retire" in data for data in others)


def test_a_page_in_one_language_is_listed_in_the_other_and_never_said_to_be_translated(built):
    assert 'href="/interviews/seul/"' in built.page("en/interviews/index.html")
    page = built.page("interviews/seul/index.html")
    assert 'rel="alternate" hreflang' not in page
    assert 'class="missing"' in page
    assert not (built.site / "en/interviews/seul").exists()


def test_translations_name_each_other_by_absolute_addresses(built):
    wanted = {
        "fr": f"{ORIGIN}/interviews/phare/",
        "en": f"{ORIGIN}/en/interviews/phare/",
        "x-default": f"{ORIGIN}/interviews/phare/",
    }
    for path in ("interviews/phare/index.html", "en/interviews/phare/index.html"):
        found = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', built.page(path)))
        assert found == wanted


def test_a_paired_topic_leads_to_its_pair_and_an_unpaired_one_to_the_list(built):
    assert 'href="/en/topics/lighthouses/" class=""' in built.page("topics/phares/index.html")
    assert 'href="/en/interviews/" class="missing"' in built.page("topics/mer/index.html")


def test_the_manifest_tells_the_edge_of_every_standing_page(built):
    manifest = read_manifest(built.site / "catalogue.json")
    assert [(entry.slug, entry.lang) for entry in manifest.interviews] == [
        ("seul", "fr"),
        ("phare", "fr"),
        ("phare", "en"),
    ]
    entry = manifest.find("phare", "en")
    assert (entry.url, entry.translated, entry.master, entry.duration_ms) == (
        "/en/interviews/phare/",
        True,
        "phare",
        60_000,
    )
    assert (entry.turns, entry.timed_turns, entry.languages) == (3, 2, ("fr", "en"))


def test_files_beside_a_page_say_what_the_page_says(built):
    folder = built.site / "interviews/phare"
    assert json.loads((folder / "transcript.json").read_bytes())["turns"][1]["id"] == "t5500"
    assert "[00:00:05.500] Anne Morin\n\nNon, <b>merci</b>." in (folder / "transcript.txt").read_text()
    assert (
        "00:00:05.500 --> 00:01:00.000\n<v Anne Morin>Non, &lt;b&gt;merci&lt;/b&gt;."
        in (folder / "captions.vtt").read_text()
    )
    assert "00:00:05,500 --> 00:01:00,000" in (folder / "captions.srt").read_text()


def test_a_member_reads_what_the_master_is_before_the_download(built):
    pages = [("départ", "interviews/phare/index.html"), ("start", "en/interviews/phare/index.html")]
    for said, path in pages:
        page = built.page(path).replace("\u202f", " ")
        assert "H.264 1280×720, 25 " in page
        [extent] = re.findall(r'<p class="facts">(1 min.*00:00:00:00)</p>', page)
        assert said in extent


def test_a_film_is_described_to_search_engines_with_its_transcript(built):
    (text,) = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', built.page("interviews/phare/index.html")
    )
    said = json.loads(text)
    assert (said["@type"], said["duration"]) == ("VideoObject", "PT60S")
    assert "Anne Morin: Non, <b>merci</b>." in said["transcript"]


@pytest.mark.parametrize("path", ["feed.xml", "en/feed.xml", "sitemap.xml"])
def test_feeds_and_map_are_xml(built, path):
    assert ElementTree.fromstring((built.site / path).read_bytes()) is not None


def test_nothing_is_called_filmed_that_has_no_film(project):
    project.interview("lu")
    project.interview("lu", lang="en", turns="Q : Yes?\n\nANNE : No.")
    project.build_here()
    for path in ("interviews/lu", "en/interviews/lu"):
        article = re.search(r"<article.*?</article>", project.page(f"{path}/index.html"), re.DOTALL)[0]
        assert not re.search(r"filmé|\bfilmed", article + project.page(f"{path}/transcript.txt"), re.IGNORECASE)
    assert "Conducted in French; this is a translation." in project.page("en/interviews/lu/index.html")


def test_every_page_that_may_be_shared_has_a_picture(built):
    pictures = {}
    for name, data in built.files().items():
        if name.endswith("index.html") and "account/" not in name:
            found = re.findall(r'<meta property="og:image" content="http://127.0.0.1:8000(/[^"]+)">', data.decode())
            (pictures[name],) = found
    film = pictures.pop("interviews/phare/index.html"), pictures.pop("en/interviews/phare/index.html")
    assert set(film) == {"/media/phare/0123456789ab/poster.jpg"}
    (card,) = set(pictures.values())
    assert "interviews/seul/index.html" in pictures
    assert "about/index.html" in pictures
    assert (built.site / card.lstrip("/")).read_bytes()[16:24] == struct.pack(">II", 1200, 630)


def test_what_search_engines_read_of_a_film_is_as_they_ask(project):
    project.master("phare")
    project.interview("phare", master="phare", summary="é" * 3000)
    project.build_here()
    page = project.page("interviews/phare/index.html")
    said = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert said["uploadDate"] == "2026-03-14T00:00:00Z"
    described = re.search(r"<video:description>(.*?)</", project.page("sitemaps/interviews-2026.xml"))[1]
    assert (len(described), described[-1]) == (2048, "…")


def test_a_feed_holds_the_interviews_of_its_language(built):
    entries = "{http://www.w3.org/2005/Atom}entry"
    assert [
        len(list(ElementTree.fromstring(built.page(path)).iter(entries))) for path in ("feed.xml", "en/feed.xml")
    ] == [2, 1]


def test_every_asset_is_ours_and_named_by_its_content(built):
    folders = {name.split("/")[1] for name in built.files() if name.startswith("assets/")}
    assert len(folders) == 1
    assert re.fullmatch("[0-9a-f]{12}", folders.pop())
    fonts = [data for name, data in built.files().items() if name.endswith(".woff2")]
    assert len(fonts) == 5
    assert sum(map(len, fonts)) < 120_000


def test_sheets_timings_and_sources_are_not_published_and_images_are(built):
    names = built.files()
    assert not [name for name in names if name.endswith((".md", ".yml", ".timing.json")) or "shell" in name]
    assert "images/plan.svg" in names


def test_no_page_asks_another_place_for_anything(built):
    for name, data in built.files().items():
        if name.endswith(".html"):
            document = html5lib.parse(data, namespaceHTMLElements=False)
            asked = [element.get("src", "") for element in document.iter() if element.get("src")]
            asked += [
                link.get("href")
                for link in document.iter("link")
                if link.get("rel") in ("stylesheet", "icon", "preload")
            ]
            assert all(re.match(r"/(?!/)|\.{1,2}/", address) for address in asked), name


def test_a_page_that_is_opened_from_a_folder_finds_its_style(built):
    names = built.files()
    for name in ("index.html", "en/index.html", "interviews/phare/index.html", "en/speakers/index.html"):
        document = html5lib.parse(names[name], namespaceHTMLElements=False)
        (style,) = [link.get("href") for link in document.iter("link") if link.get("rel") == "stylesheet"]
        assert posixpath.normpath(posixpath.join(posixpath.dirname(name), style)) in names, name


def test_every_link_within_the_site_leads_somewhere(built):
    names = built.files()
    elsewhere = (
        "account/",
        "newsletter/",
        "press/",
        "help/",
        "editors/",
        "privacy/",
        "legal/",
        "accessibility/",
        "media/",
        "api/",
    )
    for name, data in names.items():
        if not name.endswith(".html"):
            continue
        for link in html5lib.parse(data, namespaceHTMLElements=False).iter("a"):
            path = link.get("href", "").partition("#")[0].partition("?")[0].lstrip("/")
            if link.get("href", "").startswith("/") and not path.removeprefix("en/").startswith(elsewhere):
                assert (f"{path}index.html" if path.endswith("/") or not path else path) in names, (name, path)


def test_building_again_changes_nothing_and_says_so(built):
    before = built.files()
    result = built.build()
    assert (result.returncode, result.stdout) == (0, "site/ is up to date.\n")
    assert built.files() == before


def test_a_second_build_waits_for_the_first_and_says_so(built):
    with (built.root / "build/lock").open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [sys.executable, "-m", "duplex", "build"],
            cwd=built.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        said = second.stderr.readline()
        assert re.fullmatch(r"Another build is at work \(process \d+\): waiting for it to end\.\n", said)
        assert second.poll() is None
    assert second.communicate(timeout=60) == ("site/ is up to date.\n", "")


def test_the_manifest_is_the_record_it_says_it_is(built):
    raw = msgspec.json.decode((built.site / "catalogue.json").read_bytes())
    assert raw["version"] == 1
    assert {"slug", "lang", "url", "title", "date", "spoken", "translated", "master", "duration_ms", "turns"} <= set(
        raw["interviews"][0]
    )
