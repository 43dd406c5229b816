"""The verbs `ingest`, `probe` and `verify`: results on stdout, errors as one sentence on stderr, progress on a
terminal."""

import sys
from pathlib import Path
from typing import Annotated

import cyclopts
import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from catalogue.sheet import Video
from catalogue.timecode import format_clock

from .confines import confined
from .errors import FootageError
from .judging.verdict import FINE_DB, Report, verify_clip
from .masters.ingest import ingest as ingest_master
from .masters.ingest import sheet_of
from .reading.points import passage
from .terminal import bar, fail, film_of, leave_tidily, media_store

ingest = cyclopts.App(
    name="ingest",
    help="Take a master into the media store (DUPLEX_MEDIA) and write its sheet.",
    help_epilogue="A run that was stopped can be run again: finished steps are not done twice, the stopped one begins "
    "anew.\n\nExample: duplex ingest phare.mov --id phare-2026",
)
probe = cyclopts.App(
    name="probe",
    help="Tell what a film is: picture, rate, sound, timecode.",
    help_epilogue="Example: duplex probe phare.mov --json",
)
verify = cyclopts.App(
    name="verify",
    help="Judge a clip against its master, frame by frame.",
    help_epilogue="Example: duplex verify phare-2026 passage.mp4 --in 00:01:02.500 --out 00:01:12.000",
)


@ingest.default
def ingest_verb(
    file: Annotated[Path, Parameter(help="The film: MOV, MP4, MXF, Matroska and their like.")],
    /,
    *,
    id: Annotated[str, Parameter(help="Name of the master, as pages will write it: letters, digits, - and _.")],
    sheets: Annotated[Path, Parameter(help="Folder of the sheets that editors commit.")] = Path("docs/masters"),
) -> None:
    """Reads the film once, makes what readers see (proxy, poster, storyboard, waveform), prints where the sheet is.

    It can be stopped at any moment and run again: steps that were finished are not done twice, the one that was stopped
    begins anew.
    """
    leave_tidily()
    try:
        with bar(file.name) as tell, confined(file):
            sheet = ingest_master(file, id, media_store(), sheets, tell)
    except FootageError as error:
        fail(error)
    print(f"{sheets / sheet.id}.yml: version {sheet.version}, {format_clock(sheet.duration_ms)}")


@probe.default
def probe_verb(
    film: Annotated[str, Parameter(help="A film file, or the id of an ingested master.")],
    /,
    *,
    json: Annotated[bool, Parameter(help="Print the facts as JSON.", negative=())] = False,
) -> None:
    """Prints a table for people, or JSON."""
    try:
        path, index = film_of(film)
        facts = sheet_of(path.stem, path, index, "", None)
    except FootageError as error:
        fail(error)
    if json:
        keys: dict[str, int | str] = {
            "frames": index.frames,
            "key_frames": len(index.keys),
            "duration_ms": index.duration_ms,
        }
        keys |= {"encoded": index.encoded} if index.encoded else {}
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
        ("Colour", _colour(picture)),
        ("Timecode", f"{facts.start_timecode}{' (drop-frame)' if facts.drop_frame else ''}"),
    ]
    for number, sound in enumerate(facts.audio, 1):
        said = [f"{sound.codec}, {sound.sample_rate} Hz", sound.layout, sound.language, sound.name]
        rows.append((f"Sound {number}", ", ".join(part for part in said if part)))
    if not facts.audio:
        rows.append(("Sound", "none"))
    for number, chapter in enumerate(facts.chapters, 1):
        rows.append((f"Chapter {number}", f"{format_clock(chapter.start_ms)} {chapter.title}".rstrip()))
    if index.encoded:
        rows.append(("Clips", index.encoded))
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _colour(picture: Video) -> str:
    """Primaries, transfer, matrix and range, those that the film says."""
    said = (picture.primaries, picture.transfer, picture.matrix)
    named = " / ".join(part or "unsaid" for part in said) if any(said) else "unsaid"
    return f"{named}, {picture.range} range" if picture.range else named


@verify.default
def verify_verb(
    master: Annotated[str, Parameter(help="Id of an ingested master, or a film file.")],
    clip: Annotated[Path, Parameter(help="The file to judge.")],
    /,
    *,
    first: Annotated[str, Parameter(name="--in", help="First frame: HH:MM:SS.mmm, f123, or a timecode.")],
    last: Annotated[str, Parameter(name="--out", help="First frame left out, written likewise.")],
    timecode: Annotated[bool, Parameter(help="The points are timecode, HH:MM:SS:FF or ;FF.", negative=())] = False,
    least: Annotated[float, Parameter(help="How near to its master every frame must be, luma PSNR in dB.")] = FINE_DB,
    json: Annotated[bool, Parameter(help="Print the verdict as JSON.", negative=())] = False,
) -> None:
    """Decodes both, compares every frame and both ends of the sound, with edit lists honoured and ignored.

    Exit status 1 when the clip holds anything but its passage, as near as `--least` says.
    """
    try:
        path, index = film_of(master)
        chosen = passage(index, master, first, last, programme=timecode)
        with bar(clip.name) as tell:
            report = verify_clip(path, index, chosen, clip, least, tell)
    except FootageError as error:
        fail(error)
    if json:
        print(msgspec.json.encode(report).decode())
    else:
        _show(report)
    sys.exit(not report.exact)


def _show(report: Report) -> None:
    table = Table(box=None, header_style="bold")
    for heading in ("", "edit lists honoured", "edit lists ignored"):
        table.add_column(heading)
    for row in report.rows():
        table.add_row(*row)
    Console().print(table)
    for line in report.faults or ("exact: the frames of the passage, all of them, and no other",):
        print(line)
