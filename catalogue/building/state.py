"""What a build remembers for the next one: every source, a small record of every page, every file of the site."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import msgspec

from catalogue.interview import Problem, Record
from catalogue.sources import KnownSheet, Source, digest_of

# Changes when anything below changes its shape: an older memory is then forgotten.
_SHAPE = 7


class Output(msgspec.Struct, frozen=True, array_like=True):
    """A file of the site: its size in bytes and its hash, and the sizes of its compressed twins, 0 when it has none."""

    size: int
    digest: bytes
    gzip: int = 0
    brotli: int = 0


_NONE = msgspec.msgpack.encode({})
_pack = msgspec.msgpack.Encoder().encode
_FILES = msgspec.msgpack.Decoder(dict[str, Output])


class KnownPage(msgspec.Struct, frozen=True, array_like=True):
    """One page of an interview. `record` is None when it could not be read. `files` are what stands of it in the site,
    by their name in its folder: nothing when it is under embargo. `head` is the hash of all of the page that depends on
    the interview alone, `head_size` its length; what follows shows its neighbours, whose slugs are in `related`.
    `entry` is the hash of what the search index needs of it.

    Files are kept packed, here and below: a large archive has half a million, and a build looks at few of them."""

    path: str
    record: Record | None
    problems: tuple[Problem, ...] = ()
    count: int = 0
    packed: bytes = _NONE
    head: bytes = b""
    head_size: int = 0
    entry: bytes = b""
    related: tuple[str, ...] = ()

    @property
    def files(self) -> dict[str, Output]:
        """Unpacked anew each time."""
        return _FILES.decode(self.packed)

    def having(self, files: Mapping[str, Output]) -> "KnownPage":
        """The same page with other files."""
        return msgspec.structs.replace(self, count=len(files), packed=_pack(files))

    @property
    def folder(self) -> str:
        """Where it stands in the site, from the root."""
        return folder_of(self.path)

    @property
    def shown(self) -> bool:
        """The page stands in the site."""
        return bool(self.head)


def folder_of(path: str) -> str:
    """Where a page, by its path in the project, stands in the site: from the root, with a slash at its end."""
    _, lang, _, name = path.split("/")
    return f"{'' if lang == 'fr' else f'{lang}/'}interviews/{name.removesuffix('.md')}/"


class Unit(msgspec.Struct, frozen=True, array_like=True):
    """An interview: its files in `docs/` and its pages, one or two. `key` is the hash of everything they were made
    of, `master` the name of its film."""

    slug: str
    key: bytes
    sources: dict[str, Source]
    pages: tuple[KnownPage, ...]
    master: str = ""


class Made(msgspec.Struct, frozen=True, array_like=True):
    """A file made of many interviews, and the hash of what it was made of."""

    key: bytes
    output: Output


_MADE = msgspec.msgpack.Decoder(dict[str, Made])


class Grown(msgspec.Struct, frozen=True, array_like=True):
    """Files that are made of the same interviews, by path from the root of the site, and the hash of all they are made
    of."""

    key: bytes
    count: int
    packed: bytes

    @property
    def made(self) -> dict[str, Made]:
        """Unpacked anew each time."""
        return _MADE.decode(self.packed)


def grown(key: bytes, made: Mapping[str, Made]) -> Grown:
    """A branch with its files."""
    return Grown(key, len(made), _pack(made))


class State(msgspec.Struct, kw_only=True):
    """The memory of a build. `site` is where it published, `base` the hash of what is the same for every page, `pairs`
    that of paired topics; `units` by slug, `sheets` by path, `branches` by name, `lists_key` the hash of all that any
    of them is made of, `search` the files of each language's index and `search_key` what it was made of, `packer` what
    made the compressed twins; `looked_ns` is when every file of the site was last asked about, in nanoseconds since
    1970."""

    shape: int = _SHAPE
    site: str = ""
    units: dict[str, Unit] = {}
    sheets: dict[str, KnownSheet] = {}
    base: bytes = b""
    pairs: bytes = b""
    branches: dict[str, Grown] = {}
    lists_key: bytes = b""
    search: dict[str, dict[str, Output]] = {}
    search_key: dict[str, bytes] = {}
    packer: str = ""
    looked_ns: int = 0

    def names(self, units: Mapping[str, Mapping[str, object]]) -> bool:
        """Interviews, each with its files, of which none has another name than then."""
        known = self.units
        return all(slug in known and files.keys() == known[slug].sources.keys() for slug, files in units.items())

    def outputs(self) -> Iterator[tuple[str, Output]]:
        """Every file that should stand in the site, without its twins."""
        for branch in self.branches.values():
            yield from ((name, made.output) for name, made in branch.made.items())
        for index in self.search.values():
            yield from index.items()
        for unit in self.units.values():
            for page in unit.pages:
                folder = page.folder
                yield from ((folder + name, output) for name, output in page.files.items())

    def heads(self) -> dict[str, int]:
        """The length of the head of every interview's page, by the name of its file."""
        pages = (page for unit in self.units.values() for page in unit.pages if page.shown)
        return {f"{page.folder}index.html": page.head_size for page in pages}

    def folders(self) -> dict[str, dict[str, int]]:
        """The size of every file that should stand in the site, by name, by folder: `""` or a path with a slash at its
        end."""
        found = defaultdict[str, dict[str, int]](dict)
        for unit in self.units.values():
            for page in unit.pages:
                if page.count:
                    found[page.folder].update(_sizes(page.files.items()))
        leaves = ((name, one.output) for branch in self.branches.values() for name, one in branch.made.items())
        for name, output in chain(leaves, *(index.items() for index in self.search.values())):
            folder, slash, file = name.rpartition("/")
            found[folder + slash].update(_sizes([(file, output)]))
        return found

    def sizes(self) -> dict[str, int]:
        """The same by path from the root of the site."""
        return {folder + name: size for folder, files in self.folders().items() for name, size in files.items()}

    def count(self) -> int:
        """How many files should stand in the site, without twins."""
        pages = sum(page.count for unit in self.units.values() for page in unit.pages)
        leaves = sum(branch.count for branch in self.branches.values())
        return leaves + sum(map(len, self.search.values())) + pages

    def gone_in(self, newer: "State") -> set[str]:
        """The files, without twins, that should stand no more. What both share is passed over."""
        gone = set[str]()
        for name, branch in self.branches.items():
            if (now := newer.branches.get(name)) is not branch:
                gone |= branch.made.keys() - (now.made.keys() if now else set())
        for lang, index in self.search.items():
            if (other := newer.search.get(lang, {})) is not index:
                gone |= index.keys() - other.keys()
        for slug, unit in self.units.items():
            if (found := newer.units.get(slug)) is not unit:
                gone |= _names(unit) - (_names(found) if found else set())
        # A file may have gone over from one branch to another.
        return gone - {name for name, _ in newer.outputs()} if gone else gone

    def twins(self) -> dict[str, int]:
        """The size of every compressed twin."""
        twins = {}
        for name, output in self.outputs():
            if output.gzip:
                twins[f"{name}.gz"], twins[f"{name}.br"] = output.gzip, output.brotli
        return twins

    def note_twins(self, sizes: Mapping[str, tuple[int, int]]) -> None:
        """Remembers the sizes of the twins, gzip and brotli, of some files by their name."""
        for name, branch in self.branches.items():
            made = branch.made
            if found := sizes.keys() & made.keys():
                new = {leaf: Made(made[leaf].key, _paired(made[leaf].output, sizes[leaf])) for leaf in found}
                self.branches[name] = grown(branch.key, made | new)
        for index in self.search.values():
            index.update((file, _paired(index[file], sizes[file])) for file in sizes.keys() & index.keys())
        for slug, unit in self.units.items():
            pages = tuple(_with_twins(page, sizes) for page in unit.pages)
            if pages != unit.pages:
                self.units[slug] = msgspec.structs.replace(unit, pages=pages)


