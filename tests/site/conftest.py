"""The portal, started once for all tests of the site."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.portal import ROOT, Portal, running


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The whole portal, on the demonstration's films."""
    with running(tmp_path_factory.mktemp("portal")) as portal:
        yield portal


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where the run keeps what a person should look at."""
    folder = ROOT / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
