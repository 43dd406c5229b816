"""The newsletter on the command line: prepare an issue, look at it, try it on one address, send it, stop it."""

import asyncio
import sys
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import cyclopts
from cyclopts import Parameter
from msgspec import MsgspecError

from catalogue.interview import Problem as Mistake
from catalogue.manifest import Manifest
from catalogue.reading.parsing import decode

from .addresses import address_key
from .errors import BadEmail
from .post import issue_sending, issues
from .post.issue_draft import draft, new_since
from .post.issue_text import Draft, read_issue, written
from .post.letters import ISSUE, Letter, Stamp, render
from .post.mailer import Permanent, Temporary, mailer_of
from .post.writing import LINKS
from .serve import clock
from .terminal import agreed, in_world
from .tokens import sign
from .world import World

newsletter = cyclopts.App(
    name="newsletter", help="Prepare and send issues. Example: duplex newsletter prepare, then preview, test, send"
)

Lang = Literal["fr", "en"]
LANGS: tuple[Lang, Lang] = ("fr", "en")
Folder = Annotated[Path, Parameter(help="Where issues are written.")]
_HERE = Path("docs/newsletter")
_TEST = {"fr": "[Essai] ", "en": "[Test] "}


_in_world = partial(in_world, cure="Ask duplex doctor, then give the same command again: nobody is written to twice.")


@newsletter.command
def prepare(issue: str = "", *, folder: Folder = _HERE) -> None:
    """Write the draft of an issue in each language, with the interviews that are new since the last one.

    The issue is named by its day, today unless said. A file that is there already is left as it is.

    Example: duplex newsletter prepare 2026-12-01
    """
    name = issue or today().isoformat()
    _check_name(name)

    async def write(world: World) -> None:
        for lang in LANGS:
            async with world.database.read() as c:
                told = await issues.told_before(c, lang)
                readers = await issues.subscribers(c, lang)
            new = new_since(_manifest(world).interviews, lang, told, today())
            file = folder / f"{name}.{lang}.md"
            made = _write(file, draft(new, lang), fresh=True)
            state = f"{len(new)} new interviews" if made else "there already, and left as it is"
            print(f"{file}: {state}; {readers} subscribers in this language.")
        print(f"Write, then look at it: duplex newsletter preview {name}")

    _in_world(write)


@newsletter.command
def preview(issue: str, *, folder: Folder = _HERE, to: Path = Path("var/newsletter")) -> None:
    """Print an issue as plain text, and write it as HTML files to be opened in a browser.

    Example: duplex newsletter preview 2026-12-01
    """

    async def show(world: World) -> None:
        for lang, file in _files(issue, folder):
            message = _letter(world, issue, lang, _draft(world, file, lang), "reader@duplex.example")
            plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
            assert plain is not None
            assert html is not None
            page = to / f"{issue}.{lang}.html"
            _write(page, str(html.get_content()), fresh=False)
            print(f"{'=' * 72}\n{message['Subject']}\n{'=' * 72}\n{plain.get_content()}")
            print(f"As HTML: {page}\n")

    _in_world(show, asks=False)


@newsletter.command(name="test")
def try_out(issue: str, address: str, *, folder: Folder = _HERE, lang: Lang | None = None) -> None:
    """Send an issue to one address, marked as a test; the link to leave that it holds leaves nothing.

    Example: duplex newsletter test 2026-12-01 redaction@exemple.fr --lang fr
    """
    try:
        address_key(address)
    except BadEmail:
        sys.exit(f"{address} is no e-mail address.")

    async def send_one(world: World) -> None:
        for each, file in _files(issue, folder, lang):
            message = _letter(world, issue, each, _draft(world, file, each), address, mark=_TEST[each])
            try:
                await mailer_of(world.settings.mail).send(message, message["Message-ID"][1:33], world.clock())
            except (Temporary, Permanent) as error:
                sys.exit(f"The test was not sent: {error}. Look at DUPLEX_MAIL: duplex doctor")
            where = f" Look at it: {world.settings.origin}/dev/mail" if world.settings.shows_letters else ""
            print(f"Sent to {address}: {message['Subject']}.{where}")

    _in_world(send_one, asks=False)