def _sizes(files: Iterable[tuple[str, Output]]) -> dict[str, int]:
    sizes = {}
    for name, output in files:
        sizes[name] = output.size
        if output.gzip:
            sizes[f"{name}.gz"], sizes[f"{name}.br"] = output.gzip, output.brotli
    return sizes


def _names(unit: Unit) -> set[str]:
    return {page.folder + name for page in unit.pages for name in page.files}


def _with_twins(page: KnownPage, sizes: Mapping[str, tuple[int, int]]) -> KnownPage:
    files, folder = page.files, page.folder
    found = {name: _paired(output, twins) for name, output in files.items() if (twins := sizes.get(folder + name))}
    return page.having(files | found) if found else page


def _paired(output: Output, twins: tuple[int, int]) -> Output:
    return Output(output.size, output.digest, *twins)


def saved_ns(file: Path) -> int:
    """When a build ended that left its memory in a file, in nanoseconds since 1970: the memory is moved there after all
    else. The end of time when there is none."""
    try:
        return file.stat().st_ctime_ns
    except FileNotFoundError:
        return 1 << 63


def digest_of_file(data: bytes, head_size: int | None) -> bytes:
    """The hash of a file of the site as `Output` has it: that of a page with a head is made of two."""
    return digest_of(data) if head_size is None else digest_of(digest_of(data[:head_size]), data[head_size:])


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
