"""Where films and clips are kept: a folder, or an S3-compatible bucket, with the same verbs."""

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from .folder import Folder
from .stored import StoredFile, stored_file

if TYPE_CHECKING:
    from .bucket import Bucket

Place: TypeAlias = "Folder | Bucket"
Source = Path | StoredFile
"""A film to be read."""

SCHEME = "s3://"


def place_of(named: str | Path) -> Place:
    """The place that a setting names: `s3://BUCKET/PREFIX`, or a folder."""
    if isinstance(named, str) and named.startswith(SCHEME):
        # Only for who has one: its module takes as long to load as a short clip to copy.
        from .bucket import Bucket

        return Bucket(named)
    return Folder(Path(named))


def source_of(named: str) -> Source:
    """A film by the text of its Source. FileNotFoundError when a bucket does not hold it; a folder is not asked."""
    return stored_file(named) if named.startswith(SCHEME) else Path(named)
