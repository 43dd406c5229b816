"""Content credentials over HTTP: which files have a manifest inside, which beside them, and what a wrong key does."""

import asyncio
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge_api.downloads.seals import Sealer
from footage.clips.seal_order import SEALED_KINDS
from footage.clips.sealing import found
from tests.credentials import Credentials, credentials
from tests.edge_api.downloads.asking import clip, film, ready
from tests.edge_api.served import Answer, House, Someone, served
from tests.edge_api.shelf import Shelf

NONE = "no JUMBF data found"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    return credentials(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def house(shelf: Shelf, keys: Credentials, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = {"DUPLEX_C2PA_CERT": str(keys.certificate), "DUPLEX_C2PA_KEY": str(keys.key)}
    with served(shelf, tmp_path_factory.mktemp("house"), **settings) as running:
        yield running


@pytest.fixture(scope="module")
def member(house: House) -> Someone:
    return house.member("lectrice")


def fetched(member: Someone, asked: dict[str, Any]) -> Answer:
    told = ready(member, asked)
    assert told["state"] == "ready", told
    return member.ask("GET", str(told["url"]))


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def manifest(data: bytes, suffix: str, beside: bytes | None = None) -> dict[str, Any]:
    told = found(io.BytesIO(data), SEALED_KINDS[suffix], beside)
    assert told["validation_state"] == "Valid", told
    active: dict[str, Any] = told["manifests"][told["active_manifest"]]
    return active


def points(active: dict[str, Any]) -> tuple[int, int]:
    [actions] = [each["data"]["actions"] for each in active["assertions"] if each["label"] == "c2pa.actions.v2"]
    told = next(each["parameters"] for each in actions if each["action"] == "c2pa.trimmed")
    return told["duplex.in_frame"], told["duplex.out_frame"]


@pytest.mark.parametrize(("profile", "suffix"), [("h264", ".mp4"), ("wav", ".wav"), ("mp3", ".mp3"), ("still", ".jpg")])
def test_what_is_coded_for_its_purpose_has_its_manifest_inside(
    member: Someone, shelf: Shelf, profile: str, suffix: str
) -> None:
    points_asked = {"out_ms": None} if profile == "still" else {}
    answer = fetched(member, clip(member, profile=profile, **points_asked).json)
    active = manifest(answer.body, suffix)
    assert active["ingredients"][0]["instance_id"] == f"sha256:{shelf.sheet.sha256}"
    assert points(active) == ((10, 11) if profile == "still" else (10, 50))


def test_a_clip_that_is_read_out_of_its_master_has_its_manifest_beside_it(member: Someone, house: House) -> None:
    plain = fetched(member, clip(member).json).body
    with pytest.raises(Exception, match=NONE):
        found(io.BytesIO(plain), "video/mp4")
    inside = unpacked(fetched(member, clip(member, package=True).json).body)
    [media], [seal] = ([name for name in inside if name.endswith(end)] for end in (".mp4", ".c2pa"))
    assert inside[media] == plain
    assert seal == media.replace(".mp4", ".c2pa")
    assert points(manifest(plain, ".mp4", inside[seal])) == (10, 50)
    assert f"  {seal}\n".encode() in inside["SHA256SUMS"]
    assert f"{seal}\u202f: d’où vient le fichier".encode() in inside["LISEZ-MOI.txt"]
    assert list(house.clips.glob("*.kept.mp4")), "the clip was written out"


def test_a_film_is_the_master_itself_and_stays_as_it_is(member: Someone, shelf: Shelf) -> None:
    whole = fetched(member, film(member)).body
    assert whole == shelf.store.master(shelf.sheet.id, shelf.sheet.version).open("rb").read()
    inside = unpacked(fetched(member, film(member, package=True)).body)
    assert not [name for name in inside if name.endswith(".c2pa")]


def test_nobody_finds_it_before_it_is_sealed(shelf: Shelf, keys: Credentials, tmp_path: Path) -> None:
    workshop = shelf.workshop(tmp_path, sealer=Sealer(*keys))
    order = workshop.marked(shelf.order(profile="wav", suffix=".wav"))

    async def watched() -> set[bool]:
        work, sealed = asyncio.create_task(workshop.make(order, lambda share: None)), set()
        while not work.done():
            await asyncio.sleep(0)
            if workshop.stock.size(order) is not None:
                sealed.add(b"C2PA" in (tmp_path / workshop.stock.name(order)).read_bytes())
        await work
        return sealed

    assert asyncio.run(watched()) <= {True}
    assert [path.name for path in tmp_path.iterdir()] == [workshop.stock.name(order)]


def test_sealed_anew_a_file_is_not_taken_for_what_it_was(member: Someone, house: House) -> None:
    asked = clip(member, 0, 800, profile="wav").json
    first = fetched(member, asked)
    for made in house.clips.glob("*.wav"):
        made.unlink()
    again = fetched(member, member.ask("POST", f"/api/downloads/{asked['id']}/link", {}).json)
    assert first.body != again.body
    assert first.headers["ETag"] != again.headers["ETag"]


def test_a_key_that_is_wrong_keeps_nobody_from_a_file_and_is_told(shelf: Shelf, tmp_path: Path) -> None:
    certificate = credentials(tmp_path).certificate
    settings = {"DUPLEX_C2PA_CERT": str(certificate), "DUPLEX_C2PA_KEY": str(tmp_path / "absent.pem")}
    with served(shelf, tmp_path, **settings) as house:
        member = house.member("lectrice")
        still = fetched(member, clip(member, profile="still", out_ms=None).json).body
        inside = unpacked(fetched(member, clip(member, package=True).json).body)
        said = (tmp_path / "serve.log").read_text()
    with pytest.raises(Exception, match=NONE):
        found(io.BytesIO(still), "image/jpeg")
    assert not [name for name in inside if name.endswith(".c2pa")]
    assert said.count("absent.pem: cannot be read") == 2
