"""What tests of films in a bucket share."""

import pytest

from bench.bucketing import Server
from tests.edge_api.downloads.bucketed import film_in
from tests.edge_api.shelf import Shelf


@pytest.fixture(scope="session")
def bucket_media(shelf: Shelf, bucket_server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a place in the bucket that holds the shelf's film."""
    return film_in(bucket_server, shelf, tmp_path_factory.mktemp("sheets"))
