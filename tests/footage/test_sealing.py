"""Seals of C2PA, read back by the library's own reader."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from footage.clips.provenance import ingredient_of
from footage.clips.seal_order import SEALED_KINDS, Claim, SealOrder
from footage.clips.sealing import found, key_trouble, seal
from footage.errors import FootageError
from footage.masters.ingest import ingest
from footage.store import Store
from tests.credentials import TLS, Credentials, credentials
from tests.footage.masters import ffmpeg

SHA256 = "5e" * 32
CLAIM = Claim(
    title="La lampe d’Émilie", master="lampe.mov", master_kind="video/quicktime", sha256=SHA256, first=20, last=70,
    frames=75, rate="25/1", timecodes=("10:00:00:20", "10:00:02:20"), begin="0.800", end="2.800", coded=True,
)  # fmt: skip
CODED = {
    ".mp4": ("-c:v", "libx264", "-movflags", "faststart"),
    ".mov": ("-c:v", "libx264"),
    ".wav": ("-vn",),
    ".mp3": ("-vn",),
    ".jpg": ("-frames:v", "1"),
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    return credentials(tmp_path_factory.mktemp("keys"))


def file_in(folder: Path, suffix: str) -> Path:
    path = folder / f"clip{suffix}"
    shown = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=2", "-f", "lavfi", "-i", "anoisesrc=r=48000:d=2")
    ffmpeg(*shown, *CODED[suffix], path)
    return path


def sealed(path: Path, keys: Credentials, how: Any = "inside", claim: Claim = CLAIM, ingredient: bytes = b"") -> Path:
    target = path.with_name(f"sealed{path.suffix}")
    kind = SEALED_KINDS[path.suffix]
    files = {"certificate": str(keys.certificate), "key": str(keys.key)}
    seal(SealOrder(str(path), str(target), how, kind=kind, claim=claim, ingredient=ingredient, **files))
    return target


@pytest.mark.parametrize("suffix", list(CODED))
def test_a_seal_names_the_master_and_the_points_and_holds_as_long_as_nothing_is_altered(
    tmp_path: Path, keys: Credentials, suffix: str
) -> None:
    path, kind = file_in(tmp_path, suffix), SEALED_KINDS[suffix]
    data = sealed(path, keys).read_bytes()
    told = found(io.BytesIO(data), kind)
    assert told["validation_state"] == "Valid"
    manifest = told["manifests"][told["active_manifest"]]
    [parent] = manifest["ingredients"]
    assert (parent["relationship"], parent["title"], parent["instance_id"]) == (
        "parentOf",
        "lampe.mov",
        f"sha256:{SHA256}",
    )
    [actions] = [each["data"]["actions"] for each in manifest["assertions"] if each["label"] == "c2pa.actions.v2"]
    assert [each["action"] for each in actions] == ["c2pa.opened", "c2pa.trimmed", "c2pa.transcoded"]
    assert actions[1]["parameters"] == {
        "duplex.frame_rate": "25/1",
        "duplex.in_frame": 20,
        "duplex.in_timecode": "10:00:00:20",
        "duplex.out_frame": 70,
        "duplex.out_timecode": "10:00:02:20",
    }
    [region] = actions[1]["changes"][0]["region"]
    assert region["time"] == {"type": "npt", "start": "0.800", "end": "2.800"}
    # A byte of its picture or sound, which lies behind the manifest everywhere but in a wave file.
    at = data.index(b"data") + 99 if suffix == ".wav" else len(data) - 40
    altered = data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]
    assert found(io.BytesIO(altered), kind)["validation_state"] == "Invalid"


def test_a_seal_beside_a_file_is_bound_to_it(tmp_path: Path, keys: Credentials) -> None:
    path = file_in(tmp_path, ".mp4")
    beside = sealed(path, keys, "beside").read_bytes()
    data = path.read_bytes()
    assert found(io.BytesIO(data), "video/mp4", beside)["validation_state"] == "Valid"
    assert found(io.BytesIO(data[:-9] + bytes(9)), "video/mp4", beside)["validation_state"] == "Invalid"


def test_a_seal_moves_no_frame_and_keeps_the_film_fast_to_start(tmp_path: Path, keys: Credentials) -> None:
    path = file_in(tmp_path, ".mp4")
    made = sealed(path, keys)
    data = made.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    frames = ("-map", "0", "-f", "framemd5", "-")
    assert ffmpeg("-i", made, *frames) == ffmpeg("-i", path, *frames)


def wrong(keys: Credentials, folder: Path) -> dict[str, tuple[Credentials, str]]:
    (folder / "text.pem").write_text("no key")
    for name in ("other", "ending", "site"):
        (folder / name).mkdir()
    text = folder / "text.pem"
    return {
        "absent": (Credentials(keys.certificate, folder / "absent.pem"), "absent.pem: cannot be read"),
        "no certificate": (Credentials(text, keys.key), "text.pem: holds no certificate in PEM"),
        "no key": (Credentials(keys.certificate, text), "text.pem: holds no private key in PEM"),
        "another": (Credentials(keys.certificate, credentials(folder / "other").key), "is not the key of"),
        "for a site": (credentials(folder / "site", use=TLS), "certificate.pem is none that C2PA allows"),
        "ending": (credentials(folder / "ending", days=5), "renew it"),
    }


@pytest.mark.parametrize("case", ["absent", "no certificate", "no key", "another", "for a site", "ending"])
def test_a_key_that_is_wrong_is_told_in_a_sentence(tmp_path: Path, keys: Credentials, case: str) -> None:
    given, said = wrong(keys, tmp_path)[case]
    assert said in key_trouble(*given, datetime.now(UTC))
    if case != "ending":
        with pytest.raises(
            FootageError, match="cannot be sealed" if case == "for a site" else said.rpartition(": ")[2]
        ):
            sealed(file_in(tmp_path, ".jpg"), given)


def test_a_key_that_is_right_is_told_nothing_of(keys: Credentials) -> None:
    assert key_trouble(*keys, datetime.now(UTC)) == ""


@pytest.mark.parametrize("altered", [False, True])
def test_a_master_s_own_credentials_are_passed_on_with_what_was_found_of_them(
    tmp_path: Path, keys: Credentials, altered: bool
) -> None:
    """Kept when the master is taken in; the clip is sealed without the master being read."""
    (tmp_path / "camera").mkdir()
    master = sealed(file_in(tmp_path / "camera", ".mp4"), keys).rename(tmp_path / "master.mp4")
    first = found(io.BytesIO(master.read_bytes()), "video/mp4")["active_manifest"]
    if altered:
        data = master.read_bytes()
        master.write_bytes(data[:-40] + bytes((data[-40] ^ 1,)) + data[-39:])
    store = Store(tmp_path / "media")
    sheet = ingest(master, "lampe", store, tmp_path)
    carried = store.ingredient("lampe", sheet.version)
    (tmp_path / "media" / "lampe" / sheet.version / "ingredient.c2pa").unlink()
    assert ingest(master, "lampe", store, tmp_path) == sheet
    assert store.ingredient("lampe", sheet.version)
    assert store.public("lampe", sheet.version, "ingredient.c2pa") is None
    clip = sealed(file_in(tmp_path, ".mp4"), keys, ingredient=carried)
    told = found(io.BytesIO(clip.read_bytes()), "video/mp4")
    manifest = told["manifests"][told["active_manifest"]]
    [parent] = manifest["ingredients"]
    wrong = [each["code"] for each in parent["validation_results"]["activeManifest"]["failure"]]
    assert ("assertion.bmffHash.mismatch" in wrong) == altered
    assert (told["validation_state"], parent["active_manifest"]) == ("Valid", first)
    assert (parent["title"], parent["instance_id"]) == ("lampe.mp4", f"sha256:{sheet.sha256}")
    [actions] = [each["data"]["actions"] for each in manifest["assertions"] if each["label"] == "c2pa.actions.v2"]
    assert actions[0]["parameters"]["ingredients"]


def test_a_master_without_credentials_is_named_by_its_digest_alone(tmp_path: Path) -> None:
    assert ingredient_of(file_in(tmp_path, ".mov"), "lampe.mov", SHA256) == b""
    (tmp_path / "spoilt.mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(99))
    assert ingredient_of(tmp_path / "spoilt.mp4", "spoilt.mp4", SHA256) == b""
    assert ingredient_of(tmp_path / "film.mxf", "film.mxf", SHA256) == b""
