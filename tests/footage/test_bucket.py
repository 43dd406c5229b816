"""An S3-compatible bucket as a place of files: a real server, and the same as a folder."""

import asyncio
import io
import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.bucketing import Server
from footage.errors import StorageAway
from footage.places.bucket import Bucket
from footage.places.place import Place, place_of, source_of
from footage.places.ranged import ranged
from footage.places.stored import address_trouble
from tests.bucket import Line


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, bucket_server: Server) -> Place:
    """A place of each kind, with nothing in it."""
    return place_of(tmp_path / "kept" if request.param == "folder" else bucket_server.address(f"place/{tmp_path.name}"))


def test_a_folder_and_a_bucket_keep_things_alike(place: Place, tmp_path: Path) -> None:
    assert place.find("a/one.txt") is None
    with pytest.raises(FileNotFoundError):
        place.read("a/one.txt")
    for text in (b"one", b"another"):
        place.write("a/one.txt", text)
        assert place.read("a/one.txt") == text
    place.write("a/b/two.txt", b"two")
    found = place.find("a/one.txt")
    assert found is not None
    assert (found.name, found.stem, found.suffix, found.stat().st_size) == ("one.txt", "one", ".txt", 7)
    assert source_of(str(found)).open("rb").read() == b"another"
    assert [each.name for each in place.right_in("a", "")] == ["one.txt"]
    assert place.right_in("a", "two") == []
    place.remove("a/one.txt")
    place.remove("a/one.txt")
    assert place.find("a/one.txt") is None


def test_what_was_made_on_the_bench_is_kept_and_what_was_read_is_noted(place: Place) -> None:
    with place.bench() as bench:
        (bench / "clip.mp4").write_bytes(b"a clip")
        place.take(bench)
    [kept] = place.kept()
    assert (kept.name, kept.size) == ("clip.mp4", 6)
    assert abs(kept.read_ms - time.time() * 1000) < 60_000
    found = place.find("clip.mp4")
    place.note(found)
    place.note(Path("elsewhere"))
    assert [(each.name, each.size) for each in place.kept()] == [("clip.mp4", 6)]
    assert place.answers()
    place.remove("clip.mp4")
    assert list(place.kept()) == []


def test_reading_an_object_tells_when_it_was_last_read(bucket_server: Server) -> None:
    place = Bucket(bucket_server.address("noted"))
    place.write("old.mp4", b"old")
    [before] = place.kept()
    after, end = before, time.monotonic() + 60
    while after.read_ms <= before.read_ms:  # the server tells whole seconds, and a place notes once a minute
        assert time.monotonic() < end, "never noted"
        Bucket(bucket_server.address("noted")).note(place.find("old.mp4"))
        [after] = place.kept()
    assert after.size == 3


def test_a_large_file_goes_in_parts_and_is_the_same_bytes(bucket_server: Server, line: Line) -> None:
    data = random.Random(3).randbytes(20 << 20)
    place = Bucket(bucket_server.address("large", line.port))
    with place.bench() as bench:
        (bench / "film.mov").write_bytes(data)
        place.take(bench)
    parts = [each for each in line.heard if each.first.startswith("PUT") and "partNumber" in each.first]
    assert len(parts) == 4
    found = place.find("film.mov")
    assert found is not None
    assert found.open().read() == data
    assert asyncio.run(found.read(12345, 9_000_000)) == data[12345:9_000_000]


def test_benches_that_a_killed_process_left_are_swept(bucket_server: Server) -> None:
    place = Bucket(bucket_server.address("swept"))
    with place.bench() as fresh:
        old = fresh.with_name("duplex-bench-left")
        old.mkdir()
        (old / ".clip.part").write_bytes(b"half")
        for path in (old / ".clip.part", old):
            os.utime(path, (1, 1))
        place.sweep(round(time.time() * 1000) - 3_600_000)
        assert (fresh.is_dir(), old.exists()) == (True, False)


def test_an_object_that_was_replaced_is_not_read_on(bucket_server: Server) -> None:
    place = Bucket(bucket_server.address("replaced"))
    place.write("a", b"first state")
    found = place.find("a")
    place.write("a", b"other state")
    assert found is not None
    with pytest.raises(FileNotFoundError, match="replaced"):
        found.fetch(0, 5)
    place.remove("a")
    with pytest.raises(FileNotFoundError):
        asyncio.run(found.read(0, 5))


@given(
    size=st.integers(0, 400_000),
    reads=st.lists(st.tuples(st.integers(0, 400_000), st.integers(0, 200_000)), max_size=8),
)
def test_ranges_read_as_a_file_does(size: int, reads: list[tuple[int, int]]) -> None:
    data = random.Random(size).randbytes(size)
    here, there = io.BytesIO(data), ranged("film", lambda start, stop: data[start:stop], size)
    for at, much in reads:
        assert (here.seek(at), here.read(much)) == (there.seek(at), there.read(much))
    assert there.seek(0, io.SEEK_END) == size


def test_a_bucket_that_fails_is_told_in_one_sentence_and_answers_again(bucket_server: Server, line: Line) -> None:
    place = Bucket(bucket_server.address("fails", line.port, timeout="0.5"))
    place.write("a", b"there")
    for fault, seconds in (("500", 0.0), ("reset", 0.0), ("silent", 2.0)):
        line.seconds = seconds
        with line.failing(fault), pytest.raises(StorageAway, match="does not answer as it should") as told:
            place.read("a")
        assert "duplex doctor" in told.value.cure
        with line.failing(fault):
            assert not place.answers()
        assert place.read("a") == b"there"
    line.seconds = 0.2
    with line.failing("slow"):
        assert place.read("a") == b"there"
    with pytest.raises(StorageAway):
        Bucket(bucket_server.address("x").replace("films", "no-such-bucket")).right_in("", "")


def test_an_address_that_cannot_work_is_named() -> None:
    assert address_trouble("s3://bucket/prefix?endpoint=http://127.0.0.1:8333&region=fr-par&timeout=5") == ""
    assert address_trouble("s3://bucket") == ""
    for wrong in ("s3://", "s3://a:b@bucket/x", "s3://bucket?endpoint=host", "s3://bucket?x=1", "s3://b?timeout=0"):
        assert address_trouble(wrong)
