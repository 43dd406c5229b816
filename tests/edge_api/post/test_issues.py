"""An issue reaches every confirmed subscriber once, whatever stops the sending, and no code ever waits behind it."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from email.message import EmailMessage

import msgspec
import pytest

from edge_api.post import issues, postman
from edge_api.post.issue_draft import draft
from edge_api.post.issue_text import TO_WRITE, read_issue, written
from edge_api.post.issues import Issue
from edge_api.post.mailer import FolderMailer, NoMailbox
from tests.edge_api.house import DAY, GOOD, House
from tests.edge_api.post.subscribers import TEXT, begin, carried, subscribe
from tests.edge_api.shelf import Shelf, entry

FILE = f"---\nsubject: La lampe, et la nuit\n---\n\n{TEXT}"


def test_an_issue_reaches_who_confirmed_it_in_that_language_before_it_was_begun(house: House) -> None:
    subscribe(house, 3)
    subscribe(house, 2, lang="en")
    subscribe(house, 2, state="pending")
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
    assert house.rows("SELECT email FROM subscriptions") == [(second["To"],)]


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

        async def rehearse(self, message: EmailMessage, id: str) -> None:
            """Nothing is handed over."""

        async def rest(self) -> None:
            """Nothing is kept."""

    subscribe(house, 1)
    issue = begin(house)
    house.call(postman.deliver, house.world, Refusing())
    assert house.rows("SELECT state FROM subscriptions") == []
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

        async def rehearse(self, message: EmailMessage, id: str) -> None:
            """Nothing is handed over."""

        async def rest(self) -> None:
            """Nothing is kept."""

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


@pytest.mark.parametrize(("seconds", "told"), [(42, "42\u202fs"), (200, "3\u202fmin"), (3720, "1\u202fh 2\u202fmin")])
def test_a_draft_tells_lengths_as_the_pages_do(shelf: Shelf, seconds: int, told: str) -> None:
    film = msgspec.structs.replace(entry(shelf), duration_ms=seconds * 1000)
    assert f" · {told}\n" in draft([film], "fr")


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
