"""Signing in and resets as a stranger sees them: nothing to learn, nothing to guess at, nobody to shut out."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_api.limits import LETTERS_IN_ALL, key_of
from tests.edge_api.databases import Store
from tests.edge_api.house import DAY, GOOD, MINUTE, OTHER, House, make_house
from tests.edge_api.people import Answer, Person

ADDRESS = "claire@exemple.fr"
NOBODY = "inconnu@exemple.fr"
SIGN_IN = "/api/sign-in"


@pytest.fixture
def strict_house(tmp_path: Path, store: Store) -> Iterator[House]:
    """A house whose limits by network are those of a public portal."""
    with make_house(tmp_path, store, limits="normal").open() as house:
        yield house


def outside(answer: Answer, person: Person) -> tuple[int, bytes, str]:
    """All that can be seen of an answer, but for the random token in its cookie."""
    heads = str(sorted(answer.headers.items()))
    return answer.status, answer.body, heads.replace(person.cookies.get("duplex_flow", "-"), "…")


def guess(house: House, address: str, times: int) -> list[int]:
    """Wrong passwords from browsers that nobody knows."""
    body = {"email": address, "password": OTHER}
    return [house.visitor().post(SIGN_IN, body).status for _ in range(times)]


def test_unknown_wrong_and_unverified_are_answered_alike(house: House) -> None:
    """Requirement 21."""
    house.member(ADDRESS)
    house.begin("presque@exemple.fr")
    tried = [(ADDRESS, OTHER), (ADDRESS, "x"), (NOBODY, OTHER), ("presque@exemple.fr", GOOD), ("no address", OTHER)]
    seen = set()
    for address, password in tried:
        person = house.visitor()
        seen.add(outside(person.post(SIGN_IN, {"email": address, "password": password}), person))
    assert len(seen) == 1
    assert seen.pop()[:2] == (401, b'{"code":"bad_credentials"}')


def test_ten_wrong_passwords_close_an_address_for_a_while_whether_it_has_an_account_or_not(house: House) -> None:
    """Requirement 21: closed accounts too look the same."""
    house.member(ADDRESS)
    seen = set()
    for address in (ADDRESS, NOBODY):
        assert guess(house, address, 10) == [401] * 10
        for spelling in (address, address.upper()):
            person = house.visitor()
            answer = person.post(SIGN_IN, {"email": spelling, "password": GOOD})
            assert int(answer.headers["retry-after"]) == 180
            seen.add(outside(answer, person))
    assert [one[:2] for one in seen] == [(429, b'{"code":"too_many_requests"}')]
    house.pass_time(3 * MINUTE)
    house.sign_in(ADDRESS)


def test_an_unknown_address_costs_as_much_work_as_a_known_one(tmp_path: Path, store: Store) -> None:
    """Requirement 21: bench/enumeration measures it; here a path without the work would be seen."""
    with make_house(tmp_path, store, bcrypt_cost=9).open() as house:
        house.member(ADDRESS)
        times: dict[str, list[float]] = {ADDRESS: [], NOBODY: []}
        for _ in range(4):
            for address, spent in times.items():
                # Work, not time: how busy the machine is does not count.
                began = time.process_time()
                house.visitor().post(SIGN_IN, {"email": address, "password": OTHER})
                spent.append(time.process_time() - began)
        known, unknown = (min(spent) for spent in times.values())
        assert unknown > known / 2


@pytest.mark.parametrize("relay", ["up", "slow", "down"])
def test_sign_up_and_reset_are_answered_alike_for_every_address(tmp_path: Path, store: Store, relay: str) -> None:
    """Requirement 22: with the postman at work, and a relay that takes letters, hangs, or refuses to talk."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if relay == "slow":
            listener.listen()
        port = listener.getsockname()[1]
        mail = {} if relay == "up" else {"mail": f"smtp://127.0.0.1:{port}"}
        first = make_house(tmp_path, store)
        with first.open() as house:
            house.member(ADDRESS)
        with first.again(at_work=True, **mail) as house:
            seen: dict[str, set[object]] = {"/api/sign-up": set(), "/api/reset": set()}
            for address in (ADDRESS.upper(), NOBODY):
                for path, answers in seen.items():
                    person = house.visitor()
                    body = {"email": address, "lang": "fr"} | ({"password": OTHER} if path == "/api/sign-up" else {})
                    answers.add(outside(person.post(path, body), person))
                    tries = [person.post(f"{path}/verify", {"code": "00000000"}).body for _ in range(6)]
                    answers.add((str(tries), person.post(f"{path}/resend").body))
            assert [len(answers) for answers in seen.values()] == [2, 2]


