"""Masters in a bucket: what is made of them is what is made of those in a folder, and few of their bytes are read."""

import asyncio
import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.bucketing import Server
from footage.clips.clip import ClipRequest
from footage.clips.cut import make_clip
from footage.clips.labels import Labels
from footage.clips.profiles import SUFFIXES, PieceRequest, Profile, make_piece
from footage.clips.soundfile import write_wave
from footage.clips.virtual import KeptFile
from footage.errors import StorageAway, UnknownMaster
from footage.masters.ingest import ingest
from footage.places.bucket import Bucket
from footage.places.stored import StoredFile
from footage.reading.index import Index
from footage.reading.indexing import read_index
from footage.reading.points import Passage
from footage.store import Store
from tests.bucket import Line
from tests.footage.masters import X264, film


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Index]:
    """A master of some megabytes, a key frame each second."""
    coding = (*X264[:4], "-crf", "2", "-pix_fmt", "yuv420p", "-g", "25", "-bf", "2", "-flags", "+cgop")
    path = film(tmp_path_factory.mktemp("heavy") / "heavy.mp4", 250, "25", *coding)
    return path, read_index(path)


@pytest.fixture(scope="module")
def stores(
    film_named: Callable[[str], tuple[Path, Index]], bucket_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Store], str]:
    """The same master in a folder and in a bucket, and its version."""
    home = tmp_path_factory.mktemp("stores")
    both = [Store(home / "media"), Store(bucket_server.address("profiles"))]
    sheets = [ingest(film_named("closed")[0], "closed", store, home / "sheets") for store in both]
    assert sheets[0] == sheets[1]
    return both, sheets[0].version


@pytest.mark.parametrize("profile", ["master", "h264", "proxy", "wav", "still"])
def test_what_is_made_of_a_master_in_a_bucket_is_what_is_made_of_one_in_a_folder(
    stores: tuple[list[Store], str], tmp_path: Path, profile: Profile
) -> None:
    both, version = stores
    target, labels = tmp_path / f"made{SUFFIXES.get(profile, '.mp4')}", Labels(title="Phare", credit="Duplex")
    request = PieceRequest(
        master="closed", version=version, first=10, last=40, profile=profile, target=target, labels=labels
    )
    made = []
    for store in both:
        asyncio.run(make_piece(store, request, store.index("closed", version)))
        made.append(target.read_bytes())
    assert made[0] == made[1]


def test_a_master_is_taken_into_a_bucket_once_and_whole(
    film_named: Callable[[str], tuple[Path, Index]], bucket_server: Server, line: Line, tmp_path: Path
) -> None:
    path, _ = film_named("closed")
    address = bucket_server.address(f"ingest/{tmp_path.name}", line.port)
    store, here = Store(address), Store(tmp_path / "media")
    with line.failing("500", "PUT /films/ingest"), pytest.raises(StorageAway):
        ingest(path, "film", store, tmp_path / "sheets")
    assert store.current("film") is None
    sheet = ingest(path, "film", store, tmp_path / "sheets")
    ingest(path, "film", here, tmp_path / "sheets")
    assert store.current("film") == sheet.version
    assert store.index("film", sheet.version) == here.index("film", sheet.version)
    master = store.master("film", sheet.version)
    assert isinstance(master, StoredFile)
    assert master.open().read() == path.read_bytes()
    for name in ("proxy.mp4", "poster.jpg", "storyboard.jpg", "storyboard.vtt", "peaks.json"):
        there, mine = store.public("film", sheet.version, name), here.public("film", sheet.version, name)
        assert there is not None
        assert mine is not None
        assert there.open("rb").read() == mine.read_bytes()
    order = [each.first.split()[1] for each in line.heard if each.first.startswith("PUT") and each.size]
    assert [each.rpartition("/")[2] for each in order[-2:]] == ["index.json", "current.json"]
    line.heard.clear()
    assert ingest(path, "film", Store(address), tmp_path / "sheets") == sheet
    assert not [each for each in line.heard if each.first.startswith("PUT")]
    with pytest.raises(UnknownMaster):
        store.master("other", sheet.version)


