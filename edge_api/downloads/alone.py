"""What lies beside the media of a package, had alone: captions, a table of shots, the transcript, an edit list.

Written by what writes packages, and from the same words. What a package's page to read first would say stands inside,
where the format has a place for remarks: a file on its own is soon parted from the page it came from. Pure.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, get_args

from catalogue.exports.cues import cues_of
from catalogue.exports.excerpt import cues_within
from catalogue.exports.reel import Passage
from catalogue.manifest import Entry
from footage.reading.index import Index

from ..errors import NoWords
from .clip_order import ClipOrder, Paper
from .papers import EDIT_LISTS, Edition, passage_of, span_of, span_text, told_of

PAPERS: frozenset[str] = frozenset(get_args(Paper))
# The name in a package of each that is read, in one language or another.
_READ: Mapping[str, str] = MappingProxyType(
    {
        "vtt": "captions.vtt",
        "srt": "captions.srt",
        "ttml": "captions.ttml",
        "stl": "captions.stl",
        "shotlist": "shotlist.csv",
        "text": "transcript.txt",
    }
)


def is_read(paper: Paper) -> bool:
    """Whether it holds what is said, in one language; an edit list only names who says it."""
    return paper in _READ


def ending(paper: Paper, lang: str) -> str:
    """The end of its file's name: the language stands where players look for it, `.fr.srt` beside a film's `.mp4`."""
    if not is_read(paper):
        return f".{paper}"
    suffix = _READ[paper].rpartition(".")[2]
    return f"{' shotlist' if paper == 'shotlist' else ''}.{lang}.{suffix}"


def paper(
    order: ClipOrder,
    index: Index,
    file: str,
    editions: Mapping[str, Edition],
    words: Mapping[str, Mapping[str, Any]],
    origin: str,
) -> bytes:
    """The bytes of the paper that is ordered; the arguments are those of `papers.papers`.

    NoWords when it would hold none: nobody is heard there, or not in that language.
    """
    assert order.papers is not None
    assert order.paper is not None
    passage = passage_of(order, index, file, editions[order.papers.lang], order.papers.media)
    if not is_read(order.paper):
        return EDIT_LISTS[order.paper](passage)
    edition, span = editions.get(order.words_lang), span_of(order, index)
    if edition is None or not cues_within(cues_of(edition.turns), *span):
        raise NoWords
    said = words[order.words_lang]
    return told_of(edition, passage, span, said, _note(edition.entry, passage, said, origin))[_READ[order.paper]]


def _note(entry: Entry, passage: Passage, words: Mapping[str, Any], origin: str) -> list[str]:
    """Where the words come from, and on which terms."""
    told = words["alone"]
    lines = [f"{span_text(passage, words)} · {passage.reel.file}"]
    lines += [
        told[name].replace("{text}", text)
        for name, text in (("reference", entry.reference), ("credit", entry.credit), ("terms", entry.terms))
        if text
    ]
    return [*lines, origin + entry.url]
