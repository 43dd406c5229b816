"""Lists made from nothing: each document’s terms met once, newest first, each adding its places to its term’s list."""

from collections.abc import Iterator

from catalogue.search.coding import DIGITS, SMALL, encoded, gap_text
from catalogue.search.lists import LIMIT, Row, threshold

_NO_GAP = DIGITS[0].encode()
_GAPS = tuple(f" {text}".encode() for text in SMALL)


class Gathering:
    """Lists that grow. Each is one array of bytes, because a million small strings weigh ten times what they say."""

    def __init__(self) -> None:
        self.places: dict[bytes, int] = {}
        self.texts: list[bytearray] = []
        self.firsts: list[int] = []
        self.lasts: list[int] = []
        # Where a list may be cut: the place in its text, the document's number, and the gap that a cut makes nothing.
        self.cuts: dict[int, list[tuple[int, int, int]]] = {}

    def add(self, number: int, slug: str, terms: bytes) -> None:
        """The terms of one document, older than all before."""
        most = threshold(slug) - 2
        known, texts, lasts = self.places, self.texts, self.lasts
        for line in terms.split(b"\n"):
            term, _, places = line.partition(b"\t")
            at = known.get(term)
            if at is None:
                known[term] = len(texts)
                texts.append(bytearray(_NO_GAP + places))
                self.firsts.append(number)
                lasts.append(number)
                continue
            gap = lasts[at] - number
            lasts[at] = number
            if len(places) > most:
                self.cuts.setdefault(at, []).append((len(texts[at]) + 1, number, gap))
                gap = 0
            texts[at] += (_GAPS[gap] if gap < len(_GAPS) else f" {encoded(gap)}".encode()) + places

    def lists(self) -> Iterator[tuple[str, list[Row]]]:
        """Every term with its list, in blocks when it is long. A list is forgotten once it is given."""
        for term, at in self.places.items():
            text, cuts = self.texts[at].decode(), self.cuts.get(at, [])
            self.texts[at] = bytearray()
            if len(text) + 1 > LIMIT:
                yield term.decode(), self._blocks(text, self.firsts[at], cuts)
                continue
            for place, _, gap in reversed(cuts):
                text = f"{text[:place]}{gap_text(gap)}{text[place + 1 :]}"
            yield term.decode(), [Row(self.firsts[at], text)]

    def _blocks(self, text: str, first: int, cuts: list[tuple[int, int, int]]) -> list[Row]:
        starts = [(0, first), *((place, number) for place, number, _ in cuts)]
        ends = [place - 1 for place, _ in starts[1:]] + [len(text)]
        return [Row(number, text[place:end]) for (place, number), end in zip(starts, ends, strict=True)]