def test_a_run_that_a_bucket_stopped_goes_on_with_what_is_missing(
    film_named: Callable[[str], tuple[Path, Index]],
    bucket_server: Server,
    line: Line,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, _ = film_named("closed")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    place = f"stopped/{tmp_path.name}"
    store = Store(bucket_server.address(place, line.port, timeout="1"))
    first: list[float] = []
    last = f"PUT /films/{place}/film/{ingest(path, 'film', Store(tmp_path / 'media'), tmp_path).version}/index.json"
    with line.failing("500", last), pytest.raises(StorageAway):
        ingest(path, "film", store, tmp_path, first.append)
    assert store.current("film") is None
    line.heard.clear()
    again: list[float] = []
    sheet = ingest(path, "film", store, tmp_path, again.append)
    assert (again, len(first) > 0, store.current("film")) == ([1.0], True, sheet.version)
    sent = [each.first.split()[1] for each in line.heard if each.first.startswith(("PUT", "POST"))]
    assert not [each for each in sent if "master.mp4" in each]
    assert Bucket(bucket_server.address(place)).right_in(f"film/{sheet.version}", ".") == []
    (desk,) = tmp_path.glob("duplex-desk-*/*/film")
    assert [left.name for left in desk.iterdir()] == [".lock"]
    assert desk.parent.parent.stat().st_mode & 0o77 == 0


def test_a_clip_reads_the_groups_at_its_edges_and_nothing_else(
    heavy: tuple[Path, Index], bucket_server: Server, line: Line, tmp_path: Path
) -> None:
    path, index = heavy
    place = Bucket(bucket_server.address("heavy", line.port))
    with place.bench() as bench:
        (bench / "master.mp4").write_bytes(path.read_bytes())
        place.take(bench)
    master = place.find("master.mp4")
    assert master is not None
    line.heard.clear()
    cut = Passage(40, 215)
    request = ClipRequest(
        source=master, index=index, in_frame=cut.first, out_frame=cut.last, profile="master",
        target=tmp_path / "kept.mp4",
    )  # fmt: skip
    asyncio.run(make_clip(request, kept=True))
    edges = sum(index.sizes[25:50]) + sum(index.sizes[200:225])
    # Sound lies between the pictures, and reading goes a little ahead.
    assert line.bytes_of("GET") < 1.2 * edges + 2 * (128 << 10)
    line.heard.clear()
    with io.BufferedReader(KeptFile(tmp_path / "kept.mp4", master)) as clip:
        data = clip.read()
    assert line.bytes_of("GET") < 1.2 * len(data)
    local = ClipRequest(
        source=path, index=index, in_frame=cut.first, out_frame=cut.last, profile="master",
        target=tmp_path / "local.mp4",
    )  # fmt: skip
    asyncio.run(make_clip(local))
    assert data == (tmp_path / "local.mp4").read_bytes()


def test_sound_alone_passes_over_large_pictures(bucket_server: Server, line: Line, tmp_path: Path) -> None:
    coding = ("-vf", "scale=640:360", "-c:v", "rawvideo", "-pix_fmt", "uyvy422")
    path = film(tmp_path / "raw.mov", 25, "25", *coding, sound=("-c:a", "pcm_s16le"))
    index, place = read_index(path), Bucket(bucket_server.address("heard", line.port))
    with place.bench() as bench:
        path.rename(bench / "raw.mov")
        place.take(bench)
        path = (bench / "raw.mov").rename(path)
    master = place.find("raw.mov")
    assert master is not None
    line.heard.clear()
    for source, name in ((master, "there.wav"), (path, "here.wav")):
        write_wave(source, index, 0, 25, tmp_path / name, Labels(), lambda done: None)
    assert (tmp_path / "there.wav").read_bytes() == (tmp_path / "here.wav").read_bytes()
    assert line.bytes_of("GET") < path.stat().st_size / 5
