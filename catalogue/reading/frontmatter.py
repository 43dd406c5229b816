"""The front matter of a page: YAML in, one typed record out, and every problem with its line and its cure.

YAML guesses types (`no` is false, a date may raise), so scalars are taken as the text the editor wrote and typed here,
field by field; one wrong field never hides another.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, MINYEAR, date, datetime
from difflib import get_close_matches
from typing import Annotated, Any, Literal

import msgspec
import yaml

from catalogue.interview import Problem, Speaker
from catalogue.reading.soundness import LONGEST_ADDRESS, quoted, unprintable
from catalogue.wording import slug_of

Text = Annotated[str, msgspec.Meta(pattern=r"\S")]
MasterId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]*$")]
# Beyond what a front matter needs; what is longer, deeper or multiplied by aliases would cost minutes and gigabytes.
_LONGEST, _DEEPEST, _MOST_VALUES, _MOST_SPEAKERS = 100_000, 8, 10_000, 200


class FrontMatter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What stands between the two lines `---`. Its JSON Schema is what an editor's tool may check against."""

    title: Text
    date: date
    summary: Text
    spoken: Literal["fr", "en"]
    speakers: Annotated[tuple[Speaker, ...], msgspec.Meta(min_length=1, max_length=_MOST_SPEAKERS)]
    place: str = ""
    topics: tuple[Text, ...] = ()
    master: MasterId | None = None
    reference: str = ""
    credit: str = ""
    terms: str = ""
    embargo: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    withdrawn: str = ""


_FIELDS = msgspec.structs.fields(FrontMatter)
CURES = {
    "title": "Write `title:` and the title of the interview",
    "date": "Write `date: YYYY-MM-DD`, a day that exists",
    "summary": "Write `summary:` and one or two sentences",
    "spoken": "Write `spoken: fr` or `spoken: en`, the language heard in the film",
    "speakers": "Write one line for each: `- {key: CLAIRE DUVAL, name: Claire Duval, function: …}`, "
    "and `role: interviewer` for who asks",
    "topics": "Write a list of words: `topics: [phares, patrimoine]`",
    "master": "Write the id of an ingested master: small letters, digits and hyphens",
    "embargo": "Write a moment with its offset: `embargo: 2026-12-01T09:00:00+01:00`",
}


class Matter(msgspec.Struct, frozen=True):
    """A front matter as read: the record when it is whole, the line of each field, and the problems."""

    record: FrontMatter | None
    lines: dict[str, int]
    problems: tuple[Problem, ...]


def read_front_matter(text: str, first_line: int = 2) -> Matter:
    """The front matter in the text between the two `---`; `first_line` is the number of its first line."""
    try:
        fields, lines, problems = _fields(text, first_line)
    except yaml.YAMLError as error:
        return Matter(None, {}, (_broken(error, text, first_line),))
    except (RecursionError, OverflowError):
        return Matter(None, {}, (_too_deep(first_line),))
    values: dict[str, Any] = {}
    for field in _FIELDS:
        line = lines.get(field.name, first_line - 1)
        cure = CURES.get(field.name, f"Write `{field.name}:` and one line of text")
        if fields.get(field.name) is None:
            if field.required:
                problems.append(Problem(line=line, message=f"no {field.name}. {cure}"))
            continue
        try:
            values[field.name] = msgspec.convert(fields[field.name], type=field.type)
        except msgspec.ValidationError as error:
            where = _line_within(lines, field.name, str(error), line)
            problems.append(Problem(line=where, message=f"{field.name} is not right ({_plain(error)}). {cure}"))
    problems += _unknown(fields, lines)
    problems += _unprintable(fields, lines)
    problems += _no_address(values, lines)
    # The first and the last year have moments that are no moments elsewhere on earth.
    if "embargo" in values and not MINYEAR < values["embargo"].year < MAXYEAR:
        problems.append(Problem(line=lines["embargo"], message=f"embargo is out of reach. {CURES['embargo']}"))
    if speakers := values.get("speakers"):
        problems += _wrong_keys(speakers, lines)
    errors = [problem for problem in problems if problem.severity == "error"]
    whole = all(field.name in values for field in _FIELDS if field.required)
    record = FrontMatter(**values) if whole and not errors else None
    return Matter(record, lines, tuple(problems))


def broken_yaml(text: str, first_line: int = 2) -> Problem | None:
    """What keeps a front matter of any page from being read at all, or None."""
    try:
        _fields(text, first_line)
    except yaml.YAMLError as error:
        return _broken(error, text, first_line)
    except (RecursionError, OverflowError):
        return _too_deep(first_line)
    return None


def speakers_anyway(text: str) -> tuple[Speaker, ...]:
    """The speakers that can be told even when the rest of the front matter is wrong, so that turns are still read."""
    try:
        fields = _fields(text, 1)[0]
    except (yaml.YAMLError, RecursionError, OverflowError):
        return ()
    found = []
    listed = fields.get("speakers")
    for value in listed[:_MOST_SPEAKERS] if isinstance(listed, list) else ():
        if isinstance(value, dict) and isinstance(value.get("key"), str) and value["key"].strip():
            name = value.get("name")
            found.append(Speaker(key=value["key"].strip(), name=name if isinstance(name, str) else ""))
    return tuple(found)


