"""Authorisation and resources: what is whose, and what is left when everybody comes at once.

Links and what they open (requirements 40 to 43) have files of their own, in the room of downloads.
"""

import asyncio
from pathlib import Path

import httpx2
import pytest

from tests.edge_api.databases import Store
from tests.edge_api.house import GOOD, OTHER, House, make_house
from tests.edge_api.people import SAME_ORIGIN

ADDRESS = "claire@exemple.fr"


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


def test_a_full_queue_of_passwords_answers_busy_at_once_and_loses_nothing(tmp_path: Path, store: Store) -> None:
    """Requirement 44."""
    with make_house(tmp_path, store, bcrypt_cost=9).open() as house:
        house.member(ADDRESS)
        bodies = [{"email": f"a{number}@exemple.fr", "password": OTHER} for number in range(40)]
        answers = house.answers_at_once([(house.visitor(), "/api/sign-in", body) for body in bodies])
        assert {answer.status for answer in answers} == {401, 503}
        busy = [answer for answer in answers if answer.status == 503]
        assert len(busy) <= 40 - 16
        assert {answer.code for answer in busy} == {"busy"}
        assert all(int(answer.headers["retry-after"]) > 0 for answer in busy)
        house.sign_in(ADDRESS, GOOD)


def test_other_pages_stay_quick_while_passwords_wait(tmp_path: Path, store: Store) -> None:
    """Requirement 44: bench/accounts measures it on a quiet machine; here a held-up loop would be seen."""
    with make_house(tmp_path, store, bcrypt_cost=9).open() as house:

        async def both() -> tuple[list[int], list[int]]:
            transport = httpx2.ASGITransport(app=house.app)
            async with httpx2.AsyncClient(transport=transport, base_url=house.settings.origin) as client:

                async def sign_in(number: int) -> int:
                    body = {"email": f"a{number}@exemple.fr", "password": OTHER}
                    return (await client.post("/api/sign-in", json=body, headers=SAME_ORIGIN)).status_code

                guesses = asyncio.gather(*(sign_in(number) for number in range(12)))
                pages = []
                while not guesses.done():
                    pages.append((await client.get("/readyz")).status_code)
                return list(await guesses), pages

        statuses, pages = house.call(both)
        assert set(pages) == {200}
        assert statuses == [401] * 12
        # A page takes several turns of the loop; were each hash made there, not one page would come for each of them.
        assert len(pages) > len(statuses)
