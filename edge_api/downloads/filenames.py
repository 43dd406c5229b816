"""Names of downloaded files: made from what the catalogue says, safe on every disk, and told in a header."""

import re
import unicodedata
from urllib.parse import quote

_LONGEST_TITLE = 80
# Letters that Unicode does not take apart into a base letter and an accent.
_SPELLED_OUT = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "’": "'"})
# RFC 8187, 3.2.1 (attr-char): what stands in filename* without being escaped; letters and digits always do.
_ATTR_CHARS = "!#$&+-.^_`|~"


def film_name(title: str, suffix: str) -> str:
    """The name of a whole film: `La lampe de Men Tensel.mp4`. `suffix` carries its dot."""
    return _plain(title) + suffix


def clip_name(title: str, first: str, last: str, suffix: str) -> str:
    """The name of a passage, with the timecodes of its points: `La lampe de Men Tensel 10.01.18.02-10.01.32.03.mp4`.

    Dots stand for the colons and semicolons of a timecode: no file name on Windows may carry a colon.
    """
    span = re.sub("[:;]", ".", f"{first}-{last}")
    return f"{_plain(title)} {span}{suffix}"


def still_name(title: str, timecode: str, suffix: str) -> str:
    """The name of one frame, with its timecode: `La lampe de Men Tensel 10.01.18.02.jpg`."""
    return f"{_plain(title)} {re.sub('[:;]', '.', timecode)}{suffix}"


def content_disposition(name: str) -> str:
    """`attachment` with the name twice (RFC 6266, 4.3): in ASCII for old programs, in UTF-8 for all others."""
    return f"attachment; filename=\"{_ascii(name)}\"; filename*=UTF-8''{quote(name, safe=_ATTR_CHARS)}"


def _plain(title: str) -> str:
    """A title without what some disk or shell forbids: separators, controls, quotes, dots and spaces at the ends."""
    composed = unicodedata.normalize("NFC", title)
    shown = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in composed)
    bare = re.sub(r'«\s*|\s*[»?!;]|[<>"*%#“”]', "", shown)
    allowed = re.sub(r"\s*[\\/:|][\\/:|\s]*", " - ", bare)
    name = re.sub(r"\s+", " ", allowed).strip()[:_LONGEST_TITLE].strip(" .-")
    return name or "film"


def _ascii(name: str) -> str:
    """The same name in ASCII letters; a title that has none, in Greek say, leaves `film` and its suffix."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_SPELLED_OUT))
    letters = re.sub(r"\s+", " ", decomposed.encode("ascii", "ignore").decode()).strip()
    return f"film{letters}" if letters.startswith(".") else letters
