"""An edge whose films and clips lie in a bucket."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.bucketing import Server
from footage.masters.ingest import ingest
from footage.places.bucket import Bucket
from footage.store import Store
from tests.bucket import Line, line_to
from tests.edge_api.served import House, served
from tests.edge_api.shelf import Shelf

Standing = tuple[House, Line, Bucket]


def film_in(server: Server, shelf: Shelf, sheets: Path) -> str:
    """Takes the shelf's film into the bucket; the name of its place there."""
    store = Store(server.address("edge/media"))
    assert ingest(shelf.home / "lampe.mp4", shelf.sheet.id, store, sheets) == shelf.sheet
    return "edge/media"


@contextmanager
def house_on(
    shelf: Shelf, server: Server, media: str, home: Path, **settings: str
) -> Iterator[tuple[House, Line, Bucket]]:
    """A running edge whose films and clips lie in a bucket, the line it uses, and the place of its clips."""
    with line_to(server) as line:
        places = {
            "DUPLEX_MEDIA": server.address(media, line.port, timeout="10"),
            "DUPLEX_CLIPS": server.address(f"edge/{home.name}", line.port, timeout="10"),
        }
        with served(shelf, home, **{**places, **settings}) as house:
            yield house, line, Bucket(server.address(f"edge/{home.name}"))


def names(place: Bucket) -> list[str]:
    return sorted(kept.name for kept in place.kept())
