"""What a package holds beside its media: captions, transcripts and shotlists of both languages, edit lists, a page to
read first. Pure: the catalogue's entries, the turns, the film's index and the words of each language are given."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

import msgspec
from babel.numbers import format_decimal
from jinja2 import Environment, StrictUndefined

from catalogue.exports.captions import captions_of
from catalogue.exports.cues import cues_of
from catalogue.exports.edl import edl_text
from catalogue.exports.excerpt import cues_within, turns_within
from catalogue.exports.fcpxml import fcpxml_text
from catalogue.exports.otio import otio_text
from catalogue.exports.reel import Passage, Reel
from catalogue.exports.shotlist import marks, shotlist_csv, shotlist_text, shots
from catalogue.exports.stl import stl_bytes
from catalogue.exports.transcripts import plain_text, transcript_json
from catalogue.exports.ttml import ttml_text
from catalogue.interview import LANGUAGES, Interview, Speaker, Turn
from catalogue.manifest import Entry
from catalogue.timecode import format_clock
from catalogue.wording import date_text, rate_text
from footage.reading.index import Index

from .clip_order import ClipOrder

_SILENT = ("wav", "mp3")
_SEAL = "c2pa"
SUMS = "SHA256SUMS"


class Edition(msgspec.Struct, frozen=True):
    """An interview as one language tells it: its line of the catalogue and its turns with their ends."""

    entry: Entry
    turns: tuple[Turn, ...]


def edition_digest(editions: Mapping[str, Edition], origin: str) -> str:
    """The name of the state of all words: another text, another name, another package."""
    told = msgspec.json.encode(["package v2", origin, sorted(editions.items())], order="sorted")
    return hashlib.sha256(told).hexdigest()[:20]


def papers(
    order: ClipOrder,
    index: Index,
    file: str,
    editions: Mapping[str, Edition],
    words: Mapping[str, Mapping[str, Any]],
    origin: str,
    seal: bytes = b"",
) -> dict[str, bytes]:
    """Every file beside the media, by its name in the package.

    `file` is how the master's file is called; `words` holds, by language, the package's words. `seal` is the manifest
    of C2PA that belongs to the media, under its name as readers look for it.
    """
    assert order.papers is not None
    asked = editions[order.papers.lang]
    passage = passage_of(order, index, file, asked, f"../{order.papers.media}")
    files: dict[str, bytes] = {}
    for lang, edition in sorted(editions.items()):
        told = told_of(edition, passage, span_of(order, index), words[lang])
        files |= {f"{lang}/{name}": data for name, data in told.items()}
    files |= {f"edit/{asked.entry.slug}.{kind}": write(passage) for kind, write in EDIT_LISTS.items()}
    if seal:
        files[f"{order.papers.media.rpartition('.')[0]}.{_SEAL}"] = seal
    names = sorted(files)
    for lang, said in words.items():
        edition = editions.get(lang, asked)
        facts = _facts(order, index, edition.entry, passage, lang, words=said, origin=origin, names=names)
        text = _TEMPLATES.from_string(said["readme"]).render(facts)
        files[said["readme_name"]] = text.replace("\n", "\r\n").encode("utf-8-sig")
    return files


def checksums(files: Mapping[str, bytes], media: str, media_sha256: str) -> bytes:
    """SHA-256 of each file as `sha256sum -c` reads them."""
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()} | {media: media_sha256}
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()


EDIT_LISTS: Mapping[str, Callable[[Passage], bytes]] = MappingProxyType(
    {
        "edl": lambda passage: edl_text(passage.title, [passage]).encode(),
        "fcpxml": lambda passage: fcpxml_text(passage).encode(),
        "otio": lambda passage: otio_text(passage.title, [passage]).encode(),
    }
)
"""What writes each kind of edit list."""


def told_of(
    edition: Edition, passage: Passage, span: tuple[int, int], words: Mapping[str, Any], note: Sequence[str] = ()
) -> dict[str, bytes]:
    """Captions, transcript and shotlist of one language, counted from the passage's beginning; `span` are its points in
    milliseconds. Those that have a place for remarks take the lines of a `note`."""
    entry, reel = edition.entry, passage.reel
    turns = turns_within(edition.turns, *span)
    cues = cues_within(cues_of(edition.turns), *span)
    names = {person.key: (person.name or words["question"], person.function) for person in entry.speakers}
    interview = _interview(entry, turns)
    heading = [" · ".join(part for part in (date_text(interview.date, entry.lang), entry.place) if part)]
    heading += note or [span_text(passage, words)]
    listed = shots(turns, reel, passage.first, names)
    told = {
        "transcript.txt": plain_text(interview, heading, words["question"]).encode(),
        "transcript.json": transcript_json(turns),
    }
    if not cues:
        return told
    captions = captions_of(cues, [entry.title, *note] if note else ())
    return told | {
        "captions.vtt": captions.vtt.encode(),
        "captions.srt": captions.srt.encode(),
        "captions.ttml": ttml_text(cues, entry.lang, entry.title, note).encode(),
        "captions.stl": stl_bytes(
            cues,
            reel=reel,
            first=passage.first,
            lang=entry.lang,
            title=entry.title,
            reference=entry.reference,
            day=interview.date,
        ),
        "shotlist.csv": shotlist_csv(listed, words["columns"], words["csv_mark"]).encode(),
        "shotlist.txt": shotlist_text(listed).encode(),
    }


def _interview(entry: Entry, turns: tuple[Turn, ...]) -> Interview:
    speakers = tuple(
        Speaker(key=one.key, name=one.name, function=one.function, role="interviewer" if one.role else "")
        for one in entry.speakers
    )
    return Interview(
        slug=entry.slug,
        lang=entry.lang,
        title=entry.title,
        date=date.fromisoformat(entry.date),
        summary=entry.summary,
        spoken=entry.spoken,
        speakers=speakers,
        place=entry.place,
        turns=turns,
    )


def span_text(passage: Passage, words: Mapping[str, Any]) -> str:
    """From where to where a passage goes, in source timecode, as a language says it."""
    first, last = passage.timecodes
    return str(words["passage"]).replace("{in}", first).replace("{out}", last)


def span_of(order: ClipOrder, index: Index) -> tuple[int, int]:
    """The points of a passage in milliseconds of media time."""
    return round(index.start_ms(order.in_frame)), round(index.start_ms(order.out_frame))


def passage_of(order: ClipOrder, index: Index, file: str, edition: Edition, media: str) -> Passage:
    """The passage as edit programs know it, `media` being where they find its own file. Frames are counted in the
    film's nominal rate, as timecodes are."""
    entry, picture, sounds = edition.entry, index.facts.picture, index.facts.sounds
    pictured = order.profile not in _SILENT
    reel = Reel(
        name=order.master,
        file=file,
        rate=index.rate,
        start=index.facts.start,
        drop_frame=index.facts.drop_frame,
        frames=_counted(index, index.frames),
        width=picture.width if pictured else 0,
        height=picture.height if pictured else 0,
        sample_rate=sounds[0].sample_rate if sounds else 0,
        channels=sum(track.channels for track in sounds),
    )
    names = {person.key: (person.name or "Q", person.function) for person in entry.speakers}
    first, last = _counted(index, order.in_frame), _counted(index, order.out_frame)
    heard = marks(turns_within(edition.turns, *span_of(order, index)), reel, first, names)
    return Passage(
        reel=reel,
        title=entry.title,
        first=first,
        last=last,
        marks=tuple(mark for mark in heard if first <= mark.frame < last),
        media=media,
    )


