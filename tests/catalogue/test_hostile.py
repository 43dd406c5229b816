"""Bad input through the public door: whatever lies in `docs/`, never a traceback, never a script, never much memory."""

import os
import re

import html5lib
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.reading.markup import context_html
from catalogue.reading.parsing import read_other, read_page
from catalogue.reading.sheets import read_known_sheet
from catalogue.sheet import Sheet, Video
from tests.catalogue.hostile import BROKEN, EVIL, FRONT, ODD, PAGE, WORDS, clock
from tests.catalogue.launched import duplex

_OURS = re.compile(r"(?:/|(?:\.\./)+)assets/[\w./-]+")


def acting(html):
    """Whatever in a document could run: scripts other than ours, attributes for events, addresses that are programs."""
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and element.get("type") == "application/ld+json":
            continue
        if element.tag == "script" and (element.text or not _OURS.match(element.get("src", ""))):
            yield element.tag
        if element.tag in ("iframe", "object", "embed", "base", "meta") and "http-equiv" in element.attrib:
            yield element.tag
        for name, value in element.attrib.items():
            if name.startswith("on") or re.match(r"\s*(javascript|vbscript|data):", value, re.IGNORECASE):
                yield f"{name}={value}"


def test_every_broken_file_is_told_at_once_and_the_site_that_stood_stays(project):
    project.interview("phare")
    assert duplex(project, "build")[0] == 0
    stood = project.files()
    for name, (text, _, _) in BROKEN.items():
        project.write(f"docs/fr/interviews/{name}.md", text)
    code, lines = duplex(project, "build")
    assert code == 1
    assert project.files() == stood
    for name, (_, line, said) in BROKEN.items():
        told = [each for each in lines if each.startswith(f"docs/fr/interviews/{name}.md:")]
        assert told, name
        assert told[0].startswith(f"docs/fr/interviews/{name}.md:{line}: "), told[0]
        assert any(said in each for each in told), told[:3]
    assert all(len(each) < 500 for each in lines)


def test_odd_pages_are_published_and_nothing_in_them_acts(project):
    for name, text in ODD.items():
        project.write(f"docs/fr/interviews/{name}.md", text)
    code, lines = duplex(project, "build")
    assert (code, [line for line in lines if "warning" not in line]) == (0, [])
    files = project.files()
    assert {name for name in ODD if f"interviews/{name}/index.html" not in files} == set()
    shown = {name: data.decode() for name, data in files.items() if name.endswith(".html") and b"alert(1)" in data}
    assert "interviews/scripts/index.html" in shown
    assert len(shown) > 4
    assert {name: list(acting(html)) for name, html in shown.items() if list(acting(html))} == {}
    for name, data in files.items():
        if name.endswith(".xml"):
            assert b"<script" not in data, name
    # Nothing was written outside of the site, whatever a topic is called.
    ours = {"build", "docs", "site", "catalogue", "mkdocs.yml", "mkdocs_hook.py"}
    assert {path.name for path in project.root.iterdir()} <= ours


def test_two_hundred_thousand_turns_are_read_and_are_too_many_for_a_page(project):
    turns = "".join(f"{clock(ms * 90)} Q : Oui {ms} ?\n\n" for ms in range(200_000))
    project.write("docs/fr/interviews/long.md", f"{FRONT}## Transcription\n\n{turns}")
    for verb in ("check", "build"):
        code, lines = duplex(project, verb)
        assert (code, len(lines)) == (1, 1)
        assert "long.md:100011: more than 50000 turns" in lines[0]


