"""Favourites in disguise, and how passwords are hashed: what is quicker told without HTTP."""

from __future__ import annotations

import asyncio
import os
import time
import unicodedata
from collections.abc import Iterator

import pytest

from edge_api.errors import Busy
from edge_api.passwords import Hasher, problem

GOOD = [
    "Marée-haute_2047",
    "Brume-du-matin_88",
    "Spring-tide_2047!",
    "Fog_at-daybreak_88",
    "Ünïcode-Straße٣3x",
    "Ab1-" * 32,
]


@pytest.mark.parametrize("password", GOOD)
def test_a_good_password_passes(password: str) -> None:
    assert problem(password) is None


@pytest.mark.parametrize(
    "password",
    [
        "Password123!", "Azertyuiop1!", "Motdepasse1!", "Bonjour2024!!", "Qwertyuiop1!", "Soleil-2024!", "P@ssw0rd2024",
        "M0tdep@sse2024!", "Mot-de-passe-2024", "$Oleil2024!!", "2024!Soleil!", "Qsdfghjklm1!", "Azerty-Qsdfgh1",
        "1qaz-2wsX-3edc", "Abcdefghij1!", "Aa1234567890!", "Aaaaaaaaaaa1!", "Soleil2024Soleil!", "Été2024-2025!",
        "Entretien2026!", "Juillet-2026!", "Welc0me2026!!", "Nicolas-1987!", "Duplex-2026-!", "PassPassPass1!",
    ],
)  # fmt: skip
def test_a_favourite_in_disguise_is_refused(password: str) -> None:
    assert problem(password) == "weak_password_common"


@pytest.mark.parametrize("password", [f"{'1' * 62}aA!{'1' * 62}", f"{'1!' * 30}aA{'1!' * 30}", "Azerty" * 20 + "1!"])
def test_no_password_is_long_to_judge(password: str) -> None:
    """Whoever sends one need not be known to anybody, and meanwhile nobody else is answered."""

    def work() -> float:
        began = time.thread_time()
        problem(password)
        return time.thread_time() - began

    assert min(work() for _ in range(3)) < 0.01


def test_the_name_in_the_address_is_refused_inside_the_password() -> None:
    assert problem("Xx-Kerguelen_2047", "a.kerguelen@exemple.fr") == "weak_password_common"
    assert problem("Xx-Kerguelen_2047", "nina@exemple.fr") is None


@pytest.fixture
def hasher() -> Iterator[Hasher]:
    made = Hasher({"k2": b"two" * 11, "k1": b"one" * 11}, "k2", cost=4)
    yield made
    made.close()


def test_the_right_password_and_no_other_is_known_again(hasher: Hasher) -> None:
    async def story() -> None:
        stored = await hasher.hash("Marée-haute_2047")
        assert stored.startswith("v1$k2$$2b$04$")
        assert await hasher.check("Marée-haute_2047", stored)
        assert await hasher.check(unicodedata.normalize("NFD", "Marée-haute_2047"), stored)
        assert not await hasher.check("Marée-haute_2048", stored)

    asyncio.run(story())


def test_the_last_byte_of_a_long_password_matters(hasher: Hasher) -> None:
    async def story() -> None:
        stored = await hasher.hash("Ab1-" * 30 + "x")
        assert await hasher.check("Ab1-" * 30 + "x", stored)
        assert not await hasher.check("Ab1-" * 30 + "y", stored)

    asyncio.run(story())


@pytest.mark.parametrize("stored", [None, "", "v1$gone$$2b$04$" + "a" * 53, "v2$k2$x", "v1$k2$"])
def test_nobodys_password_is_never_right(hasher: Hasher, stored: str | None) -> None:
    assert not asyncio.run(hasher.check("Marée-haute_2047\ud800", stored))


def test_an_older_key_still_checks_and_asks_to_be_renewed(hasher: Hasher) -> None:
    async def story() -> None:
        before = Hasher({"k1": b"one" * 11}, "k1", cost=4)
        stored = await before.hash("Marée-haute_2047")
        before.close()
        assert await hasher.check("Marée-haute_2047", stored)
        assert hasher.stale(stored)
        assert not hasher.stale(await hasher.hash("Marée-haute_2047"))

    asyncio.run(story())


def test_a_changed_cost_asks_to_be_renewed(hasher: Hasher) -> None:
    costlier = Hasher({"k2": b"two" * 11}, "k2", cost=5)
    assert costlier.stale(asyncio.run(hasher.hash("Marée-haute_2047")))
    costlier.close()


def test_one_too_many_is_told_to_come_back_and_then_there_is_room_again() -> None:
    async def story() -> None:
        small = Hasher({"k1": b"one" * 11}, "k1", cost=8, queue=1)
        answers = await asyncio.gather(
            *(small.hash(str(n)) for n in range(40 + (os.cpu_count() or 1))), return_exceptions=True
        )
        refused = [answer for answer in answers if isinstance(answer, Busy)]
        assert refused
        assert all(answer.retry_after for answer in refused)
        assert [answer for answer in answers if isinstance(answer, str)]
        assert (await small.hash("later")).startswith("v1$k1$")
        small.close()

    asyncio.run(story())
