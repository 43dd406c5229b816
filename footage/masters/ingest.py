"""Takes a master into the store: reads it, makes what readers see, writes its sheet. Can be stopped and run again.

Everything is made in a folder of its own and appears by renames, the version in force last, so that nothing half-made
is ever seen.
"""

import hashlib
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import msgspec
import numpy as np

from catalogue.sheet import Audio, Chapter, Sheet, Video, sheet_text
from catalogue.timecode import format_timecode

from ..clips.provenance import ingredient_of
from ..errors import BadTarget
from ..places.folder import write_whole
from ..places.place import Source
from ..reading.index import VERSION, Index
from ..reading.indexing import read_index
from ..reading.probe import open_film
from ..reading.wholeness import Stamp, check_still, stamp_of
from ..store import SMALLER, Store, plain
from ..streams.colours import MATRICES, PRIMARIES, RANGES, TRANSFERS
from .poster import smaller, write_poster
from .renditions import PEAK_RATE, arguments, board_of, board_vtt, make_renditions, write_board

Progress = Callable[[float], object]

VERSION_DIGITS = 12
_PEAKS_AT_MOST = 20_000
# What is known when a step is finished, so that a run that is stopped goes on after it.
_SUM, _RENDERED, _SAMPLES, _TILES = ".sha256", ".rendered.json", ".samples.s16", ".tiles.rgb"


class Peaks(msgspec.Struct, frozen=True):
    """The waveform: `per_second` values a second, the loudest sample of each span, 0 to 255."""

    per_second: int
    peaks: list[int]


def ingest(file: Path, id: str, store: Store, sheets: Path, progress: Progress | None = None) -> Sheet:
    """Ingests a master under an id; its sheet, also written to `sheets/<id>.yml` when it changed.

    `progress` hears the part done, from 0 to 1. FootageError when the film cannot be read; then the version that
    stood still stands.
    """
    if not plain(id):
        raise BadTarget(id or "--id", "is no id for a master", "use letters, digits, - and _, for example phare-2026")
    tell = progress or (lambda part: None)
    index, of, before = _read(file, id, store)
    with store.making(id, of) as folder, ThreadPoolExecutor(1) as pool:
        store.write_index(folder, index)
        summed = pool.submit(_digest, file, folder / _SUM)
        sheet = _stored_sheet(store, id, sheets)
        if sheet is not None and sheet.bytes == index.facts.bytes and sheet.sha256 == summed.result():
            store.mend_master(id, sheet.version, file)
            store.keep_index(id, sheet.version, index)
            sheet = _mended(store, sheet, file, index, sheets)
            _complete(store, id, sheet.version)
            if not store.ingredient(id, sheet.version):
                store.keep_ingredient(id, sheet.version, _ingredient(file, sheet))
            store.put_in_force(id, sheet.version)
            tell(1.0)
            return sheet
        loudness = _make(file, index, folder, tell)
        store.place.bring(file, folder / f"master{file.suffix.lower()}")
        sheet = sheet_of(id, file, index, summed.result(), loudness)
        check_still(file, before)
        store.write_parts(folder, index, sheet, _ingredient(file, sheet))
        if store.whole(id, sheet.version):
            store.mend_master(id, sheet.version, file)
        else:
            store.keep(id, sheet.version, folder)
    _write_sheet(sheets, sheet)
    store.put_in_force(id, sheet.version)
    tell(1.0)
    return sheet


def _read(file: Path, id: str, store: Store) -> tuple[Index, str, Stamp]:
    """The index of a file, read now or left by a run that was stopped; a name for the file as it is; its stamp."""
    if not file.is_file():
        read_index(file)  # it says what is wrong
    before = stamp_of(file)
    of = hashlib.sha256(f"{VERSION} {file.resolve()} {before}".encode()).hexdigest()[:VERSION_DIGITS]
    return store.left(id, of) or read_index(file), of, before


def _digest(file: Path, kept: Path) -> str:
    """The SHA-256 of a file, kept as soon as it is known."""
    if not kept.is_file():
        with file.open("rb") as data:
            write_whole(kept, hashlib.file_digest(data, "sha256").hexdigest().encode())
    return kept.read_text()


def _stored_sheet(store: Store, id: str, sheets: Path) -> Sheet | None:
    """The sheet of the version in force, written again for the editor if it was lost."""
    version = store.current(id)
    if version is None or not store.whole(id, version):
        return None
    if (sheet := store.sheet(id, version)) is not None:
        _write_sheet(sheets, sheet)
    return sheet


def _mended(store: Store, before: Sheet, file: Path, index: Index, sheets: Path) -> Sheet:
    """The sheet of a version that stands, with what a newer program knows of the same master."""
    sheet = sheet_of(before.id, file, index, before.sha256, before.loudness_lufs)
    if sheet != before:
        store.keep_sheet(sheet)
        _write_sheet(sheets, sheet)
    return sheet


