"""What a build remembers for the next one: every source, a small record of every page, every file of the site."""

from pathlib import Path

import msgspec

from catalogue.interview import Problem, Record
from catalogue.sheet import Sheet
from catalogue.sources import Source

# Changes when anything below changes its shape: an older memory is then forgotten.
_SHAPE = 2


class Output(msgspec.Struct, frozen=True, array_like=True):
    """A file of the site: its size in bytes and its hash."""

    size: int
    digest: bytes


class KnownPage(msgspec.Struct, frozen=True, array_like=True):
    """One page of an interview. `record` is None when it could not be read. `files` are what stands of it in the site,
    by their name in its folder: nothing when it is under embargo. `head` is the hash of all of the page that depends on
    the interview alone, `head_size` its length; what follows shows its neighbours, whose slugs are in `related`.
    `entry` is the hash of what the search index needs of it."""

    path: str
    record: Record | None
    problems: tuple[Problem, ...] = ()
    files: dict[str, Output] = {}
    head: bytes = b""
    head_size: int = 0
    entry: bytes = b""
    related: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """Where it stands in the site, from the root."""
        _, lang, _, name = self.path.split("/")
        return f"{'' if lang == 'fr' else f'{lang}/'}interviews/{name.removesuffix('.md')}/"

    @property
    def shown(self) -> bool:
        """The page stands in the site."""
        return bool(self.head)


class Unit(msgspec.Struct, frozen=True, array_like=True):
    """An interview: its files in `docs/` and its pages, one or two. `key` is the hash of everything they were made
    of, `master` the name of its film."""

    slug: str
    key: bytes
    sources: dict[str, Source]
    pages: tuple[KnownPage, ...]
    master: str = ""


class KnownSheet(msgspec.Struct, frozen=True, array_like=True):
    """An asset sheet: None when it could not be read."""

    source: Source
    sheet: Sheet | None
    problems: tuple[Problem, ...] = ()


class Made(msgspec.Struct, frozen=True, array_like=True):
    """A file made of many interviews, and the hash of what it was made of."""

    key: bytes
    output: Output


class State(msgspec.Struct, kw_only=True):
    """The memory of a build. `site` is where it published, `base` the hash of what is the same for every page, `pairs`
    that of paired topics; `units` by slug, `sheets` by path, `made` by path from the root of the site, `search` the
    files of each language's index and `search_key` what it was made of."""

    shape: int = _SHAPE
    site: str = ""
    units: dict[str, Unit] = {}
    sheets: dict[str, KnownSheet] = {}
    base: bytes = b""
    pairs: bytes = b""
    made: dict[str, Made] = {}
    search: dict[str, dict[str, Output]] = {}
    search_key: dict[str, bytes] = {}

    def sizes(self) -> dict[str, int]:
        """The size of every file that should stand in the site."""
        sizes = {name: made.output.size for name, made in self.made.items()}
        for index in self.search.values():
            sizes.update((name, output.size) for name, output in index.items())
        for unit in self.units.values():
            for page in unit.pages:
                folder = page.folder
                sizes.update((folder + name, output.size) for name, output in page.files.items())
        return sizes


def load_state(file: Path, site: Path) -> State:
    """The memory in a file; an empty one when there is none, or when it speaks of another site."""
    try:
        state = msgspec.msgpack.decode(file.read_bytes(), type=State)
    except (FileNotFoundError, msgspec.MsgspecError):
        return State(site=str(site))
    return state if (state.shape, state.site) == (_SHAPE, str(site)) else State(site=str(site))


def save_state(state: State, file: Path) -> None:
    """Writes the memory, in the form that `load_state` reads."""
    file.write_bytes(msgspec.msgpack.encode(state))
