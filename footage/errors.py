"""What can go wrong with footage, told to a person.

FootageError
├── UnreadableFile      it cannot be opened, or is empty
├── NotVideo            it is whole, and has no picture we can read
├── DamagedFile         it is a film, and a part of it is missing or broken
├── BadPoint            an in or out point that selects nothing, or is no time
├── BadTarget           a clip that cannot be written where, or as what, one asked
├── UnknownMaster       an id that was never ingested
├── StorageAway         a bucket that does not answer, or refuses: the moment, not the film
└── WorkFailed          the program that makes pictures ended without a result
    └── WorkKilled      … because something outside ended it
"""


class FootageError(Exception):
    """One sentence: which file, what is wrong and where, and what to do about it."""

    def __init__(self, file: str, what: str, cure: str) -> None:
        super().__init__(file, what, cure)
        self.file, self.what, self.cure = file, what, cure

    def __str__(self) -> str:
        return f"{self.file}: {self.what}; {self.cure}"


class UnreadableFile(FootageError):
    """The file is absent, empty, or may not be read."""


class NotVideo(FootageError):
    """The file holds no picture that can be read."""


class DamagedFile(FootageError):
    """The file is a film whose end, or some part, is missing."""


class BadPoint(FootageError):
    """An in or out point is no time, lies outside the film, or selects no frame."""


class BadTarget(FootageError):
    """The clip cannot be written there, or not in that container."""


class UnknownMaster(FootageError):
    """No master of this id stands in the media store."""


class StorageAway(FootageError, OSError):
    """The bucket does not answer, or refuses: an OSError too, as a disk that fails would be."""


class WorkFailed(FootageError):
    """The program that decodes and encodes ended without a result."""


class WorkKilled(WorkFailed):
    """The program was ended from outside: the same work may well succeed when it is done again."""


_KINDS = (
    UnreadableFile,
    NotVideo,
    DamagedFile,
    BadPoint,
    BadTarget,
    UnknownMaster,
    StorageAway,
    WorkFailed,
    WorkKilled,
)
KINDS: dict[str, type[FootageError]] = {kind.__name__: kind for kind in _KINDS}
