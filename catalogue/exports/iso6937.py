"""Latin letters as broadcasters' subtitle files write them: ISO/IEC 6937, where an accent stands before its letter."""

import unicodedata

# Each accent's code, and the letters that it may stand before.
_ACCENTS = {
    "\u0300": (0xC1, "AEIOUaeiou"),
    "\u0301": (0xC2, "ACEILNORSUYZacegilnorsuyz"),
    "\u0302": (0xC3, "ACEGHIJOSUWYaceghijosuwy"),
    "\u0303": (0xC4, "AINOUainou"),
    "\u0304": (0xC5, "AEIOUaeiou"),
    "\u0306": (0xC6, "AGUagu"),
    "\u0307": (0xC7, "CEGIZcegz"),
    "\u0308": (0xC8, "AEIOUYaeiouy"),
    "\u030a": (0xCA, "AUau"),
    "\u0327": (0xCB, "CGKLNRSTcklnrst"),
    "\u030b": (0xCD, "OUou"),
    "\u0328": (0xCE, "AEIUaeiu"),
    "\u030c": (0xCF, "CDELNRSTZcdelnrstz"),
}
# From 0xA0 on; a blank stands for a code that is not ours to use.
_UPPER = "\u00a0¡¢£ ¥ §¤‘“«←↑→↓°±²³×µ¶·÷’”»¼½¾¿                —¹®©™♪¬¦    ⅛⅜⅝⅞ΩÆÐªĦ ĲĿŁØŒºÞŦŊŉĸæđðħıĳŀłøœßþŧŋ"
_CODES = {letter: bytes([0xA0 + place]) for place, letter in enumerate(_UPPER) if letter != " "} | {"$": b"\xa4"}
# What the table lacks, in letters that it has.
_SPELLED = str.maketrans(
    {"…": "...", "–": "-", "‑": "-", "‐": "-", "\u202f": "\u00a0", "\u2009": " "}
    | {"„": "“", "‚": "‘", "€": "EUR", "‹": "«", "›": "»"}
)


def encode(text: str) -> bytes:
    """A text in ISO/IEC 6937; a letter it cannot write becomes `?`."""
    return b"".join(_letter(letter) for letter in unicodedata.normalize("NFC", text).translate(_SPELLED))


def _letter(letter: str) -> bytes:
    if " " <= letter <= "~" and letter != "$":
        return letter.encode("ascii")
    if letter in _CODES:
        return _CODES[letter]
    parts = unicodedata.normalize("NFD", letter)
    base, accents = parts[0], parts[1:]
    code, letters = _ACCENTS.get(accents, (0, ""))
    if base in letters:
        return bytes([code, ord(base)])
    return base.encode("ascii") if base.isascii() and base.isalpha() else b"?"
