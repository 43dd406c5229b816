"""A shelf for the tests of downloads: one film of three seconds, ingested for real, and a small site that shows it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from catalogue.exports.transcripts import ExportedTurn, Transcript
from catalogue.manifest import Entry, Manifest, Person, manifest_bytes, read_manifest
from catalogue.sheet import Sheet
from edge_api.downloads.clip_order import ClipOrder
from edge_api.downloads.library import Library
from edge_api.downloads.seals import Sealer
from edge_api.downloads.stock import Stock
from edge_api.downloads.workshop import Workshop
from edge_api.web.rendering import package_words
from footage.masters.ingest import ingest
from footage.store import Store
from tests.footage.masters import X264, film

FRAMES, SLUG, TITLE = 75, "la-lampe", "La lampe d’Émilie"


@dataclass(frozen=True)
class Shelf:
    """Where the things lie, and the sheet of the film."""

    home: Path
    sheet: Sheet

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def site(self) -> Path:
        return self.home / "site"

    @property
    def store(self) -> Store:
        return Store(self.media)

    def workshop(
        self, folder: Path | str, *, keeps: bool = False, media: str = "", sealer: Sealer | None = None
    ) -> Workshop:
        """The place where files are made into a folder or a bucket; clips are written out unless it `keeps`."""
        library = Library(lambda: read_manifest(self.site / "catalogue.json"), media or self.media, self.site)
        return Workshop(Stock(folder, library, keeps=keeps), library, package_words(), "http://127.0.0.1:8000", sealer)

    def order(self, first: int = 5, last: int = 30, **changed: Any) -> ClipOrder:
        """An order for frames [first, last) of the film."""
        return ClipOrder(
            master=changed.get("master", self.sheet.id),
            version=self.sheet.version,
            in_frame=first,
            out_frame=last,
            profile=changed.get("profile", "master"),
            suffix=changed.get("suffix", ".mp4"),
            title=changed.get("title", TITLE),
            credit="Duplex",
            reference="DPX-1",
        )


def make_shelf(home: Path) -> Shelf:
    """Makes film, store and site in a folder."""
    coding = (*X264, "-g", "24", "-timecode", "10:00:00:00")
    master = film(home / "lampe.mp4", FRAMES, "25", *coding)
    sheet = ingest(master, "lampe-2026", Store(home / "media"), home / "sheets")
    shelf = Shelf(home, sheet)
    write_site(shelf)
    return shelf


def _turns(question: str, answer: str) -> str:
    told = [("t0", "Q", "Q", 0, question), ("t1000", "E", "Émilie", 1000, answer)]
    turns = [
        ExportedTurn(id=id, key=key, name=name, start_ms=start, paragraphs=(text,))
        for id, key, name, start, text in told
    ]
    return msgspec.json.encode(Transcript(turns=tuple(turns))).decode()


def entry(shelf: Shelf, lang: str = "fr", slug: str = SLUG, *, film: bool = True) -> Entry:
    """The catalogue's line of a page."""
    return Entry(
        slug=slug,
        lang=lang,
        url=f"/interviews/{slug}/" if lang == "fr" else f"/en/interviews/{slug}/",
        title=TITLE if lang == "fr" else "Émilie’s lamp",
        date="2026-03-14",
        place="Brest",
        summary="Une lampe.",
        spoken="fr",
        translated=lang == "en",
        languages=("fr", "en"),
        master=shelf.sheet.id if film else None,
        version=shelf.sheet.version if film else None,
        duration_ms=3000,
        turns=2,
        timed_turns=2,
        reference="DPX-1",
        credit="Duplex",
        terms="Citer la source.",
        speakers=(
            Person(key="Q", name="", role="interviewer"),
            Person(key="E", name="Émilie Kerbrat", function="gardienne" if lang == "fr" else "keeper"),
        ),
        topics=("phares",),
        width=shelf.sheet.video.width if film else 0,
        height=shelf.sheet.video.height if film else 0,
    )


def write_site(shelf: Shelf, *entries: Entry) -> None:
    """A site of a few real files; without entries it shows the film in both languages, and one interview without."""
    shown = entries or (entry(shelf), entry(shelf, "en"), entry(shelf, slug="sans-film", film=False))
    pages = {
        "index.html": '<html lang="fr">Accueil',
        "404.html": '<html lang="fr">Introuvable',
        "en/index.html": '<html lang="en">Home',
        "en/404.html": '<html lang="en">Not found',
        "interviews/la-lampe/index.html": '<html lang="fr">La lampe',
        "interviews/la-lampe/embed.html": '<html lang="fr">La lampe, ailleurs',
        "interviews/la-lampe/captions.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nVoilà\n",
        "en/interviews/la-lampe/index.html": '<html lang="en">The lamp',
        "interviews/la-lampe/transcript.json": _turns("Que voyez-vous ?", "La mer… et le feu, surtout."),
        "en/interviews/la-lampe/transcript.json": _turns("What do you see?", "The sea, and the fire above all."),
        "account/sign-in/index.html": '<html lang="fr">Se connecter',
        "assets/0123456789ab/duplex.css": "body { color: black }",
        "assets/plain.css": "body { color: black }",
        "feed.xml": "<feed/>",
        ".hidden/secret.txt": "secret",
    }
    for name, text in pages.items():
        path = shelf.site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    beside = shelf.site / ".catalogue.json"
    beside.write_bytes(manifest_bytes(Manifest(interviews=shown)))
    beside.replace(shelf.site / "catalogue.json")
