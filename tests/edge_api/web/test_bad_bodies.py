"""Bodies that no page of ours sends: each gets a stable 4xx, and nothing is stored."""

import json
from collections.abc import Iterator

import pytest

from edge_api.app import ROUTES
from tests.edge_api.house import GOOD, House
from tests.edge_api.people import ORIGIN

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
FORM_START = f"email=claire%40exemple.fr&password={GOOD}&lang=fr".replace("é", "%C3%A9")
JSON_START = json.dumps({"email": "claire@exemple.fr", "password": GOOD, "lang": "fr"})[:-1]

BAD = [
    ("half an object", JSON, b"{", 400, "not_json"),
    ("no JSON at all", JSON, b"email=claire", 400, "not_json"),
    ("not UTF-8", JSON, JSON_START.encode() + b', "return_to": "\xff"}', 400, "not_json"),
    ("a list", JSON, b"[]", 400, "bad_form"),
    ("a number", JSON, b"12", 400, "bad_form"),
    ("nothing", JSON, b"null", 400, "bad_form"),
    ("nested too deep", JSON, b"[" * 10_000 + b"]" * 6_000, 400, "not_json"),
    ("nested in a field", JSON, JSON_START.encode() + b', "return_to": {"a": "b"}}', 400, "bad_form"),
    ("a list in a field", JSON, JSON_START.encode() + b', "newsletter": [1]}', 400, "bad_form"),
    ("a number without end", JSON, JSON_START.encode() + b', "return_to": ' + b"9" * 6000 + b"}", 400, "not_json"),
    ("a fraction", JSON, JSON_START.encode() + b', "newsletter": 1.5}', 400, "bad_form"),
    ("not a number", JSON, JSON_START.encode() + b', "newsletter": NaN}', 400, "bad_form"),
    ("a field twice", JSON, JSON_START.encode() + b', "lang": "en"}', 400, "bad_form"),
    ("an unknown field", JSON, JSON_START.encode() + b', "verified": true}', 400, "bad_form"),
    ("somebody else's id", JSON, JSON_START.encode() + b', "user_id": "1"}', 400, "bad_form"),
    ("half a surrogate", JSON, JSON_START.encode() + b', "return_to": "\\ud800"}', 400, "bad_form"),
    ("a NUL", JSON, JSON_START.encode() + b', "return_to": "\\u0000"}', 400, "bad_form"),
    ("a language that we do not speak", JSON, b'{"email":"a@b.fr","password":"x","lang":"de"}', 400, "bad_form"),
    ("a field too few", JSON, b'{"email":"a@b.fr","lang":"fr"}', 400, "bad_form"),
    ("an empty body", JSON, b"", 400, "bad_form"),
    ("a field twice", FORM, f"{FORM_START}&lang=en".encode(), 400, "bad_form"),
    ("an unknown field", FORM, f"{FORM_START}&verified=1".encode(), 400, "bad_form"),
    ("not UTF-8", FORM, f"{FORM_START}&return_to=%ff".encode(), 400, "bad_form"),
    ("raw bytes", FORM, FORM_START.encode() + b"&return_to=\xff", 400, "bad_form"),
    ("a NUL", FORM, f"{FORM_START}&return_to=%00".encode(), 400, "bad_form"),
    ("half a surrogate", FORM, f"{FORM_START}&return_to=%ed%a0%80".encode(), 400, "bad_form"),
    ("seventeen fields", FORM, "&".join(f"f{number}=1" for number in range(17)).encode(), 400, "bad_form"),
    ("thousands of fields", FORM, b"a&" * 8000, 400, "bad_form"),
    ("a yes that is none", FORM, f"{FORM_START}&newsletter=maybe".encode(), 400, "bad_form"),
    ("an empty body", FORM, b"", 400, "bad_form"),
    ("another type", "text/plain", b"email=a", 415, "bad_request"),
    ("a file", "multipart/form-data; boundary=x", b"--x--", 415, "bad_request"),
    ("no type", "", b"email=a", 415, "bad_request"),
    ("too much", JSON, b'{"email": "' + b"a" * 16_400 + b'"}', 413, "too_large"),
    ("too much", FORM, b"email=" + b"a" * 10_000_000, 413, "too_large"),
]


