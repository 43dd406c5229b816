"""`duplex newsletter`, as its users call it: stopped, killed, gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from edge_api.newsletter_command import prepare
from edge_api.post import postman
from edge_api.post.issue_text import TO_WRITE
from edge_api.post.mailer import FolderMailer
from edge_api.serve import clock
from tests.edge_api.databases import Sqlite
from tests.edge_api.house import DAY, NOON, House, make_house
from tests.edge_api.post.subscribers import TEXT, carried, subscribe

FILE = f"---\nsubject: La lampe, et la nuit\n---\n\n{TEXT}"


@pytest.fixture
def desk(tmp_path: Path, sqlite: Sqlite) -> Iterator[House]:
    """The edge of an editor's own machine."""
    with make_house(tmp_path, sqlite).open() as house:
        # The commands go by the real clock: what they post is due at the desk, whatever the day.
        house.now = max(house.now, clock() + DAY)
        yield house


def duplex(house: House, *words: str, **more: Any) -> subprocess.Popen[str]:
    """Begins `duplex newsletter …` on the house's settings."""
    given = {name: str(getattr(house.settings, name)) for name in ("origin", "database", "site", "mail", "secrets")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DUPLEX_")}
    environment |= {f"DUPLEX_{name.upper()}": value for name, value in given.items()}
    program = str(Path(sys.executable).with_name("duplex"))
    # A suite begun in the background ignores Ctrl-C, and what it begins would inherit that.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [program, "newsletter", *words], cwd=house.home, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, heard)


def said(house: House, *words: str) -> tuple[int, str]:
    """What the command prints, and how it ends."""
    running = duplex(house, *words, stdin=subprocess.DEVNULL)
    printed = running.communicate(timeout=300)[0]
    return running.returncode, printed


def write_issue(house: House, id: str = "2026-12-01") -> None:
    folder = house.home / "docs" / "newsletter"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{id}.fr.md").write_text(FILE, encoding="utf-8")


def until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.02)


def wait_for_posted(house: House, number: int) -> None:
    until(lambda: house.rows("SELECT count(*) FROM deliveries")[0][0] >= number)


def test_ctrl_c_stops_an_issue_and_the_same_command_goes_on_with_it(desk: House) -> None:
    subscribe(desk, 40, at=NOON - 10 * DAY)
    write_issue(desk)
    sending = duplex(desk, "send", "2026-12-01", "--yes")
    wait_for_posted(desk, 40)
    desk.call(postman.deliver, desk.world, FolderMailer(desk.home / "mail"))
    sending.send_signal(signal.SIGINT)
    printed = sending.communicate(timeout=300)[0]
    assert sending.returncode == 1
    assert "36 letters of 2026-12-01 were taken back" in printed
    assert len(carried(desk, "La lampe, et la nuit")) == 4
    code, printed = said(desk, "send", "2026-12-01")
    assert (code, "Say it beforehand: --yes" in printed, "Traceback" in printed) == (1, True, False)
    again = duplex(desk, "send", "2026-12-01", "--yes")
    wait_for_posted(desk, 40)
    letters = carried(desk, "La lampe, et la nuit")
    assert "40 sent" in again.communicate(timeout=300)[0]
    assert sorted(letter["To"] for letter in letters) == sorted(f"r{n}.confirmed@fr.example" for n in range(40))
    code, printed = said(desk, "send", "2026-12-01", "--yes")
    assert (code, "has been sent already" in printed) == (1, True)
    for other, why in (("2026-12-01", "has been sent already"), ("2026-12-09", "was never begun")):
        code, printed = said(desk, "stop", other)
        assert (code, why in printed) == (1, True)
    write_issue(desk, "2026-12-02")
    code, printed = said(desk, "send", "2026-12-02", "--yes")
    assert (code, "one a week at most" in printed) == (1, True)


