"""One empty database for all, and a house of its own for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.edge_api.house import House, make_house, make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with today's tables and nothing in them."""
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def house(tmp_path: Path, template: Path) -> Iterator[House]:
    """The edge on a loopback origin, with cheap passwords."""
    with make_house(tmp_path, template).open() as house:
        yield house