def _make(file: Path, index: Index, folder: Path, tell: Progress) -> float | None:
    """Fills the folder of a version; the loudness."""
    public, rendered = folder / "public", folder / _RENDERED
    if not rendered.is_file():
        shutil.rmtree(public, ignore_errors=True)
        public.mkdir()
        write_whole(rendered, msgspec.json.encode(_rendered(file, index, folder / _SAMPLES, public, tell)))
    for step in (_SAMPLES, _TILES):
        (folder / step).unlink(missing_ok=True)
    write_poster(file, index, public / "poster.jpg")
    for width, name in SMALLER.items():
        (public / name).write_bytes(smaller((public / "poster.jpg").read_bytes(), width))
    loudness: float | None = msgspec.json.decode(rendered.read_bytes())
    return loudness


def _rendered(file: Path, index: Index, samples: Path, public: Path, tell: Progress) -> float | None:
    """Makes proxy, storyboard and waveform; the loudness."""
    with open_film(file) as film:
        begins = Fraction(film.start_time or 0, 1_000_000)
    late = max(Fraction(0), index.shown[0] * index.time_base - begins)
    late = late if late > Fraction(1, 1000) else Fraction(0)
    tiles, board = samples.with_name(_TILES), board_of(index)
    line = arguments(file, index, late, public / "proxy.mp4", tiles, samples)
    loudness = make_renditions(line, file, index.duration_ms, lambda part: tell(0.95 * part))
    write_board(tiles, board, public / "storyboard.jpg", index.facts.picture)
    (public / "storyboard.vtt").write_text(board_vtt(board, index.duration_ms))
    (public / "peaks.json").write_bytes(msgspec.json.encode(peaks_of(samples, index.duration_ms)) + b"\n")
    return loudness


def _ingredient(file: Path, sheet: Sheet) -> bytes:
    return ingredient_of(file, f"{sheet.id}{file.suffix.lower()}", sheet.sha256)


def _complete(store: Store, id: str, version: str) -> None:
    """Adds to a version that stands the smaller posters that it lacks."""
    poster = store.public(id, version, "poster.jpg")
    for width, name in SMALLER.items() if poster is not None else ():
        place = f"{id}/{version}/public"
        if store.place.find(f"{place}/{name}") is None:
            store.place.write(f"{place}/{name}", smaller(store.place.read(f"{place}/poster.jpg"), width))


def peaks_of(samples: Path, duration_ms: int) -> Peaks:
    """The waveform of signed 16-bit mono samples in a file, read a span at a time. No file: no sound."""
    per_second = max(1, min(20, _PEAKS_AT_MOST * 1000 // max(1, duration_ms)))
    if not samples.is_file() or samples.stat().st_size < 2:
        return Peaks(per_second, [])
    span = PEAK_RATE // per_second
    data = np.memmap(samples, np.dtype("<i2"), "r")[: duration_ms * PEAK_RATE // 1000]
    whole = data[: len(data) - len(data) % span].reshape(-1, span)
    loudest = np.maximum(whole.max(axis=1).astype(int), -whole.min(axis=1).astype(int))
    return Peaks(per_second, [min(255, int(value) * 255 // 32767) for value in loudest])


def sheet_of(id: str, file: Source, index: Index, sha256: str, loudness: float | None) -> Sheet:
    """The facts of a master as its sheet tells them."""
    facts, picture = index.facts, index.facts.picture
    names, suffix = facts.container.split(","), file.suffix.lower().lstrip(".")
    return Sheet(
        id=id,
        version=sha256[:VERSION_DIGITS],
        sha256=sha256,
        bytes=facts.bytes,
        container=suffix if suffix in names else names[0],
        duration_ms=index.duration_ms,
        start_timecode=format_timecode(facts.start, index.rate, drop_frame=facts.drop_frame),
        drop_frame=facts.drop_frame,
        loudness_lufs=loudness,
        video=Video(
            codec=picture.codec,
            width=picture.width,
            height=picture.height,
            frame_rate=picture.rate,
            frames=index.frames,
            profile=picture.profile,
            pixel_format=picture.pixel_format,
            pixel_aspect=picture.pixel_aspect,
            scan=picture.scan,
            bit_rate=picture.bit_rate,
            primaries=PRIMARIES.get(picture.primaries, ""),
            transfer=TRANSFERS.get(picture.transfer, ""),
            matrix=MATRICES.get(picture.matrix, ""),
            range=RANGES.get(picture.range, ""),
        ),
        audio=tuple(
            Audio(
                codec=sound.codec,
                sample_rate=sound.sample_rate,
                channels=sound.channels,
                layout=sound.layout,
                language=sound.language,
                name=sound.name,
            )
            for sound in facts.sounds
        ),
        chapters=tuple(Chapter(start_ms=each.start_ms, title=each.title) for each in facts.chapters),
    )


def _write_sheet(sheets: Path, sheet: Sheet) -> None:
    sheets.mkdir(parents=True, exist_ok=True)
    path, text = sheets / f"{sheet.id}.yml", sheet_text(sheet).encode()
    if not path.is_file() or path.read_bytes() != text:
        write_whole(path, text)