def test_a_sender_killed_in_the_middle_misses_nobody_and_writes_to_nobody_twice(desk: House) -> None:
    subscribe(desk, 2500, at=NOON - 10 * DAY)
    write_issue(desk)
    for least in (1, 1001):
        sending = duplex(desk, "send", "2026-12-01", "--yes")
        wait_for_posted(desk, least)
        sending.kill()
        sending.communicate(timeout=300)
    sending = duplex(desk, "send", "2026-12-01", "--yes")
    wait_for_posted(desk, 2500)
    sending.send_signal(signal.SIGKILL)
    sending.communicate(timeout=300)
    assert desk.rows("SELECT count(*) FROM deliveries") == [(2500,)]
    assert desk.rows("SELECT count(*), count(DISTINCT facts) FROM outbox") == [(2500, 2500)]
    assert desk.rows("SELECT count(*) FROM outbox JOIN deliveries ON deliveries.letter = outbox.id") == [(2500,)]


@pytest.mark.parametrize("name", ["20261201", "2026-W49-2", "2026-13-01", "demain"])
def test_a_day_has_one_spelling(name: str) -> None:
    """Else the issue of a day could be prepared, and sent, under several names."""
    with pytest.raises(SystemExit, match="is no day"):
        prepare(name)


def test_a_draft_tells_what_is_new_and_the_preview_and_the_test_show_it(desk: House) -> None:
    catalogue = {"version": 1, "interviews": [entry("la-lampe", "La lampe", ""), entry("la-digue", "La digue")]}
    (desk.settings.site / "catalogue.json").write_text(json.dumps(catalogue))
    (desk.settings.site / "interviews" / "la-digue").mkdir()
    (desk.settings.site / "interviews" / "la-digue" / "index.html").write_text("")
    code, printed = said(desk, "prepare", "2026-12-01")
    assert (code, "2 new interviews" in printed) == (0, True)
    file = desk.home / "docs" / "newsletter" / "2026-12-01.fr.md"
    draft = file.read_text(encoding="utf-8")
    assert "subject: La lampe, et un autre entretien\n" in draft
    assert "## [La digue](/interviews/la-digue/)\n\nPaul Deren, éclusier · Gravelines · 1er mars 2026" in draft
    assert "## [La lampe](/interviews/la-lampe/)\n\nPaul Deren, éclusier · 1er mars 2026" in draft
    code, printed = said(desk, "preview", "2026-12-01")
    assert (code, "2026-12-01.fr.md:5: the paragraph to be written" in printed) == (1, True)
    file.write_text(draft.replace(TO_WRITE["fr"], "Deux voix de la mer."), encoding="utf-8")
    file.with_name("2026-12-01.en.md").unlink()
    code, printed = said(desk, "preview", "2026-12-01")
    assert (code, "Deux voix de la mer." in printed) == (0, True)
    assert "<h2><a href=" in (desk.home / "var" / "newsletter" / "2026-12-01.fr.html").read_text(encoding="utf-8")
    code, printed = said(desk, "test", "2026-12-01", "nina@exemple.fr")
    assert code == 0, printed
    [letter] = desk.letters("nina@exemple.fr")
    assert letter["Subject"] == "[Essai] La lampe, et un autre entretien"
    leave = str(letter["List-Unsubscribe"])[1:-1].removeprefix(desk.settings.origin)
    assert desk.visitor().post(leave).status == 200


def entry(slug: str, title: str, place: str = "Gravelines") -> dict[str, Any]:
    return {
        "slug": slug, "lang": "fr", "url": f"/interviews/{slug}/", "title": title, "date": "2026-03-01",
        "place": place, "summary": "Vingt ans.", "spoken": "fr", "translated": False, "languages": ["fr"],
        "master": None, "version": None, "duration_ms": 0, "turns": 4, "timed_turns": 0, "reference": "",
        "credit": "", "terms": "", "topics": [],
        "speakers": [{"key": "Q", "name": "Q", "role": "interviewer"},
                     {"key": "PD", "name": "Paul Deren", "function": "éclusier"}],
    }  # fmt: skip
