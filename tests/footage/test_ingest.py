"""Masters taken into the store: what stands afterwards, run again, replaced, interrupted."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from catalogue.sheet import Sheet, read_sheet
from footage.errors import BadTarget, DamagedFile, NotVideo, UnknownMaster, UnreadableFile
from footage.masters.ingest import ingest
from footage.reading.index import Index
from footage.store import PUBLIC, Store

Named = Callable[[str], tuple[Path, Index]]

DUPLEX = Path(sys.executable).with_name("duplex")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "media")


def test_an_ingested_master_is_whole_in_the_store(film_named: Named, store: Store, tmp_path: Path) -> None:
    path, index = film_named("drop")
    heard: list[float] = []
    sheet = ingest(path, "lampe", store, tmp_path / "sheets", heard.append)
    assert read_sheet(tmp_path / "sheets" / "lampe.yml") == sheet
    assert (sheet.video.frames, sheet.video.frame_rate, sheet.start_timecode) == (120, "30000/1001", "01:00:00;00")
    assert (sheet.drop_frame, sheet.container, sheet.duration_ms, len(sheet.audio)) == (True, "mov", 4004, 1)
    assert sheet.loudness_lufs is not None
    assert -60 < sheet.loudness_lufs < 0
    assert heard == sorted(heard)
    assert heard[-1] == 1
    version = store.current("lampe")
    assert version == sheet.version == sheet.sha256[:12]
    assert store.master("lampe", version).read_bytes() == path.read_bytes()
    assert store.index("lampe", version) == index
    assert all(store.public("lampe", version, name) for name in PUBLIC)


def test_ingesting_again_makes_and_writes_nothing(film_named: Named, store: Store, tmp_path: Path) -> None:
    path = film_named("closed")[0]
    first = ingest(path, "cadre", store, tmp_path / "sheets")
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file() and file.name != ".lock"}
    assert ingest(path, "cadre", store, tmp_path / "sheets") == first
    after = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*") if file.is_file() and file.name != ".lock"}
    assert after == before


def test_ingesting_again_mends_an_index_that_an_older_program_wrote(
    film_named: Named, store: Store, tmp_path: Path
) -> None:
    film = film_named("closed")[0]
    sheet = ingest(film, "film", store, tmp_path / "sheets")
    index = store.place.path / "film" / sheet.version / "index.json"
    written = index.read_bytes()
    older = msgspec.json.decode(written)
    assert older.pop("coding") is not None
    index.write_bytes(msgspec.json.encode(older))
    assert store.index("film", sheet.version).coding is None
    ingest(film, "film", store, tmp_path / "sheets")
    assert index.read_bytes() == written


def test_a_lost_sheet_is_written_again(film_named: Named, store: Store, tmp_path: Path) -> None:
    first = ingest(film_named("closed")[0], "cadre", store, tmp_path)
    (tmp_path / "cadre.yml").unlink()
    ingest(film_named("closed")[0], "cadre", store, tmp_path)
    assert read_sheet(tmp_path / "cadre.yml") == first


def test_a_replaced_master_is_another_version(film_named: Named, store: Store, tmp_path: Path) -> None:
    old = ingest(film_named("closed")[0], "cadre", store, tmp_path)
    new = ingest(film_named("fifty")[0], "cadre", store, tmp_path)
    assert store.current("cadre") == new.version != old.version
    assert store.index("cadre", old.version).frames == 100
    assert read_sheet(tmp_path / "cadre.yml") == new


def test_a_bad_file_leaves_what_stood(film_named: Named, store: Store, tmp_path: Path) -> None:
    good = ingest(film_named("closed")[0], "cadre", store, tmp_path / "sheets")
    bad = tmp_path / "bad.mp4"
    for data, kind in ((b"", UnreadableFile), (b"words " * 500, NotVideo)):
        bad.write_bytes(data)
        with pytest.raises(kind):
            ingest(bad, "cadre", store, tmp_path / "sheets")
    bad.write_bytes(film_named("closed")[0].read_bytes()[:20_000])
    with pytest.raises(DamagedFile):
        ingest(bad, "cadre", store, tmp_path / "sheets")
    assert store.current("cadre") == good.version
    assert read_sheet(tmp_path / "sheets" / "cadre.yml") == good


def working_in(folder: Path) -> list[Path]:
    """The processes whose command line names a folder."""
    found = []
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found += [told] if os.fsencode(folder) in told.read_bytes() else []
    return found


def test_a_killed_run_leaves_nothing_to_see_and_can_be_run_again(
    film_named: Named, store: Store, tmp_path: Path
) -> None:
    path = film_named("example.mp4")[0]
    line = [DUPLEX, "ingest", path, "--id", "coupe", "--sheets", tmp_path / "sheets"]
    run = subprocess.Popen(line, env=os.environ | {"DUPLEX_MEDIA": str(store.place.path)})
    while not list(store.place.path.glob("coupe/.making-*/public/proxy.mp4")):
        assert run.poll() is None
    run.kill()
    run.wait()
    end = time.monotonic() + 60
    while working_in(store.place.path):
        assert time.monotonic() < end, "its ffmpeg goes on without it"
    assert store.current("coupe") is None
    assert not (tmp_path / "sheets").exists()
    sheet = ingest(path, "coupe", store, tmp_path / "sheets")
    assert store.current("coupe") == sheet.version
    left = sorted(file.name for file in (store.place.path / "coupe").iterdir())
    assert left == sorted([".lock", sheet.version, "current.json"])


def test_a_run_that_was_stopped_goes_on_after_the_last_step_it_finished(
    film_named: Named, store: Store, tmp_path: Path
) -> None:
    path = film_named("closed")[0]
    whole = ingest(path, "cadre", store, tmp_path)

    def stop(part: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(path, "arret", store, tmp_path, stop)
    assert store.current("arret") is None
    (left,) = (tmp_path / "media").glob("arret/.making-*")
    assert {"index.json", ".sha256", "public"} <= {file.name for file in left.iterdir()}
    # As if it had been stopped one step later: what readers see is made, and its loudness known.
    shutil.rmtree(left / "public")
    shutil.copytree((tmp_path / "media") / "cadre" / whole.version / "public", left / "public")
    (left / ".rendered.json").write_text("-12.5")
    heard: list[float] = []
    sheet = ingest(path, "arret", store, tmp_path, heard.append)
    assert (heard, sheet.loudness_lufs, sheet.sha256) == ([1.0], -12.5, whole.sha256)
    made = sorted(file.name for file in ((tmp_path / "media") / "arret" / sheet.version).iterdir())
    assert made == ["index.json", "master.mp4", "public", "sheet.json", "taken.json"]


def test_what_was_made_of_another_file_is_not_gone_on_with(film_named: Named, store: Store, tmp_path: Path) -> None:
    left = (tmp_path / "media") / "cadre" / ".making-0123456789ab"
    left.mkdir(parents=True)
    (left / ".rendered.json").write_text("-12.5")
    sheet = ingest(film_named("closed")[0], "cadre", store, tmp_path)
    assert sheet.loudness_lufs != -12.5
    assert not left.exists()


@pytest.mark.parametrize("id", ["", "../x", "a/b", ".hidden", "é", "a b"])
def test_an_id_that_could_leave_its_folder_is_refused(film_named: Named, store: Store, tmp_path: Path, id: str) -> None:
    with pytest.raises(BadTarget, match="no id for a master"):
        ingest(film_named("closed")[0], id, store, tmp_path)
    assert store.current(id) is None
    with pytest.raises(UnknownMaster):
        store.master(id, "0123456789ab")
    assert store.public("cadre", "..", "peaks.json") is None


def test_private_files_are_never_public(film_named: Named, store: Store, tmp_path: Path) -> None:
    sheet = ingest(film_named("fifty")[0], "muet", store, tmp_path)
    for name in ("master.mp4", "index.json", "../index.json", "sheet.json", ""):
        assert store.public("muet", sheet.version, name) is None


def test_the_command_ingests_and_cuts_by_id(film_named: Named, store: Store, tmp_path: Path) -> None:
    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"DUPLEX_MEDIA": str(store.place.path)}
        return subprocess.run([DUPLEX, *arguments], capture_output=True, text=True, check=False, env=env, cwd=tmp_path)

    done = run("ingest", film_named("drop")[0], "--id", "lampe")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "docs" / "masters" / "lampe.yml").is_file()
    done = run("cut", "lampe", "--in", "00:00:01.000", "--out", "00:00:02.000", "-o", "clip.mp4")
    assert json.loads(done.stdout)["frames"] == 30
    told = json.loads(run("probe", "lampe", "--json").stdout)
    assert (told["frames"], told["picture"]["codec"], told["drop_frame"]) == (120, "h264", True)
    assert "01:00:00;00 (drop-frame)" in run("probe", "lampe").stdout
    refused = run("cut", "absent", "--in", "f0", "--out", "f1")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    for verb in ("ingest", "probe", "cut"):
        assert f"Example: duplex {verb} " in run(verb, "--help").stdout


def test_a_master_that_is_written_over_where_it_came_from_is_never_taken_for_what_it_was(
    film_named: Named, store: Store, tmp_path: Path
) -> None:
    """The store's master is a link to the editor's file: `cp` and many programs write into that very file."""

    def held(sheet: Sheet) -> bytes:
        with store.master("lampe", sheet.version).open("rb") as file:
            return file.read()

    path = tmp_path / "lampe.mp4"
    before, after = film_named("closed")[0].read_bytes(), film_named("fifty")[0].read_bytes()
    path.write_bytes(before)
    first = ingest(path, "lampe", store, tmp_path)
    assert held(first) == before
    path.write_bytes(after)
    with pytest.raises(UnknownMaster, match="was written over where it came from since it was ingested"):
        store.master("lampe", first.version)
    second = ingest(path, "lampe", store, tmp_path)
    assert held(second) == after
    with pytest.raises(UnknownMaster):
        store.master("lampe", first.version)
    path.unlink()
    path.write_bytes(before)
    ingest(path, "lampe", store, tmp_path)
    assert held(first) == before
    assert held(second) == after
    path.write_bytes(before[:-1] + b"?")
    path.write_bytes(before)
    ingest(path, "lampe", store, tmp_path)  # the same again, at another time
    assert held(first) == before


def test_a_store_that_is_copied_elsewhere_keeps_its_masters(film_named: Named, store: Store, tmp_path: Path) -> None:
    sheet = ingest(film_named("closed")[0], "lampe", store, tmp_path)
    shutil.copytree(tmp_path / "media", tmp_path / "moved", copy_function=shutil.copyfile)
    assert Store(tmp_path / "moved").master("lampe", sheet.version).is_file()