@newsletter.command
def send(
    issue: str,
    *,
    folder: Folder = _HERE,
    lang: Lang | None = None,
    yes: Annotated[bool, Parameter(help="Do not ask.", negative="")] = False,
) -> None:
    """Send an issue to the confirmed subscribers of each language, or go on where the sending was stopped.

    Ctrl-C stops the sending; the same command goes on, without writing to anybody twice. The service carries the
    letters, so it must be running. Readers were promised one issue a week at most: an earlier one is refused.

    Example: duplex newsletter send 2026-12-01
    """

    async def all_of_it(world: World) -> None:
        drafts: dict[str, Draft] = {each: _draft(world, file, each) for each, file in _files(issue, folder, lang)}
        slugs = {each: [e.slug for e in _manifest(world).interviews if e.lang == each] for each in drafts}
        try:
            for line in await issue_sending.plan(world, issue, drafts):
                print(line)
            if not yes and not await asyncio.to_thread(agreed, "Type yes to send: "):
                sys.exit("Nothing was sent.")
            begun = [
                await issues.begin(world, issue, each, draft.subject, draft.text, slugs[each])
                for each, draft in drafts.items()
            ]
            await issue_sending.follow(world, begun)
        except issue_sending.NotSent as why:
            sys.exit(str(why))

    _in_world(all_of_it)


@newsletter.command
def stop(issue: str) -> None:
    """Take back every letter of an issue that has not left yet. `send` goes on with them.

    Example: duplex newsletter stop 2026-12-01
    """

    async def take_back(world: World) -> None:
        async with world.database.read() as c:
            begun = [each for each in await issues.every(c) if each.id == issue]
        if not any(each.ended_ms is None for each in begun):
            why = "has been sent already" if begun else "was never begun"
            sys.exit(f"The issue {issue} {why}: nothing of it waits. See them all: duplex newsletter list")
        print(issue_sending.stopped(issue, await issues.withdraw(world, issue)))

    _in_world(take_back)


@newsletter.command(name="list")
def list_() -> None:
    """Show every issue that was begun, and what became of its letters. Example: duplex newsletter list"""

    async def tell(world: World) -> None:
        async with world.database.read() as c:
            for line in [await issue_sending.told(c, each) for each in await issues.every(c)] or ["No issue yet."]:
                print(line)

    _in_world(tell)


def today() -> date:
    """The day, in UTC."""
    return datetime.fromtimestamp(clock() / 1000, UTC).date()


def _check_name(name: str) -> None:
    try:
        # One spelling a day: Python reads 20261201 and 2026-W49-2 as well.
        right = date.fromisoformat(name).isoformat() == name
    except ValueError:
        right = False
    if not right:
        sys.exit(f"{name} is no day. Name the issue by the day it leaves, like {today().isoformat()}.")


def _files(issue: str, folder: Path, lang: Lang | None = None) -> list[tuple[Lang, Path]]:
    _check_name(issue)
    found = [(each, folder / f"{issue}.{each}.md") for each in LANGS if lang in (None, each)]
    there = [(each, file) for each, file in found if file.is_file()]
    if not there:
        sys.exit(f"{found[0][1]} is missing. Begin with: duplex newsletter prepare {issue}")
    return there


def _write(file: Path, text: str, *, fresh: bool) -> bool:
    """Writes a file, unless it must be `fresh` and is not; whether it was written."""
    if fresh and file.exists():
        return False
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        sys.exit(f"{file} cannot be written ({error.strerror}).")
    return True


def _draft(world: World, file: Path, lang: Lang) -> Draft:
    """The issue in a file; its problems end the program, all of them told."""
    site = world.settings.site

    def stands(path: str) -> bool:
        return ".." not in path and (site / path.strip("/") / "index.html").is_file()

    try:
        text = decode(file.read_bytes())
    except OSError as error:
        sys.exit(f"{file} cannot be read ({error.strerror}).")
    if isinstance(text, Mistake):
        sys.exit(f"{file}:{text.line}: {text.message}.")
    found, problems = read_issue(text, lang, stands)
    if found is None or problems:
        sys.exit("\n".join(f"{file}:{problem.line}: {problem.message}" for problem in problems))
    return found


def _letter(world: World, issue: str, lang: Lang, draft: Draft, to: str, mark: str = "") -> EmailMessage:
    """The letter as a subscriber gets it, but that its link to leave is nobody's."""
    letter = Letter(ISSUE, lang, to, {"issue": issue, "subscription": "test"})
    stamp = Stamp(world.settings.origin, world.settings.mail_from, world.random(16).hex(), world.clock())
    body = written(mark + draft.subject, draft.text, world.settings.origin)
    return render(letter, stamp, token=sign(*world.keys.signing(LINKS), "newsletter/leave", "test", lang), body=body)


def _manifest(world: World) -> Manifest:
    try:
        return world.manifest()
    except (OSError, MsgspecError):
        sys.exit(f"{world.settings.site} holds no built site that can be read. Build it: duplex build")
