"""Where a form or the basket may be led, a sentence waits: in both languages, on the page, under the code as its id."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[3] / "docs"
PASSWORD = {
    "weak_password_length",
    "weak_password_space",
    "weak_password_mix",
    "weak_password_common",
    "password_too_long",
}
CODE = {"no_flow", "bad_code", "code_expired", "code_used", "too_many_tries", "sent-again"}
ALWAYS = {"too_many_requests", "busy", "internal"}
# Page: the fragments that answers.py and the flows can put behind its address.
PAGES = {
    "account/sign-up": {"bad_email", *PASSWORD, *ALWAYS},
    "account/verify": {*CODE, *ALWAYS},
    "account/created": {"subscribed", "not_signed_in", *ALWAYS},
    "account/sign-in": {"bad_credentials", "not_signed_in", "deleted", *ALWAYS},
    "account/reset/index": {"bad_email", *ALWAYS},
    "account/reset/verify": {*CODE, *ALWAYS},
    "account/reset/password": {"no_flow", *PASSWORD, *ALWAYS},
    "account/index": {
        "wrong_password", "changed", "ended", "subscribed", "left", "language", "not_found", "not_signed_in",
        *PASSWORD, *ALWAYS,
    },
    "newsletter": {"bad_email", "sent", "subscribed", *ALWAYS},
    "basket": {
        "unknown_interview", "no_film", "bad_passage", "storage_away", "failed", "cancelled", "offline", *ALWAYS,
    },
}  # fmt: skip


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_place_that_a_form_is_led_to_holds_its_sentence(page: str, lang: str) -> None:
    source = (DOCS / lang / f"{page}.md").read_text(encoding="utf-8")
    missing = PAGES[page] - set(re.findall(r'\bid="([^"]+)"', source))
    assert not missing
