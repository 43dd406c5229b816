"""An issue reaches every confirmed subscriber once, whatever stops the sending, and no code ever waits behind it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from edge_api import issues, postman
from edge_api.issue_text import TO_WRITE, read_issue, written
from edge_api.issues import Issue
from edge_api.mailer import FolderMailer, NoMailbox
from tests.edge_api.databases import Sqlite
from tests.edge_api.house import DAY, GOOD, NOON, House, make_house

TEXT = "Bonjour.\n\n## [La lampe](/interviews/la-lampe/)\n\nUne *nuit* sur le phare.\n"
FILE = f"---\nsubject: La lampe, et la nuit\n---\n\n{TEXT}"


def subscribe(house: House, number: int, lang: str = "fr", state: str = "confirmed", at: int = NOON - DAY) -> None:
    """Writes subscriptions straight into the database."""
    names = ((f"{lang}{state[:2]}{n:028x}", f"r{n}.{state}@{lang}.example") for n in range(number))
    rows = (f"('{id}', '{email}', '{email}', '{lang}', '{state}', {at}, {at})" for id, email in names)
    house.rows(
        "INSERT INTO subscriptions (id, email, email_key, lang, state, asked_ms, confirmed_ms) VALUES "
        + ", ".join(rows)
    )


def begin(house: House, id: str = "2026-12-01", lang: str = "fr") -> Issue:
    """Begins an issue and posts it to everybody."""
    issue: Issue = house.call(issues.begin, house.world, id, lang, "La lampe", TEXT, [])
    while house.call(issues.fill, house.world, issue):
        pass
    return issue


def carried(house: House, subject: str = "La lampe") -> list[EmailMessage]:
    """Every letter of an issue that has left by now."""
    house.letters("nobody")
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in (house.home / "mail").glob("*")]
    return [letter for letter in found if isinstance(letter, EmailMessage) and letter["Subject"] == subject]


def test_an_issue_reaches_who_confirmed_it_in_that_language_before_it_was_begun(house: House) -> None:
    subscribe(house, 3)
    subscribe(house, 2, lang="en")
    subscribe(house, 2, state="pending")
    subscribe(house, 2, state="left")
    issue = begin(house)
    house.pass_time(1)
    house.member("late@exemple.fr").post("/api/newsletter")
    begin(house)
    assert sorted(letter["To"] for letter in carried(house)) == [f"r{n}.confirmed@fr.example" for n in range(3)]
    assert house.call(issues.end, house.world, issue)
    assert house.rows("SELECT sent, dropped, dead FROM issues") == [(3, 0, 0)]


def test_every_letter_of_an_issue_can_be_left_with_one_click_of_its_own(house: House) -> None:
    subscribe(house, 2)
    begin(house)
    first, second = carried(house)
    assert first["List-Unsubscribe"] != second["List-Unsubscribe"]
    path = str(first["List-Unsubscribe"])[1:-1].removeprefix(house.settings.origin)
    answer = house.visitor().ask(
        "POST", path, b"List-Unsubscribe=One-Click", Content_Type="application/x-www-form-urlencoded",
        Origin="", Sec_Fetch_Site="",
    )  # fmt: skip
    assert answer.status == 200
    [state] = house.rows(f"SELECT state FROM subscriptions WHERE email = '{first['To']}'")
    assert state == ("left",)


def test_who_leaves_while_the_issue_is_on_its_way_does_not_get_it_and_still_gets_codes(house: House) -> None:
    reader = house.member("nina@exemple.fr")
    assert reader.post("/api/newsletter").status == 200
    [welcome] = [letter for letter in house.letters("nina@exemple.fr") if "List-Unsubscribe" in letter]
    house.pass_time(1)
    issue = begin(house)
    leave = str(welcome["List-Unsubscribe"])[1:-1].removeprefix(house.settings.origin)
    assert house.visitor().post(leave).status == 200
    assert carried(house) == []
    assert house.call(issues.end, house.world, issue)
    assert house.rows("SELECT sent, dropped, dead FROM issues") == [(0, 1, 0)]
    house.pass_time(DAY)
    assert house.visitor().post("/api/reset", {"email": "nina@exemple.fr", "lang": "fr"}).status == 202
    assert house.letters("nina@exemple.fr")[-1]["Subject"] == "Votre code pour changer de mot de passe"


def test_an_issue_taken_back_goes_on_with_the_same_letters(house: House) -> None:
    subscribe(house, 9)
    issue = begin(house)
    mailer = FolderMailer(house.home / "mail")
    assert house.call(postman.deliver, house.world, mailer) == 4
    assert house.call(issues.withdraw, house.world, issue.id) == 5
    assert house.rows("SELECT count(*) FROM outbox WHERE sent_ms IS NULL") == [(0,)]
    assert not house.call(issues.end, house.world, issue)
    ids = {letter["Message-ID"] for letter in carried(house)}
    begin(house)
    letters = carried(house)
    assert Counter(letter["To"] for letter in letters) == Counter(f"r{n}.confirmed@fr.example" for n in range(9))
    assert ids < {letter["Message-ID"] for letter in letters}
    assert house.call(issues.end, house.world, issue)


def test_nobody_is_written_to_twice_by_two_senders_at_once(house: House) -> None:
    subscribe(house, 700)
    issue: Issue = house.call(issues.begin, house.world, "2026-12-01", "fr", "La lampe", TEXT, [])

    async def both() -> None:
        while sum(await asyncio.gather(*(issues.fill(house.world, issue) for _ in range(3)))):
            pass

    house.call(both)
    assert house.rows("SELECT count(*), count(DISTINCT facts) FROM outbox") == [(700, 700)]


def test_a_subscriber_who_changes_language_gets_the_issue_once(house: House) -> None:
    subscribe(house, 1)
    begin(house)
    assert len(carried(house)) == 1
    house.rows("UPDATE subscriptions SET lang = 'en'")
    begin(house, lang="en")
    assert len(carried(house)) == 1


def test_a_mailbox_that_is_gone_ends_the_subscription_and_no_other_refusal_does(house: House) -> None:
    class Refusing:
        async def send(self, message: EmailMessage, id: str, at_ms: int) -> None:
            raise NoMailbox("the server refused the recipient (550)")

    subscribe(house, 1)
    issue = begin(house)
    house.call(postman.deliver, house.world, Refusing())
    assert house.rows("SELECT state FROM subscriptions") == [("refused",)]
    assert house.rows("SELECT action FROM consents") == [("refused",)]
    assert house.call(issues.end, house.world, issue)
    assert house.rows("SELECT sent, dropped, dead FROM issues") == [(0, 0, 1)]


def test_a_code_leaves_while_every_letter_of_an_issue_hangs(house: House) -> None:
    class Hanging:
        """A relay that takes letters with a code, and lets those of an issue hang."""

        def __init__(self) -> None:
            self.held, self.took = threading.Event(), threading.Event()

        async def send(self, message: EmailMessage, id: str, at_ms: int) -> None:
            if "List-Id" in message:
                self.held.set()
                await asyncio.Event().wait()
            self.took.set()

    subscribe(house, 30)
    begin(house)
    relay = Hanging()
    assert house.client.portal is not None
    running = house.client.portal.start_task_soon(postman.run, house.world, relay)
    assert relay.held.wait(20)
    body = {"email": "nina@exemple.fr", "password": GOOD, "lang": "fr"}
    assert house.visitor().post("/api/sign-up", body).status == 202
    assert relay.took.wait(20)
    running.cancel()


BAD = {
    "no front matter": ("Bonjour.\n", 1),
    "no subject": ("---\ntitle: x\n---\nBonjour.\n", 2),
    "unknown field": ("---\nsubject: x\nto: everyone\n---\nBonjour.\n", 2),
    "one line of 1 to": (f"---\nsubject: {'x' * 121}\n---\nBonjour.\n", 2),
    "the issue is empty": ("---\nsubject: x\n---\n\n", 4),
    "to be written": (f"---\nsubject: x\n---\n\n{TO_WRITE['fr']}\n", 5),
    "a picture": ("---\nsubject: x\n---\nVoir ![](https://a.example/i.gif)\n", 4),
    "HTML": ("---\nsubject: x\n---\n\nOui.\n<script>alert(1)</script>\n", 6),
    "leads nowhere": ("---\nsubject: x\n---\n[ici](javascript:alert(1))\n", 4),
    "by reference": ("---\nsubject: x\n---\n[ici][1]\n\n[1]: javascript:alert(1)\n", 6),
    "the site has no page": ("---\nsubject: x\n---\n[ici](/interviews/la-lamp/)\n", 4),
    "over 90 kB": ("---\nsubject: x\n---\n" + "mot " * 23_000, 4),
}


@pytest.mark.parametrize("message", BAD)
def test_what_keeps_an_issue_from_being_sent_is_told_with_its_line(message: str) -> None:
    content, line = BAD[message]
    _, problems = read_issue(content, "fr", lambda path: path == "/interviews/la-lampe/")
    assert [problem.line for problem in problems if message in problem.message] == [line], problems


def test_an_issue_reads_well_without_knowing_markdown() -> None:
    text = """Une *nuit*, et le **vent**.

