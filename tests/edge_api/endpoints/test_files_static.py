"""Addresses of the site: every page is found, nothing beside it is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.pages.assets import gather_assets
from edge_api.web.static import ASK_AGAIN, FOREVER, Found, Moved, cache_control, content_type, find


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("house")
    (home / "secret.txt").write_text("secret")
    site = home / "site"
    names = ("index.html", "interviews/été/index.html", "interviews/été/captions.vtt", ".git/config", "empty/x.txt")
    for name in names:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name)
    (site / "leads-away.txt").symlink_to(home / "secret.txt")
    (site / "away").symlink_to(home)
    (site / "loop").symlink_to(site / "loop")
    return site


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "index.html"),
        ("/index.html", "index.html"),
        ("/interviews/été/", "interviews/été/index.html"),
        ("/interviews/été/captions.vtt", "interviews/été/captions.vtt"),
    ],
)
def test_an_address_means_its_file(site: Path, path: str, name: str) -> None:
    assert find(site, path) == Found((site / name).resolve())


def test_a_folder_without_its_slash_is_led_to_it(site: Path) -> None:
    assert find(site, "/interviews/été") == Moved("/interviews/été/")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "index.html",
        "//",
        "//index.html",
        "//evil.example/..",
        "/interviews//été/",
        "/./index.html",
        "/../secret.txt",
        "/interviews/../../secret.txt",
        "/interviews/..",
        "/..\\secret.txt",
        "/\\evil.example/",
        "/index.html\0.txt",
        "/index.html/",
        "/leads-away.txt",
        "/away/secret.txt",
        "/away",
        "/loop",
        "/.git/config",
        "/empty/",
        "/empty",
        "/" + "x" * 5000,
        "/\udcff",
        "/nothing",
    ],
)
def test_nothing_else_is_found(site: Path, path: str) -> None:
    assert find(site, path) is None


@given(st.lists(st.sampled_from(["..", ".", "", "away", "secret.txt", "interviews", "\\", "%2e%2e", "index.html"])))
def test_no_path_leaves_the_site(site: Path, names: list[str]) -> None:
    found = find(site, "/" + "/".join(names))
    if isinstance(found, Found):
        assert found.file.is_relative_to(site.resolve())
    if isinstance(found, Moved):
        assert not found.path.startswith("//")


def test_what_lies_under_a_hash_is_kept_for_ever_and_all_else_is_asked_for_again(tmp_path: Path) -> None:
    (tmp_path / "duplex.css").write_text("body { color: black }")
    (address,) = gather_assets(tmp_path, {}).addresses.values()
    assert cache_control(address) == FOREVER
    for path in ("/", "/interviews/1a2b3c4d5e6f/a.html", "/assets/duplex.css", f"/x{address}", "/assets/1a2b3c4d5e6f/"):
        assert cache_control(path) == ASK_AGAIN


def test_types_are_those_that_browsers_want() -> None:
    assert content_type("captions.vtt") == "text/vtt; charset=utf-8"
    assert content_type("A.WOFF2") == "font/woff2"
    assert content_type("clip.mov") == "video/quicktime"
    assert content_type("subtitles.stl") == "application/octet-stream"
