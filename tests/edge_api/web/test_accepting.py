"""What a request takes, as RFC 9110 (12.5) has it: names in any case, weights, several fields."""

import pytest
from starlette.datastructures import Headers

from edge_api.web.accepting import preferred, takes, weighed
from tests.edge_api.house import House


def headers(*fields: tuple[str, str]) -> Headers:
    return Headers(raw=[(name.encode(), value.encode()) for name, value in fields])


@pytest.mark.parametrize(
    ("accept", "taken"),
    [
        ("text/html", True),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("Text/HTML; charset=utf-8", True),
        ("application/json, text/html;q=0.1", True),
        ("text/html;q=0, application/json", False),
        ("text/html; Q=0.000", False),
        ("application/xhtml+xml;profile=text/html", False),
        ("text/htmlx", False),
        ("*/*", False),
        ("", False),
        ("text/html;q=none", True),
    ],
)
def test_a_media_type_is_taken_when_it_is_named_and_not_refused(accept: str, taken: bool) -> None:
    assert takes(headers(("accept", accept)), "text/html") is taken


def test_several_fields_are_one_list_and_the_heavier_comes_first() -> None:
    assert weighed(headers(("accept", "a/b;q=0.2, c/d"), ("accept", "e/f")), "accept") == ["c/d", "e/f", "a/b"]


@pytest.mark.parametrize(
    ("wished", "lang"),
    [
        ("en", "en"),
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("fr;q=0.5, en", "en"),
        ("en;q=0.5, fr-CA", "fr"),
        ("de, en;q=0.9, fr;q=0.1", "en"),
        ("en;q=0, de", "fr"),
        ("eng", "fr"),
        ("*", "fr"),
        ("", "fr"),
    ],
)
def test_the_language_is_the_one_of_ours_that_is_wished_for_more(wished: str, lang: str) -> None:
    assert preferred(headers(("accept-language", wished))) == lang


def test_a_form_that_refuses_html_is_answered_as_a_program(house: House) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    body = b"email=a%40b.fr&password=x"
    program = house.visitor().ask("POST", "/api/sign-in", body, Accept="application/json, text/html;q=0", **form)
    assert (program.status, program.json) == (401, {"code": "bad_credentials"})
    assert house.visitor().ask("POST", "/api/sign-in", body, Accept="TEXT/HTML", **form).status == 303
