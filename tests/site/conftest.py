"""The portal and the browser, each started once for all tests of the site."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.site.portal import ROOT, Portal, running

# One set of flags for every start: no sandbox because CI runs as root, and no call to anybody's servers.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The whole portal, on the demonstration's films."""
    with running(tmp_path_factory.mktemp("portal")) as portal:
        yield portal


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium that plays H.264; its absence is a failure, never a skip."""
    path = os.environ.get("DUPLEX_TEST_BROWSER")
    assert path, "scripts/test names the browser in DUPLEX_TEST_BROWSER; run it instead of pytest alone"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page()
        plays = page.evaluate("document.createElement('video').canPlayType('video/mp4; codecs=\"avc1.640028\"')")
        page.close()
        assert plays, f"{path} plays no H.264: install Chromium or Chrome with it, or name one in DUPLEX_TEST_BROWSER"
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where the run keeps what a person should look at."""
    folder = ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
