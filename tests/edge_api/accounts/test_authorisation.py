"""Authorisation and resources: what is whose, and what is left when everybody comes at once.

Links and what they open (requirements 40 to 43) have files of their own, in the room of downloads.
"""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from tests.edge_api.house import GOOD, OTHER, House
from tests.edge_api.people import SAME_ORIGIN

ADDRESS = "claire@exemple.fr"
HANDS = os.cpu_count() or 1


@pytest.mark.parametrize("path", ["/api/me", "/api/me/export", "/api/me/sessions", "/api/downloads"])
def test_what_belongs_to_a_member_is_for_no_other_site_and_no_cache(house: House, path: str) -> None:
    """Requirement 39."""
    member = house.member(ADDRESS)
    assert house.visitor().get(path).code == "not_signed_in"
    answer = member.get(path, Sec_Fetch_Site="cross-site", Origin="https://evil.example")
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/api/downloads/%00", "/downloads/%00", "/api/downloads/a%00b"])
def test_an_address_that_no_database_can_hold_is_nobodys(house: House, path: str) -> None:
    assert house.member(ADDRESS).get(path).status == 404


@contextmanager
def hands_full(house: House) -> Iterator[None]:
    """For a while every thread that hashes passwords is taken, whatever the machine has of them."""
    gate = threading.Event()
    for _ in range(HANDS):
        house.world.hasher._pool.submit(gate.wait)
    try:
        yield
    finally:
        gate.set()


async def guessed(client: httpx2.AsyncClient, number: int) -> httpx2.Response:
    body = {"email": f"a{number}@exemple.fr", "password": OTHER}
    return await client.post("/api/sign-in", json=body, headers=SAME_ORIGIN)


def asked(house: House) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=house.app), base_url=house.settings.origin)


def test_a_full_queue_of_passwords_answers_busy_at_once_and_loses_nothing(house: House) -> None:
    """Requirement 44."""
    house.member(ADDRESS)

    async def crowd() -> tuple[list[httpx2.Response], list[httpx2.Response]]:
        async with asked(house) as client:
            with hands_full(house):
                guesses = {asyncio.create_task(guessed(client, number)) for number in range(16 + HANDS + 10)}
                told: set[asyncio.Task[httpx2.Response]] = set()
                while len(told) < 10:
                    told, waiting = await asyncio.wait(guesses, return_when=asyncio.FIRST_COMPLETED)
            return [task.result() for task in told], await asyncio.gather(*waiting)

    busy, others = house.call(crowd)
    assert [(answer.status_code, answer.json()) for answer in busy] == [(503, {"code": "busy"})] * 10
    assert all(int(answer.headers["retry-after"]) > 0 for answer in busy)
    assert [answer.status_code for answer in others] == [401] * (16 + HANDS)
    house.sign_in(ADDRESS, GOOD)


def test_other_pages_come_while_passwords_wait(house: House) -> None:
    """Requirement 44: bench/accounts measures how soon; here a held-up loop would be seen."""

    async def both() -> tuple[list[int], list[int]]:
        async with asked(house) as client:
            with hands_full(house):
                guesses = asyncio.gather(*(guessed(client, number) for number in range(12)))
                pages = [(await client.get("/readyz")).status_code for _ in range(12)]
                assert not guesses.done()
            return [answer.status_code for answer in await guesses], pages

    assert house.call(both) == ([401] * 12, [200] * 12)
