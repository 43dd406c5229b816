"""The verbs `ingest`, `probe`, `cut`: results on stdout, errors as one sentence on stderr, progress on a terminal."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import cyclopts
import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from catalogue.timecode import format_clock

from .cut import ClipReport, ClipRequest, make_clip
from .errors import FootageError, UnreadableFile
from .index import Index, read_index
from .ingest import ingest as ingest_master
from .ingest import sheet_of
from .plan import CONTAINERS, Profile
from .points import passage
from .store import Store, plain

ingest = cyclopts.App(
    name="ingest",
    help="Take a master into the media store (DUPLEX_MEDIA) and write its sheet.",
    help_epilogue="Example: duplex ingest phare.mov --id phare-2026",
)
probe = cyclopts.App(
    name="probe",
    help="Tell what a film is: picture, rate, sound, timecode.",
    help_epilogue="Example: duplex probe phare.mov --json",
)
cut = cyclopts.App(
    name="cut",
    help="Make a frame-exact clip of a master.",
    help_epilogue="Example: duplex cut phare-2026 --in 00:01:02.500 --out 00:01:12.000 -o passage.mp4",
)


def _store() -> Store:
    return Store(Path(os.environ.get("DUPLEX_MEDIA", "var/media")))


def _fail(error: FootageError) -> NoReturn:
    sys.stderr.write(f"{error}\n")
    sys.exit(1)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[float], object]]:
    """A bar on a terminal, nothing in a pipe."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda part: bar.update(task, completed=part)


@ingest.default
def ingest_verb(
    file: Path,
    /,
    *,
    id: Annotated[str, Parameter(help="Name of the master, as pages will write it: letters, digits, - and _.")],
    sheets: Annotated[Path, Parameter(help="Folder of the sheets that editors commit.")] = Path("docs/masters"),
) -> None:
    """Reads the film once, makes what readers see (proxy, poster, storyboard, waveform), prints where the sheet is.

    It can be stopped at any moment and run again.
    """
    try:
        with _progress(file.name) as tell:
            sheet = ingest_master(file, id, _store(), sheets, tell)
    except FootageError as error:
        _fail(error)
    print(f"{sheets / sheet.id}.yml: version {sheet.version}, {format_clock(sheet.duration_ms)}")


@probe.default
def probe_verb(
    film: str,
    /,
    *,
    json: Annotated[bool, Parameter(help="Print the facts as JSON.", negative=())] = False,
) -> None:
    """Prints a table for people, or JSON."""
    try:
        path, index = _film(film)
        facts = sheet_of(path.stem, path, index, "", None)
    except FootageError as error:
        _fail(error)
    if json:
        keys = {"frames": index.frames, "key_frames": len(index.keys), "duration_ms": index.duration_ms}
        print(msgspec.json.encode(keys | msgspec.to_builtins(index.facts)).decode())
        return
    picture = facts.video
    table = Table(box=None, show_header=False)
    rows = [
        ("File", path.name),
        ("Container", facts.container),
        ("Size", f"{facts.bytes:,} bytes"),
        ("Duration", f"{format_clock(facts.duration_ms)}, {picture.frames} frames, {len(index.keys)} key frames"),
        ("Picture", f"{picture.codec} {picture.profile}, {picture.width} x {picture.height}, {picture.pixel_format}"),
        ("Rate", f"{picture.frame_rate} ({float(index.rate):.3f} frames a second), {picture.scan}"),
        ("Pixel aspect", picture.pixel_aspect),
        ("Timecode", f"{facts.start_timecode}{' (drop-frame)' if facts.drop_frame else ''}"),
    ]
    for number, sound in enumerate(facts.audio, 1):
        language = f", {sound.language}" if sound.language else ""
        rows.append((f"Sound {number}", f"{sound.codec}, {sound.sample_rate} Hz, {sound.layout}{language}"))
    if not facts.audio:
        rows.append(("Sound", "none"))
    for row in rows:
        table.add_row(*row)
    Console().print(table)


@cut.default
def cut_verb(
    film: Annotated[str, Parameter(help="Id of an ingested master, or a film file.")],
    /,
    *,
    first: Annotated[str, Parameter(name="--in", help="First frame: HH:MM:SS.mmm, f123, or a timecode.")],
    last: Annotated[str, Parameter(name="--out", help="First frame left out, written likewise.")],
    timecode: Annotated[bool, Parameter(help="The points are timecode, HH:MM:SS:FF or ;FF.", negative=())] = False,
    profile: Annotated[Profile, Parameter(help="`master` keeps the codec; `h264` is 1080p for the web.")] = "master",
    output: Annotated[Path | None, Parameter(name=["-o", "--output"], help="File to write (.mp4, .mov, .mkv).")] = None,
) -> None:
    """Prints one line of JSON: frames, copied, reencoded, bytes, seconds.

    The in point is inclusive, the out point exclusive; a time selects the first frame that starts at or after it.
    """
    try:
        report = _cut(film, first, last, timecode, profile, output)
    except FootageError as error:
        _fail(error)
    print(msgspec.json.encode(report).decode())


def _cut(film: str, first: str, last: str, timecode: bool, profile: Profile, output: Path | None) -> ClipReport:
    path, index = _film(film)
    chosen = passage(index, film, first, last, programme=timecode)
    kept = path.suffix.lower() if profile == "master" and path.suffix.lower() in CONTAINERS else ".mp4"
    target = output or Path(f"{path.stem if path == Path(film) else film}-{chosen.first}-{chosen.last}{kept}")
    request = ClipRequest(
        source=path, index=index, in_frame=chosen.first, out_frame=chosen.last, profile=profile, target=target
    )
    with _progress(target.name) as tell:
        return asyncio.run(make_clip(request, lambda done: tell(done / chosen.frames)))


def _film(name: str) -> tuple[Path, Index]:
    """A film file, or the master of an id with the index stored at ingest."""
    path, store = Path(name), _store()
    if path.exists():
        return path, read_index(path)
    version = store.current(name) if plain(name) else None
    if version is None:
        what = "is neither a film file nor the id of an ingested master"
        raise UnreadableFile(name, what, "check the name, or run: duplex ingest FILE --id ID")
    return store.master(name, version), store.index(name, version)
