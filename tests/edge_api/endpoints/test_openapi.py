"""The document of the service is true: whatever is sent, by a stranger or a member, only what it tells comes back."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode

from edge_api.app import ROUTES
from edge_api.endpoints.openapi import document
from tests.edge_api.served import House, served
from tests.edge_api.shelf import SLUG, Shelf, make_shelf

TOLD = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance",
]  # fmt: skip
# Ends the session under which all others are asked, so it comes last.
LAST = "/api/sign-out"
OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    shelf: Shelf = make_shelf(tmp_path_factory.mktemp("shelf"))
    with served(shelf, tmp_path_factory.mktemp("house")) as house:
        yield house


def test_the_document_tells_every_route_and_no_other() -> None:
    """HEAD goes with GET (RFC 9110, 9.3.2); the style of our own pages is no affair of programs."""
    told = {(path, method.upper()) for path, methods in document()["paths"].items() for method in methods}
    told = {(path, method) for path, method in told if method != "PARAMETERS"}
    routes = {(route.path, method) for route in ROUTES for method in route.methods or () if method != "HEAD"}
    assert told == routes - {("/edge.css", "GET")}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("who", ["stranger", "member"])
def test_no_request_gets_an_answer_that_the_document_does_not_tell(
    house: House, who: str, mode: GenerationMode
) -> None:
    headers = dict(OURS)
    if who == "member":
        member = house.member(f"nina-{mode.name.lower()}")
        member.ask("POST", "/api/downloads", {"interview": SLUG, "lang": "fr", "kind": "film"})
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in member.cookies.items())
    document = schemathesis.openapi.from_url(f"{house.origin}/api/openapi.json")
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) > 30
    for operation in sorted(operations, key=lambda each: each.path == LAST):
        if mode is GenerationMode.NEGATIVE and not operation.body:
            continue

        @settings(
            max_examples=4,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(
                headers=headers, checks=CHECKS.get_by_names(TOLD), base_url=house.origin, allow_redirects=False
            )

        ask()
