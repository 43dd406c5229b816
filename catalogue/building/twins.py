"""Compressed twins of text files: `page.html.gz` and `page.html.br` beside `page.html`, sent as they lie by servers
that can.

They are made after everything else, in forked workers, and only of files that changed. Their bytes depend on those of
the file alone, not on its name or on the time.
"""

import gzip
import zlib
from collections.abc import Sequence, Set
from pathlib import PurePosixPath

import brotli

from catalogue.building.progress import Steps
from catalogue.building.state import Output, State, digest_of_file
from catalogue.building.tray import Tray
from catalogue.workers import batches, cores, spread

_TEXT = frozenset({".css", ".html", ".js", ".json", ".srt", ".svg", ".txt", ".vtt", ".xml"})
# Less fits into one packet anyway.
_LEAST = 1400
# The best of brotli takes twenty times as long to save a tenth: that is for the few files that every reader loads.
_QUALITY, _BEST = 6, 11
# What else their bytes depend on: another library, other bytes.
PACKER = f"zlib {zlib.ZLIB_RUNTIME_VERSION}, brotli {brotli.__version__}, {_QUALITY}, {_BEST}"
Sizes = tuple[int, int]

_YES, _NO = frozenset({"true", "yes", "on", "1"}), frozenset({"", "false", "no", "off", "0"})


class NotYesOrNo(ValueError):
    """What should say whether to make twins is neither yes nor no; the message says what to write."""


def twins_asked(said: object) -> bool:
    """Whether twins are asked for: what DUPLEX_COMPRESS says, as the environment or YAML has it. NotYesOrNo."""
    word = str(said if said is not None else "").strip().lower()
    if word not in _YES | _NO:
        raise NotYesOrNo(f"DUPLEX_COMPRESS is {said}: write true or false")
    return word in _YES


def add_twins(state: State, tray: Tray, lost: Set[str], steps: Steps) -> None:
    """Lays out every twin that the site lacks, and notes its size. `lost` are twins that do not stand as they were
    made."""
    if state.packer != PACKER:
        forget_twins(state)
        state.packer = PACKER
    outputs, heads = dict(state.outputs()), state.heads()

    def lacks(name: str, output: Output) -> bool:
        if PurePosixPath(name).suffix not in _TEXT or output.size < _LEAST:
            return False
        twins = {f"{name}.gz", f"{name}.br"}
        # An editor's own archive of that name is nobody's twin.
        return (not output.gzip or bool(twins & lost)) and not twins & outputs.keys()

    tasks = [name for name, output in outputs.items() if lacks(name, output)]

    def make(names: Sequence[str]) -> list[tuple[str, Sizes]]:
        return [(name, _twins(name, outputs[name].digest, heads.get(name), tray)) for name in names]

    steps.begin("Compressing", len(tasks))
    sizes = dict[str, Sizes]()
    for some in spread(make, batches(tasks, 50), cores()):
        sizes.update(some)
        steps.advance(len(some))
    state.note_twins(sizes)


def forget_twins(state: State) -> None:
    """No twin is known any more: those that are not made again go with this build."""
    state.note_twins({name: (0, 0) for name, output in state.outputs() if output.gzip})


def _twins(name: str, digest: bytes, head_size: int | None, tray: Tray) -> Sizes:
    laid, stands = tray.folder / name, tray.site / name
    data = (laid if laid.exists() else stands).read_bytes()
    if digest_of_file(data, head_size) != digest:
        # Somebody wrote into the site, to the same length: no twin may tell the same.
        return 0, 0
    quality = _BEST if name.startswith("assets/") else _QUALITY
    packed = {
        f"{name}.gz": gzip.compress(data, 9, mtime=0),
        f"{name}.br": brotli.compress(data, mode=brotli.MODE_TEXT, quality=quality),
    }
    for twin, small in packed.items():
        if not tray.stands(twin, small):
            tray.write(twin, small)
    zipped, brotlied = map(len, packed.values())
    return zipped, brotlied
