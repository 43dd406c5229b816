"""Both databases for everybody, and for each test that asks a house of its own on each of the two."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.edge_api import served
from tests.edge_api.databases import Postgres, Sqlite, Store, postgres_store, sqlite_store
from tests.edge_api.house import House, make_house
from tests.edge_api.shelf import Shelf, make_shelf


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    """SQLite."""
    return sqlite_store(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, ended with the tests."""
    with postgres_store() as store:
        yield store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """The database that a test runs on: each test twice."""
    store: Store = request.getfixturevalue(request.param)
    yield store
    store.clear()


@pytest.fixture
def house(tmp_path: Path, store: Store) -> Iterator[House]:
    """The edge on a loopback origin, with cheap passwords."""
    with make_house(tmp_path, store).open() as house:
        yield house


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """A film and a site that shows it, for all tests of downloads: who changes them puts them back."""
    return make_shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="module")
def running(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[served.House]:
    """The edge in a process of its own over the shelf."""
    with served.served(shelf, tmp_path_factory.mktemp("running")) as house:
        yield house


@pytest.fixture(scope="module")
def reader(running: served.House) -> served.Someone:
    """Somebody signed in there."""
    return running.member("lectrice")