def test_what_leads_out_of_the_folder_of_words_is_never_published(project, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.md"
    secret.write_text(PAGE + "\nANNE : hunter2\n", encoding="utf-8")
    project.interview("phare")
    links = {
        "docs/fr/interviews/link.md": secret,
        "docs/fr/interviews/device.md": "/dev/zero",
        "docs/fr/interviews/nowhere.md": "/nowhere/at/all",
        "docs/fr/interviews/loop.md": "loop.md",
        "docs/masters/link.yml": secret,
        "docs/fr/link.md": secret,
        "docs/fr/images/link.svg": secret,
        "docs/fr/circle": project.root / "docs" / "fr",
        "docs/fr/outside": secret.parent,
    }
    (project.root / "docs/fr/images").mkdir()
    for path, target in links.items():
        (project.root / path).symlink_to(target)
    pipes = ("docs/fr/interviews/pipe.md", "docs/en/pipe.md", "docs/masters/pipe.yml")
    for path in pipes:
        os.mkfifo(project.root / path)
    code, lines = duplex(project, "check")
    assert code == 1
    told = {line.partition(":")[0] for line in lines if "warning" not in line}
    assert told == {*links, *pipes}
    assert duplex(project, "build")[0] == 1
    assert project.files() == {}


def test_a_link_inside_the_folder_of_words_is_a_file_like_others(project):
    project.write("docs/fr/images/plan.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    (project.root / "docs/en/images").mkdir()
    (project.root / "docs/en/images/plan.svg").symlink_to("../../fr/images/plan.svg")
    assert duplex(project, "build") == (0, [])
    assert (project.site / "en/images/plan.svg").read_bytes() == (project.site / "images/plan.svg").read_bytes()


TRICKS = {
    b"a\nb.md": "is no name for an address",
    b"a..b.md": "is no name for an address",
    b"%2e%2e%2f.md": "is no name for an address",
    b"a b.md": "is no name for an address",
    "é.md".encode(): "is no name for an address",
    b"<b>.md": "is no name for an address",
    b"index.md": "is no name for an address",
    b"x" * 252 + b".md": "too long",
    b"\xff\xfe.md": "not UTF-8",
    b"Phare.md": "by case only",
    b"phare.md": "by case only",
}


def test_names_that_are_tricks_are_told_each_in_one_line(project):
    folder = project.root / "docs/fr/interviews"
    folder.mkdir(parents=True)
    for name in TRICKS:
        with open(os.fsencode(folder) + b"/" + name, "wb") as file:
            file.write(PAGE.encode())
    code, lines = duplex(project, "check")
    assert code == 1
    assert all(re.match(r"docs/\S.*:\d+: ", line) for line in lines), lines
    for name, said in TRICKS.items():
        shown = name.decode(errors="surrogateescape").replace("\n", "\\u000a")
        shown = re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", shown)
        assert any(line.startswith(f"docs/fr/interviews/{shown}:") and said in line for line in lines), (shown, lines)


NO_YAML = ["[" * 90_000, "- {fr: [a], en: b}", "- {fr: a}", "x: 2026-99-99", "\0", "- *a"]


def test_topics_and_sheets_that_are_none_are_told(project):
    for number, text in enumerate(NO_YAML):
        project.interview(f"phare-{number}", master=f"phare-{number}")
        project.write(f"docs/masters/phare-{number}.yml", text)
    project.write("docs/topics.yml", "[" * 90_000)
    code, lines = duplex(project, "check")
    assert code == 1
    sheets = {f"docs/masters/phare-{number}.yml:1" for number in range(len(NO_YAML))}
    # Each once: a page is not blamed for its sheet.
    assert [line.partition(": ")[0] for line in lines] == [*sorted(sheets), "docs/topics.yml:1"]


# What would divide by nothing, lead out of a folder, or not fit into the memory of a build.
@pytest.mark.parametrize(
    ("field", "written", "instead"),
    [
        ("video.width", '"width":1280', '"width":0'),
        ("video.frame_rate", '"25/1"', '"1/0"'),
        ("version", '"0123456789ab"', '"../../<script>"'),
        ("bytes", '"bytes":1', '"bytes":99999999999999999999'),
        ("duration_ms", '"duration_ms":60000', '"duration_ms":-5'),
        ("start_timecode", '"10:00:00:00"', '"<b>"'),
    ],
)
def test_a_sheet_of_what_no_film_can_be_is_told_with_its_field(tmp_path, field, written, instead):
    video = Video(codec="h264", width=1280, height=720, frame_rate="25/1", frames=1500)
    sheet = Sheet(
        id="f", version="0123456789ab", sha256="", bytes=1, container="mp4", duration_ms=60_000, video=video,
        start_timecode="10:00:00:00",
    )  # fmt: skip
    text = msgspec.json.encode(sheet).decode()
    (tmp_path / "f.yml").write_text(text)
    assert read_known_sheet(tmp_path, "f.yml", (0, 0, 0, 0)).sheet == sheet
    (tmp_path / "f.yml").write_text(text.replace(written, instead))
    (problem,) = read_known_sheet(tmp_path, "f.yml", (0, 0, 0, 0)).problems
    assert f"at `$.{field}`). Run `duplex ingest FILE --id f` again" in problem.message
    assert "regex" not in problem.message


def test_a_list_where_a_name_should_stand_is_told_in_plain_words():
    page = read_page(b"---\n? [a, b]\n: c\n---\n", path="p.md", slug="p", lang="fr")
    assert [one.line for one in page.problems if "unknown field `[…]`. Delete it" in one.message] == [2]


MARKS = st.text(alphabet=st.sampled_from("<>[]()!*_`&;:\"'/\\#-=+.| \n\tajx\0\x02\x03é{}@"), max_size=120)


@given(
    st.lists(st.one_of(MARKS, st.sampled_from([EVIL, "[a](javascript:x)", "&#106;avascript:", "<a href="]))).map(
        "".join
    )
)
@settings(max_examples=150)
def test_no_context_acts_whatever_it_says(text):
    if read_other(text.encode())[1] is None:
        assert list(acting(f"<!doctype html><title>x</title>{context_html(text)}")) == []


@given(st.data())
@settings(max_examples=150)
def test_a_page_with_anything_put_anywhere_never_raises(data):
    page = bytearray((FRONT + "Un *contexte*.\n\n" + WORDS).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(page)))
        end = data.draw(st.integers(start, min(len(page), start + 20)))
        page[start:end] = data.draw(st.one_of(st.binary(max_size=12), MARKS.map(str.encode)))
    read = read_page(bytes(page), path="p.md", slug="p", lang="fr")
    last = len(re.split(rb"\r\n|\r|\n", bytes(page)))
    assert all(1 <= problem.line <= last + 1 and "\n" not in str(problem) for problem in read.problems)
    assert read.interview is not None or read.problems
