"""Lists made from nothing: each document’s terms met once, newest first, each adding its places to its term’s list."""

from collections.abc import Iterator, Sequence

from catalogue.search.lists import LIMIT, Row, threshold
from catalogue.search.places import LEAGUES, LEAPS, NO_GAP, documents_in, leap, length_of_leap


class Gathering:
    """Lists that grow. Each is one array of bytes, because a million small strings weigh ten times what they say."""

    def __init__(self) -> None:
        self.places: dict[bytes, int] = {}
        self.texts: list[bytearray] = []
        self.firsts: list[int] = []
        self.lasts: list[int] = []
        # Where a list may be cut: the place in its text, and the number of the document that begins there.
        self.cuts: dict[int, list[tuple[int, int]]] = {}

    def add(self, number: int, slug: str, terms: Sequence[bytes], places: Sequence[bytes]) -> None:
        """The terms of one document, older than all before, each with its places. An archive has millions of them."""
        known, texts, lasts = self.places, self.texts, self.lasts
        most = threshold(slug) - len(NO_GAP)
        if max(map(len, places), default=0) > most:
            self._mark_cuts(number, [term for term, said in zip(terms, places, strict=True) if len(said) > most])
        for at, term, said in zip(map(known.get, terms), terms, places, strict=True):
            if at is None:
                known[term] = len(texts)
                texts.append(bytearray(NO_GAP + said))
                self.firsts.append(number)
                lasts.append(number)
                continue
            gap = lasts[at] - number
            lasts[at] = number
            texts[at] += (LEAPS[gap] if gap < LEAGUES else leap(gap)) + said

    def _mark_cuts(self, number: int, terms: Sequence[bytes]) -> None:
        for term in terms:
            at = self.places.get(term)
            if at is not None:
                self.cuts.setdefault(at, []).append((len(self.texts[at]), number))

    def lists(self) -> Iterator[tuple[str, list[Row]]]:
        """Every term with its list, in blocks when it is long. A list is forgotten once it is given."""
        for term, at in self.places.items():
            text, cuts = bytes(self.texts[at]), self.cuts.get(at)
            self.texts[at] = bytearray()
            rows = [Row(self.firsts[at], documents_in(text), text)]
            if cuts and len(text) > LIMIT:
                blocks = list(_blocks(rows[0], cuts))
                rows = blocks if sum(len(row.text) for row in blocks) > LIMIT else rows
            yield term.decode(), rows


def _blocks(row: Row, cuts: Sequence[tuple[int, int]]) -> Iterator[Row]:
    """A row cut in places; what begins a block has no gap."""
    starts = [(0, row.first), *cuts]
    ends = [*(place for place, _ in cuts), len(row.text)]
    for (start, number), end in zip(starts, ends, strict=True):
        text = NO_GAP + row.text[start + length_of_leap(row.text, start) : end]
        yield Row(number, documents_in(text), text)
