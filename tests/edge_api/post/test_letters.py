"""Letters say the same things in both languages, and never say a code where it can be overlooked or overheard."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from jinja2 import UndefinedError

from edge_api.post import issue_text
from edge_api.post.letters import CONFIRM, ISSUE, KINDS, LEAVE, Letter, Stamp, render

STAMP = Stamp("https://duplex.example", "Duplex <lettres@duplex.example>", "0f" * 16, 1_790_000_000_000)
# As long as true ones are: longer than a line of a header.
TOKEN = "k1." + "dG9rZW4" * 9 + ".bWFjbWFjbWFjbWFjbWFjbW"
BOTH = [(kind, lang) for kind in KINDS for lang in ("fr", "en")]


SUBJECTS = {"fr": "La digue, et d’autres entretiens", "en": "The dyke, and other interviews"}
TEXTS = {
    "fr": "Trois voix de la mer.\n\n## [La digue](/interviews/digue/)\n\nPaul Deren, *éclusier*\u202f: vingt ans.\n",
    "en": "Three voices.\n\n## [The dyke](/en/interviews/digue/)\n\nPaul Deren, *lock keeper*: twenty years.\n",
}


def written(kind: str, lang: str) -> EmailMessage:
    body = issue_text.written(SUBJECTS[lang], TEXTS[lang], STAMP.origin) if kind == ISSUE else None
    facts = {"filename": "digue.mov"} if kind == "link_paused" else {}
    letter = Letter(kind, lang, "nina@exemple.fr", facts)
    sent = render(letter, STAMP, code="12345678", token=TOKEN, body=body)
    found = message_from_bytes(sent.as_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_every_letter_exists_as_text_and_html_in_both_languages(kind: str, lang: str) -> None:
    message = written(kind, lang)
    assert message.get_content_type() == "multipart/alternative"
    assert message["Content-Language"] == lang
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == "Duplex <lettres@duplex.example>"
    assert message["To"] == "nina@exemple.fr"
    assert message["Message-ID"] == f"<{'0f' * 16}@duplex.example>"
    assert message["Date"].datetime.timestamp() == 1_790_000_000
    assert f'<html lang="{lang}">' in part(message, "html")
    assert message["Subject"] in part(message, "html")
    for body in (part(message, "plain"), part(message, "html")):
        assert "{" not in re.sub(r"<style>.*</style>", "", body, flags=re.S)


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_a_code_stands_alone_on_its_line_and_never_in_the_subject(kind: str, lang: str) -> None:
    message = written(kind, lang)
    assert not re.search(r"\d", message["Subject"])
    lines = part(message, "plain").splitlines()
    assert ("1234 5678" in lines) == KINDS[kind].code
    assert (">1234 5678<" in part(message, "html")) == KINDS[kind].code


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_text_and_html_lead_to_the_same_addresses_all_of_them_ours(kind: str, lang: str) -> None:
    message = written(kind, lang)
    in_text = set(re.findall(r"https?://\S+", part(message, "plain")))
    in_html = set(re.findall(r'href="([^"]+)"', part(message, "html")))
    assert in_text == in_html
    assert all(address.startswith("https://duplex.example/") for address in in_text)
    pages = {address for address in in_text if KINDS[kind].link == "" or KINDS[kind].link not in address}
    assert all(address.startswith("https://duplex.example/en/") == (lang == "en") for address in pages)
    if KINDS[kind].link:
        assert f"https://duplex.example/{KINDS[kind].link}/{TOKEN}" in in_text


@pytest.mark.parametrize("kind", KINDS)
def test_french_letters_are_typeset_and_hold_no_english(kind: str) -> None:
    message = written(kind, "fr")
    plain = re.sub(r"https?://\S+", "", part(message, "plain")) + message["Subject"]
    assert "'" not in plain
    assert '"' not in plain
    assert not re.search(r"(?<!\u202f)[:;!?»]", plain)
    assert not re.search(r"\b(?:the|your|you|password|sign|code to|newsletter|account|email|was|not)\b", plain, re.I)


@pytest.mark.parametrize("kind", KINDS)
def test_no_letter_says_the_same_in_both_languages(kind: str) -> None:
    assert written(kind, "fr")["Subject"] != written(kind, "en")["Subject"]
    assert not re.search(r"[éèàçù]", part(written(kind, "en"), "plain"))


@pytest.mark.parametrize(("kind", "lang"), BOTH)
def test_only_letters_of_the_newsletter_can_be_unsubscribed_with_one_click(kind: str, lang: str) -> None:
    message = written(kind, lang)
    if KINDS[kind].link == LEAVE:
        assert message["List-Unsubscribe"] == f"<https://duplex.example/newsletter/leave/{TOKEN}>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["List-Id"] == f"<newsletter.{lang}.duplex.example>"
    else:
        assert message["List-Unsubscribe"] is None


def test_only_the_letter_that_asks_for_it_leads_to_the_confirmation() -> None:
    assert [kind for kind in KINDS if KINDS[kind].link == CONFIRM] == ["newsletter_confirm"]


def test_an_address_that_would_add_a_header_is_refused() -> None:
    with pytest.raises(ValueError, match=r"address|Invalid|CR|domain"):
        render(Letter("already_member", "fr", "a@exemple.fr\r\nBcc: b@exemple.fr"), STAMP)


def test_a_strange_language_has_no_letters() -> None:
    with pytest.raises((LookupError, UndefinedError)):
        render(Letter("already_member", "de", "a@exemple.fr"), STAMP)
