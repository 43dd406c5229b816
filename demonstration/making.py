"""One film from its page and its speech, in steps that may run in other processes and may be interrupted.

A step writes a file under a temporary name and renames it last, so what stands is whole and is not made again.
"""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from catalogue.interview import Interview
from catalogue.sheet import Sheet, read_sheet
from demonstration.cast import FILMS, Film
from demonstration.encoding import SOUND_RATE, encode_part, join
from demonstration.scenes.all import scene_of
from demonstration.script import heard_interview
from demonstration.show import Show, Times, times_of
from demonstration.sound import stereo
from demonstration.speech import VOICES_FOLDER, Samples, Speech, read_sound, read_speech, sound_path, times_path
from footage.masters.ingest import ingest
from footage.store import Store

_HERE = Path(__file__).parent
_RECIPE_DIGITS = 12


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where things lie: the pages, the media store, a folder for what is being made on the store's disk, the speech."""

    docs: Path
    media: Path
    work: Path
    voices: Path = VOICES_FOLDER

    @property
    def sheets(self) -> Path:
        """Where sheets are committed."""
        return self.docs / "masters"


class Made(msgspec.Struct, frozen=True):
    """What stands of a film: by which recipe, and as which version of its master."""

    recipe: str
    version: str


def film_named(name: str) -> Film:
    """The film of a name. KeyError when there is none."""
    return {film.name: film for film in FILMS}[name]


def recipe_of(film: Film, places: Places) -> str:
    """A mark of everything the film is made from: words shown, speech, and the code that draws and encodes."""
    interview = heard_interview(places.docs, film.name)
    shown = (interview.title, interview.place, interview.date, interview.spoken, interview.speakers)
    digest = hashlib.sha256(msgspec.json.encode((film.name, str(film), shown)))
    digest.update(sound_path(film.name, places.voices).read_bytes() + times_path(film.name, places.voices).read_bytes())
    for path in sorted(_HERE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_RECIPE_DIGITS]


def standing(film: Film, recipe: str, places: Places) -> bool:
    """Whether the film of this recipe is in the store, in force, and its sheet says so."""
    try:
        made = msgspec.json.decode(_record(film, places).read_bytes(), type=Made)
        sheet = read_sheet(places.sheets / f"{film.name}.yml")
    except (OSError, msgspec.MsgspecError):
        return False
    return made == Made(recipe, sheet.version) and Store(places.media).current(film.name) == sheet.version


def part_frames(film: Film, places: Places) -> list[range]:
    """Which frames each part of a film holds."""
    frames = _times(film, places).frames
    size = -(-frames // film.parts)
    return [range(start, min(start + size, frames)) for start in range(0, frames, size)]


def make_part(film: Film, recipe: str, places: Places, number: int, tell: Callable[[int], object]) -> None:
    """Draws and encodes one part, unless it stands already."""
    frames, path = part_frames(film, places)[number], _part(film, recipe, places, number)
    if path.exists():
        tell(len(frames))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    interview, speech, sound = _given(film, places)
    show = Show(_times(film, places), scene_of(film.name), interview, speech, sound)
    unfinished = path.with_suffix(".unfinished")
    encode_part(show, _times(film, places), frames, unfinished, tell)
    unfinished.rename(path)


def finish(film: Film, recipe: str, places: Places, tell: Callable[[float], object]) -> Sheet:
    """Joins the parts, adds the sound, takes the master into the store and clears up. `tell` hears the part done."""
    interview, speech, sound = _given(film, places)
    parts = [_part(film, recipe, places, number) for number in range(len(part_frames(film, places)))]
    master = parts[0].parent / f"{film.name}{film.suffix}"
    if not master.exists():
        unfinished = master.with_stem("unfinished")
        times = _times(film, places)
        join(parts, stereo(times, interview, speech, sound), times, film.sound, unfinished, interview.title)
        unfinished.rename(master)
    sheet = ingest(master, film.name, Store(places.media), places.sheets, tell)
    record = _record(film, places)
    unfinished = record.with_suffix(".unfinished")
    unfinished.write_bytes(msgspec.json.encode(Made(recipe, sheet.version)))
    unfinished.rename(record)
    for folder in places.work.glob(f"{film.name}.*/"):
        shutil.rmtree(folder)
    return sheet


def _times(film: Film, places: Places) -> Times:
    return times_of(film, read_speech(film.name, places.voices).duration_ms)


def _given(film: Film, places: Places) -> tuple[Interview, Speech, Samples]:
    sound = read_sound(sound_path(film.name, places.voices), SOUND_RATE)
    return heard_interview(places.docs, film.name), read_speech(film.name, places.voices), sound


def _record(film: Film, places: Places) -> Path:
    return places.work / f"{film.name}.json"


def _part(film: Film, recipe: str, places: Places, number: int) -> Path:
    return places.work / f"{film.name}.{recipe}" / f"part-{number}.mp4"