@pytest.mark.parametrize(("kind", "body", "status", "code"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_body_that_no_page_of_ours_sends_is_refused_and_nothing_is_stored(
    house: House, kind: str, body: bytes, status: int, code: str
) -> None:
    answer = house.visitor().ask("POST", "/api/sign-up", body, Content_Type=kind)
    assert (answer.status, answer.json) == (status, {"code": code})
    shown = house.visitor().ask("POST", "/api/sign-up", body, Content_Type=kind, Accept="text/html")
    assert shown.status == status
    assert b"<h1>" in shown.body
    assert b"Traceback" not in shown.body
    assert house.rows("SELECT (SELECT count(*) FROM flows) + (SELECT count(*) FROM outbox)") == [(0,)]


@pytest.mark.parametrize(("number", "status"), [("1.0", 202), ("1e0", 202), ("1.25", 400), ("1e400", 400)])
def test_a_whole_number_of_json_may_be_written_with_a_point(house: House, number: str, status: int) -> None:
    """JSON Schema 2020-12, 6.1.1: 1.0 is an integer, and languages without integers write it so."""
    body = f'{JSON_START}, "newsletter": {number}}}'.encode()
    assert house.visitor().ask("POST", "/api/sign-up", body, Content_Type=JSON).status == status


def test_every_form_refuses_what_no_page_sends_and_logs_nothing_of_it(
    house: House, capfd: pytest.CaptureFixture[str]
) -> None:
    """Requirement 11, on every address that takes a body, signed in and not; 8: what was typed is in no log."""
    member = house.member("claire@exemple.fr")
    before = house.everything_stored()
    secret = "Mot-que-personne-ne-lit_1"
    bodies = [
        (JSON, json.dumps({"password": secret, "nobody_asked": 1}).encode()),
        (JSON, b'{"code": "1", "code": "2"}'),
        (JSON, b'{"email": "\\ud83d", "code": "\\ud83d", "password": "\\udc00", "id": "\\ud800"}'),
        (JSON, b"[" * 10_000),
        (JSON, json.dumps({f"f{number}": secret for number in range(300)}).encode()),
        (FORM, f"password={secret}&password={secret}".encode()),
        (FORM, b"&".join(b"%d=" % number for number in range(3000))),
        ("text/html", secret.encode()),
    ]
    paths = sorted({route.path for route in ROUTES if "POST" in (route.methods or ()) and "{" not in route.path})
    assert len(paths) >= 13
    for path in paths:
        for person in (house.visitor(), member):
            for kind, body in bodies:
                answer = person.ask("POST", path, body, Content_Type=kind)
                assert answer.status in (400, 401, 413, 415), (path, kind, body[:40], answer)
                assert b"Traceback" not in answer.body
    assert house.everything_stored() == before
    assert secret not in "".join(capfd.readouterr())


TOKENS = [
    "x", "...", "a.b.c", "k1..x", "k1." + "A" * 22 + "." + "B" * 22, "x" * 399, "x" * 401, "x" * 8000, "%00",
    "%25%30%30", "%0d%0aSet-Cookie:%20a=b", "%F0%9F%92%A9", "%ff%fe", "..%2f..%2fetc%2fpasswd", "k1.%2e%2e.x",
]  # fmt: skip


def test_a_token_of_any_length_and_spelling_opens_nothing(house: House) -> None:
    """Requirement 40: links of letters and of downloads."""
    before = house.everything_stored()
    for token in TOKENS:
        for path in (f"/newsletter/confirm/{token}", f"/newsletter/leave/{token}", f"/not-me/{token}"):
            assert house.visitor().get(path, Accept="text/html").status in (200, 404), path
            assert house.visitor().ask("POST", path).status in (200, 400, 404, 405), path
            assert house.visitor().post(path, {"sure": True}).status in (200, 400, 404, 405), path
        for path in (f"/d/{token}/a.mp4", f"/d/k1.1.{'0' * 32}.{token}/a.mp4", f"/api/downloads/{token}"):
            assert house.visitor().get(path).status in (401, 404), path
        assert house.visitor().get("/api/me", Cookie=f"duplex_session={token}").status == 401
    assert house.everything_stored() == before


ODD_HEADERS = {
    "Accept": "text/html;q=x,,,;" + "," * 2000,
    "Accept-Language": "fr-" + "x" * 4000,
    "User-Agent": "\x7f" + "Firefox/" * 500,
    "Referer": ORIGIN + "/" + "%00" * 600,
    "Content-Type": 'application/json; charset="utf-7"; x=' + "y" * 2000,
    "Range": "bytes=" + "0-0," * 2000,
    "X-Forwarded-For": "evil, " * 500,
    "Forwarded": "for=evil;host=evil;proto=javascript",
    "If-None-Match": "*" * 3000,
    "Cookie": "duplex_session=a; " * 200,
    "Sec-Fetch-Site": "same-origin, same-origin",
}


@pytest.mark.parametrize("name", ODD_HEADERS)
def test_no_header_makes_it_stumble(house: House, name: str) -> None:
    """Requirement 49: a stable answer, and never a fault."""
    said = {name.replace("-", "_"): ODD_HEADERS[name]}
    for path in ("/", "/api/me", "/api/downloads", "/d/x/y", "/nowhere", "/readyz"):
        assert house.visitor().get(path, **said).status in (200, 401, 404), path
    body = b'{"email":"nina@exemple.fr","password":"x"}'
    answer = house.visitor().ask("POST", "/api/sign-in", body, **{"Content_Type": JSON, **said})
    assert answer.status in (303, 401, 403, 415), answer


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "9" * 30, "１２"])
def test_a_length_that_is_none_is_refused(house: House, length: str) -> None:
    said = {"Content_Length": length} if length.isascii() else {"Content_Length": "12x"}
    assert house.visitor().ask("POST", "/api/sign-up", b"{}", Content_Type=JSON, **said).status in (400, 413)


def test_a_body_that_hides_its_length_is_counted(house: House) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * 1000

    answer = house.visitor().ask("POST", "/api/sign-up", chunks(), Content_Type=JSON)
    assert (answer.status, answer.code) == (413, "too_large")


def test_the_sentence_of_a_refusal_is_in_the_readers_language(house: House) -> None:
    for lang, word in (("fr", "La demande n’a pas été comprise"), ("en", "could not be understood")):
        answer = house.visitor(Accept="text/html", **{"Accept-Language": lang}).ask("POST", "/api/sign-up", b"{")
        assert f'lang="{lang}"'.encode() in answer.body
        assert word.encode() in answer.body


def test_a_form_and_json_say_yes_in_their_own_ways(house: House) -> None:
    for number, (kind, body) in enumerate(
        [
            (FORM, FORM_START.replace("claire", "a0") + "&newsletter=on"),
            (FORM, FORM_START.replace("claire", "a1") + "&newsletter="),
            (JSON, JSON_START.replace("claire", "a2") + ', "newsletter": true}'),
            (JSON, JSON_START.replace("claire", "a3") + ', "newsletter": false, "return_to": null}'),
        ]
    ):
        answer = house.visitor().ask("POST", "/api/sign-up", body.encode(), Content_Type=kind)
        assert answer.status == 202, number
    assert house.rows("SELECT newsletter FROM flows ORDER BY email") == [(1,), (0,), (1,), (0,)]
