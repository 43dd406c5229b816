"""What a request for a file is answered with: all of it, a part of it, or nothing new (RFC 9110, sections 13 and 14).

Pure: a size, the validators of the file and the request's headers go in, an answer comes out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import formatdate, parsedate_to_datetime

_HUGE = 10**18
_INT_RANGE = re.compile(r"([0-9]+)-([0-9]*)")
_SUFFIX_RANGE = re.compile(r"-([0-9]+)")
_ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


@dataclass(frozen=True)
class Validators:
    """What says that a file is still the same: a strong entity tag with its quotes, and seconds since 1970."""

    etag: str
    modified: int

    @property
    def last_modified(self) -> str:
        """The time as an HTTP date (IMF-fixdate, RFC 9110 5.6.7)."""
        return formatdate(self.modified, usegmt=True)


@dataclass(frozen=True)
class Whole:
    """200: every byte."""


@dataclass(frozen=True)
class Part:
    """206: the bytes of [start, end)."""

    start: int
    end: int

    def content_range(self, size: int) -> str:
        """The field that tells where the part lies (RFC 9110 14.4: its last position is inclusive)."""
        return f"bytes {self.start}-{self.end - 1}/{size}"


@dataclass(frozen=True)
class NotModified:
    """304: the asker already holds it."""


@dataclass(frozen=True)
class NotSatisfiable:
    """416: the part asked for lies outside the file."""


@dataclass(frozen=True)
class PreconditionFailed:
    """412: the asker wanted another state of the file."""


Answer = Whole | Part | NotModified | NotSatisfiable | PreconditionFailed


def answer(method: str, headers: Mapping[str, str], size: int, validators: Validators) -> Answer:
    """The answer to a GET or HEAD, conditions first, in the order of RFC 9110 13.2.2; header names in lower case."""
    if (if_match := headers.get("if-match")) is not None:
        if not _any_match(if_match, validators.etag, strong=True):
            return PreconditionFailed()
    elif (since := _seconds(headers.get("if-unmodified-since"))) is not None and validators.modified > since:
        return PreconditionFailed()
    if (if_none_match := headers.get("if-none-match")) is not None:
        if _any_match(if_none_match, validators.etag, strong=False):
            return NotModified()
    elif (since := _seconds(headers.get("if-modified-since"))) is not None and validators.modified <= since:
        return NotModified()
    # Ranges are defined for GET alone (14.2), and If-Range says: that part if nothing changed, otherwise everything.
    asked = headers.get("range")
    if method != "GET" or asked is None or not _still_the_same(headers.get("if-range"), validators):
        return Whole()
    return _part(asked, size)


def _part(asked: str, size: int) -> Answer:
    """The one range of a Range field.

    A field that is malformed, of another unit, or asks for several ranges is ignored, as 14.2 allows: no player and no
    download manager needs multipart/byteranges, and answering many small ranges is how servers are worn down.
    """
    unit, equals, ranges = asked.partition("=")
    if unit.strip().lower() != "bytes" or not equals:
        return Whole()
    specs = [spec for spec in (part.strip(" \t") for part in ranges.split(",")) if spec]
    if len(specs) != 1:
        return Whole()
    if (suffix := _SUFFIX_RANGE.fullmatch(specs[0])) is not None:
        length = _number(suffix[1])
        if length == 0:
            return NotSatisfiable()
        return Part(max(0, size - length), size) if size else Whole()
    if (span := _INT_RANGE.fullmatch(specs[0])) is None:
        return Whole()
    first, last = _number(span[1]), _number(span[2]) if span[2] else _HUGE
    if last < first:
        return Whole()
    if first >= size:
        return NotSatisfiable()
    return Part(first, min(last + 1, size))


def _number(digits: str) -> int:
    """A number of any length; beyond every file it is only “huge”, because Python refuses to read 5,000 digits."""
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) <= 18 else _HUGE


def _still_the_same(if_range: str | None, validators: Validators) -> bool:
    """If-Range (13.1.5): one strong tag, or exactly the date that was sent; a weak tag never holds."""
    if if_range is None:
        return True
    value = if_range.strip()
    if value.startswith(('"', "W/")):
        return value == validators.etag
    return _seconds(value) == validators.modified


def _any_match(field: str, etag: str, *, strong: bool) -> bool:
    """Whether a list of entity tags, or `*`, names this one (8.8.3.2: weak comparison disregards `W/`)."""
    if field.strip() == "*":
        return True
    tags: list[str] = _ENTITY_TAG.findall(field)
    return etag in tags if strong else etag in [tag.removeprefix("W/") for tag in tags]


def _seconds(date: str | None) -> int | None:
    """Seconds since 1970 of an HTTP date; None when it is absent or none, which 13.1 tells to ignore."""
    if date is None:
        return None
    try:
        moment = parsedate_to_datetime(date)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
