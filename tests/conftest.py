"""What holds for all tests."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from bench.bucketing import KEYS, Server
from bench.bucketing import served as bucket_served
from tests.bucket import Line, line_to

# At home every run draws new examples; where a run decides whether a change lands, the same change gets the same ones.
settings.register_profile("home", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "home")

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives a browser runs in a process of its own: its driver keeps an event loop running to the end."""
    for item in items:
        if isinstance(item, pytest.Function) and {"browser", "firefox"} & {*item.fixturenames}:
            item.add_marker("browser")


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
def bucket_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An S3 server, its keys in the environment as an operator has them."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        with bucket_served(tmp_path_factory.mktemp("bucket")) as server:
            yield server


@pytest.fixture
def line(bucket_server: Server) -> Iterator[Line]:
    """A line to the S3 server that can be made to fail."""
    with line_to(bucket_server) as line:
        yield line
