"""Passwords: which are taken, how they are kept, and what a person is told about one that is not."""

import os
import random
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from edge_api.environment import SettingsError, read_settings
from edge_api.keys import rotate_keys
from tests.edge_api.databases import Store
from tests.edge_api.house import DAY, GOOD, OTHER, House, make_house
from tests.edge_api.people import text_of

ADDRESS = "claire@exemple.fr"
THIRD = "Granit-et-lichen_5"
DOCS = Path(__file__).resolve().parents[3] / "docs"


def answered(house: House, password: str) -> str:
    """What signing up with a password is answered: `taken`, or a code."""
    house.pass_time(DAY)
    answer = house.visitor().post("/api/sign-up", {"email": ADDRESS, "password": password, "lang": "fr"})
    return "taken" if answer.status == 202 else answer.code


def test_length_is_counted_in_characters_after_composing_them(house: House) -> None:
    """Requirement 13."""
    twelve = "Éé-été_2047é"
    assert len(twelve) == 12
    lengths = {
        twelve[1:]: "weak_password_length",
        twelve: "taken",
        unicodedata.normalize("NFD", twelve): "taken",
        unicodedata.normalize("NFD", "Éé-été_204é"): "weak_password_length",
        "Marée-haute_2047" * 4: "taken",
        "Marée-haute_2047" * 8: "taken",
        "Marée-haute_2047" * 8 + "x": "password_too_long",
        "𝄞Marée-haute_2047" * 7: "taken",
    }
    for password, answer in lengths.items():
        assert answered(house, password) == answer, password


KINDS = {
    "Marée-haute_2047": "taken",
    "Spring-tide_2047!": "taken",
    "Ünïcode-Straße٣3x": "taken",
    "ßtraßen-Mündung_3": "taken",
    "Маяк-на-берегу_47": "taken",
    "Marée😀haute_2047": "taken",
    "MaréeXhauteX2047😀": "taken",
    "Court-1a": "weak_password_length",
    "": "bad_form",
    "Marée haute_2047": "weak_password_space",
    "Marée\u00a0haute_2047": "weak_password_space",
    "Marée\u202fhaute_2047": "weak_password_space",
    "Marée\u200bhaute_2047": "weak_password_space",
    "Marée\ufeffhaute_2047": "weak_password_space",
    "Marée\u180ehaute_2047": "weak_password_space",
    "Marée\u3000haute_2047": "weak_password_space",
    "Marée\thaute_2047": "weak_password_space",
    "Marée\u0007haute_2047": "weak_password_space",
    "marée-haute_2047": "weak_password_mix",
    "MARÉE-HAUTE_2047": "weak_password_mix",
    "Marée-haute_abcd": "weak_password_mix",
    "Marée-haute_²²²²": "weak_password_mix",
    "MaréeXhauteX2047": "weak_password_mix",
    "日本語日本語日本語日本語": "weak_password_mix",
}


def test_four_kinds_of_character_are_wanted_and_no_space_of_any_kind(house: House) -> None:
    """Requirement 14."""
    assert {password: answered(house, password) for password in KINDS} == KINDS
    assert house.rows("SELECT count(*) FROM flows") == [(list(KINDS.values()).count("taken"),)]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_favourite_that_keeps_the_rule_is_refused_with_reason_and_advice(house: House, lang: str) -> None:
    """Requirement 15."""
    page = f"{'/en' * (lang == 'en')}/account/sign-up/"
    for favourite in (
        "Azertyuiop1!",
        "Motdepasse1!",
        "Bonjour2024!!",
        "Password123!",
        "Qwertyuiop1!",
        "Claire.duval1!",
    ):
        fields = {"email": "claire.duval@exemple.fr", "password": favourite, "lang": lang}
        answer = house.visitor().send(page, "/api/sign-up", **fields)
        assert (answer.status, answer.location) == (303, f"{page}#weak_password_common"), favourite
    told = (DOCS / lang / "account/sign-up.md").read_text(encoding="utf-8")
    reason, _, advice = re.findall(r'id="weak_password_common"><b>(.*?)</b>(.*?)</p>', told)[0][1].partition(". ")
    assert ("essaie en premier" if lang == "fr" else "first that anyone would guess") in reason
    assert ("Choisissez" if lang == "fr" else "Choose") in advice


@pytest.mark.parametrize("end", ["x", "y"])
def test_a_password_of_seventy_three_bytes_counts_to_its_last_byte(house: House, end: str) -> None:
    """Requirement 16."""
    password = "Été-2047_" + "a" * 61 + end
    assert len(password.encode()) == 73
    house.member(ADDRESS, password)
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": password[:-1] + "z"}).status == 401
    house.sign_in(ADDRESS, password)


def test_a_password_of_hundreds_of_bytes_counts_to_its_last_byte(house: House) -> None:
    """Requirement 16."""
    password = "Aa1-" + "𝄞🌊" * 62
    assert len(password) == 128
    assert len(password.encode()) == 500
    house.member(ADDRESS, password)
    assert house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": password[:-1] + "🌋"}).status == 401
    house.sign_in(ADDRESS, password)


def test_a_password_of_any_length_is_only_wrong(house: House) -> None:
    """Requirement 16."""
    house.member(ADDRESS)
    for password in ("é" * 37 + "a", "x" * 1024, "x" * 1025, "x" * 9000, "a b c", "\ufeff", "𝄞" * 500):
        answer = house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": password})
        assert (answer.status, answer.code) == (401, "bad_credentials")


