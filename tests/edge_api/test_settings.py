"""Settings: each is documented, and one that cannot work is named with its cure."""

import re
from pathlib import Path

import pytest

from edge_api.environment import SettingsError, read_settings
from edge_api.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    documented = set(re.findall(r"^\| `DUPLEX_([A-Z0-9_]+)`", (ROOT / "deploy/SETTINGS.md").read_text(), re.MULTILINE))
    assert documented == {name.upper() for name in Settings.__struct_fields__}


BAD_SETTINGS = [
    ({"DUPLEX_C2PA_KEY": "key.pem"}, "go together"),
    ({"DUPLEX_ORIGIN": "duplex.example"}, "DUPLEX_ORIGIN"),
    ({"DUPLEX_ORIGIN": "http://duplex.example"}, "https"),
    ({"DUPLEX_ORIGIN": "https://duplex.example/path"}, "DUPLEX_ORIGIN"),
    ({"DUPLEX_ORIGIN": "http://127.0.0.1:99999"}, "port"),
    ({"DUPLEX_ORIGIN": "https://duplex.example:99999"}, "port"),
    ({"DUPLEX_ORIGIN": "http://[::1"}, "DUPLEX_ORIGIN"),
    ({"DUPLEX_DATABASE": "mysql://x"}, "DUPLEX_DATABASE"),
    ({"DUPLEX_MAIL": "sendmail"}, "DUPLEX_MAIL"),
    ({"DUPLEX_ORIGIN": "https://duplex.example:443"}, "DUPLEX_ORIGIN"),
    ({"DUPLEX_ORIGIN": "https://user@duplex.example"}, "DUPLEX_ORIGIN"),
    ({"DUPLEX_ORIGIN": "https://été.example"}, "xn--"),
    ({"DUPLEX_DATABASE": "sqlite+aiosqlite://"}, "DUPLEX_DATABASE"),
    ({"DUPLEX_DATABASE": "sqlite+aiosqlite:///:memory:"}, "DUPLEX_DATABASE"),
    ({"DUPLEX_DATABASE": "postgresql+asyncpg://u:s3cret@host:port/name"}, "DUPLEX_DATABASE"),
    ({"DUPLEX_MAIL": "smtp://relay.example:none"}, "DUPLEX_MAIL"),
    ({"DUPLEX_MAIL": "smtps://user:s3cret/x@relay.example:465"}, "%2F"),
    ({"DUPLEX_MAIL": "smtps://relay.example:99999"}, "DUPLEX_MAIL"),
    ({"DUPLEX_MAIL": "smtp://"}, "DUPLEX_MAIL"),
    ({"DUPLEX_MAIL": "folder:"}, "DUPLEX_MAIL names no folder: write folder:PATH"),
    ({"DUPLEX_MAIL": "smtp://relay.example:25?tls=off"}, "an option that is none; there is [?]ca="),
    ({"DUPLEX_MAIL": "smtp://relay.example:25/?s3cret@relay.example"}, "write [?] as %3F"),
    ({"DUPLEX_MAIL_FROM": "Duplex"}, "DUPLEX_MAIL_FROM is Duplex: write the sender as Name <name@domain>"),
    ({"DUPLEX_MEDIA": "gs://bucket/films"}, "DUPLEX_MEDIA is gs://bucket/films: write a folder, or s3://"),
    ({"DUPLEX_CLIPS": "http://cache.example/"}, "DUPLEX_CLIPS is .*: write a folder, or s3://"),
    ({"DUPLEX_LISTEN": "9000"}, "DUPLEX_LISTEN is 9000: write address and port"),
    ({"DUPLEX_LIMITS": "none"}, "DUPLEX_LIMITS is none: write normal or wide"),
    ({"DUPLEX_BCRYPT_COST": "40"}, "DUPLEX_BCRYPT_COST is 40: write a whole number from 4 to 16"),
    ({"DUPLEX_BCRYPT_COST": "dear"}, "DUPLEX_BCRYPT_COST is dear"),
    ({"DUPLEX_OFFLOAD": "apache"}, "DUPLEX_OFFLOAD"),
    ({"DUPLEX_OFFLOAD": "redirect"}, "bucket"),
    ({"DUPLEX_OFFLOAD": "redirect", "DUPLEX_MEDIA": "s3://bucket"}, "AWS_SECRET_ACCESS_KEY"),
    ({"DUPLEX_MEDIA": "s3://key:secret@bucket/x"}, "AWS_ACCESS_KEY_ID"),
    ({"DUPLEX_CLIPS": "s3://bucket/x?endpoint=host:8333"}, "endpoint"),
    ({"DUPLEX_CLIPS": "s3://bucket/x?colour=red"}, "colour"),
    ({"DUPLEX_CLIPS": "s3://bucket/x?timeout=soon"}, "DUPLEX_CLIPS"),
    ({"DUPLEX_PROXIES": "10.0.0.0/8, everybody"}, "everybody"),
    ({"DUPLEX_ORGIN": "x"}, "DUPLEX_ORGIN"),
]


@pytest.mark.parametrize(("given", "word"), BAD_SETTINGS)
def test_a_setting_that_cannot_work_is_named_with_its_cure(given: dict[str, str], word: str) -> None:
    with pytest.raises(SettingsError, match=word) as caught:
        read_settings(given)
    assert "s3cret" not in str(caught.value)


def test_all_problems_of_the_settings_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"DUPLEX_MAIL": "x", "DUPLEX_DATABASE": "y", "DUPLEX_NOPE": "z"})
    assert len(caught.value.problems) == 3


def test_settings_are_optional_on_ones_own_machine_and_follow_the_origin_elsewhere() -> None:
    here = read_settings({"DUPLEX_ORIGIN": "", "HOME": "/"})
    assert (here.loopback, here.wide, here.secure, here.address) == (True, True, False, ("127.0.0.1", 8000))
    there = read_settings({"DUPLEX_ORIGIN": "https://Duplex.example/"})
    assert (there.loopback, there.wide, there.secure, there.address) == (False, False, True, ("127.0.0.1", 8000))
    assert there.netloc == "duplex.example"
    assert there.origin == "https://duplex.example"
    six = read_settings({"DUPLEX_ORIGIN": "http://[::1]:9000"})
    assert (six.loopback, six.address) == (True, ("::1", 9000))


def test_letters_are_shown_only_where_nobody_else_can_call() -> None:
    """The Host header is the caller's to choose: a loopback origin keeps nobody out of a port that the network has."""
    assert read_settings({}).shows_letters
    assert read_settings({"DUPLEX_ORIGIN": "http://localhost:9000", "DUPLEX_LISTEN": "[::1]:9000"}).shows_letters
    for listen in ("0.0.0.0:8000", "[::]:8000", "192.0.2.7:8000"):
        assert not read_settings({"DUPLEX_LISTEN": listen}).shows_letters
    assert not read_settings({"DUPLEX_ORIGIN": "https://duplex.example"}).shows_letters