def _fields(text: str, first_line: int) -> tuple[dict[str, Any], dict[str, int], list[Problem]]:
    """Plain values by name, the line of each (and of each element, as `speakers[1]`), and doubled names."""
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    if len(text) > _LONGEST:
        raise OverflowError
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        # The slower reader says where a mistake is, in words an editor understands.
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        return {}, lines, problems
    if not isinstance(node, yaml.MappingNode):
        return {}, lines, [Problem(line=first_line, message="the front matter is no list of fields. Write `title: …`")]
    fields: dict[str, Any] = {}
    left = iter(range(_MOST_VALUES))
    for key, value in node.value:
        # A list or a mapping may stand where a name should.
        name = key.value if isinstance(key, yaml.ScalarNode) else "[…]"
        line = first_line + key.start_mark.line
        if name in fields:
            problems.append(Problem(line=line, message=f"{quoted(name)} is written twice. Keep one"))
            continue
        fields[name], lines[name] = _plain_value(value, left), line
        for index, element in enumerate(value.value if isinstance(value, yaml.SequenceNode) else ()):
            lines[f"{name}[{index}]"] = first_line + element.start_mark.line
    return fields, lines, problems


def _plain_value(node: yaml.Node, left: Iterator[int], depth: int = 0) -> Any:
    """Text, list or mapping of a node. An alias that holds itself ends at a depth no front matter needs; aliases of
    aliases end when `left`, the values still allowed, is used up. RecursionError, OverflowError."""
    if depth > _DEEPEST:
        raise RecursionError
    if next(left, None) is None:
        raise OverflowError
    if isinstance(node, yaml.SequenceNode):
        return [_plain_value(child, left, depth + 1) for child in node.value]
    if isinstance(node, yaml.MappingNode):
        values = {str(key.value): _plain_value(child, left, depth + 1) for key, child in node.value}
        # A name without a value says nothing, as it does among the fields themselves.
        return {name: value for name, value in values.items() if value is not None}
    empty = node.tag == "tag:yaml.org,2002:null" or not node.value.strip()
    return None if empty else node.value.strip()


def _too_deep(line: int) -> Problem:
    message = "the front matter is too long, its brackets nest too deep, or its aliases multiply. Write it plainly"
    return Problem(line=line, message=message)


def _broken(error: yaml.YAMLError, text: str, first_line: int) -> Problem:
    for line, written in enumerate(text.split("\n"), first_line):
        # YAML refuses these too, but speaks of itself.
        if said := unprintable(written):
            return Problem(line=line, message=said)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or str(error).partition("\n")[0]
    line = first_line + (mark.line if mark else 0)
    cure = "Close quotes and brackets, and put a text that holds “: ” between quotes"
    return Problem(line=line, message=f"this is not YAML ({what}). {cure}")


def _unprintable(value: Any, lines: Mapping[str, int], line: int = 1) -> Iterator[Problem]:
    """Characters that no document can carry, written as escapes of YAML."""
    if isinstance(value, str):
        if said := unprintable(value):
            yield Problem(line=line, message=said)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _unprintable(inner, {}, lines.get(name, line))
    elif isinstance(value, list):
        for inner in value:
            yield from _unprintable(inner, {}, line)


def _no_address(values: Mapping[str, Any], lines: Mapping[str, int]) -> Iterator[Problem]:
    """Topics and names become addresses, which file systems limit."""
    named = [("topics", index, topic) for index, topic in enumerate(values.get("topics", ()))]
    named += [("speakers", index, speaker.name) for index, speaker in enumerate(values.get("speakers", ()))]
    for field, index, name in named:
        if len(slug_of(name)) > LONGEST_ADDRESS:
            message = f"“{quoted(name)}” is too long for an address. Write it in fewer words"
            yield Problem(line=lines.get(f"{field}[{index}]", lines[field]), message=message)


def _unknown(fields: Mapping[str, Any], lines: Mapping[str, int]) -> list[Problem]:
    known = [field.name for field in _FIELDS]
    problems = []
    for name in fields:
        if name not in known:
            close = get_close_matches(quoted(name).lower(), known, n=1)
            cure = f"Did you mean `{close[0]}`?" if close else f"Delete it; the fields are: {', '.join(known)}"
            problems.append(Problem(line=lines[name], message=f"unknown field `{quoted(name)}`. {cure}"))
    return problems


def _wrong_keys(speakers: tuple[Speaker, ...], lines: Mapping[str, int]) -> list[Problem]:
    problems, seen = [], set()
    for index, speaker in enumerate(speakers):
        line = lines.get(f"speakers[{index}]", lines["speakers"])
        if speaker.key in seen:
            problems.append(
                Problem(line=line, message=f"the key “{quoted(speaker.key)}” is listed twice. Give each its own")
            )
        if not speaker.key or ":" in speaker.key or "[" in speaker.key:
            problems.append(
                Problem(line=line, message="a speaker's key is a word without “:” or “[”. Write `key: NAME`")
            )
        if not speaker.name and speaker.role != "interviewer":
            problems.append(
                Problem(line=line, message=f"“{quoted(speaker.key)}” has no name. Write `name:` after the key")
            )
        seen.add(speaker.key)
    return problems


def _line_within(lines: Mapping[str, int], name: str, error: str, line: int) -> int:
    place = re.search(r"at `\$(\[\d+\])", error)
    return lines.get(f"{name}{place[1]}", line) if place else line


def _plain(error: msgspec.ValidationError) -> str:
    """The reason without the program's own words for places and patterns."""
    reason = re.sub(r" - at `.*`$", "", str(error))
    if "regex" in reason or "RFC3339" in reason:
        return "not written as it should be" if "regex" in reason else "no such day or moment"
    return reason[0].lower() + reason[1:].replace("`", "").replace("array", "a list").replace("str", "text")
