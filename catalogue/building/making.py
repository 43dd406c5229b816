"""One interview made: read, checked, rendered in both languages, its files laid out. Runs in forked workers, which see
all that is known and hand back only what the next build must know."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from catalogue.building.state import KnownPage, Output, Unit
from catalogue.building.tray import Tray
from catalogue.exports.captions import captions_of
from catalogue.exports.cues import cues_of
from catalogue.exports.transcripts import plain_text, transcript_json
from catalogue.interview import Interview, Record, other_language
from catalogue.pages.embed import EMBED, embed_page
from catalogue.pages.metadata import interview_head
from catalogue.pages.page import interview_view, spoken_text, tracks_of
from catalogue.pages.plan import Plan
from catalogue.pages.pouring import Pourer
from catalogue.pages.shelf import Shelf
from catalogue.reading.parsing import Page
from catalogue.reading.records import record_of
from catalogue.reading.unit import ReadUnit, read_unit
from catalogue.search.entry import entry_bytes
from catalogue.sheet import Sheet
from catalogue.sources import Stamp, digest_of
from catalogue.wording import date_text

PAGE = "index.html"


class Maker(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker needs. `base` is the hash of all that is the same for every page; `sheets` come with their hashes;
    `files` are the sources of each interview with their stamps; `known` is what the last build remembered."""

    plan: Plan
    pourers: Mapping[str, Pourer]
    base: bytes
    sheets: Mapping[str, Sheet]
    sheet_digests: Mapping[str, bytes]
    files: Mapping[str, Mapping[str, Stamp]]
    known: Mapping[str, Unit]
    tray: Tray
    entries: Tray
    now: datetime
    began_ns: int

    def make(self, slug: str) -> Unit:
        """The unit of an interview. When what it is made of is what it was, only its stamps are new."""
        unit = self._read(slug)
        old = self.known.get(slug)
        master = next((page.interview.master for page in unit.pages if page.interview), "")
        key = self._key(unit, master)
        if old is not None and old.key == key and not self._lost(old):
            return msgspec.structs.replace(old, sources=unit.sources)
        wrong = any(problem.severity == "error" for problem in unit.problems)
        before = {page.path: page for page in old.pages} if old is not None else {}
        shown = {one.lang: one for one in unit.shown} if not wrong else {}
        pages = tuple(self._page(page, unit, shown, before.get(page.path)) for page in unit.pages)
        return Unit(slug, key, unit.sources, pages, master)

    def _read(self, slug: str) -> ReadUnit:
        return read_unit(self.plan.root, slug, self.files[slug], self.sheets, self.now, self.began_ns)

    def _key(self, unit: ReadUnit, master: str) -> bytes:
        shown = repr([one.lang for one in unit.shown]).encode()
        digests = [part for path, source in sorted(unit.sources.items()) for part in (path.encode(), source.digest)]
        return digest_of(self.base, self.sheet_digests.get(master, b""), shown, *digests)

    def _lost(self, old: Unit) -> bool:
        names = (page.folder + name for page in old.pages for name in page.files)
        return bool(self.tray.wrong) and any(name in self.tray.wrong for name in names)

    def _page(self, page: Page, unit: ReadUnit, shown: Mapping[str, Interview], old: KnownPage | None) -> KnownPage:
        own = (page.path, f"{page.path.removesuffix('.md')}.timing.json")
        problems = tuple(problem for problem in unit.problems if problem.path in own)
        one = shown.get(page.lang)
        if one is None:
            record = record_of(page.interview, (), page.lines.get("reference", 1)) if page.interview else None
            return KnownPage(page.path, record, problems)
        record = record_of(one, unit.languages, page.lines.get("reference", 1))
        old = old if old is not None and old.shown else None
        twin = next((other for lang, other in shown.items() if lang != one.lang), None)
        head = self._head(one, twin)
        known = KnownPage(page.path, record, problems, head=digest_of(head), head_size=len(head))
        files, stood = dict[str, Output](), old.files if old is not None else {}
        name = known.folder + PAGE
        if old is None or old.head != known.head or name in self.tray.wrong:
            self.tray.write(name, head)
        elif PAGE in stood:
            files[PAGE] = stood[PAGE]
        if one.withdrawn:
            return known.having(files)
        for file, data in self._beside(one, twin):
            files[file] = self.tray.put(known.folder + file, data, stood.get(file))
        entry = entry_bytes(one, list(dict.fromkeys(one.topics)))
        digest = digest_of(entry)
        if old is None or old.entry != digest:
            self.entries.write(f"{one.lang}/{one.slug}", entry)
        return msgspec.structs.replace(known.having(files), entry=digest, related=old.related if old else ())

    def _head(self, one: Interview, twin: Interview | None) -> bytes:
        pourer, origin = self.pourers[one.lang], self.plan.origin
        values = {"interview": interview_view(one, twin, pourer.words, origin)}
        return pourer.head(values, interview_head(one, twin, pourer.words, origin), url=one.url)

    def _beside(self, one: Interview, twin: Interview | None) -> Iterator[tuple[str, bytes]]:
        words = self.pourers[one.lang].words
        cues = cues_of(one.turns)
        shown = [date_text(one.date, one.lang), one.place, spoken_text(one, words)]
        heading = [" · ".join(part for part in shown if part), one.summary]
        captions = captions_of(cues)
        yield "captions.vtt", captions.vtt.encode()
        yield "captions.srt", captions.srt.encode()
        yield "transcript.txt", plain_text(one, heading, words["interview"]["question"]).encode()
        yield "transcript.json", transcript_json(one.turns)
        if one.sheet is not None:
            named, tracks = self.plan.assets.addresses, tracks_of(one, twin, words)
            yield EMBED, embed_page(one, one.sheet, tracks, words, origin=self.plan.origin, assets=named)

    def end(self, page: KnownPage, record: Record, shelf: Shelf) -> KnownPage:
        """The page with its tail: who stands beside it, and the file whole."""
        related = () if record.withdrawn else shelf.related(record)
        twin = shelf.pages.get((record.slug, other_language(record.lang))) if record.withdrawn else shelf.twin(record)
        tail = self.pourers[record.lang].tail(record, map(shelf.shown, related), twin.url if twin else None)
        name, files = page.folder + PAGE, page.files
        before = files.get(PAGE)
        output = Output(page.head_size + len(tail), digest_of(page.head, tail))
        if before is not None and before.digest == output.digest:
            output = before
        else:
            self._join(page, record, name, tail)
            if before is None and self.tray.stands_long(name, output.size):
                self._spare(name)
        return msgspec.structs.replace(page.having({**files, PAGE: output}), related=related)

    def _join(self, page: KnownPage, record: Record, name: str, tail: bytes) -> None:
        """Writes the tail after the head, which was laid out just now or stands in the site."""
        if self.tray.append(name, tail):
            return
        with (self.tray.site / name).open("rb") as file:
            head = file.read(page.head_size)
        if digest_of(head) != page.head:
            # Somebody wrote into the site, to the same length.
            shown = {one.lang: one for one in self._read(record.slug).shown}
            head = self._head(shown.pop(record.lang), next(iter(shown.values()), None))
        self.tray.write(name, head + tail)

    def _spare(self, name: str) -> None:
        """A page of which nothing was known may stand in the site all the same: then it is not written again."""
        laid = self.tray.folder / name
        if self.tray.stands(name, laid.read_bytes()):
            laid.unlink()
