"""What editors wrote beside the interviews: pairs of topics, editorial and account pages."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

from catalogue.interview import LANGUAGES, Problem
from catalogue.reading.parsing import read_other
from catalogue.sources import bytes_of, entries, unfit

TOPICS = "topics.yml"


def topic_pairs(root: Path) -> tuple[dict[str, str], list[Problem]]:
    """The English topic of each French one that an editor paired, and what is wrong with the list."""
    file = root / "docs" / TOPICS
    if not file.is_file():
        return {}, []
    data = bytes_of(file)
    if isinstance(data, Problem):
        return {}, [msgspec.structs.replace(data, path=f"docs/{TOPICS}")]
    try:
        pairs = msgspec.yaml.decode(data, type=list[dict[str, str]])
        return {pair["fr"]: pair["en"] for pair in pairs}, []
    except (msgspec.MsgspecError, yaml.YAMLError, ValueError, KeyError, RecursionError):
        message = "this is no list of pairs. Write `- {fr: phares, en: lighthouses}`"
        return {}, [Problem(path=f"docs/{TOPICS}", line=1, message=message)]


def other_problems(root: Path) -> Iterator[Problem]:
    """Editorial and account pages: that they can be read, and the twin that a bilingual site promises."""
    docs = root / "docs"
    for lang in LANGUAGES:
        for file, wrong in sorted(_other_files(docs / lang, docs)):
            path = file.relative_to(root).as_posix()
            if wrong:
                yield Problem(path=path, line=1, message=wrong)
            if wrong or file.suffix != ".md":
                continue
            data = bytes_of(file)
            problem = data if isinstance(data, Problem) else read_other(data)[1]
            if problem is not None:
                yield msgspec.structs.replace(problem, path=path)
            for other in LANGUAGES:
                twin = docs / other / file.relative_to(docs / lang)
                if not twin.exists():
                    message = f"no {twin.relative_to(root).as_posix()}. Write the same page in the other language"
                    yield Problem(path=path, line=1, message=message, severity="warning")


def _other_files(folder: Path, docs: Path) -> Iterator[tuple[Path, str]]:
    """The files beside the interviews, each with what keeps it from being published."""
    for entry in entries(folder):
        wrong = unfit(entry, docs)
        if wrong or not entry.is_dir():
            yield Path(entry.path), wrong or ""
        elif entry.name != "interviews":
            yield from _other_files(Path(entry.path), docs)