def test_both_spellings_of_an_accent_sign_in(house: House) -> None:
    """Requirement 17."""
    house.member(ADDRESS, "Mar\u00e9e-haute_2047")
    house.sign_in(ADDRESS, "Mare\u0301e-haute_2047")
    house.member("autre@exemple.fr", "Mare\u0301e-haute_2047")
    house.sign_in("autre@exemple.fr", "Mar\u00e9e-haute_2047")


def test_password_managers_pasting_and_looking_are_welcome() -> None:
    """Requirement 18."""
    pages = [page for lang in ("fr", "en") for page in (DOCS / lang / "account").rglob("*.md")]
    found = [
        (field, source[: source.index(field)].rpartition("<div")[2])
        for source in (page.read_text(encoding="utf-8") for page in pages)
        for field in re.findall(r'<input[^>]*type="password"[^>]*>', source)
    ]
    assert len(found) >= 12
    for field, around in found:
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "onpaste" not in field
        assert "maxlength" not in field
        assert "data-show=" in around


def test_a_public_portal_refuses_a_cost_that_is_too_low() -> None:
    """Requirement 19."""
    public = {"DUPLEX_ORIGIN": "https://duplex.example", "DUPLEX_BCRYPT_COST": "9"}
    with pytest.raises(SettingsError, match="10 or more"):
        read_settings(public)
    assert read_settings({**public, "DUPLEX_BCRYPT_COST": "10"}).bcrypt_cost == 10
    assert read_settings({}).bcrypt_cost == 12


def test_a_password_kept_at_another_cost_or_key_is_kept_anew_at_sign_in(tmp_path: Path, store: Store) -> None:
    """Requirement 19."""
    kept = "SELECT substr(password, 1, 13) FROM users"
    first = make_house(tmp_path, store)
    with first.open() as house:
        house.member(ADDRESS)
        assert house.rows(kept) == [("v1$k1$$2b$04$",)]
    with first.again(bcrypt_cost=5) as dearer:
        assert dearer.visitor().post("/api/sign-in", {"email": ADDRESS, "password": OTHER}).status == 401
        assert dearer.rows(kept) == [("v1$k1$$2b$04$",)]
        dearer.sign_in(ADDRESS)
        assert dearer.rows(kept) == [("v1$k1$$2b$05$",)]
        dearer.sign_in(ADDRESS)
    rotate_keys(first.settings.secrets, random.Random(2).randbytes)
    with dearer.again() as rotated:
        rotated.sign_in(ADDRESS)
        assert rotated.rows(kept) == [("v1$k2$$2b$05$",)]


def test_changing_the_password_needs_the_current_one(house: House) -> None:
    """Requirement 20."""
    person = house.member(ADDRESS)
    assert person.post("/api/password", {"current": OTHER, "password": THIRD}).code == "wrong_password"
    assert person.post("/api/password", {"current": GOOD, "password": "Azertyuiop1!"}).code == "weak_password_common"
    assert person.post("/api/password", {"current": GOOD, "password": THIRD}).status == 200
    house.sign_in(ADDRESS, THIRD)
    assert "mot de passe" in text_of(house.letters(ADDRESS)[-1])
    assert house.visitor().post("/api/password", {"current": THIRD, "password": GOOD}).code == "not_signed_in"


def test_no_stranger_can_use_up_a_members_tries_at_the_own_password(house: House) -> None:
    """Requirement 20: guesses in a session are counted, apart from those at the door."""
    person = house.member(ADDRESS)
    for _ in range(12):
        house.visitor().post("/api/sign-in", {"email": ADDRESS, "password": OTHER})
    for _ in range(9):
        assert person.post("/api/password", {"current": OTHER, "password": THIRD}).code == "wrong_password"
    assert person.post("/api/password", {"current": GOOD, "password": THIRD}).status == 200
    for _ in range(10):
        assert person.post("/api/me/delete", {"password": OTHER}).code == "wrong_password"
    assert person.post("/api/me/delete", {"password": THIRD}).code == "too_many_requests"


def test_no_password_expires(house: House) -> None:
    """Requirement 20."""
    house.member(ADDRESS)
    house.pass_time(5 * 365 * DAY)
    house.sign_in(ADDRESS)


NICE = """
import asyncio, os, threading
from edge_api.passwords import Hasher

os.nice(7)
if os.getuid() == 0:
    os.setuid(65534)
hasher = Hasher({"k1": b"k" * 32}, "k1", cost=4)
print(asyncio.run(hasher.check("Mar\u00e9e-haute_2047", None)))
print({os.getpriority(os.PRIO_PROCESS, one.native_id) for one in threading.enumerate() if "passwords" in one.name})
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a niceness for each thread")
def test_a_service_that_was_begun_nicely_still_hashes_and_below_its_pages() -> None:
    """Without rights nothing may become more urgent than it is; a thread that tried would end all hashing."""
    ended = subprocess.run([sys.executable, "-c", NICE], capture_output=True, text=True, timeout=60)
    assert ended.stdout == f"False\n{ {os.getpriority(os.PRIO_PROCESS, 0) + 12} }\n", ended.stderr
