"""Operations: keys, faults and dependencies. What is written down of it all: test_audit; letters: post/test_outbox."""

import json
import random
import re
import tomllib
from pathlib import Path

import pytest

from bench.ports import free_port
from edge_api.keys import KeysError, make_keys, read_keys, rotate_keys
from tests.edge_api.databases import Store
from tests.edge_api.house import GOOD, OTHER, House, make_house
from tests.edge_api.people import ORIGIN, text_of
from tests.edge_api.processes import run

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "claire@exemple.fr"


KEY = "A" * 64
BAD_RINGS = {
    "nothing": "",
    "no JSON": "{",
    "another shape": "[]",
    "empty": '{"keys": []}',
    "short": '{"keys": [{"kid": "k1", "secret": "AAAA"}]}',
    "not base64": '{"keys": [{"kid": "k1", "secret": "é"}]}',
    "equal": json.dumps({"keys": [{"kid": "k1", "secret": KEY}, {"kid": "k2", "secret": KEY}]}),
    "twice": json.dumps({"keys": [{"kid": "k1", "secret": KEY}, {"kid": "k1", "secret": "B" * 64}]}),
    "badly named": json.dumps({"keys": [{"kid": "k.1", "secret": KEY}]}),
}


@pytest.mark.parametrize("ring", BAD_RINGS.values(), ids=BAD_RINGS.keys())
def test_a_key_ring_that_is_missing_short_or_equal_is_refused(tmp_path: Path, ring: str) -> None:
    """Requirement 47."""
    file = tmp_path / "secrets.json"
    with pytest.raises(KeysError, match="missing"):
        read_keys(file)
    file.write_text(ring)
    with pytest.raises(KeysError, match=r"secrets\.json"):
        read_keys(file)


def test_a_missing_key_ring_stops_a_public_portal(tmp_path: Path) -> None:
    """Requirement 47."""
    listen = f"127.0.0.1:{free_port()}"
    ended = run(tmp_path, "serve", DUPLEX_ORIGIN="https://duplex.example", DUPLEX_LISTEN=listen)
    assert ended.returncode == 1
    assert "duplex keys make" in ended.stderr
    assert not (tmp_path / "var/secrets.json").exists()


def test_making_keys_never_overwrites_a_ring_and_rotating_keeps_the_old_key(tmp_path: Path) -> None:
    """Requirement 46: by the commands that an operator has."""
    made = run(tmp_path, "keys", "make")
    assert made.returncode == 0, made.stderr
    ring = (tmp_path / "var/secrets.json").read_bytes()
    assert run(tmp_path, "keys", "make").returncode == 1
    assert (tmp_path / "var/secrets.json").read_bytes() == ring
    assert run(tmp_path, "keys", "rotate").returncode == 0
    assert read_keys(tmp_path / "var/secrets.json").kid == "k2"
    with pytest.raises(FileExistsError):
        make_keys(tmp_path / "var/secrets.json", random.Random(1).randbytes)


def link_in(house: House, word: str) -> str:
    """The address with this word in the last letters, from the root."""
    texts = [text_of(letter) for letter in house.letters(ADDRESS)]
    return next(part for text in texts for part in text.split() if word in part).removeprefix(ORIGIN)


def test_after_a_rotation_the_new_key_signs_and_all_that_the_old_one_signed_still_holds(
    tmp_path: Path, store: Store
) -> None:
    """Requirement 46: codes, sessions, passwords, links of letters, known browsers, the record of consent."""
    first = make_house(tmp_path, store)
    with first.open() as house:
        member = house.member(ADDRESS)
        member.post("/api/newsletter", {"lang": "fr"})
        leave = link_in(house, "/newsletter/leave/")
        waiting = house.begin("autre@exemple.fr")
        code = house.code("autre@exemple.fr")
    assert rotate_keys(first.settings.secrets, random.Random(2).randbytes) == "k2"
    with first.again() as rotated:
        member.house = waiting.house = rotated
        assert rotated.world.keys.kid == "k2"
        assert waiting.post("/api/sign-up/verify", {"code": code}).status == 200
        rotated.member("neuve@exemple.fr")
        assert set(rotated.rows("SELECT kid FROM challenges")) == {("k1",), ("k2",)}
        assert member.get("/api/me").json["newsletter"] is True
        for _ in range(11):
            rotated.visitor().post("/api/sign-in", {"email": ADDRESS, "password": OTHER})
        assert member.post("/api/sign-in", {"email": ADDRESS, "password": GOOD}).status == 200
        assert rotated.rows("SELECT substr(password, 1, 6) FROM users WHERE email = 'claire@exemple.fr'") == [
            ("v1$k2$",)
        ]
        rotated.pass_time(1)
        assert rotated.visitor().send(leave, leave).status == 200
        rotated.pass_time(1)
        assert member.get("/api/me").json["newsletter"] is False
        member.post("/api/newsletter", {"lang": "en"})
        agreed = member.get("/api/me/export").json["consents"]
        assert [(row["action"], row["lang"]) for row in agreed] == [
            ("confirmed", "fr"), ("left", "fr"), ("confirmed", "en"),
        ]  # fmt: skip
        addresses = {row[0] for row in rotated.rows("SELECT address FROM consents")}
        assert len(addresses) == 2


