"""Where the files of a site are laid out before any of them is published: only those that differ from what stands."""

from collections.abc import Set
from pathlib import Path

from catalogue.sources import digest_of
from catalogue.state import Output


class Tray:
    """Takes the bytes of files by their path from the root of the site. `wrong` are those that the site has lost, or
    that somebody else has changed there."""

    def __init__(self, folder: Path, site: Path, wrong: Set[str] = frozenset()) -> None:
        self.folder, self.site, self.wrong = folder, site, wrong

    def put(self, name: str, data: bytes, known: Output | None) -> Output:
        """Lays out a file, unless it is `known` to stand in the site just so."""
        output = Output(len(data), digest_of(data))
        if known is not None and known.digest == output.digest and name not in self.wrong:
            return known
        if known is None and self.stands(name, data):
            return output
        self.write(name, data)
        return output

    def stands(self, name: str, data: bytes) -> bool:
        """The site has a file with these bytes, whatever is known of it."""
        file = self.site / name
        try:
            return file.stat().st_size == len(data) and file.read_bytes() == data
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return False

    def write(self, name: str, data: bytes) -> None:
        """Lays out a file, whatever stands."""
        file = self.folder / name
        try:
            file.write_bytes(data)
        except FileNotFoundError:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
