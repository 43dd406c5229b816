"""What no text of an editor may hold, whatever it says: characters that no document can carry, and shapes of Markdown
that take a reader of Markdown minutes, or all its stack. Each is told with its line and its cure."""

import re
from collections.abc import Iterator, Sequence

from catalogue.interview import Problem

# Controls other than tab and line ends, halves of letters, and the two that are no characters (XML 1.0, 2.2).
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Far beyond what an introduction needs. Python-Markdown looks for the end of every open bracket to the end of its
# paragraph, and calls itself once or twice for each level of a list or a quotation.
_LONGEST_CONTEXT = 200_000
_MOST_BRACKETS = 200
_DEEPEST_INDENT = 40
_DEEPEST_QUOTATION = 8
_LONGEST_QUOTED = 60
# Names of files may have 255 bytes; some of ours begin with a dot and end with a word.
LONGEST_ADDRESS = 150


def unprintable(text: str) -> str | None:
    """What is said of a text that holds such a character; None when it holds none."""
    found = UNPRINTABLE.search(text)
    return f"a control character (U+{ord(found[0]):04X}) stands in the text. Delete it" if found else None


def quoted(text: str) -> str:
    """A text of an editor inside a message: its beginning when it is endless."""
    return text if len(text) <= _LONGEST_QUOTED else text[: _LONGEST_QUOTED - 1] + "…"


def context_problems(lines: Sequence[str], first_line: int) -> Iterator[Problem]:
    """What is wrong with the lines of a context; `first_line` is the number of the first of them."""
    if sum(map(len, lines)) > _LONGEST_CONTEXT:
        message = f"the context is longer than {_LONGEST_CONTEXT} letters. Keep an introduction, and put the rest apart"
        yield Problem(line=first_line, message=message)
        return
    brackets = 0
    for number, line in enumerate(lines, first_line):
        if said := unprintable(line):
            yield Problem(line=number, message=said)
        marks = line.expandtabs(4)
        quotation = re.match(r"[ >]*", marks)
        assert quotation is not None
        indent = len(marks) - len(marks.lstrip(" "))
        if indent > _DEEPEST_INDENT or quotation[0].count(">") > _DEEPEST_QUOTATION:
            yield Problem(line=number, message="lists or quotations nested too deep. Write them side by side")
            return
        brackets = brackets + line.count("[") if line.strip() else 0
        if brackets > _MOST_BRACKETS:
            message = f"more than {_MOST_BRACKETS} brackets “[” in one paragraph. Part it by an empty line"
            yield Problem(line=number, message=message)
            return