def _counted(index: Index, frame: int) -> int:
    return round(index.start_ms(frame) * index.rate / 1000)


def _facts(
    order: ClipOrder,
    index: Index,
    entry: Entry,
    passage: Passage,
    lang: str,
    *,
    words: Mapping[str, Any],
    origin: str,
    names: list[str],
) -> dict[str, Any]:
    """What the page to read first is told."""
    assert order.papers is not None
    files = {}
    for name in names:
        folder, _, kind = name.rpartition("/")
        key = kind if folder in LANGUAGES else f"{folder or 'media'}.{kind.rpartition('.')[2]}"
        files[name] = words["files"][key] + (f" ({words['languages'][folder]})" if folder in LANGUAGES else "")
    length = round(index.start_ms(order.out_frame)) - round(index.start_ms(order.in_frame))
    locale = "fr_FR" if lang == "fr" else "en_GB"
    return {
        "entry": entry,
        "date": date_text(date.fromisoformat(entry.date), lang),
        "speakers": [
            ", ".join(part for part in (one.name or words["question"], one.function) if part)
            for one in entry.speakers
            if one.name or not one.role
        ],
        "spoken": words["spoken"][entry.spoken],
        "media": order.papers.media,
        "profile": words["profiles"][order.profile],
        "length": format_clock(length),
        "frames": format_decimal(order.frames, locale=locale),
        "rate": rate_text(str(index.rate), lang),
        "first": passage.timecodes[0],
        "last": passage.timecodes[1],
        "master": passage.reel.file,
        "version": order.version,
        "address": origin + entry.url,
        "files": files,
        "sums": SUMS,
    }


_TEMPLATES = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
