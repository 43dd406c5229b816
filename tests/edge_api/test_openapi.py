"""The OpenAPI document is true."""

from collections.abc import Iterator
from typing import Any

from edge_api.app import ROUTES
from edge_api.endpoints.openapi import document
from tests.edge_api.house import House

# Served for browsers and developers, and promised to nobody.
UNDOCUMENTED = {"/edge.css"}


def test_the_openapi_document_tells_every_route_and_no_other(house: House) -> None:
    told = {
        (path, method.upper())
        for path, operations in document()["paths"].items()
        for method in operations
        if method != "parameters"
    }
    served = {
        (route.path, method)
        for route in ROUTES
        for method in route.methods or ()
        if method != "HEAD" and route.path not in UNDOCUMENTED
    }
    assert told == served
    answer = house.visitor().get("/api/openapi.json")
    assert answer.json["openapi"] == "3.1.0"
    assert answer.json["servers"] == [{"url": "http://127.0.0.1:8000"}]


def test_every_reference_in_the_openapi_document_leads_somewhere() -> None:
    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            if "$ref" in part:
                yield part["$ref"]
            for value in part.values():
                yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    for reference in set(references(document())):
        found: Any = document()
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