def test_a_reset_for_an_unknown_address_writes_to_nobody(house: House) -> None:
    """Requirement 22: and the postman, whose work a stranger could time, has as much to do as for a member."""
    house.member(ADDRESS)
    for address in (ADDRESS, NOBODY):
        house.asked_reset(address)
    assert house.letters(NOBODY) == []
    assert house.rows("SELECT tries, problem FROM outbox WHERE letter = 'reset_code' ORDER BY problem") == [
        (1, ""),
        (1, "to nobody"),
    ]


SAME_NETWORK = ["2001:db8:0:7::1", "2001:DB8:0:7:0:0:0:2", "2001:db8::7:1:2:3:4", "2001:0db8:0000:0007:ffff::"]
PATHS = ["//api/sign-in", "/api//sign-in", "/api/sign-in/", "/API/sign-in", "/api/./sign-in", "/api/sign%2Din"]


def test_a_network_is_counted_however_its_address_or_the_path_is_spelled(strict_house: House) -> None:
    """Requirement 23: thirty tries for a /64, and for an IPv4 address inside IPv6."""
    house = strict_house
    house.member(ADDRESS)
    for spellings in (SAME_NETWORK, ["203.0.113.9", "::ffff:203.0.113.9", "::FFFF:cb00:7109"]):
        for number in range(30):
            house.peer = spellings[number % len(spellings)]
            assert guess(house, f"a{number}.{len(spellings)}@exemple.fr", 1) == [401]
        for house.peer in spellings:
            assert house.visitor().post(SIGN_IN, {"email": ADDRESS, "password": GOOD}).status == 429
        for path in PATHS:
            assert house.visitor().post(path, {"email": ADDRESS, "password": GOOD}).status in (404, 405, 429), path
    house.peer = "2001:db8:0:8::1"
    house.sign_in(ADDRESS)


def test_an_address_is_counted_however_it_is_spelled(strict_house: House) -> None:
    """Requirement 23: other letters before the @ are another mailbox for us; its network still counts them all."""
    house = strict_house
    spellings = [ADDRESS, ADDRESS.upper(), "Claire@Exemple.FR", "claire@EXEMPLE.fr"]
    for number in range(10):
        guess(house, spellings[number % 4], 1)
    assert [guess(house, spelling, 1) for spelling in spellings] == [[429]] * 4
    more = [f"claire+{number}@exemple.fr" for number in range(20)] + ["c.laire@exemple.fr"]
    assert [guess(house, address, 1) for address in more][-1] == [429]


@pytest.mark.parametrize("proxies", ["", "10.0.0.0/8"])
def test_forwarded_addresses_are_believed_from_our_own_proxies_only(tmp_path: Path, store: Store, proxies: str) -> None:
    """Requirement 23: and of what a proxy passes on, only what it saw itself."""
    ours, other = ("10.1.2.3", "127.0.0.1") if proxies else ("127.0.0.1", "10.1.2.3")
    with make_house(tmp_path, store, limits="normal", proxies=proxies).open() as house:

        def tried(number: int, forwarded: str) -> int:
            body = {"email": f"a{number}@exemple.fr", "password": OTHER}
            return house.visitor().post(SIGN_IN, body, X_Forwarded_For=forwarded).status

        house.peer = other
        assert [tried(number, f"198.51.100.{number}") for number in range(31)] == [401] * 30 + [429]
        house.peer = ours
        spoofed = [tried(100 + number, f"198.51.100.{number}, 203.0.113.5") for number in range(31)]
        assert spoofed == [401] * 30 + [429]
        assert tried(200, "203.0.113.6") == 401


