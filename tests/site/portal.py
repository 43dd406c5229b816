"""A whole portal for the tests: the real site, the real edge in a process of its own, its letters on disk."""

import email
import email.policy
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from bench.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Portal:
    """A portal that runs: where it answers, and the folders in which it keeps what it makes."""

    origin: str
    site: Path
    mail: Path
    media: Path

    def letters(self, to: str) -> list[EmailMessage]:
        """The letters sent to an address, oldest first."""
        found = []
        for file in sorted(self.mail.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
            letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            assert isinstance(letter, EmailMessage)
            if to in str(letter["To"]):
                found.append(letter)
        return found

    def code(self, to: str, number: int = 1, seconds: float = 120) -> str:
        """The nth code sent to an address, waited for: letters leave by a queue, a moment after the answer."""
        end = time.monotonic() + seconds
        while len(codes := [code for letter in self.letters(to) if (code := code_in(letter))]) < number:
            assert time.monotonic() < end, f"code {number} for {to} has not come in {seconds} s"
            time.sleep(0.1)
        return codes[number - 1]


def plain_text(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    part = letter.get_body(("plain",))
    assert part is not None, "a letter has plain text"
    return str(part.get_content())


def code_in(letter: EmailMessage) -> str | None:
    """The eight digits of a letter's code, alone on their line; None in a letter of another purpose."""
    match = re.search(r"^\s*(\d{4}) (\d{4})\s*$", plain_text(letter), re.MULTILINE)
    return match[1] + match[2] if match else None


@contextmanager
def running(folder: Path) -> Iterator[Portal]:
    """A portal built and started in `folder`, on the demonstration's films; stopped as Ctrl-C would at the end."""
    origin = f"http://127.0.0.1:{free_port()}"
    portal = Portal(origin, folder / "site", folder / "mail", ROOT / "var" / "media")
    settings = {
        "DUPLEX_ORIGIN": origin,
        "DUPLEX_SITE": str(portal.site),
        "DUPLEX_MEDIA": str(portal.media),
        "DUPLEX_CLIPS": str(folder / "clips"),
        "DUPLEX_MAIL": f"folder:{portal.mail}",
        "DUPLEX_DATABASE": f"sqlite+aiosqlite:///{folder / 'duplex.db'}",
        "DUPLEX_SECRETS": str(folder / "secrets.json"),
    }
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DUPLEX_")} | settings
    duplex = str(Path(sys.executable).with_name("duplex"))
    built = subprocess.run([duplex, "build"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    log = (folder / "serve.log").open("w+b")
    process = subprocess.Popen([duplex, "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _await_ready(origin, process, folder / "serve.log")
        yield portal
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
        log.close()
    assert code == 0, (folder / "serve.log").read_text()


def _await_ready(origin: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{origin}/readyz", timeout=30):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"not ready in 300 s: {log.read_text()}")
