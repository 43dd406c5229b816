"""Readers of the newsletter, and what has left for them: what the tests of issues share."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from edge_api.post import issues
from edge_api.post.issues import Issue
from tests.edge_api.house import DAY, NOON, House

TEXT = "Bonjour.\n\n## [La lampe](/interviews/la-lampe/)\n\nUne *nuit* sur le phare.\n"


def subscribe(house: House, number: int, lang: str = "fr", state: str = "confirmed", at: int = NOON - DAY) -> None:
    """Writes subscriptions straight into the database."""
    names = ((f"{lang}{state[:2]}{n:028x}", f"r{n}.{state}@{lang}.example") for n in range(number))
    rows = (f"('{id}', '{email}', '{email}', '{lang}', '{state}', {at}, {at})" for id, email in names)
    house.rows(
        "INSERT INTO subscriptions (id, email, email_key, lang, state, asked_ms, confirmed_ms) VALUES "
        + ", ".join(rows)
    )


def carried(house: House, subject: str = "La lampe") -> list[EmailMessage]:
    """Every letter of an issue that has left by now."""
    house.letters("nobody")
    found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in (house.home / "mail").glob("*")]
    return [letter for letter in found if isinstance(letter, EmailMessage) and letter["Subject"] == subject]


def begin(house: House, id: str = "2026-12-01", lang: str = "fr") -> Issue:
    """Begins an issue and posts it to everybody."""
    issue: Issue = house.call(issues.begin, house.world, id, lang, "La lampe", TEXT, [])
    while house.call(issues.fill, house.world, issue):
        pass
    return issue