def test_a_key_taken_out_of_the_ring_ends_what_hung_on_it(tmp_path: Path, store: Store) -> None:
    """Requirement 46: the owner of a password whose key is lost comes back by a reset."""
    first = make_house(tmp_path, store)
    with first.open() as house:
        member = house.member(ADDRESS)
        member.post("/api/newsletter", {"lang": "fr"})
        leave = link_in(house, "/newsletter/leave/")
        waiting = house.begin("autre@exemple.fr")
        code = house.code("autre@exemple.fr")
    rotate_keys(first.settings.secrets, random.Random(2).randbytes)
    ring = json.loads(first.settings.secrets.read_bytes())
    ring["keys"] = [key for key in ring["keys"] if key["kid"] != "k1"]
    first.settings.secrets.write_text(json.dumps(ring))
    with first.again() as bare:
        waiting.house = bare
        assert waiting.post("/api/sign-up/verify", {"code": code}).code == "bad_code"
        assert bare.visitor().post("/api/sign-in", {"email": ADDRESS, "password": GOOD}).code == "bad_credentials"
        bare.visitor().send(leave, leave)
        assert bare.rows("SELECT state FROM subscriptions") == [("confirmed",)]
        assert bare.proved_reset(ADDRESS).post("/api/reset/password", {"password": OTHER}).status == 200
        assert bare.sign_in(ADDRESS, OTHER).get("/api/me").json["newsletter"] is True


def test_a_limiter_that_cannot_count_lets_nobody_through_and_tells_nothing(house: House) -> None:
    """Requirement 49."""
    member = house.member(ADDRESS)
    before = house.everything_stored()
    asked: list[tuple[str, dict[str, str]]] = [
        ("/api/sign-in", {"email": ADDRESS, "password": GOOD}),
        ("/api/sign-up", {"email": "b@exemple.fr", "password": GOOD, "lang": "fr"}),
        ("/api/reset", {"email": ADDRESS, "lang": "fr"}),
        ("/api/newsletter", {"email": "b@exemple.fr", "lang": "fr"}),
    ]
    with house.without("limits"):
        for path, body in asked:
            person = house.visitor()
            answer = person.post(path, body)
            assert (answer.status, answer.body) == (500, b'{"code":"internal"}'), path
            assert person.cookies == {}
            shown = person.send("/newsletter/", path, **body)
            assert (shown.status, shown.location) == (303, "/newsletter/#internal")
        assert member.post("/api/password", {"current": GOOD, "password": OTHER}).status == 500
    assert house.everything_stored() == before
    house.sign_in(ADDRESS)


def test_a_database_that_is_away_is_said_to_balancers_and_comes_back(house: House) -> None:
    """Requirement 49."""
    member = house.member(ADDRESS)
    with house.without("sessions"):
        assert member.get("/api/me").body == b'{"code":"internal"}'
    assert member.get("/api/me").status == 200
    assert house.visitor().get("/readyz").json["database"] == "ok"


def test_every_dependency_is_pinned_by_its_hashes_and_listed() -> None:
    """Requirement 50: what pyproject.toml asks for, and all that it pulls in. Mend it by scripts/lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {one.partition("[")[0].partition("=")[0]: one.rpartition("==")[2] for one in project["dependencies"]}
    lines = (ROOT / "deploy/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[a-z0-9.-]+==\S+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines)
    locked = dict(line.removesuffix(" \\").split("==") for line in lines if "==" in line)
    assert {name: locked.get(name) for name in wanted} == wanted
    assert {"greenlet", "asyncpg", "dnspython"} <= set(locked)
    bill = json.loads((ROOT / "deploy/sbom.json").read_text(encoding="utf-8"))
    assert {part["name"]: part["version"] for part in bill["components"]} == locked
    assert all(part["hashes"] for part in bill["components"])


def test_every_promise_is_held_by_a_test_that_names_it() -> None:
    """The list of promises and the tests that cite them agree."""
    folder = Path(__file__).parent
    listed = {
        int(number) for number in re.findall(r"^\| (\d+) \|", (folder / "REQUIREMENTS.md").read_text(), re.MULTILINE)
    }
    assert listed == set(range(1, 51))
    cited: set[int] = set()
    for file in folder.rglob("test_*.py"):
        for said in re.findall(r'"""Requirements? ([0-9, and]+)', file.read_text(encoding="utf-8")):
            cited |= {int(number) for number in re.findall(r"\d+", said)}
    assert cited == listed
