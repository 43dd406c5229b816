"""Lists made from nothing: each document’s terms met once, newest first, each adding its places to its term’s list."""

from collections import Counter
from collections.abc import Iterator, Sequence

from catalogue.search.lists import LIMIT, Row, threshold
from catalogue.search.places import LEAGUES, LEAPS, NO_GAP, leap


class Gathering:
    """Lists that grow. Each is one array of bytes, because a million small strings weigh ten times what they say."""

    def __init__(self) -> None:
        self.places: dict[bytes, int] = {}
        self.texts: list[bytearray] = []
        self.firsts: list[int] = []
        self.lasts: list[int] = []
        self.counts = Counter[bytes]()
        # Where a list may be cut: the place in its text, how many documents came before, the number of the one that
        # comes now, and its gap, which a cut makes nothing.
        self.cuts: dict[int, list[tuple[int, int, int, int]]] = {}

    def add(self, number: int, slug: str, terms: Sequence[bytes], places: Sequence[bytes]) -> None:
        """The terms of one document, older than all before, each with its places. An archive has millions of them."""
        most = threshold(slug) - 2
        known, texts, lasts = self.places, self.texts, self.lasts
        self.counts.update(terms)
        for at, term, said in zip(map(known.get, terms), terms, places, strict=True):
            if at is None:
                known[term] = len(texts)
                texts.append(bytearray(NO_GAP + said))
                self.firsts.append(number)
                lasts.append(number)
                continue
            gap = lasts[at] - number
            lasts[at] = number
            text = texts[at]
            if len(said) > most:
                self.cuts.setdefault(at, []).append((len(text), self.counts[term] - 1, number, gap))
                gap = 0
            text += LEAPS[gap] if gap < LEAGUES else leap(gap)
            text += said

    def lists(self) -> Iterator[tuple[str, list[Row]]]:
        """Every term with its list, in blocks when it is long. A list is forgotten once it is given."""
        for term, at in self.places.items():
            text, cuts = bytes(self.texts[at]), self.cuts.get(at, [])
            self.texts[at] = bytearray()
            if cuts and len(text) > LIMIT:
                yield term.decode(), self._blocks(at, text, cuts, self.counts[term])
                continue
            for place, _, _, gap in reversed(cuts):
                text = text[:place] + leap(gap) + text[place + len(NO_GAP) :]
            yield term.decode(), [Row(self.firsts[at], self.counts[term], text)]

    def _blocks(self, at: int, text: bytes, cuts: list[tuple[int, int, int, int]], count: int) -> list[Row]:
        starts = [(0, 0, self.firsts[at]), *(cut[:3] for cut in cuts)]
        ends = [*(cut[:2] for cut in cuts), (len(text), count)]
        return [
            Row(number, after - before, text[place:end])
            for (place, before, number), (end, after) in zip(starts, ends, strict=True)
        ]
