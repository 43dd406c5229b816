"""`catalogue.json` as it is written and read."""

import msgspec
import pytest

from catalogue.manifest import Entry, Manifest, Person, manifest_bytes, read_manifest


def entry(slug: str) -> Entry:
    return Entry(
        slug=slug,
        lang="fr",
        url=f"/interviews/{slug}/",
        title="« Lampe »,\nou feu ?",
        date="2026-03-14",
        place="Brest",
        summary="]}",
        spoken="fr",
        translated=False,
        languages=("fr",),
        master=None,
        version=None,
        duration_ms=0,
        turns=0,
        timed_turns=0,
        reference="",
        credit="",
        terms="",
        speakers=(Person(key="Q", name=""),),
        topics=("phares",),
    )


@pytest.mark.parametrize("slugs", [(), ("a",), ("a", "b", "c")])
def test_what_is_written_is_read_again_in_whatever_shape(tmp_path, slugs):
    manifest, file = Manifest(interviews=tuple(map(entry, slugs))), tmp_path / "catalogue.json"
    for data in (
        manifest_bytes(manifest),
        msgspec.json.format(manifest_bytes(manifest)),
        msgspec.json.encode(manifest),
    ):
        file.write_bytes(data)
        assert read_manifest(file) == manifest
        assert msgspec.json.decode(data, type=Manifest) == manifest


@pytest.mark.parametrize(
    "data", [b"", b"{}x", b'{"version":2,"interviews":[\n\n]}\n', b'{"version":1,"interviews":[\n{}\n]}\n']
)
def test_what_is_none_is_refused(tmp_path, data):
    file = tmp_path / "catalogue.json"
    file.write_bytes(data)
    with pytest.raises(msgspec.DecodeError):
        read_manifest(file)


def test_one_that_ends_in_its_midst_is_refused(tmp_path):
    whole, file = manifest_bytes(Manifest(interviews=(entry("a"), entry("b")))), tmp_path / "catalogue.json"
    for end in range(len(whole) - 1):
        file.write_bytes(whole[:end])
        with pytest.raises(msgspec.DecodeError):
            read_manifest(file)