## [La lampe](/interviews/la-lampe/)

Paul Deren, éclusier · 3 min

> Rien ne *tient* sans [la digue](/interviews/digue/#t4680).

- un
- [deux](https://exemple.fr/deux_fois_deux/)
"""
    assert (
        written("x", text, "https://duplex.example").plain
        == """Une nuit, et le vent.

La lampe
https://duplex.example/interviews/la-lampe/

Paul Deren, éclusier · 3 min

Rien ne tient sans la digue
(https://duplex.example/interviews/digue/#t4680).

- un
- deux (https://exemple.fr/deux_fois_deux/)
"""
    )


# The command, as its users call it.


@pytest.fixture
def desk(tmp_path: Path, sqlite: Sqlite) -> Iterator[House]:
    """The edge of an editor's own machine."""
    with make_house(tmp_path, sqlite).open() as house:
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
    printed = running.communicate(timeout=60)[0]
    return running.returncode, printed


def write_issue(house: House, id: str = "2026-12-01") -> None:
    folder = house.home / "docs" / "newsletter"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{id}.fr.md").write_text(FILE, encoding="utf-8")


def until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
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
    printed = sending.communicate(timeout=30)[0]
    assert sending.returncode == 1
    assert "36 letters of 2026-12-01 were taken back" in printed
    assert len(carried(desk, "La lampe, et la nuit")) == 4
    again = duplex(desk, "send", "2026-12-01", "--yes")
    wait_for_posted(desk, 40)
    letters = carried(desk, "La lampe, et la nuit")
    assert "40 sent" in again.communicate(timeout=30)[0]
    assert sorted(letter["To"] for letter in letters) == sorted(f"r{n}.confirmed@fr.example" for n in range(40))
    code, printed = said(desk, "send", "2026-12-01", "--yes")
    assert (code, "has been sent already" in printed) == (1, True)
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
        sending.communicate(timeout=30)
    sending = duplex(desk, "send", "2026-12-01", "--yes")
    wait_for_posted(desk, 2500)
    sending.send_signal(signal.SIGKILL)
    sending.communicate(timeout=30)
    assert desk.rows("SELECT count(*) FROM deliveries") == [(2500,)]
    assert desk.rows("SELECT count(*), count(DISTINCT facts) FROM outbox") == [(2500, 2500)]
    assert desk.rows("SELECT count(*) FROM outbox JOIN deliveries ON deliveries.letter = outbox.id") == [(2500,)]


def test_a_draft_tells_what_is_new_and_the_preview_and_the_test_show_it(desk: House) -> None:
    catalogue = {"version": 1, "interviews": [entry("la-lampe", "La lampe"), entry("la-digue", "La digue")]}
    (desk.settings.site / "catalogue.json").write_text(json.dumps(catalogue))
    (desk.settings.site / "interviews" / "la-digue").mkdir()
    (desk.settings.site / "interviews" / "la-digue" / "index.html").write_text("")
    code, printed = said(desk, "prepare", "2026-12-01")
    assert (code, "2 new interviews" in printed) == (0, True)
    file = desk.home / "docs" / "newsletter" / "2026-12-01.fr.md"
    draft = file.read_text(encoding="utf-8")
    assert "subject: La lampe, et un autre entretien\n" in draft
    assert "## [La digue](/interviews/la-digue/)\n\nPaul Deren, éclusier · Gravelines · 14 mars 2026" in draft
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


def entry(slug: str, title: str) -> dict[str, Any]:
    return {
        "slug": slug, "lang": "fr", "url": f"/interviews/{slug}/", "title": title, "date": "2026-03-14",
        "place": "Gravelines", "summary": "Vingt ans.", "spoken": "fr", "translated": False, "languages": ["fr"],
        "master": None, "version": None, "duration_ms": 0, "turns": 4, "timed_turns": 0, "reference": "",
        "credit": "", "terms": "", "topics": [],
        "speakers": [{"key": "Q", "name": "Q", "role": "interviewer"},
                     {"key": "PD", "name": "Paul Deren", "function": "éclusier"}],
    }  # fmt: skip
