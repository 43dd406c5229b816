"""Who sends a download's bytes: the edge, or nginx from an internal place that only the edge can name."""

from pathlib import Path

from edge_api.offload import internal_address


def test_without_offload_the_edge_sends_files_itself(tmp_path: Path) -> None:
    assert internal_address("none", tmp_path / "a.mp4", media=tmp_path, clips=tmp_path) is None


def test_nginx_is_told_a_place_under_its_prefix_with_spaces_and_accents_escaped(tmp_path: Path) -> None:
    media, clips = tmp_path / "media", tmp_path / "clips"
    told = internal_address("nginx:/internal/", media / "phare" / "été 1.mp4", media=media, clips=clips)
    assert told == "/internal/media/phare/%C3%A9t%C3%A9%201.mp4"
    assert internal_address("nginx:/in", clips / "ab.mov", media=media, clips=clips) == "/in/clips/ab.mov"


def test_a_file_of_neither_folder_is_never_named_to_nginx(tmp_path: Path) -> None:
    outside = tmp_path / "media" / ".." / "secrets.json"
    assert internal_address("nginx:/in", outside, media=tmp_path / "media", clips=tmp_path / "clips") is None