def test_letters_that_strangers_cause_are_limited_in_all(strict_house: House) -> None:
    """Requirement 23: whatever the number of networks and addresses, known or not."""
    house = strict_house
    house.member(ADDRESS)
    house.asked_reset(NOBODY)
    everybody = key_of(house.world.keys.signing("limits")[1], LETTERS_IN_ALL, "")
    full = house.now + LETTERS_IN_ALL.burst * LETTERS_IN_ALL.every_ms
    assert house.rows(f"SELECT count(*) FROM limits WHERE id = '{everybody}'") == [(1,)]
    house.rows(f"UPDATE limits SET empty_ms = {full} WHERE id = '{everybody}'")
    for number, address in enumerate((ADDRESS, NOBODY)):
        house.peer = f"198.51.100.{number}"
        for path, more in (("/api/reset", {}), ("/api/sign-up", {"password": GOOD}), ("/api/newsletter", {})):
            assert house.visitor().post(path, {"email": address, "lang": "fr", **more}).code == "too_many_requests"
    house.sign_in(ADDRESS)
    house.pass_time(1000)
    house.asked_reset(ADDRESS)


def test_ten_letters_are_all_that_strangers_can_cause_to_one_address(house: House) -> None:
    """Requirement 23."""
    for _ in range(12):
        house.begin(ADDRESS)
        house.letters(ADDRESS)
    assert len(house.letters(ADDRESS)) == 10


def test_letters_that_ask_about_the_newsletter_are_few_and_use_up_nobodys_codes(house: House) -> None:
    for _ in range(12):
        assert house.visitor().post("/api/newsletter", {"email": ADDRESS, "lang": "fr"}).status == 202
    assert len(house.letters(ADDRESS)) == 3
    house.member(ADDRESS)


def test_the_owner_still_gets_in_from_a_known_browser_while_the_account_is_attacked(house: House) -> None:
    """Requirement 24."""
    owner = house.member(ADDRESS)
    owner.post("/api/sign-out")
    assert guess(house, ADDRESS, 12) == [401] * 10 + [429] * 2
    assert house.visitor().post(SIGN_IN, {"email": ADDRESS, "password": GOOD}).status == 429
    assert owner.post(SIGN_IN, {"email": ADDRESS, "password": OTHER}).status == 401
    assert owner.post(SIGN_IN, {"email": ADDRESS, "password": GOOD}).status == 200
    assert guess(house, ADDRESS, 1) == [429]


def test_a_known_browser_has_an_allowance_and_not_a_free_pass(house: House) -> None:
    """Requirement 24: nor does its cookie serve for another address, altered, or after half a year."""
    owner, other = house.member(ADDRESS), house.member("autre@exemple.fr")
    cookie = owner.cookies["duplex_device"]
    guess(house, ADDRESS, 10)

    def tried(device: str, password: str = GOOD) -> int:
        person = Person(house, cookies={"duplex_device": device})
        return person.post(SIGN_IN, {"email": ADDRESS, "password": password}).status

    for stolen in (other.cookies["duplex_device"], cookie[:-1] + "AB"[cookie[-1] == "A"], "", "x" * 500, "k1.a.b"):
        assert tried(stolen) == 429
    assert [tried(cookie, OTHER) for _ in range(11)] == [401] * 10 + [429]
    assert tried(cookie) == 429
    house.pass_time(180 * DAY)
    guess(house, ADDRESS, 10)
    assert tried(cookie) == 429


def test_the_owner_can_still_reset_from_a_known_browser_while_codes_and_letters_are_used_up(house: House) -> None:
    """Requirement 24."""
    owner = house.member(ADDRESS)
    for _ in range(10):
        attacker = house.asked_reset(ADDRESS)
        for _ in range(3):
            attacker.post("/api/reset/verify", {"code": "00000000"})
    sent = len(house.letters(ADDRESS))
    assert house.asked_reset(ADDRESS).post("/api/reset/verify", {"code": "00000000"}).code == "too_many_tries"
    assert len(house.letters(ADDRESS)) == sent
    assert owner.post("/api/reset", {"email": ADDRESS, "lang": "fr"}).status == 202
    assert owner.post("/api/reset/verify", {"code": house.code(ADDRESS)}).status == 200
    assert owner.post("/api/reset/password", {"password": OTHER}).status == 200


def test_who_chose_a_password_by_code_gets_in_while_the_guessing_goes_on(house: House) -> None:
    """Requirement 24: on a browser that was never here before, too."""
    house.member(ADDRESS)
    assert guess(house, ADDRESS, 12)[-1] == 429
    owner = house.proved_reset(ADDRESS)
    assert owner.post("/api/reset/password", {"password": "Granit-et-lichen_5"}).status == 200
    assert guess(house, ADDRESS, 12)[-1] == 429
    assert owner.post(SIGN_IN, {"email": ADDRESS, "password": "Granit-et-lichen_5"}).status == 200
