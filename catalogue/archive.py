"""Everything editors wrote, read from `docs/`: pages, sheets and pairs of topics, with every problem of all of them.

This is the door of the catalogue to the disk for reading; what it finds is judged by `parsing` and `checking`.
"""

from datetime import datetime
from pathlib import Path

import msgspec
import yaml

from catalogue.checking import check_pages
from catalogue.interview import LANGUAGES, Interview, Problem
from catalogue.parsing import Page, read_other, read_page
from catalogue.sheet import Sheet, read_sheet
from catalogue.transcript import end_turns

TOPICS = "topics.yml"


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """The editors' words. `interviews` holds what may be published at the moment it was read, newest first;
    `topic_pairs` maps a French topic to the English one."""

    interviews: tuple[Interview, ...]
    topic_pairs: dict[str, str]
    problems: tuple[Problem, ...]
    pages: int

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stops a build."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def twin(self, interview: Interview) -> Interview | None:
        """The same interview in the other language, or None."""
        pairs = (one for one in self.interviews if one.slug == interview.slug and one.lang != interview.lang)
        return next(pairs, None)


def read_archive(root: Path, now: datetime) -> Archive:
    """The archive of the project in `root`, as it may be seen at `now` (aware): pages under embargo are checked like
    the others, and then left out."""
    docs = root / "docs"
    sheets, problems = _sheets(root, docs / "masters")
    pages = []
    for lang in LANGUAGES:
        folder = docs / lang / "interviews"
        for file in sorted(folder.rglob("*.md")):
            path = file.relative_to(root).as_posix()
            if file.parent != folder:
                message = "interviews lie directly in their folder. Move this file up"
                problems.append(Problem(path=path, line=1, message=message))
                continue
            pages.append(read_page(file.read_bytes(), path=path, slug=file.stem, lang=lang))
    problems += [problem for page in pages for problem in page.problems]
    problems += check_pages(pages, sheets)
    problems += _other_pages(root, docs)
    pairs, pair_problems = _topic_pairs(root, docs / TOPICS)
    return Archive(
        interviews=tuple(_published(pages, sheets, now)),
        topic_pairs=pairs,
        problems=tuple(sorted({*problems, *pair_problems})),
        pages=len(pages),
    )


def _published(pages: list[Page], sheets: dict[str, Sheet], now: datetime) -> list[Interview]:
    interviews = []
    for page in pages:
        interview = page.interview
        if interview is None or (interview.embargo is not None and interview.embargo > now):
            continue
        sheet = sheets.get(interview.master)
        turns = end_turns(interview.turns, sheet.duration_ms if sheet else None)
        interviews.append(msgspec.structs.replace(interview, sheet=sheet, turns=turns))
    return sorted(interviews, key=lambda one: (-one.date.toordinal(), one.slug, LANGUAGES.index(one.lang)))


def _sheets(root: Path, folder: Path) -> tuple[dict[str, Sheet], list[Problem]]:
    sheets: dict[str, Sheet] = {}
    problems = []
    for file in sorted(folder.glob("*.yml")):
        path = file.relative_to(root).as_posix()
        cure = f"Run `duplex ingest FILE --id {file.stem}` again"
        try:
            sheet = read_sheet(file)
        except (msgspec.MsgspecError, yaml.YAMLError, UnicodeDecodeError) as error:
            reason = str(error).partition("\n")[0]
            problems.append(Problem(path=path, line=1, message=f"this is no asset sheet ({reason}). {cure}"))
            continue
        if sheet.id != file.stem:
            message = f"the sheet of “{sheet.id}” is named {file.name}. Name it {sheet.id}.yml"
            problems.append(Problem(path=path, line=1, message=message))
        sheets[sheet.id] = sheet
    return sheets, problems


def _topic_pairs(root: Path, file: Path) -> tuple[dict[str, str], list[Problem]]:
    if not file.exists():
        return {}, []
    try:
        pairs = msgspec.yaml.decode(file.read_bytes(), type=list[dict[str, str]])
        return {pair["fr"]: pair["en"] for pair in pairs}, []
    except (msgspec.MsgspecError, yaml.YAMLError, UnicodeDecodeError, KeyError):
        path = file.relative_to(root).as_posix()
        return {}, [
            Problem(path=path, line=1, message="this is no list of pairs. Write `- {fr: phares, en: lighthouses}`")
        ]


def _other_pages(root: Path, docs: Path) -> list[Problem]:
    """Editorial and account pages: that they can be read, and the twin that a bilingual site promises."""
    problems = []
    for lang in LANGUAGES:
        for file in sorted((docs / lang).rglob("*.md")):
            if "interviews" in file.relative_to(docs / lang).parts[:-1]:
                continue
            path = file.relative_to(root).as_posix()
            problem = read_other(file.read_bytes())[1]
            if problem is not None:
                problems.append(msgspec.structs.replace(problem, path=path))
            for other in LANGUAGES:
                twin = docs / other / file.relative_to(docs / lang)
                if not twin.exists():
                    message = f"no {twin.relative_to(root).as_posix()}. Write the same page in the other language"
                    problems.append(Problem(path=path, line=1, message=message, severity="warning"))
    return problems
